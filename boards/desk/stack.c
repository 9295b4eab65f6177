/* Paint on a thread's stack; see stack.h. */
#include "stack.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "place.h"

enum {
  /** Far more than a board has, so that a script that calls itself for ever meets the VM's limit first. */
  STACK_OCTETS = 1 << 20,
  /** What no code leaves behind by chance. */
  PAINT = 0xa5,
};

static _Alignas(4096) uint8_t block[STACK_OCTETS];
/** Where the first frame of the work is. */
static const uint8_t *top = block;

static void *run(void *work) {
  top = __builtin_frame_address(0);
  (*(void (**)(void))work)();
  return NULL;
}

void stack_run(void (*work)(void)) {
  pthread_attr_t attributes;
  pthread_t thread;
  memset(block, PAINT, sizeof block);
  if (pthread_attr_init(&attributes) != 0 || pthread_attr_setstack(&attributes, block, sizeof block) != 0 ||
      pthread_create(&thread, &attributes, run, &work) != 0) {
    place_end(PLACE_NO_THREAD, "no thread can be made");
  }
  pthread_join(thread, NULL);
}

__attribute__((no_sanitize_address)) size_t stack_used(void) {
  const uint8_t *deepest = block;
  while (deepest < top && *deepest == PAINT) {
    deepest += 1;
  }
  return (size_t)(top - deepest);
}
