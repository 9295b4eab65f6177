/* Where this board keeps the program that it has linked: the linker script's partition in the flash that it can write. */
#include "../../hal/native/linked_flash.h"
#include "flash_memory.h"
#include "handlers.h"

const linked_flash *device_linked_flash(void) {
  static linked_flash where;
  where = (linked_flash){
      .memory = &flash_memory,
      .at = MEMORY_NUMBER(memory_linked) - FLASH_ADDRESS,
      .octets = MEMORY_NUMBER(memory_linked_octets),
      .mapped = memory_linked,
      .shell = memory_build_id,
      .shell_octets = (size_t)(memory_build_id_end - memory_build_id),
  };
  return &where;
}
