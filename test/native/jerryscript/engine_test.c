/* The JerryScript engine with programs of a few lines: what reaches a board and comes back, what that costs, and every way to fail. */
#include "../../../hal/native/engine.h"

#include <jerryscript.h>
#include <stdint.h>
#include <string.h>

#include "../../../hal/jerryscript-bindings/jerryscript-limits.h"
#include "../fake_device.h"
#include "check.h"

enum { PROGRAM_OCTETS = 4096 };

/** A program whose device polls as the case says. */
static program *program_that(const char *before, const char *polls) {
  static char source[PROGRAM_OCTETS];
  static program made;
  snprintf(source, sizeof source,
           "var doorline = (function () {\n"
           "  var pools = [{ limit: { name: 'calls', count: 3 }, inUse: 1, highWater: 2, refused: 4 }];\n"
           "  %s\n"
           "  return {\n"
           "    createNativeDevice: function (native) {\n"
           "      return { native: native, memory: { pools: pools }, count: 0, stopped: false };\n"
           "    },\n"
           "    startDevice: function (device) { device.count = 5; },\n"
           "    pollDevice: function (device) { %s },\n"
           "    stopDevice: function (device) { device.stopped = true; },\n"
           "    isStopped: function (device) { return device.stopped; }\n"
           "  };\n"
           "})();\n",
           before, polls);
  made = (program){.form = PROGRAM_JAVASCRIPT, .bundle = (const uint8_t *)source, .length = strlen(source)};
  return &made;
}

static bool log_has(const char *text) { return strstr(fake.log, text) != NULL; }

/** Boots and polls once; the engine is closed. Returns what the poll answered, or ENGINE_FAILED. */
static int32_t poll_once(const char *before, const char *polls) {
  fake_reset();
  int32_t answer = engine_boot(program_that(before, polls));
  answer = answer == 0 ? engine_poll() : answer;
  engine_close();
  return answer;
}

static void lives_from_boot_to_end(void) {
  fake_reset();
  CHECK(engine_boot(program_that("", "device.count += 1; return device.count;")) == 0);
  CHECK(engine_poll() == 6);
  CHECK(engine_poll() == 7);
  CHECK(engine_is_stopped() == 0);
  CHECK(engine_stop() == 0);
  CHECK(engine_is_stopped() == 1);
  engine_close();
  CHECK_TEXT(fake.log, "");
}

static void hands_buffers_over(void) {
  fake_reset();
  memcpy(fake.incoming, "\1\2\3", 3);
  fake.incoming_length = 3;
  const char *buffers = "var octets = new Uint8Array(9), peer = new Uint8Array(16);";
  const char *polls = "var length = device.native.udpRead(0, octets, peer); octets[3] = 255;"
                      "device.native.udpWrite(0, octets, 1, length + 1, peer, device.native.familyAndPort());"
                      "return 1000 * length + peer[3] + (device.native.familyAndPort() & 0xff);";
  CHECK(engine_boot(program_that(buffers, polls)) == 0);
  CHECK(engine_poll() == 3000 + 9 + 0xc4);
  CHECK(fake.sent_length == 3 && memcmp(fake.sent, "\2\3\377", 3) == 0);
  CHECK(fake.sent_to.port[0] == 0x13 && fake.sent_to.address[3] == 9);
  engine_close();
}

static void makes_buffers_of_three_kinds(void) {
  CHECK(poll_once("var a = new Int16Array(3), b = new Uint16Array(2), c = new Uint8Array(4);",
                  "a[2] = -32768; b[1] = 65535; c[3] = 200; c[0] = 7;"
                  "return 32768 + a[2] + b[1] + c[3] + a.length + b.length + c.length + a[0] + c[0];") ==
        65535 + 200 + 9 + 7);
  fake_reset();
  CHECK(engine_boot(program_that("var a = new Int16Array(3), b = new Uint8Array(8);", "return 0;")) == 0);
  engine_memory memory;
  engine_read_memory(&memory);
  CHECK(memory.buffers == 16);
  CHECK(memory.buffers_total == JERRYSCRIPT_BUFFER_OCTETS);
  engine_close();
}

static void moves_samples_and_pins(void) {
  CHECK(
      poll_once("var samples = new Int16Array(160);",
                "samples[9] = 5; device.native.pinWrite(2, 0, 1);"
                "return device.native.audioRead(samples, 160) + samples[9] + device.native.audioWrite(samples, 80);") ==
      160 + 0 + 80);
  CHECK(fake.pins[DEVICE_RELAYS][0] == 1);
}

static void gives_time_27_bits(void) {
  fake_reset();
  fake.now = 0xf8000003U;
  CHECK(engine_boot(program_that("", "return device.native.clockNow();")) == 0);
  CHECK(engine_poll() == 3);
  fake.now = 0x07ffffffU;
  CHECK(engine_poll() == 0x7ffffff);
  engine_close();
}

static void refuses_arguments(void) {
  static const char *const calls[][2] = {
      {"device.native.udpRead(99, bytes, peer);", "argument 1 of udpRead is not a number that this board has"},
      {"device.native.udpRead(0, [], peer);", "argument 2 of udpRead is not a buffer of octets"},
      {"device.native.udpRead(0, bytes, bytes);", "argument 3 of udpRead is not an address of 16 octets"},
      {"device.native.udpWrite(0, bytes, 0, 8, bytes, 0);", "argument 5 of udpWrite is not an address of 16 octets"},
      {"device.native.udpWrite(0, bytes, 0, 8, peer, 7 * 65536);", "argument 6 of udpWrite is not a number"},
      {"device.native.udpWrite(0, bytes, 0, 8, peer);", "argument 6 of udpWrite is not a number"},
      {"device.native.udpWrite(0, bytes, 2, 9, peer);", "argument 3 of udpWrite is not the start of a range"},
      {"device.native.udpWrite(0, bytes, -1, 2, peer);", "argument 3 of udpWrite is not the start of a range"},
      {"device.native.randomFill(bytes, 0, 1.5);", "argument 3 of randomFill is not an integer"},
      {"device.native.audioRead(bytes, 1);", "argument 1 of audioRead is not a buffer of samples"},
      {"device.native.pinWrite(2, 1, 1);", "argument 2 of pinWrite is not a number that this board has"},
      {"device.native.storageWrite(0, bytes, 9);", "argument 3 of storageWrite is not a number"},
      {"device.native.i2cWriteRead(9, bytes, 0, 4, 5);", "argument 5 of i2cWriteRead is not a number"},
      {"device.native.logEvent();", "argument 1 of logEvent is not an integer"},
  };
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index += 1) {
    CHECK(poll_once("var bytes = new Uint8Array(8), peer = new Uint8Array(16);", calls[index][0]) == ENGINE_FAILED);
    CHECK(engine_fault() == DEVICE_RESET_SCRIPT_ERROR);
    CHECK(log_has(calls[index][1]));
  }
  CHECK(fake.sent_count == 0);
}

static void allocates_nothing_in_polls(void) {
  fake_reset();
  const char *buffers = "var bytes = new Uint8Array(300), peer = new Uint8Array(16), samples = new Int16Array(160);";
  const char *polls = "var length = device.native.udpRead(0, bytes, peer);"
                      "device.native.udpWrite(0, bytes, 0, 300, peer, device.native.familyAndPort()); "
                      "device.native.audioRead(samples, 160);"
                      "for (var at = 0; at < 160; at += 1) { bytes[at] = samples[at] & 0xff; }"
                      "device.count += device.native.clockNow(); device.count = 0; return length;";
  CHECK(engine_boot(program_that(buffers, polls)) == 0);
  CHECK(engine_poll() == 0);
  engine_memory before;
  engine_memory after;
  engine_read_memory(&before);
  for (int poll = 0; poll < 1000; poll += 1) {
    fake.now += 20;
    fake.incoming_length = 172;
    CHECK(engine_poll() == 172);
  }
  engine_read_memory(&after);
  CHECK(before.allocated > 0);
  CHECK(after.allocated == before.allocated);
  CHECK(after.used == before.used);
  CHECK(fake.sent_count == 1001);
  engine_close();
}

static void counts_what_is_left_to_collect(void) {
  fake_reset();
  CHECK(engine_boot(program_that("", "device.last = { count: device.count }; return 0;")) == 0);
  CHECK(engine_poll() == 0);
  engine_memory before;
  engine_memory after;
  engine_collect();
  engine_read_memory(&before);
  for (int poll = 0; poll < 1000; poll += 1) {
    CHECK(engine_poll() == 0);
  }
  engine_collect();
  engine_read_memory(&after);
  CHECK(after.used == before.used);
  // Each time an object of 8 octets and a pair of properties of 16.
  CHECK(after.allocated - before.allocated == 1000 * 24);
  engine_close();
}

static void tells_the_place_of_an_error(void) {
  CHECK(poll_once("function inner(device) {\n    return device.none.at;\n  }", "return inner(device);") ==
        ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_SCRIPT_ERROR);
  CHECK(log_has("poll: TypeError"));
  if (jerry_feature_enabled(JERRY_FEATURE_LINE_INFO)) {
    CHECK(log_has("  at line 4, column "));
    CHECK(log_has("  at line 11, column "));
  }
}

static void tells_of_errors_while_it_boots(void) {
  CHECK(poll_once("none();", "return 0;") == ENGINE_FAILED);
  CHECK(log_has("loading: ReferenceError"));
  CHECK(poll_once("] syntax", "return 0;") == ENGINE_FAILED);
  CHECK(log_has("loading: SyntaxError"));
  CHECK(engine_fault() == DEVICE_RESET_SCRIPT_ERROR);
  program other = {.form = PROGRAM_JAVASCRIPT, .bundle = (const uint8_t *)"var doorline = {};", .length = 18};
  fake_reset();
  CHECK(engine_boot(&other) == ENGINE_FAILED);
  CHECK(log_has("boot: TypeError"));
  engine_close();
}

static void halts_what_loops(void) {
  CHECK(poll_once("", "try { while (true) { device.count += 1; device.count -= 1; } } finally { while (true) {} }") ==
        ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_WATCHDOG);
  CHECK(log_has("poll: the script loops"));
  CHECK(poll_once("while (true) {}", "return 0;") == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_WATCHDOG);
  CHECK(log_has("loading: the script loops"));
}

static void fails_what_calls_itself(void) {
  CHECK(poll_once("function again(depth) { return 1 + again(depth + 1); }", "return again(0);") == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_SCRIPT_ERROR);
  CHECK(log_has("poll: RangeError"));
}

static void restarts_when_the_heap_is_exhausted(void) {
  static jmp_buf restart;
  fake_reset();
  CHECK(engine_boot(program_that("var kept = [];", "while (true) { kept.push({ next: kept }); }")) == 0);
  fake.on_restart = &restart;
  int reason = setjmp(restart);
  if (reason == 0) {
    engine_poll();
  }
  CHECK(reason == DEVICE_RESET_OUT_OF_MEMORY);
  CHECK_TEXT(fake.log, "the heap of the VM is exhausted\n");
  fake.on_restart = NULL;
  // The memory is as it was left: a boot begins it anew.
  CHECK(poll_once("", "return 8;") == 8);
}

static void refuses_buffers_without_room(void) {
  CHECK(poll_once("var large = new Uint16Array("
                  "400000"
                  ");",
                  "return 0;") == ENGINE_FAILED);
  CHECK(log_has("JERRYSCRIPT_BUFFER_OCTETS is too small for a buffer of 400000"));
  CHECK(poll_once("var large = new Uint8Array(-1);", "return 0;") == ENGINE_FAILED);
  CHECK(log_has("nothing can make a buffer of -1"));
  CHECK(poll_once("var copied = new Uint8Array([1, 2]);", "return 0;") == ENGINE_FAILED);
}

static void refuses_damaged_snapshots(void) {
  static _Alignas(8) const uint8_t junk[64] = "no snapshot at all";
  program damaged = {.form = PROGRAM_STATIC_SNAPSHOT, .bundle = junk, .length = 40};
  static const char *const lists[] = {"3 abc", "3 ab\n", "x\n", "9", "99999999999999999999999 a\n", "3abc\n"};
  for (size_t index = 0; index < sizeof lists / sizeof *lists; index += 1) {
    fake_reset();
    damaged.literals = (const uint8_t *)lists[index];
    damaged.literals_length = strlen(lists[index]);
    CHECK(engine_boot(&damaged) == ENGINE_FAILED);
    CHECK(engine_fault() == DEVICE_RESET_PROGRAM_DAMAGED);
    CHECK(log_has("the list of literals is damaged"));
    engine_close();
  }
  damaged.literals_length = 0;
  damaged.bundle = junk + 4;
  CHECK(engine_boot(&damaged) == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_PROGRAM_DAMAGED);
  damaged.bundle = junk;
  CHECK(engine_boot(&damaged) == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_SCRIPT_ERROR);
  damaged.form = PROGRAM_SNAPSHOT;
  CHECK(engine_boot(&damaged) == ENGINE_FAILED);
  damaged.length = JERRYSCRIPT_SNAPSHOT_OCTETS + 1;
  CHECK(engine_boot(&damaged) == ENGINE_FAILED);
  CHECK(engine_fault() == DEVICE_RESET_PROGRAM_DAMAGED);
  engine_close();
}

static void reads_the_pools(void) {
  fake_reset();
  CHECK(engine_boot(program_that("", "return 0;")) == 0);
  engine_pool pool;
  CHECK(engine_read_pool(0, &pool));
  CHECK_TEXT(pool.name, "calls");
  CHECK(pool.records == 3 && pool.in_use == 1 && pool.most_used == 2 && pool.refused == 4);
  CHECK(!engine_read_pool(1, &pool));
  engine_close();
}

/** Each round has objects of its own, so that one that is still held by somebody stays in the heap. */
static void keeps_no_references(void) {
  fake_reset();
  CHECK(engine_boot(program_that("", "var own = {};"
                                     "device.memory = { pools: [{ limit: { name: 'calls', count: 3 }, inUse: 1 }] };"
                                     "try { device.native.udpRead(0, own, own); } catch (refused) {}"
                                     "try { device.native.pinRead(7, own); } catch (refused) {}"
                                     "return device.native.resetReason(own);")) == 0);
  engine_pool pool;
  engine_memory before = {0};
  engine_memory after;
  for (int round = 0; round < 100; round += 1) {
    CHECK(engine_poll() == 0 && engine_is_stopped() == 0 && engine_read_pool(0, &pool));
    if (round == 9) {
      engine_collect();
      engine_read_memory(&before);
    }
  }
  engine_collect();
  engine_read_memory(&after);
  CHECK(before.used > 0 && after.used == before.used);
  engine_close();
}

static void runs_its_forms_alone(void) {
  CHECK(engine_runs(PROGRAM_JAVASCRIPT));
  CHECK(engine_runs(PROGRAM_SNAPSHOT));
  CHECK(engine_runs(PROGRAM_STATIC_SNAPSHOT));
  CHECK(!engine_runs(PROGRAM_LUA_BYTECODE));
  CHECK(strncmp(engine_name(), "jerryscript 3", 13) == 0);
}

static const check_case cases[] = {
    {"boots a program, polls it, and asks it to end", lives_from_boot_to_end},
    {"hands buffers over in both directions without a copy", hands_buffers_over},
    {"makes buffers of octets, samples and words in memory of its own", makes_buffers_of_three_kinds},
    {"moves samples and writes pins", moves_samples_and_pins},
    {"gives the program the lower 27 bits of the clock", gives_time_27_bits},
    {"refuses arguments that name nothing or reach outside, with the name of the function", refuses_arguments},
    {"leaves nothing to collect in a thousand polls with a datagram and a frame each", allocates_nothing_in_polls},
    {"counts what a program leaves to the collector, also after it was collected", counts_what_is_left_to_collect},
    {"tells the log an error with its place", tells_the_place_of_an_error},
    {"tells the log errors of loading and of boot", tells_of_errors_while_it_boots},
    {"halts a script that loops, also one that would catch it", halts_what_loops},
    {"fails a function that calls itself for ever", fails_what_calls_itself},
    {"restarts when the heap is exhausted, and boots again", restarts_when_the_heap_is_exhausted},
    {"refuses buffers that do not fit or are none", refuses_buffers_without_room},
    {"refuses damaged snapshots and literal lists", refuses_damaged_snapshots},
    {"reads the pools of the memory contract", reads_the_pools},
    {"keeps no references of what it refused or read", keeps_no_references},
    {"runs JavaScript and snapshots, and nothing else", runs_its_forms_alone},
};

CHECK_MAIN(cases)
