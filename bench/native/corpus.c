// Reads the corpus files; see corpus.h.

#include "corpus.h"

#include <stdio.h>
#include <stdlib.h>

static FILE *open_file(const char *folder, const char *name)
{
  char path[4096];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) {
    fprintf(stderr, "cannot read %s\n", path);
    exit(1);
  }
  return file;
}

static void read_exactly(FILE *file, void *into, size_t length)
{
  if (fread(into, 1, length, file) != length) {
    fprintf(stderr, "a corpus file is too short\n");
    exit(1);
  }
}

static void read_messages(const char *folder, const char *name, message_t *messages, size_t count)
{
  FILE *file = open_file(folder, name);
  for (size_t index = 0; index < count; index += 1) {
    uint8_t head[4];
    read_exactly(file, head, sizeof(head));
    size_t length = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    messages[index].bytes = malloc(length + 1);
    messages[index].length = length;
    read_exactly(file, messages[index].bytes, length);
    messages[index].bytes[length] = 0;
  }
  fclose(file);
}

void corpus_read(corpus_t *corpus, const char *folder)
{
  read_messages(folder, "invites", corpus->invites, VARIANTS);
  read_messages(folder, "answers", corpus->answers, VARIANTS);
  read_messages(folder, "reply-body", &corpus->reply_body, 1);
  FILE *file = open_file(folder, "speech");
  for (size_t index = 0; index < VARIANTS * FRAME_SAMPLES; index += 1) {
    uint8_t octets[2];
    read_exactly(file, octets, sizeof(octets));
    corpus->speech[index] = (int16_t)(octets[0] | octets[1] << 8);
  }
  fclose(file);
}
