/* Whether a program is for this board: an exact name, so that neither a sister's nor another layout's is taken. */
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "program.h"

enum { SENTENCE_OCTETS = 80 };

const char *program_board_problem(const program *opened) {
  static char sentence[SENTENCE_OCTETS];
  const char *here = device_board();
  if (here[0] == 0 || strcmp(opened->board, here) == 0) {
    return NULL;
  }
  snprintf(sentence, sizeof sentence, "the program is for %s, and this is %s",
           opened->board[0] == 0 ? "no board" : opened->board, here);
  return sentence;
}
