/* What cannot be opened or read, as a sentence for who installs the device. The last one is kept until the next. */
#ifndef DOORLINE_LINUX_PROBLEM_H
#define DOORLINE_LINUX_PROBLEM_H

#include <stdbool.h>

/** Keeps a sentence, formatted as printf does, and returns false: `return problem("…")`. */
bool problem(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Likewise, followed by what errno says. */
bool system_problem(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** The sentence that was kept last; "" when there is none. */
const char *last_problem(void);

#endif
