/* Both forms are in network order, so that octets are moved and nothing is computed. */
#include "endpoint.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

socklen_t socket_address_size(const socket_address *address) {
  return address->any.sa_family == AF_INET ? sizeof address->ipv4 : sizeof address->ipv6;
}

bool endpoint_to_socket(const device_endpoint *endpoint, socket_address *address) {
  memset(address, 0, sizeof *address);
  if (endpoint->family == 4) {
    address->ipv4.sin_family = AF_INET;
    memcpy(&address->ipv4.sin_port, endpoint->port, 2);
    memcpy(&address->ipv4.sin_addr, endpoint->address, 4);
  } else if (endpoint->family == 6) {
    address->ipv6.sin6_family = AF_INET6;
    memcpy(&address->ipv6.sin6_port, endpoint->port, 2);
    memcpy(&address->ipv6.sin6_addr, endpoint->address, 16);
  }
  return endpoint->family == 4 || endpoint->family == 6;
}

void endpoint_from_socket(device_endpoint *endpoint, const socket_address *address) {
  memset(endpoint, 0, sizeof *endpoint);
  if (address->any.sa_family == AF_INET) {
    endpoint->family = 4;
    memcpy(endpoint->port, &address->ipv4.sin_port, 2);
    memcpy(endpoint->address, &address->ipv4.sin_addr, 4);
  } else if (address->any.sa_family == AF_INET6) {
    endpoint->family = 6;
    memcpy(endpoint->port, &address->ipv6.sin6_port, 2);
    memcpy(endpoint->address, &address->ipv6.sin6_addr, 16);
  }
}

void endpoint_read(device_endpoint *endpoint, unsigned family, const char *literal, unsigned port) {
  memset(endpoint, 0, sizeof *endpoint);
  if (inet_pton(family == 4 ? AF_INET : AF_INET6, literal, endpoint->address) == 1) {
    endpoint->family = (uint8_t)family;
    endpoint_set_port(endpoint, port);
  }
}

unsigned endpoint_port(const device_endpoint *endpoint) {
  return (unsigned)endpoint->port[0] << 8 | (unsigned)endpoint->port[1];
}

void endpoint_set_port(device_endpoint *endpoint, unsigned port) {
  endpoint->port[0] = (uint8_t)(port >> 8);
  endpoint->port[1] = (uint8_t)port;
}

bool endpoint_is_unspecified(const device_endpoint *endpoint) {
  static const uint8_t zeros[16];
  return memcmp(endpoint->address, zeros, sizeof zeros) == 0;
}

void endpoint_write(char *text, const device_endpoint *endpoint) {
  char address[INET6_ADDRSTRLEN] = "?";
  bool is_6 = endpoint->family == 6;
  if (endpoint->family != 0) {
    inet_ntop(is_6 ? AF_INET6 : AF_INET, endpoint->address, address, sizeof address);
  }
  snprintf(text, ENDPOINT_TEXT_OCTETS, is_6 ? "[%s]:%u" : "%s:%u", address, endpoint_port(endpoint));
}
