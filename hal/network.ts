// Whether the board is on a network, and whether it is still the same one: link, and addresses by DHCP or by hand. The sockets of
// the board follow it by themselves: `Udp.local` is the address of now.

export interface Network {
  /** Whether the board has a link and an address. */
  isUp(this: Network): boolean;
  /** A number that is another one after each change of link or address. 0 … 65535, wrapping. */
  changes(this: Network): number;
}
