/*
 * What goes wrong inside a script: exceptions that nobody caught, with the places of their calls where the engine was built with
 * line information (--line-info), and loops that do not end.
 */
#ifndef DOORLINE_JERRYSCRIPT_FAULTS_H
#define DOORLINE_JERRYSCRIPT_FAULTS_H

#include <jerryscript.h>
#include <stdint.h>

#include "../native/device.h"

/** Watches for exceptions from now on. */
void faults_open(void);
/** Before each call into the program: how many rounds of its loops it may take. */
void faults_expect(uint32_t rounds);
/**
 * Tells the log what happened, and frees the exception.
 * @param doing what the program was called for
 * @returns the reason of the restart
 */
enum device_reset_reason faults_report(jerry_value_t exception, const char *doing);

#endif
