/* Buffers as spans of one external ArrayBuffer; see buffers.h. */
#include "buffers.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "jerryscript-limits.h"

enum { ALIGNMENT = 8, MESSAGE_OCTETS = 96 };

static _Alignas(ALIGNMENT) uint8_t store[JERRYSCRIPT_BUFFER_OCTETS];
static size_t store_used;
/** The ArrayBuffer over all of the store. */
static jerry_value_t whole;

/** The engine may ask for memory of an ArrayBuffer that the program makes by other means: there is none. */
static uint8_t *refuse_memory(jerry_arraybuffer_type_t type, uint32_t size, void **user, void *manager) {
  (void)type;
  (void)size;
  (void)user;
  (void)manager;
  return NULL;
}

/** Without this function the engine would put the store into the list of its own free blocks. */
static void keep_memory(jerry_arraybuffer_type_t type, uint8_t *memory, uint32_t size, void *user, void *manager) {
  (void)type;
  (void)memory;
  (void)size;
  (void)user;
  (void)manager;
}

static jerry_value_t refuse(const char *reason, double length) {
  char message[MESSAGE_OCTETS];
  snprintf(message, sizeof message, "%s a buffer of %.0f", reason, length);
  return jerry_throw_sz(JERRY_ERROR_RANGE, message);
}

/** @param size octets of an element */
static jerry_value_t create_buffer(jerry_typedarray_type_t type, size_t size, const jerry_value_t *values,
                                   jerry_length_t count) {
  double length = count == 1 && jerry_value_is_number(values[0]) ? jerry_value_as_number(values[0]) : -1;
  if (!(length >= 0 && length <= JERRYSCRIPT_BUFFER_OCTETS) || length != (double)(size_t)length) {
    return refuse("nothing can make", length);
  }
  size_t octets = ((size_t)length * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (octets > sizeof store - store_used) {
    return refuse("JERRYSCRIPT_BUFFER_OCTETS is too small for", length);
  }
  jerry_value_t made =
      jerry_typedarray_with_buffer_span(type, whole, (jerry_length_t)store_used, (jerry_length_t)length);
  store_used += octets;
  return made;
}

#define CONSTRUCTOR(name, type, element)                                                                               \
  static jerry_value_t name(const jerry_call_info_t *info, const jerry_value_t *values, jerry_length_t count) {        \
    (void)info;                                                                                                        \
    return create_buffer(type, sizeof(element), values, count);                                                        \
  }

CONSTRUCTOR(create_uint8, JERRY_TYPEDARRAY_UINT8, uint8_t)
CONSTRUCTOR(create_int16, JERRY_TYPEDARRAY_INT16, int16_t)
CONSTRUCTOR(create_uint16, JERRY_TYPEDARRAY_UINT16, uint16_t)

static void put_constructor(const char *name, jerry_external_handler_t constructor) {
  jerry_value_t global = jerry_current_realm();
  jerry_value_t function = jerry_function_external(constructor);
  jerry_value_free(jerry_object_set_sz(global, name, function));
  jerry_value_free(function);
  jerry_value_free(global);
}

void buffers_open(void) {
  memset(store, 0, sizeof store);
  store_used = 0;
  jerry_arraybuffer_allocator(refuse_memory, keep_memory, NULL);
  whole = jerry_arraybuffer_external(store, sizeof store, NULL);
  put_constructor("Uint8Array", create_uint8);
  put_constructor("Int16Array", create_int16);
  put_constructor("Uint16Array", create_uint16);
}

void buffers_close(void) { jerry_value_free(whole); }

void *buffers_find(jerry_value_t value, jerry_typedarray_type_t type, size_t *length) {
  if (jerry_typedarray_type(value) != type) {
    return NULL;
  }
  jerry_length_t offset = 0;
  jerry_length_t octets = 0;
  jerry_value_t owner = jerry_typedarray_buffer(value, &offset, &octets);
  jerry_value_free(owner);
  if (owner != whole) {
    return NULL;
  }
  *length = type == JERRY_TYPEDARRAY_UINT8 ? octets : octets / sizeof(int16_t);
  return store + offset;
}

size_t buffers_used(void) { return store_used; }

size_t buffers_total(void) { return sizeof store; }
