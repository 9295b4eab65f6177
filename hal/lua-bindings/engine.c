/*
 * Lua 5.4 as the shell's VM (hal/native/engine.h): boots the program in the fixed arena, calls it between two counts of
 * instructions, and turns every way to fail into a reset reason and two lines of the log. The collector works after a poll, in
 * small steps, and only when something was allocated; while a script runs it never does.
 */
#include "../native/engine.h"

#include <lauxlib.h>
#include <lua.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "buffers.h"
#include "load.h"
#include "lua-limits.h"
#include "natives.h"
#include "parts.h"
#include "settle.h"
#include "twins.h"

/** What lies on Lua's stack from boot on. */
enum stack_slot {
  SLOT_ON_ERROR = 1,
  SLOT_DEVICE,
  SLOT_POLL,
  SLOT_STOP,
  SLOT_IS_STOPPED,
  SLOTS = SLOT_IS_STOPPED,
};

enum { LINE_OCTETS = 200 };

static _Alignas(8) uint8_t arena_block[LUA_ARENA_OCTETS];
static arena memory;
static lua_State *lua;
static enum device_reset_reason fault;
/** What failed last, where no error of Lua says it: a loop, a program that does not load. */
static enum device_reset_reason error_means;
/** Objects made since boot, and when the collector's last round began; whether it is in one. */
static uint32_t made;
static uint32_t collected_at;
static bool is_collecting;

/**
 * A lua_Alloc. For a new object Lua says its kind in place of its old size; only objects become garbage. (Lua's stack does not: it
 * shrinks in a round of the collector and grows in the next poll, which is no reason for another round.)
 */
static void *allocate(void *unused, void *piece, size_t old_size, size_t size) {
  (void)unused;
  if (piece == NULL) {
    made += old_size == 0 ? 0 : 1;
    return size == 0 ? NULL : arena_take(&memory, size);
  }
  if (size == 0) {
    arena_give_back(&memory, piece);
    return NULL;
  }
  return arena_resize(&memory, piece, size);
}

/* ---- What goes wrong ---- */

static enum device_reset_reason reason_of(int status) {
  return status == LUA_ERRMEM ? DEVICE_RESET_OUT_OF_MEMORY : error_means;
}

static void log_memory(void) {
  char line[LINE_OCTETS];
  snprintf(line, sizeof line, "out of memory: no room for %u octets with %u of %u in use",
           (unsigned)memory.refused_size, (unsigned)memory.refused_used, (unsigned)memory.size);
  device_log_line(line);
}

/** What Lua writes before a message when there is no debug information. */
static const char *without_place(const char *message) {
  static const char unknown[] = "?:-1: ";
  return strncmp(message, unknown, sizeof unknown - 1) == 0 ? message + sizeof unknown - 1 : message;
}

/** The functions that were at work, innermost first, by the lines of the Lua bundle that they begin in (dist/NAME.lua.map). */
static void log_functions(lua_State *state) {
  char line[LINE_OCTETS] = "in the functions of lines";
  size_t length = strlen(line);
  lua_Debug call;
  for (int level = 1; level <= LUA_TRACE_LEVELS && length < sizeof line - 12 && lua_getstack(state, level, &call);
       level += 1) {
    lua_getinfo(state, "S", &call);
    if (call.linedefined >= 0) {
      length += (size_t)snprintf(line + length, sizeof line - length, " %d", call.linedefined);
    }
  }
  device_log_line(line);
}

/** Lua's message handler: logs while the failed call is still on the stack. */
static int on_error(lua_State *state) {
  char line[LINE_OCTETS];
  const char *message = lua_type(state, 1) == LUA_TSTRING ? lua_tostring(state, 1) : "an error without a message";
  snprintf(line, sizeof line, "script error: %s", without_place(message));
  device_log_line(line);
  log_functions(state);
  return 1;
}

/** Outside of every protected call nothing is known of the state. */
static int on_panic(lua_State *state) {
  (void)state;
  device_log_line("Lua lost its ground");
  device_restart(DEVICE_RESET_SCRIPT_ERROR);
}

static void on_too_many_instructions(lua_State *state, lua_Debug *call) {
  (void)call;
  error_means = DEVICE_RESET_WATCHDOG;
  luaL_error(state, "one call took more instructions than it may");
}

/** Calls what lies on the stack; `count` arguments, `results` results. 0, or ENGINE_FAILED with the stack as in SLOTS. */
static int call(int count, int results, int instructions) {
  error_means = DEVICE_RESET_SCRIPT_ERROR;
  lua_sethook(lua, on_too_many_instructions, instructions == 0 ? 0 : LUA_MASKCOUNT, instructions);
  int status = lua_pcall(lua, count, results, SLOT_ON_ERROR);
  if (status == LUA_OK) {
    return 0;
  }
  fault = reason_of(status);
  if (fault == DEVICE_RESET_OUT_OF_MEMORY) {
    log_memory();
  }
  lua_settop(lua, SLOT_ON_ERROR);
  return ENGINE_FAILED;
}

/* ---- Boot ---- */

/** Instructions of boot, in steps. */
static uint32_t boot_steps;

/** Boot makes nearly all that stays, in larger tables than it needs: they are fitted as it goes on, so that it needs no more than what stays. */
static void on_boot_step(lua_State *state, lua_Debug *call) {
  boot_steps += 1;
  if (LUA_BOOT_INSTRUCTIONS != 0 && boot_steps > LUA_BOOT_INSTRUCTIONS / LUA_BOOT_STEP) {
    on_too_many_instructions(state, call);
  }
  settle_when_grown(state);
}

/** type(value), for a program that looks whether the shell put something before it. */
static int type_name(lua_State *state) {
  luaL_checkany(state, 1);
  lua_pushstring(state, lua_typename(state, lua_type(state, 1)));
  return 1;
}

/** string.byte(text, position): with `type`, all of Lua's libraries that a bundle uses. */
static int string_byte(lua_State *state) {
  size_t length = 0;
  const char *text = luaL_checklstring(state, 1, &length);
  lua_Integer position = luaL_checkinteger(state, 2);
  if (position < 1 || position > (lua_Integer)length) {
    return 0;
  }
  lua_pushinteger(state, (unsigned char)text[position - 1]);
  return 1;
}

static void open_globals(lua_State *state) {
  lua_pushcfunction(state, type_name);
  lua_setglobal(state, "type");
  lua_createtable(state, 0, 1);
  lua_pushcfunction(state, string_byte);
  lua_setfield(state, -2, "byte");
  lua_setglobal(state, "string");
  buffers_open(state);
#if LUA_TWINS
  twins_open(state);
#endif
}

static void get_function(lua_State *state, int exports, const char *name) {
  if (lua_getfield(state, exports, name) != LUA_TFUNCTION) {
    luaL_error(state, "the program has no function %s", name);
  }
}

/** Loads and boots the program. Argument: the program. Results: the device and the functions, as in enum stack_slot. */
static int boot(lua_State *state) {
  const program *loaded = lua_touserdata(state, 1);
  boot_steps = 0;
  lua_sethook(state, on_boot_step, LUA_MASKCOUNT, LUA_BOOT_STEP);
  error_means = DEVICE_RESET_PROGRAM_DAMAGED;
  load_program(state, loaded);
  error_means = DEVICE_RESET_SCRIPT_ERROR;
  open_globals(state);
  lua_call(state, 0, 1);
  if (!lua_istable(state, -1)) {
    luaL_error(state, "the program answers no table of functions");
  }
  int exports = lua_gettop(state);
  get_function(state, exports, "createNativeDevice");
  natives_push(state);
  lua_call(state, 1, 1);
  int device = lua_gettop(state);
  get_function(state, exports, "startDevice");
  lua_pushvalue(state, device);
  lua_call(state, 1, 0);
  get_function(state, exports, "pollDevice");
  get_function(state, exports, "stopDevice");
  get_function(state, exports, "isStopped");
  lua_remove(state, exports);
  settle(state);
  return SLOTS - SLOT_ON_ERROR;
}

int engine_boot(const program *loaded) {
  arena_open(&memory, arena_block, sizeof arena_block);
  fault = DEVICE_RESET_OUT_OF_MEMORY;
  is_collecting = false;
  lua = lua_newstate(allocate, NULL);
  if (lua == NULL) {
    log_memory();
    return ENGINE_FAILED;
  }
  lua_atpanic(lua, on_panic);
  lua_gc(lua, LUA_GCINC, 0, LUA_COLLECTOR_SPEED, LUA_COLLECTOR_STEP_BITS);
  lua_gc(lua, LUA_GCSTOP);
  lua_pushcfunction(lua, on_error);
  lua_pushcfunction(lua, boot);
  lua_pushlightuserdata(lua, (void *)(uintptr_t)loaded);
  if (call(1, SLOTS - SLOT_ON_ERROR, LUA_BOOT_INSTRUCTIONS) != 0) {
    return ENGINE_FAILED;
  }
  engine_collect();
  return 0;
}

/* ---- Running ---- */

/** Calls a function of the program with the device; its one result is then on the stack's top. */
static int call_device(enum stack_slot function) {
  lua_pushvalue(lua, function);
  lua_pushvalue(lua, SLOT_DEVICE);
  return call(1, 1, LUA_POLL_INSTRUCTIONS);
}

bool engine_collect_step(void) {
  is_collecting = lua_gc(lua, LUA_GCSTEP, 0) == 0;
  return is_collecting;
}

/** A step of the collector's round, when an object was made since its last one began. */
static void collect(void) {
  if (!is_collecting) {
    if (made == collected_at) {
      return;
    }
    collected_at = made;
  }
  (void)engine_collect_step();
}

int32_t engine_poll(void) {
  if (call_device(SLOT_POLL) != 0) {
    return ENGINE_FAILED;
  }
  lua_Integer due = lua_tointeger(lua, -1);
  lua_settop(lua, SLOTS);
  collect();
  return due < 0 ? 0 : (int32_t)due;
}

int engine_stop(void) {
  int result = call_device(SLOT_STOP);
  if (result == 0) {
    lua_settop(lua, SLOTS);
  }
  return result;
}

int engine_is_stopped(void) {
  if (call_device(SLOT_IS_STOPPED) != 0) {
    return ENGINE_FAILED;
  }
  int is_stopped = lua_toboolean(lua, -1);
  lua_settop(lua, SLOTS);
  return is_stopped;
}

enum device_reset_reason engine_fault(void) { return fault; }

const char *engine_name(void) { return "lua " LUA_VERSION_MAJOR "." LUA_VERSION_MINOR "." LUA_VERSION_RELEASE; }

bool engine_runs(enum program_form form) { return load_can(form); }

void engine_collect(void) {
  lua_gc(lua, LUA_GCCOLLECT);
  collected_at = made;
  is_collecting = false;
}

void engine_read_memory(engine_memory *read) {
  *read = (engine_memory){
      .total = memory.size,
      .used = memory.used,
      .live = lua == NULL ? 0 : parts_live(lua),
      .peak = memory.peak,
      .allocated = memory.allocated,
      .buffers = buffers_used(),
      .buffers_total = buffers_total(),
  };
}

bool engine_read_part(unsigned index, engine_part *part) { return parts_read(lua, index, part); }

typedef struct pool_request {
  unsigned index;
  engine_pool *pool;
  bool is_there;
} pool_request;

/** What the records of the memory report have their numbers by (SHELL_NUMBERS of tools/tstl/fields.ts). */
enum pool_field {
  DEVICE_MEMORY = 1,
  MEMORY_POOLS = 1,
  USE_LIMIT = 1,
  USE_IN_USE,
  USE_HIGH_WATER,
  USE_REFUSED,
  LIMIT_NAME = 1,
  LIMIT_COUNT,
};

static unsigned field(lua_State *state, enum pool_field number) {
  lua_geti(state, -1, number);
  unsigned value = (unsigned)lua_tointeger(state, -1);
  lua_pop(state, 1);
  return value;
}

/** Arguments: the device and the request. device.memory.pools[index + 1] is a PoolUse of firmware/memory/pool.ts. */
static int read_pool(lua_State *state) {
  pool_request *request = lua_touserdata(state, 2);
  lua_geti(state, 1, DEVICE_MEMORY);
  lua_geti(state, -1, MEMORY_POOLS);
  request->is_there = lua_geti(state, -1, (lua_Integer)request->index + 1) == LUA_TTABLE;
  if (request->is_there) {
    engine_pool *pool = request->pool;
    pool->in_use = field(state, USE_IN_USE);
    pool->most_used = field(state, USE_HIGH_WATER);
    pool->refused = field(state, USE_REFUSED);
    lua_geti(state, -1, USE_LIMIT);
    pool->records = field(state, LIMIT_COUNT);
    lua_geti(state, -1, LIMIT_NAME);
    const char *name = lua_tostring(state, -1);
    snprintf(pool->name, sizeof pool->name, "%s", name == NULL ? "" : name);
  }
  return 0;
}

bool engine_read_pool(unsigned index, engine_pool *pool) {
  pool_request request = {index, pool, false};
  lua_pushcfunction(lua, read_pool);
  lua_pushvalue(lua, SLOT_DEVICE);
  lua_pushlightuserdata(lua, &request);
  return call(2, 0, LUA_POLL_INSTRUCTIONS) == 0 && request.is_there;
}

void engine_close(void) { lua = NULL; }
