/*
 * The buffers of a program: `new Uint8Array(n)` and its kin as 0-based userdata over static memory, which the binding hands to
 * device.h without a copy. They are the only full userdata of this VM, so that type alone tells one. Made at boot, never freed.
 */
#ifndef DOORLINE_LUA_BUFFERS_H
#define DOORLINE_LUA_BUFFERS_H

#include <lua.h>
#include <stdint.h>

/** The numbers that a bundle says (tools/tstl/buffers.ts). */
enum buffer_kind { BUFFER_UINT8 = 0, BUFFER_INT16 = 1, BUFFER_UINT16 = 2, BUFFER_KINDS };

typedef struct buffer {
  void *elements;
  uint32_t length : 28;
  /** enum buffer_kind */
  uint32_t kind : 4;
} buffer;

/** Empties the memory of the buffers and sets the global `doorlineBuffer(length, kind)`, which raises when it is full. */
void buffers_open(lua_State *state);
/** Octets handed out since buffers_open, and all there are. */
size_t buffers_used(void);
size_t buffers_total(void);

#endif
