/* engine.h on JerryScript: the program in any of its three forms, its functions called by values that are looked up once. */
#include "../native/engine.h"

#include <jerryscript.h>
#include <string.h>

#include "buffers.h"
#include "collected.h"
#include "faults.h"
#include "jerryscript-limits.h"
#include "literals.h"
#include "natives.h"
#include "twins.h"

/** Snapshots are made of 64-bit cells. */
enum { SNAPSHOT_ALIGNMENT = 8 };

/** The device and the functions that work on it. */
static jerry_value_t device;
static jerry_value_t poll_function;
static jerry_value_t stop_function;
static jerry_value_t is_stopped_function;
static bool is_open;
static enum device_reset_reason fault;
/** collected_octets before boot. */
static uint64_t collected_before;

#if JERRYSCRIPT_SNAPSHOT_OCTETS > 0
/** The engine writes into a snapshot that it runs. */
static _Alignas(SNAPSHOT_ALIGNMENT) uint8_t snapshot[JERRYSCRIPT_SNAPSHOT_OCTETS];
#endif

const char *engine_name(void) { return "jerryscript " DOORLINE_JERRYSCRIPT_VERSION; }

bool engine_runs(enum program_form form) {
  switch (form) {
  case PROGRAM_JAVASCRIPT:
    return jerry_feature_enabled(JERRY_FEATURE_JS_PARSER);
  case PROGRAM_SNAPSHOT:
    return jerry_feature_enabled(JERRY_FEATURE_SNAPSHOT_EXEC) && JERRYSCRIPT_SNAPSHOT_OCTETS > 0;
  case PROGRAM_STATIC_SNAPSHOT:
    return jerry_feature_enabled(JERRY_FEATURE_SNAPSHOT_EXEC);
  default:
    return false;
  }
}

enum device_reset_reason engine_fault(void) { return fault; }

static int fail(enum device_reset_reason reason) {
  fault = reason;
  return ENGINE_FAILED;
}

/** Refuses a program that this shell cannot run. */
static jerry_value_t refuse_program(const char *problem) {
  device_log_line(problem);
  fault = DEVICE_RESET_PROGRAM_DAMAGED;
  return jerry_throw_abort(jerry_undefined(), true);
}

static jerry_value_t run_source(const program *loaded) {
  jerry_value_t script = jerry_parse(loaded->bundle, loaded->length, NULL);
  if (jerry_value_is_exception(script)) {
    return script;
  }
  jerry_value_t result = jerry_run(script);
  jerry_value_free(script);
  return result;
}

static jerry_value_t run_snapshot(const program *loaded) {
#if JERRYSCRIPT_SNAPSHOT_OCTETS > 0
  if (loaded->length > sizeof snapshot) {
    return refuse_program("the program does not fit into JERRYSCRIPT_SNAPSHOT_OCTETS");
  }
  memcpy(snapshot, loaded->bundle, loaded->length);
  return jerry_exec_snapshot((const uint32_t *)(const void *)snapshot, loaded->length, 0, 0, NULL);
#else
  (void)loaded;
  return refuse_program("the board has no room for a snapshot");
#endif
}

static jerry_value_t run_static_snapshot(const program *loaded) {
  if ((uintptr_t)loaded->bundle % SNAPSHOT_ALIGNMENT != 0) {
    return refuse_program("the program does not lie at a multiple of 8 octets");
  }
  return jerry_exec_snapshot((const uint32_t *)(const void *)loaded->bundle, loaded->length, 0,
                             JERRY_SNAPSHOT_EXEC_ALLOW_STATIC, NULL);
}

static jerry_value_t run_program(const program *loaded) {
  // First of all: a name that the engine made before it knew the list is another one than the same name of the list.
  if (loaded->form == PROGRAM_STATIC_SNAPSHOT && !literals_register(loaded->literals, loaded->literals_length)) {
    return refuse_program("the list of literals is damaged or longer than JERRYSCRIPT_LITERALS");
  }
#if JERRYSCRIPT_TWINS
  twins_open();
#endif
  switch (loaded->form) {
  case PROGRAM_SNAPSHOT:
    return run_snapshot(loaded);
  case PROGRAM_STATIC_SNAPSHOT:
    return run_static_snapshot(loaded);
  default:
    return run_source(loaded);
  }
}

/** Answers 0 or ENGINE_FAILED, and frees the value. */
static int finish(jerry_value_t result, const char *doing) {
  if (!jerry_value_is_exception(result)) {
    jerry_value_free(result);
    return 0;
  }
  return fail(faults_report(result, doing));
}

/** Calls a function of the program with the device; the value belongs to the caller. */
static jerry_value_t call(jerry_value_t function) { return jerry_call(function, jerry_undefined(), &device, 1); }

static jerry_value_t export_of(jerry_value_t exports, const char *name) { return jerry_object_get_sz(exports, name); }

/** Makes the device with what the program exports, and starts it. */
static int start_device(jerry_value_t exports) {
  poll_function = export_of(exports, "pollDevice");
  stop_function = export_of(exports, "stopDevice");
  is_stopped_function = export_of(exports, "isStopped");
  jerry_value_t create = export_of(exports, "createNativeDevice");
  jerry_value_t native = natives_create();
  device = jerry_call(create, jerry_undefined(), &native, 1);
  jerry_value_free(native);
  jerry_value_free(create);
  if (jerry_value_is_exception(device)) {
    jerry_value_t exception = device;
    device = jerry_undefined();
    return finish(exception, "boot");
  }
  jerry_value_t start = export_of(exports, "startDevice");
  int status = finish(call(start), "start");
  jerry_value_free(start);
  return status;
}

int engine_boot(const program *loaded) {
  fault = DEVICE_RESET_POWER_ON;
  collected_before = collected_octets();
  jerry_init(JERRY_INIT_EMPTY);
  device = poll_function = stop_function = is_stopped_function = jerry_undefined();
  is_open = true;
  faults_open();
  buffers_open();
  faults_expect(JERRYSCRIPT_BOOT_ROUNDS);
  jerry_value_t result = run_program(loaded);
  if (fault != DEVICE_RESET_POWER_ON) {
    jerry_value_free(result);
    return ENGINE_FAILED;
  }
  if (finish(result, "loading") != 0) {
    return ENGINE_FAILED;
  }
  jerry_value_t global = jerry_current_realm();
  jerry_value_t exports = export_of(global, "doorline");
  jerry_value_free(global);
  int status = start_device(exports);
  jerry_value_free(exports);
  return status;
}

/** What the program answered, from 0 on: a number, or whether something is so. */
static int32_t answer_of(jerry_value_t result) {
  int32_t number = jerry_value_is_number(result) ? jerry_value_as_int32(result) : (int32_t)jerry_value_is_true(result);
  return number < 0 ? 0 : number;
}

static int32_t ask(jerry_value_t function, const char *doing) {
  faults_expect(JERRYSCRIPT_POLL_ROUNDS);
  jerry_value_t result = call(function);
  int32_t answer = answer_of(result);
  return finish(result, doing) == 0 ? answer : ENGINE_FAILED;
}

int32_t engine_poll(void) { return ask(poll_function, "poll"); }

int engine_stop(void) { return ask(stop_function, "stop"); }

int engine_is_stopped(void) { return ask(is_stopped_function, "stop"); }

/** Of low pressure: high pressure would also drop the tables by which the engine finds names. */
void engine_collect(void) { jerry_heap_gc(JERRY_GC_PRESSURE_LOW); }

bool engine_collect_step(void) {
  engine_collect();
  return false;
}

void engine_read_memory(engine_memory *memory) {
  jerry_heap_stats_t heap = {.version = 1};
  memset(memory, 0, sizeof *memory);
  if (jerry_heap_stats(&heap)) {
    memory->total = heap.size;
    memory->used = memory->live = heap.allocated_bytes;
    memory->peak = heap.peak_allocated_bytes;
    memory->allocated = heap.allocated_bytes + collected_octets() - collected_before;
  }
  memory->buffers = buffers_used();
  memory->buffers_total = buffers_total();
}

/** The engine has one sum for all of its objects. */
bool engine_read_part(unsigned index, engine_part *part) {
  (void)index;
  (void)part;
  return false;
}

/** A property of a record that this file knows; frees the record. */
static jerry_value_t take(jerry_value_t record, const char *name) {
  jerry_value_t value = jerry_object_get_sz(record, name);
  jerry_value_free(record);
  return value;
}

static unsigned take_number(jerry_value_t record, const char *name) {
  jerry_value_t value = jerry_object_get_sz(record, name);
  unsigned number = (unsigned)jerry_value_as_int32(value);
  jerry_value_free(value);
  return number;
}

static void read_limit(jerry_value_t limit, engine_pool *pool) {
  pool->records = take_number(limit, "count");
  jerry_value_t name = jerry_object_get_sz(limit, "name");
  jerry_size_t length =
      jerry_string_to_buffer(name, JERRY_ENCODING_UTF8, (jerry_char_t *)pool->name, sizeof pool->name - 1);
  pool->name[length] = 0;
  jerry_value_free(name);
}

bool engine_read_pool(unsigned index, engine_pool *pool) {
  jerry_value_t pools = take(jerry_object_get_sz(device, "memory"), "pools");
  jerry_value_t use = jerry_object_get_index(pools, index);
  jerry_value_free(pools);
  bool is_there = jerry_value_is_object(use);
  if (is_there) {
    jerry_value_t limit = jerry_object_get_sz(use, "limit");
    read_limit(limit, pool);
    jerry_value_free(limit);
    pool->in_use = take_number(use, "inUse");
    pool->most_used = take_number(use, "highWater");
    pool->refused = take_number(use, "refused");
  }
  jerry_value_free(use);
  return is_there;
}

void engine_close(void) {
  // After a failure the heap may be in any state; jerry_init begins it anew, as does a restart of the device.
  if (is_open && fault == DEVICE_RESET_POWER_ON) {
    jerry_value_free(poll_function);
    jerry_value_free(stop_function);
    jerry_value_free(is_stopped_function);
    jerry_value_free(device);
    buffers_close();
    jerry_cleanup();
  }
  is_open = false;
}
