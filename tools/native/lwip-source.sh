#!/usr/bin/env bash
# The source of lwIP for boards without a network stack of their own, in build/sources/lwip.
exec bash "$(dirname "$0")/debian-source.sh" lwip lwip src/core/init.c
