/*
 * Runs portable tests in the VM of the shell, for twins.test.ts: "BUNDLE" runs an ES5 script with the shell's buffers and native
 * twins, "--references BUNDLE" without the twins. Prints the reports of the tests, "outcome TAB text".
 */
#include <jerryscript.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../hal/jerryscript-bindings/buffers.h"
#include "../../../hal/jerryscript-bindings/twins.h"

enum { BUNDLE_OCTETS = 4 << 20, TEXT_OCTETS = 1000 };

static jerry_char_t bundle[BUNDLE_OCTETS];

static void print_text(jerry_value_t value) {
  char text[TEXT_OCTETS];
  jerry_value_t words = jerry_value_to_string(value);
  jerry_size_t length = jerry_string_to_buffer(words, JERRY_ENCODING_UTF8, (jerry_char_t *)text, sizeof text - 1);
  jerry_value_free(words);
  for (jerry_size_t at = 0; at < length; at += 1) {
    putchar(text[at] == '\n' || text[at] == '\r' || text[at] == '\t' ? ' ' : text[at]);
  }
}

static jerry_value_t report(const jerry_call_info_t *info, const jerry_value_t *values, jerry_length_t count) {
  (void)info;
  if (count == 2) {
    print_text(values[0]);
    putchar('\t');
    print_text(values[1]);
    putchar('\n');
  }
  return jerry_undefined();
}

/** Sets a global, and frees the value. */
static void set_global(const char *name, jerry_value_t value) {
  jerry_value_t global = jerry_current_realm();
  jerry_value_free(jerry_object_set_sz(global, name, value));
  jerry_value_free(global);
  jerry_value_free(value);
}

static size_t read_bundle(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  size_t length = fread(bundle, 1, sizeof bundle, file);
  fclose(file);
  return length;
}

int main(int count, char **words) {
  if (count < 2) {
    fputs("portable_tool [--references] BUNDLE\n", stderr);
    return 2;
  }
  size_t length = read_bundle(words[count - 1]);
  jerry_init(JERRY_INIT_EMPTY);
  buffers_open();
  if (strcmp(words[1], "--references") != 0) {
    twins_open();
  }
  set_global("doorlineMode", jerry_string_sz("all"));
  set_global("doorlineReport", jerry_function_external(report));
  jerry_value_t script = jerry_parse(bundle, length, NULL);
  jerry_value_t result = jerry_value_is_exception(script) ? jerry_value_copy(script) : jerry_run(script);
  jerry_value_free(script);
  bool is_good = !jerry_value_is_exception(result);
  if (!is_good) {
    jerry_value_t error = jerry_exception_value(result, false);
    print_text(error);
    putchar('\n');
    jerry_value_free(error);
  }
  jerry_value_free(result);
  buffers_close();
  jerry_cleanup();
  return is_good ? 0 : 1;
}
