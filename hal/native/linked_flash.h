/*
 * A part of a flash in which a VM keeps a program that it has linked once (hal/lua-bindings/linked.h), so that it takes no RAM. A port
 * that has one implements device_linked_flash and compiles the VM with LUA_LINKED_IN_FLASH=1; the others define nothing.
 */
#ifndef DOORLINE_LINKED_FLASH_H
#define DOORLINE_LINKED_FLASH_H

#include "flash.h"

typedef struct linked_flash {
  const flash *memory;
  /** Where the part begins in that flash, and its octets: whole pages of its own. */
  size_t at;
  size_t octets;
  /** The same as the processor reads it, aligned to FLASH_UNIT_OCTETS. */
  const uint8_t *mapped;
  /** What another build of the shell has otherwise, and the octets of that: what is there from an older shell is not used. */
  const uint8_t *shell;
  size_t shell_octets;
} linked_flash;

const linked_flash *device_linked_flash(void);

#endif
