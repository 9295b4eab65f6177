/* The engine on a played board, with programs of a few lines: what a program can do, and every way in which it can fail. */
#include "../../../hal/native/engine.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "../fake_device.h"
#include "check.h"

enum { BYTECODE_OCTETS = 8192, TEXT_OCTETS = 4096 };

static uint8_t bytecode[BYTECODE_OCTETS];
static program compiled;

static int append(lua_State *state, const void *octets, size_t count, void *unused) {
  (void)state;
  (void)unused;
  if (count > sizeof bytecode - compiled.length) {
    return 1;
  }
  memcpy(bytecode + compiled.length, octets, count);
  compiled.length += count;
  return 0;
}

static void *allocate(void *unused, void *piece, size_t old_size, size_t size) {
  (void)unused;
  (void)old_size;
  if (size == 0) {
    free(piece);
    return NULL;
  }
  return realloc(piece, size);
}

/** Compiles in a state of its own, as luac -s does. */
static void compile(const char *text) {
  compiled = (program){.form = PROGRAM_LUA_BYTECODE, .bundle = bytecode};
  lua_State *compiler = lua_newstate(allocate, NULL);
  CHECK(luaL_loadbufferx(compiler, text, strlen(text), "=test", "t") == LUA_OK);
  CHECK(lua_dump(compiler, append, NULL, 1) == 0);
  lua_close(compiler);
}

/** A program whose functions have the bodies that are given; `native` is what createNativeDevice got. */
static int boot(const char *create, const char *poll) {
  static char text[TEXT_OCTETS];
  snprintf(
      text, sizeof text,
      "local native local device = {}\n"
      "local function create(given) native = given %s return device end\n"
      "local function poll() %s end\n"
      "return { createNativeDevice = create, startDevice = function() device.started = true end, pollDevice = poll,\n"
      "  stopDevice = function() device.stopped = true end, isStopped = function() return device.stopped end }",
      create, poll);
  fake_reset();
  compile(text);
  return engine_boot(&compiled);
}

static bool log_has(const char *words) { return strstr(fake.log, words) != NULL; }

static void a_program_boots_polls_and_stops(void) {
  CHECK(boot("", "return type(native) == 'table' and string.byte('AB', 2) == 66 and device.started and 20 or 0") == 0);
  CHECK(engine_poll() == 20);
  CHECK(engine_is_stopped() == 0);
  CHECK(engine_stop() == 0);
  CHECK(engine_is_stopped() == 1);
  CHECK_TEXT(fake.log, "");
  engine_close();
}

static void a_failed_engine_boots_anew(void) {
  CHECK(boot("", "error('ended')") == 0);
  CHECK(engine_poll() == ENGINE_FAILED);
  engine_close();
  CHECK(boot("", "return 7") == 0);
  CHECK(engine_poll() == 7);
}

static void a_script_error_is_logged_with_its_functions(void) {
  CHECK(boot("", "local missing; local function inner() return missing.field end\n return inner() + 1") == 0);
  CHECK(engine_poll() == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_SCRIPT_ERROR);
  CHECK(log_has("script error: attempt to index a nil value"));
  CHECK(log_has("in the functions of lines 3 3\n"));
}

static void an_error_in_boot_is_told(void) {
  CHECK(boot("local x = native.nothing()", "") == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_SCRIPT_ERROR);
  CHECK(log_has("attempt to call a nil value"));
}

static void a_program_without_its_functions_is_told(void) {
  fake_reset();
  compile("return { createNativeDevice = function() return {} end }");
  CHECK(engine_boot(&compiled) == ENGINE_FAILED);
  CHECK(log_has("the program has no function startDevice"));
}

static void a_loop_ends_as_watchdog(void) {
  CHECK(boot("", "while true do end") == 0);
  CHECK(engine_poll() == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_WATCHDOG);
  CHECK(log_has("more instructions than it may"));
  CHECK(boot("repeat until false", "") == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_WATCHDOG);
}

static void an_exhausted_arena_is_out_of_memory(void) {
  CHECK(boot("", "local all = {} for i = 1, 1000000 do all[i] = { i } end") == 0);
  CHECK(engine_poll() == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_OUT_OF_MEMORY);
  CHECK(log_has("out of memory: no room for"));
  CHECK(boot("for i = 1, 1000000 do device[i] = { i } end", "") == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_OUT_OF_MEMORY);
}

static void exhausted_buffer_memory_is_told(void) {
  CHECK(boot("for i = 1, 1000000 do doorlineBuffer(1000) end", "") == ENGINE_FAILED);
  CHECK(log_has("LUA_BUFFER_OCTETS is too small"));
}

static void damaged_bytecode_is_a_damaged_program(void) {
  CHECK(boot("", "") == 0);
  compiled.length = 40;
  CHECK(engine_boot(&compiled) == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_PROGRAM_DAMAGED);
  CHECK(log_has("truncated"));
}

static void buffers_are_zeroed_typed_and_counted(void) {
  CHECK(boot("local octets, words, samples = doorlineBuffer(3), doorlineBuffer(2, 2), doorlineBuffer(2, 1)\n"
             "octets[2] = 255 words[1] = 65535 samples[0] = -32768\n"
             "device.sum = octets[0] + octets[2] + words[0] + words[1] + samples[0] + samples[1] + octets.length",
             "return device.sum") == 0);
  CHECK(engine_poll() == 255 + 65535 - 32768 + 3);
  engine_memory memory;
  engine_read_memory(&memory);
  CHECK(memory.buffers == 24);
}

static const char *const outside[] = {
    "local x = device.octets[3]",
    "local x = device.octets[-1]",
    "device.octets[3] = 0",
    "device.octets[-1] = 0",
    "local x = device.octets.size",
    "device.octets.length = 9",
    "device.octets[0] = 'a'",
    "device.octets[0] = 1.5",
    "local x = device.octets[1 << 62]",
    "device.octets[device] = 1",
    "native:randomFill(device.octets, 0, 4)",
    "native:randomFill(device.octets, -1, 2)",
    "native:randomFill(device.octets, 2, 1)",
    "native:randomFill({}, 0, 0)",
};

static void nothing_reaches_outside_of_a_buffer(void) {
  for (size_t index = 0; index < sizeof outside / sizeof *outside; index += 1) {
    CHECK(boot("device.octets = doorlineBuffer(3)", outside[index]) == 0);
    CHECK(engine_poll() == ENGINE_FAILED);
    CHECK(engine_fault() == DEVICE_RESET_SCRIPT_ERROR);
  }
}

/** Natives with wrong arguments, and what the log says of them. */
static const char *const refused[][2] = {
    {"native.udpRead(0, {}, device.octets)", "argument 2 of udpRead is not a buffer of octets"},
    {"native.udpRead(99, device.octets, device.octets)", "argument 1 of udpRead is not a number that this board has"},
    {"native.udpRead(0, device.octets, device.short)", "argument 3 of udpRead is not an address of 16 octets"},
    {"native.udpWrite(0, device.octets, 0, 21, device.octets, 0)",
     "argument 3 of udpWrite is not the start of a range"},
    {"native:audioRead(device.octets, 1)", "argument 2 of audioRead is not a buffer of samples"},
    {"native:audioRead(device.samples, 5)", "argument 3 of audioRead is not a number"},
    {"native.udpWrite(0, device.octets, 0, 9, device.short, 0)",
     "argument 5 of udpWrite is not an address of 16 octets"},
    {"native.udpWrite(0, device.octets, 0, 9, device.octets, 7 << 16)", "argument 6 of udpWrite is not a number"},
    {"native.udpWrite(0, device.octets, 0, 9, device.octets)", "argument 6 of udpWrite is not a number"},
    {"native.pinWrite(2, 1, 1)", "argument 2 of pinWrite is not a number that this board has"},
    {"native:tcpClose(4)", "argument 2 of tcpClose is not a number that this board has"},
    {"native:storageRead(2, device.octets)", "argument 2 of storageRead is not a number that this board has"},
    {"native:i2cWriteRead(16, device.octets, 0, 2, 19)", "argument 6 of i2cWriteRead is not a number"},
    {"native:logEvent(1, 2, nil)", "argument 4 of logEvent is not an integer of 32 bits"},
};

static void a_wrong_argument_names_its_function(void) {
  for (size_t index = 0; index < sizeof refused / sizeof *refused; index += 1) {
    CHECK(boot("device.octets = doorlineBuffer(20) device.short = doorlineBuffer(15) device.samples = "
               "doorlineBuffer(4, 1)",
               refused[index][0]) == 0);
    CHECK(engine_poll() == ENGINE_FAILED);
    CHECK(log_has(refused[index][1]));
  }
}

static void datagrams_travel_without_a_copy(void) {
  CHECK(
      boot("device.octets = doorlineBuffer(64) device.peer = doorlineBuffer(16)",
           "local length = native.udpRead(0, device.octets, device.peer)\n"
           "if length >= 0 then native.udpWrite(0, device.octets, 1, length, device.peer, native.familyAndPort()) end\n"
           "return native:clockNow()") == 0);
  memcpy(fake.incoming, "ABCD", 4);
  fake.incoming_length = 4;
  fake.now = 0xfffffffe;
  CHECK(engine_poll() == 0x7fffffe);
  CHECK(fake.sent_count == 1 && fake.sent_length == 3 && memcmp(fake.sent, "BCD", 3) == 0);
  CHECK(fake.sent_to.family == 4 && fake.sent_to.address[3] == 9);
  CHECK(fake.sent_to.port[0] == 0x13 && fake.sent_to.port[1] == 0xc4);
}

static uint64_t allocated(void) {
  engine_memory memory;
  engine_read_memory(&memory);
  return memory.allocated;
}

static void natives_and_buffers_allocate_nothing(void) {
  CHECK(boot("device.octets = doorlineBuffer(64) device.samples = doorlineBuffer(160, 1)",
             "local octets = device.octets\n"
             "for i = 0, octets.length - 1 do octets[i] = octets[i] + i end\n"
             "native.udpRead(0, octets, octets) native.udpWrite(0, octets, 0, 9, octets, native.familyAndPort()) "
             "native:randomFill(octets, 0, 9)\n"
             "native:audioRead(device.samples, 160) native:audioWrite(device.samples, 160) native.pinWrite(2, 0, 1)\n"
             "native.logMessage(1, octets, 0, 9, octets, 0) return native.pinRead(2, 0)") == 0);
  CHECK(engine_poll() == 1);
  uint64_t before = allocated();
  for (int poll = 0; poll < 1000; poll += 1) {
    CHECK(engine_poll() == 1);
  }
  CHECK(allocated() == before);
}

static void garbage_is_collected_between_polls(void) {
  CHECK(boot("", "device.last = { device.started, {} } return 1") == 0);
  engine_memory memory;
  for (int poll = 0; poll < 200000; poll += 1) {
    CHECK(engine_poll() == 1);
  }
  engine_read_memory(&memory);
  CHECK(memory.allocated > memory.total);
  CHECK(memory.peak < memory.total / 8);
}

static void tables_have_just_their_room_after_boot(void) {
  enum { TABLES = 1000 };
  CHECK(boot("for i = 1, 1000 do local t = {} for key = 5, 1, -1 do t[key] = i * key end t.name = i device[i] = t end",
             "local sum = 0 for i = 1, 1000 do local t = device[i] sum = sum + t[1] + t[5] + t.name end return sum") ==
        0);
  engine_memory memory;
  engine_read_memory(&memory);
  /* Table, five values, one node, each with its header: before it is fitted it has eight nodes. */
  size_t fitted = 56 + 5 * 16 + 24 + 3 * 8 + 16;
  CHECK(memory.used < TABLES * fitted + 16 * 1024);
  CHECK(engine_poll() == 500500 * 7);
  uint64_t before = allocated();
  CHECK(engine_poll() == 500500 * 7);
  CHECK(allocated() == before);
}

static void pools_are_read_by_index(void) {
  /* device.memory.pools: limit { name, count }, inUse, highWater, refused. */
  CHECK(boot("device[1] = { {\n"
             "{ { 'dialogs', 4 }, 1, 2, 3 },\n"
             "{ { 'a name that is longer than thirty-two octets', 1 }, 0, 0, 0 } } }",
             "return 1") == 0);
  engine_pool pool;
  CHECK(engine_read_pool(0, &pool));
  CHECK_TEXT(pool.name, "dialogs");
  CHECK(pool.records == 4 && pool.in_use == 1 && pool.most_used == 2 && pool.refused == 3);
  CHECK(engine_read_pool(1, &pool));
  CHECK_TEXT(pool.name, "a name that is longer than thir");
  CHECK(!engine_read_pool(2, &pool));
  CHECK(engine_poll() == 1);
}

static const check_case cases[] = {
    {"a program boots, polls and stops", a_program_boots_polls_and_stops},
    {"after a failure the engine boots anew", a_failed_engine_boots_anew},
    {"a script error is logged with the lines of the functions that were at work",
     a_script_error_is_logged_with_its_functions},
    {"an error in boot is told", an_error_in_boot_is_told},
    {"a program without its functions is told", a_program_without_its_functions_is_told},
    {"a script that loops ends as by the watchdog, in boot and in a poll", a_loop_ends_as_watchdog},
    {"an exhausted arena is out of memory, in boot and in a poll", an_exhausted_arena_is_out_of_memory},
    {"buffers beyond their memory are told with the limit's name", exhausted_buffer_memory_is_told},
    {"bytecode that is cut off is a damaged program", damaged_bytecode_is_a_damaged_program},
    {"buffers are zeroed, keep the range of their kind, and are counted", buffers_are_zeroed_typed_and_counted},
    {"nothing reads or writes outside of a buffer, or what is no integer", nothing_reaches_outside_of_a_buffer},
    {"a wrong argument raises an error with the function's name", a_wrong_argument_names_its_function},
    {"a datagram goes through a buffer of the program, and time has 27 bits", datagrams_travel_without_a_copy},
    {"natives and buffers allocate nothing", natives_and_buffers_allocate_nothing},
    {"what a poll leaves behind is collected between polls", garbage_is_collected_between_polls},
    {"after boot a table has room for what it has and no more", tables_have_just_their_room_after_boot},
    {"the pools of the memory contract are read by index", pools_are_read_by_index},
};

CHECK_MAIN(cases)
