/* One table of keys: the file, the command line and --help all come from it. */
#include "configuration.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "problem.h"

enum key_kind { KEY_TEXT, KEY_NUMBER, KEY_SWITCH, KEY_PINS, KEY_ADDRESS, KEY_ADDRESS6, KEY_SOUND };

/** A key: what it is for, where its value goes, and what a number may be. */
typedef struct key {
  const char *name;
  enum key_kind kind;
  size_t at;
  unsigned smallest;
  unsigned largest;
  /** As printed by --help. */
  const char *value;
  const char *purpose;
} key;

#define AT(member) offsetof(configuration, member)

static const key keys[] = {
    {"program", KEY_TEXT, AT(program), 0, 0, "FILE", "the program image; default: the one that is linked in"},
    {"settings", KEY_TEXT, AT(settings), 0, 0, "FILE", "the station's settings text"},
    {"state-directory", KEY_TEXT, AT(state_directory), 0, 0, "DIRECTORY", "where the station keeps what it remembers"},
    {"address", KEY_ADDRESS, AT(address), 0, 0, "ADDRESS", "the IPv4 address to bind, or none"},
    {"address6", KEY_ADDRESS6, AT(address6), 0, 0, "ADDRESS", "the IPv6 address to bind, or none"},
    {"sip-port", KEY_NUMBER, AT(sip_port), 1, 65535, "PORT", "default: network.sip-port of the settings, or 5060"},
    {"rtp-port", KEY_NUMBER, AT(rtp_port), 1024, 65534, "PORT", "default: network.rtp-port of the settings, or 10000"},
    {"tcp-connections", KEY_NUMBER, AT(tcp_connections), 0, TCP_CONNECTIONS, "COUNT",
     "that can be open at a time; 0: no TCP"},
    {"audio-in", KEY_SOUND, AT(audio_in), 0, 0, "SOUND", "alsa:DEVICE, wav:FILE (over and over), tone or silence"},
    {"audio-out", KEY_SOUND, AT(audio_out), 0, 0, "SOUND", "alsa:DEVICE, wav:FILE (recorded) or none"},
    {"audio-period", KEY_NUMBER, AT(audio_period_ms), 5, 40, "MS", "of ALSA: shorter is less delay and more work"},
    {"gpio-chip", KEY_TEXT, AT(gpio_chip), 0, 0, "FILE", "the chip of the pins, as /dev/gpiochip0"},
    {"buttons", KEY_PINS, AT(buttons), 0, 0, "LINES", "GPIO lines, to ground when pressed; !LINE: to supply"},
    {"leds", KEY_PINS, AT(leds), 0, 0, "LINES", "call, talk and door; lit when high; !LINE: when low"},
    {"relays", KEY_PINS, AT(relays), 0, 0, "LINES", "energised when high; !LINE: when low"},
    {"pins-socket", KEY_TEXT, AT(pins_socket), 0, 0, "FILE", "a Unix socket that plays the pins, in place of the chip"},
    {"i2c-bus", KEY_TEXT, AT(i2c_bus), 0, 0, "FILE", "of the codec chip, as /dev/i2c-1"},
    {"watchdog", KEY_TEXT, AT(watchdog), 0, 0, "FILE", "of the processor, as /dev/watchdog"},
    {"trace-sip", KEY_SWITCH, AT(traces_sip), 0, 0, "yes|no", "write every SIP message to the log"},
};

enum {
  KEY_COUNT = sizeof keys / sizeof *keys,
  /** What holds when neither the configuration nor the settings name one. */
  SIP_PORT = 5060, // RFC 3261 19.1.2
  RTP_PORT = 10000,
};

void configuration_start(configuration *chosen) {
  memset(chosen, 0, sizeof *chosen);
  strcpy(chosen->settings, "/etc/doorline/doorline.conf");
  strcpy(chosen->state_directory, "/var/lib/doorline");
  strcpy(chosen->address, "0.0.0.0");
  strcpy(chosen->address6, "::");
  strcpy(chosen->audio_in, "silence");
  strcpy(chosen->audio_out, "none");
  chosen->tcp_connections = 3;
  chosen->audio_period_ms = 20;
}

static const key *find_key(const char *name) {
  for (size_t index = 0; index < KEY_COUNT; index += 1) {
    if (strcmp(keys[index].name, name) == 0) {
      return &keys[index];
    }
  }
  return NULL;
}

/** The number at `text`, all of it. */
static bool read_number(const char *text, unsigned *number) {
  char *end;
  errno = 0;
  unsigned long value = strtoul(text, &end, 10);
  *number = (unsigned)value;
  return isdigit((unsigned char)*text) && *end == 0 && errno == 0 && value <= 65535;
}

static bool store_text(const key *row, char *text, const char *value) {
  if (strlen(value) >= TEXT_OCTETS) {
    return problem("%s is longer than %d characters", row->name, TEXT_OCTETS - 1);
  }
  strcpy(text, value);
  return true;
}

static bool store_number(const key *row, unsigned *number, const char *value) {
  unsigned read;
  if (!read_number(value, &read) || read < row->smallest || read > row->largest) {
    return problem("%s is \"%s\", which is no number from %u to %u", row->name, value, row->smallest, row->largest);
  }
  *number = read;
  return true;
}

static bool store_switch(const key *row, bool *is_on, const char *value) {
  if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0) {
    return problem("%s is \"%s\", which is neither yes nor no", row->name, value);
  }
  *is_on = strcmp(value, "yes") == 0;
  return true;
}

static bool store_pins(const key *row, pin_lines *pins, const char *value) {
  char words[LINE_OCTETS];
  char *rest;
  snprintf(words, sizeof words, "%s", value);
  pins->count = 0;
  for (char *word = strtok_r(words, " ,", &rest); word != NULL; word = strtok_r(NULL, " ,", &rest)) {
    bool is_inverted = *word == '!';
    unsigned line;
    if (!read_number(word + (is_inverted ? 1 : 0), &line)) {
      return problem("%s has \"%s\", which is no GPIO line", row->name, word);
    }
    if (pins->count == PINS_OF_A_KIND) {
      return problem("%s has more than %d lines", row->name, PINS_OF_A_KIND);
    }
    pins->pin[pins->count].line = line;
    pins->pin[pins->count].is_inverted = is_inverted;
    pins->count += 1;
  }
  return true;
}

static bool store_address(const key *row, char *text, const char *value) {
  uint8_t octets[16];
  if (strcmp(value, "none") == 0) {
    *text = 0;
    return true;
  }
  if (inet_pton(row->kind == KEY_ADDRESS ? AF_INET : AF_INET6, value, octets) != 1) {
    return problem("%s is \"%s\", which is no IPv%c address", row->name, value, row->kind == KEY_ADDRESS ? '4' : '6');
  }
  return store_text(row, text, value);
}

static bool store_sound(const key *row, char *text, const char *value) {
  bool is_in = row->at == AT(audio_in);
  bool is_known = strncmp(value, "alsa:", 5) == 0 || strncmp(value, "wav:", 4) == 0 ||
                  (is_in && (strcmp(value, "tone") == 0 || strcmp(value, "silence") == 0)) ||
                  (!is_in && strcmp(value, "none") == 0);
  return is_known ? store_text(row, text, value)
                  : problem("%s is \"%s\", which is none of %s", row->name, value, row->purpose);
}

static bool store(configuration *chosen, const char *name, const char *value) {
  const key *row = find_key(name);
  if (row == NULL) {
    return problem("there is no key \"%s\"", name);
  }
  char *place = (char *)chosen + row->at;
  switch (row->kind) {
  case KEY_NUMBER:
    return store_number(row, (unsigned *)(void *)place, value);
  case KEY_SWITCH:
    return store_switch(row, (bool *)(void *)place, value);
  case KEY_PINS:
    return store_pins(row, (pin_lines *)(void *)place, value);
  case KEY_ADDRESS:
  case KEY_ADDRESS6:
    return store_address(row, place, value);
  case KEY_SOUND:
    return store_sound(row, place, value);
  case KEY_TEXT:
    break;
  }
  return store_text(row, place, value);
}

/** Cuts the blanks at both ends of a text off. */
static char *trim(char *text) {
  while (isspace((unsigned char)*text)) {
    text += 1;
  }
  size_t length = strlen(text);
  while (length > 0 && isspace((unsigned char)text[length - 1])) {
    length -= 1;
  }
  text[length] = 0;
  return text;
}

/** Splits a line `key = value`. Returns false for a line that is empty or a comment; `value` is NULL when it has no "=". */
static bool split_line(char *line, char **name, char **value) {
  char *text = trim(line);
  if (*text == 0 || *text == '#') {
    return false;
  }
  char *equals = strchr(text, '=');
  *value = NULL;
  if (equals != NULL) {
    *equals = 0;
    *value = trim(equals + 1);
  }
  *name = trim(text);
  return true;
}

/** Puts where it is before the problem. */
static bool problem_at(const char *path, unsigned line) { return problem("%s:%u: %s", path, line, last_problem()); }

bool configuration_read_file(configuration *chosen, const char *path) {
  FILE *file = fopen(path, "re");
  if (file == NULL) {
    return system_problem("%s cannot be read", path);
  }
  char line[LINE_OCTETS];
  bool is_good = true;
  for (unsigned number = 1; is_good && fgets(line, sizeof line, file) != NULL; number += 1) {
    char *name;
    char *value;
    if (strlen(line) == sizeof line - 1) {
      is_good = problem("the line is too long");
    } else if (split_line(line, &name, &value)) {
      is_good = value == NULL ? problem("\"%s\" is not `key = value`", name) : store(chosen, name, value);
    }
    if (!is_good) {
      is_good = problem_at(path, number);
      break;
    }
  }
  fclose(file);
  return is_good;
}

/** Takes the ports that nobody chose from the settings text, which the firmware judges; a text that is missing names none. */
static bool read_ports(configuration *chosen) {
  configuration named = *chosen;
  FILE *file = fopen(chosen->settings, "re");
  if (file == NULL && errno != ENOENT) {
    return system_problem("the settings %s cannot be read", chosen->settings);
  }
  char line[LINE_OCTETS];
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    char *name;
    char *value;
    if (split_line(line, &name, &value) && value != NULL &&
        (strcmp(name, "network.sip-port") == 0 || strcmp(name, "network.rtp-port") == 0)) {
      (void)store(&named, strchr(name, '.') + 1, value);
    }
  }
  if (file != NULL) {
    fclose(file);
  }
  if (chosen->sip_port == 0) {
    chosen->sip_port = named.sip_port == 0 ? SIP_PORT : named.sip_port;
  }
  if (chosen->rtp_port == 0) {
    chosen->rtp_port = named.rtp_port == 0 ? RTP_PORT : named.rtp_port;
  }
  return true;
}

/** An option without a value. */
static bool take_command(configuration *chosen, const char *name) {
  static const struct {
    const char *name;
    enum command command;
  } commands[] = {
      {"help", COMMAND_HELP}, {"version", COMMAND_VERSION}, {"check", COMMAND_CHECK}, {"secure", COMMAND_SECURE}};
  for (size_t index = 0; index < sizeof commands / sizeof *commands; index += 1) {
    if (strcmp(commands[index].name, name) == 0) {
      chosen->command = commands[index].command;
      return true;
    }
  }
  if (strcmp(name, "memory") == 0) {
    chosen->reports_memory = true;
    return true;
  }
  return false;
}

/**
 * Goes through the options.
 * @param only_config read the file of --config and skip the rest, or the other way round
 */
static bool read_options(configuration *chosen, int count, char **arguments, bool only_config) {
  for (int index = 1; index < count; index += 1) {
    char name[LINE_OCTETS];
    if (strncmp(arguments[index], "--", 2) != 0 || strlen(arguments[index]) >= sizeof name) {
      return problem("\"%s\" is no option; --help lists them", arguments[index]);
    }
    strcpy(name, arguments[index] + 2);
    if (take_command(chosen, name)) {
      continue;
    }
    char *value = strchr(name, '=');
    if (value != NULL) {
      *value = 0;
      value += 1;
    } else if (index + 1 < count) {
      index += 1;
      value = arguments[index];
    } else {
      return problem("--%s needs a value; --help lists the options", name);
    }
    bool is_config = strcmp(name, "config") == 0;
    if (is_config == only_config &&
        !(is_config ? configuration_read_file(chosen, value) : store(chosen, name, value))) {
      return false;
    }
  }
  return true;
}

bool configuration_read_options(configuration *chosen, int count, char **arguments) {
  return read_options(chosen, count, arguments, true) && read_options(chosen, count, arguments, false) &&
         // Whoever secures the door opens no port, and must not fail for a text that is of no use to it.
         (chosen->command == COMMAND_SECURE || read_ports(chosen));
}

void configuration_write_help(FILE *file, const char *name) {
  fprintf(file, "usage: %s [--config FILE] [--OPTION VALUE …]\n\n", name);
  fputs("  --config FILE                  lines of `option = value`; what the command line says counts more\n", file);
  for (size_t index = 0; index < KEY_COUNT; index += 1) {
    char option[LINE_OCTETS];
    snprintf(option, sizeof option, "--%s %s", keys[index].name, keys[index].value);
    fprintf(file, "  %-30s %s\n", option, keys[index].purpose);
  }
  fputs("  --memory                       write the memory report after boot (SIGUSR1: at any time)\n"
        "  --check                        open everything, say what is wrong, and end\n"
        "  --secure                       put relays and lights to their safe state, and end\n"
        "  --version, --help\n",
        file);
}
