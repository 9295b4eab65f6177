#!/usr/bin/env bash
# Installs the Debian packages that the interop suites, the system's Lua and Duktape runs and the C benches use, and fetches the
# sources of Lua and lwIP for the shells. Does nothing when all of them are there.
set -euo pipefail

packages=(
  baresip-core linphone-cli kamailio kamailio-extra-modules sip-tester sox
  lua5.4 lua5.3 duktape
  wireshark-common iproute2 util-linux nftables
  libre-dev libsofia-sip-ua-dev libspandsp-dev gcc libc6-dev pkg-config
  cmake make clang-format clang-tidy libasound2-dev libgpiod-dev dpkg-dev patch valgrind
  gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm
)

fetch_sources() {
  bash "$(dirname "$0")/native/lua-source.sh"
  bash "$(dirname "$0")/native/lwip-source.sh"
}

missing=()
for package in "${packages[@]}"; do
  if ! dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then
    missing+=("$package")
  fi
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "All ${#packages[@]} packages are installed."
  fetch_sources
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
fi
echo "Installing: ${missing[*]}"
"${as_root[@]}" apt-get update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
fetch_sources
