#!/usr/bin/env bash
# The source of Lua 5.4 for the shell, in build/sources/lua-5.4: with Debian's security fixes; its other patches are for the paths of a
# Debian system.
exec bash "$(dirname "$0")/debian-source.sh" lua5.4 lua-5.4 src/lvm.c '*-cve-*.patch'
