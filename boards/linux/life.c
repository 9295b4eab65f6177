/*
 * What a fault handler needs (the new environment and the arguments) is prepared at the start, because almost nothing may be called
 * there (signal-safety(7)).
 */
#include "life.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../hal/native/device.h"
#include "wait.h"
#include "watchdog.h"

enum {
  /** A device that lived shorter than this failed soon after its boot. */
  SOON_MS = 60000,
  /** The wait after n failures in a row is 2^(n-1) seconds, up to 2^MOST_DOUBLINGS. */
  MOST_DOUBLINGS = 6,
  MOST_RESTARTS = 65535,
  VARIABLES = 256,
  VALUE_OCTETS = 64,
  /** A stack of its own for the fault handler: the fault may be that the other one is exhausted. */
  FAULT_STACK_OCTETS = 16384,
};

/** Restarts of this process: "DOORLINE_RESTART=reason restarts failures-in-a-row". */
static const char VARIABLE[] = "DOORLINE_RESTART";

static enum device_reset_reason reason;
static unsigned restarts;
static unsigned failures;
static uint32_t started_at;

static volatile sig_atomic_t is_to_end;
static volatile sig_atomic_t is_report_due;
static bool is_ready;
/** Before the boot there is nothing to report on. */
static bool is_backing_off;
static void (*write_report)(void);

static uint8_t fault_stack[FAULT_STACK_OCTETS];

static char **own_arguments;
static char *environment[VARIABLES];
static char own_variable[VALUE_OCTETS];

static void on_end(int signal) {
  (void)signal;
  is_to_end = 1;
}

static void on_report(int signal) {
  (void)signal;
  is_report_due = 1;
}

static void on_fault(int signal) {
  (void)signal;
  device_restart(DEVICE_RESET_FAULT);
}

static void take_over(int signal, void (*handler)(int), bool is_blocked) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  sigprocmask(is_blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
  sigaction(signal, &action, NULL);
}

/** A terminal that goes away ends the device in good order, but not under nohup(1). */
static void take_over_hangup(void) {
  struct sigaction given;
  if (sigaction(SIGHUP, NULL, &given) == 0 && given.sa_handler != SIG_IGN) {
    take_over(SIGHUP, on_end, true);
  }
}

/** All variables but our own, and room for that. */
static void copy_environment(void) {
  size_t count = 0;
  for (char **variable = environ; *variable != NULL && count < VARIABLES - 2; variable += 1) {
    if (strncmp(*variable, VARIABLE, sizeof VARIABLE - 1) != 0) {
      environment[count] = *variable;
      count += 1;
    }
  }
  environment[count] = own_variable;
}

void life_open(char **arguments, void (*report)(void)) {
  own_arguments = arguments;
  write_report = report;
  started_at = device_clock_ms();
  const char *told = getenv(VARIABLE);
  unsigned told_reason;
  if (told != NULL && sscanf(told, "%u %u %u", &told_reason, &restarts, &failures) == 3) {
    reason = (enum device_reset_reason)told_reason;
  }
  copy_environment();
  take_over(SIGTERM, on_end, true);
  take_over(SIGINT, on_end, true);
  take_over_hangup();
  take_over(SIGUSR1, on_report, true);
  take_over(SIGPIPE, SIG_IGN, false);
  // A file that may not grow further is a write that is refused.
  take_over(SIGXFSZ, SIG_IGN, false);
#ifndef __SANITIZE_ADDRESS__
  // Under the sanitizer a fault is to be reported, not survived.
  const stack_t stack = {.ss_sp = fault_stack, .ss_size = sizeof fault_stack};
  sigaltstack(&stack, NULL);
  const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
  for (size_t index = 0; index < sizeof faults / sizeof *faults; index += 1) {
    take_over(faults[index], on_fault, false);
  }
#else
  (void)on_fault;
  (void)fault_stack;
#endif
}

void life_ask_report(void) { is_report_due = 1; }

bool life_back_off(void) {
  if (failures == 0) {
    return true;
  }
  char line[VALUE_OCTETS];
  unsigned doublings = failures - 1 < MOST_DOUBLINGS ? failures - 1 : MOST_DOUBLINGS;
  snprintf(line, sizeof line, "failed %u times in a row: waiting %u s", failures, 1U << doublings);
  device_log_line(line);
  int64_t until = nanoseconds_now() + (INT64_C(1000000000) << doublings);
  is_backing_off = true;
  while (nanoseconds_now() < until) {
    device_watchdog_feed();
    if (!device_wait((uint32_t)((until - nanoseconds_now()) / 1000000 + 1))) {
      return false;
    }
  }
  is_backing_off = false;
  started_at = device_clock_ms();
  return true;
}

void life_before_wait(void) {
  if (!is_ready) {
    is_ready = true;
    watchdog_tell("READY=1");
  }
  if (is_report_due && !is_backing_off) {
    is_report_due = 0;
    write_report();
  }
}

bool life_is_to_end(void) { return is_to_end != 0; }

enum device_reset_reason device_reset_reason(void) { return reason; }

uint16_t device_restarts(void) { return (uint16_t)restarts; }

/** Writes a number with a blank behind it. Returns the end. Usable in a fault handler, as snprintf is not. */
static char *put_number(char *end, unsigned number) {
  char digits[12];
  size_t count = 0;
  do {
    digits[count] = (char)('0' + number % 10);
    number /= 10;
    count += 1;
  } while (number > 0);
  while (count > 0) {
    count -= 1;
    *end = digits[count];
    end += 1;
  }
  *end = ' ';
  return end + 1;
}

const char *device_board(void) { return "linux"; }

_Noreturn void device_restart(enum device_reset_reason why) {
  device_secure();
  if (is_to_end != 0) {
    // Who asked for the end must not find it started anew because its farewell failed.
    _exit(EXIT_FAILURE);
  }
  bool was_soon = device_clock_ms() - started_at < SOON_MS;
  memcpy(own_variable, VARIABLE, sizeof VARIABLE - 1);
  char *end = own_variable + sizeof VARIABLE;
  end[-1] = '=';
  end = put_number(end, (unsigned)why);
  end = put_number(end, restarts < MOST_RESTARTS ? restarts + 1 : MOST_RESTARTS);
  end = put_number(end, was_soon ? failures + 1 : 0);
  *end = 0;
  execve("/proc/self/exe", own_arguments, environment);
  // The service manager starts it anew.
  _exit(EXIT_FAILURE);
}
