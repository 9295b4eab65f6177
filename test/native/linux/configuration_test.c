/* The configuration of a Linux board: what is written holds, what is wrong is said with its place. */
#include "../../../boards/linux/configuration.h"

#include <stdlib.h>
#include <unistd.h>

#include "../../../boards/linux/problem.h"
#include "check.h"

static configuration chosen;
static char path[] = "/tmp/doorline-configuration-XXXXXX";
static char settings_path[] = "/tmp/doorline-settings-XXXXXX";

static void write_text(const char *file_path, const char *text) {
  FILE *file = fopen(file_path, "w");
  if (file != NULL) {
    fputs(text, file);
    fclose(file);
  }
}

/** Reads a configuration text. Returns "" or the problem without the file's name before it. */
static const char *problem_of(const char *text) {
  write_text(path, text);
  configuration_start(&chosen);
  return configuration_read_file(&chosen, path) ? "" : last_problem() + strlen(path);
}

/** Reads a command line, with the settings of `settings_path`. Returns "" or the problem. */
static const char *problem_of_options(char **options, int count) {
  configuration_start(&chosen);
  strcpy(chosen.settings, settings_path);
  return configuration_read_options(&chosen, count, options) ? "" : last_problem();
}

#define OPTIONS(...)                                                                                                   \
  problem_of_options((char *[]){"doorline", __VA_ARGS__},                                                              \
                     (int)(sizeof((char *[]){"doorline", __VA_ARGS__}) / sizeof(char *)))

static void reads_every_kind_of_value(void) {
  CHECK_TEXT(
      problem_of("# a board\n\n  gpio-chip = /dev/gpiochip0 \r\nbuttons=17, 27 !22\nrelays = !5\nsip-port = 5070\n"
                 "trace-sip = yes\naddress6 = none\naudio-in = wav:/tmp/a b.wav\naudio-out = alsa:plughw:1,0"),
      "");
  CHECK_TEXT(chosen.gpio_chip, "/dev/gpiochip0");
  CHECK(chosen.buttons.count == 3 && chosen.buttons.pin[0].line == 17 && chosen.buttons.pin[2].line == 22);
  CHECK(!chosen.buttons.pin[1].is_inverted && chosen.buttons.pin[2].is_inverted);
  CHECK(chosen.relays.count == 1 && chosen.relays.pin[0].is_inverted);
  CHECK(chosen.sip_port == 5070 && chosen.traces_sip);
  CHECK_TEXT(chosen.address6, "");
  CHECK_TEXT(chosen.audio_in, "wav:/tmp/a b.wav");
  CHECK_TEXT(chosen.audio_out, "alsa:plughw:1,0");
}

static void says_what_is_wrong_and_where(void) {
  CHECK_TEXT(problem_of("sip-port = 5060\nbutons = 1\n"), ":2: there is no key \"butons\"");
  CHECK_TEXT(problem_of("sip-port 5060\n"), ":1: \"sip-port 5060\" is not `key = value`");
  CHECK_TEXT(problem_of("\n\nsip-port = 0\n"), ":3: sip-port is \"0\", which is no number from 1 to 65535");
  CHECK_TEXT(problem_of("rtp-port = 70000\n"), ":1: rtp-port is \"70000\", which is no number from 1024 to 65534");
  CHECK_TEXT(problem_of("sip-port = +5\n"), ":1: sip-port is \"+5\", which is no number from 1 to 65535");
  CHECK_TEXT(problem_of("trace-sip = on\n"), ":1: trace-sip is \"on\", which is neither yes nor no");
  CHECK_TEXT(problem_of("relays = 5 door\n"), ":1: relays has \"door\", which is no GPIO line");
  CHECK_TEXT(problem_of("leds = 1 2 3 4 5 6 7 8 9\n"), ":1: leds has more than 8 lines");
  CHECK_TEXT(problem_of("address = ::1\n"), ":1: address is \"::1\", which is no IPv4 address");
  CHECK_TEXT(problem_of("audio-in = mic\n"),
             ":1: audio-in is \"mic\", which is none of alsa:DEVICE, wav:FILE (over and over), tone or silence");
}

static void refuses_what_is_too_long(void) {
  char text[LINE_OCTETS + 100] = "program = ";
  memset(text + 10, 'x', TEXT_OCTETS);
  CHECK_TEXT(problem_of(text), ":1: program is longer than 199 characters");
  memset(text + 10, 'x', LINE_OCTETS + 50);
  CHECK_TEXT(problem_of(text), ":1: the line is too long");
}

static void options_count_more_than_the_file(void) {
  write_text(path, "sip-port = 5070\nbuttons = 1\n");
  CHECK_TEXT(OPTIONS("--sip-port", "5080", "--config", path, "--trace-sip=yes", "--memory"), "");
  CHECK(chosen.sip_port == 5080 && chosen.buttons.count == 1 && chosen.traces_sip && chosen.reports_memory);
  CHECK(chosen.command == COMMAND_RUN);
  CHECK_TEXT(OPTIONS("--check"), "");
  CHECK(chosen.command == COMMAND_CHECK);
}

static void says_what_is_wrong_with_an_option(void) {
  CHECK_TEXT(OPTIONS("now"), "\"now\" is no option; --help lists them");
  CHECK_TEXT(OPTIONS("--sip-port"), "--sip-port needs a value; --help lists the options");
  CHECK_TEXT(OPTIONS("--sip", "1"), "there is no key \"sip\"");
  CHECK_TEXT(OPTIONS("--config", "/nowhere/board.conf"),
             "/nowhere/board.conf cannot be read: No such file or directory");
}

static void takes_ports_from_the_settings(void) {
  write_text(settings_path, "account.user = door\nnetwork.sip-port = 5090 \nnetwork.rtp-port=20000\n");
  CHECK_TEXT(OPTIONS("--trace-sip", "no"), "");
  CHECK(chosen.sip_port == 5090 && chosen.rtp_port == 20000);
  CHECK_TEXT(OPTIONS("--sip-port", "5062"), "");
  CHECK(chosen.sip_port == 5062 && chosen.rtp_port == 20000);
  write_text(settings_path, "network.sip-port = many\n");
  CHECK_TEXT(OPTIONS("--trace-sip", "no"), "");
  CHECK(chosen.sip_port == 5060 && chosen.rtp_port == 10000);
}

static void secures_without_the_settings(void) {
  CHECK(strstr(OPTIONS("--settings", "/dev/null/none"), "cannot be read") != NULL);
  CHECK_TEXT(OPTIONS("--secure", "--settings", "/dev/null/none"), "");
  CHECK(chosen.command == COMMAND_SECURE);
}

static const check_case cases[] = {
    {"reads every kind of value, comments and blanks", reads_every_kind_of_value},
    {"says what is wrong and in which line", says_what_is_wrong_and_where},
    {"refuses what is too long", refuses_what_is_too_long},
    {"options count more than the file, wherever --config stands", options_count_more_than_the_file},
    {"says what is wrong with an option", says_what_is_wrong_with_an_option},
    {"takes ports that nobody chose from the settings, and the usual ones where those are wrong",
     takes_ports_from_the_settings},
    {"secures the door also when the settings cannot be read", secures_without_the_settings},
};

int main(void) {
  close(mkstemp(path));
  close(mkstemp(settings_path));
  int code = check_run(cases, sizeof cases / sizeof *cases);
  unlink(path);
  unlink(settings_path);
  return code;
}
