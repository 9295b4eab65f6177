/* Both forms are in network order, so that octets are moved and nothing is computed. */
#include "endpoint.h"

#include <stdio.h>
#include <string.h>

void endpoint_set_port(device_endpoint *endpoint, uint16_t port) {
  endpoint->port[0] = (uint8_t)(port >> 8);
  endpoint->port[1] = (uint8_t)port;
}

void endpoint_from_lwip(device_endpoint *endpoint, const ip_addr_t *address, uint16_t port) {
  memset(endpoint, 0, sizeof *endpoint);
  endpoint_set_port(endpoint, port);
  if (IP_IS_V6(address)) {
    endpoint->family = 6;
    memcpy(endpoint->address, ip_2_ip6(address)->addr, 16);
  } else {
    endpoint->family = 4;
    memcpy(endpoint->address, &ip_2_ip4(address)->addr, 4);
  }
}

uint16_t endpoint_to_lwip(const device_endpoint *endpoint, ip_addr_t *address) {
  memset(address, 0, sizeof *address);
  if (endpoint->family == 6) {
    memcpy(ip_2_ip6(address)->addr, endpoint->address, 16);
    IP_SET_TYPE_VAL(*address, IPADDR_TYPE_V6);
  } else if (endpoint->family == 4) {
    memcpy(&ip_2_ip4(address)->addr, endpoint->address, 4);
    IP_SET_TYPE_VAL(*address, IPADDR_TYPE_V4);
  } else {
    return 0;
  }
  return (uint16_t)(endpoint->port[0] << 8 | endpoint->port[1]);
}

void endpoint_write(char *text, const device_endpoint *endpoint) {
  ip_addr_t address;
  unsigned port = endpoint_to_lwip(endpoint, &address);
  char literal[IPADDR_STRLEN_MAX];
  ipaddr_ntoa_r(&address, literal, sizeof literal);
  snprintf(text, ENDPOINT_TEXT_OCTETS, port == 0 ? "%s" : endpoint->family == 6 ? "[%s]:%u" : "%s:%u", literal, port);
}
