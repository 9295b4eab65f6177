#!/usr/bin/env bash
# Fetches a source package of Debian's into build/sources and unpacks it with Debian's patches; the project changes nothing in it. Uses
# the machine's Debian archive through a source list of the project's own; the machine's set-up stays as it is. Does nothing when it is
# there.
#
#   debian-source.sh PACKAGE DIRECTORY FILE [PATCHES]
#
# FILE is in DIRECTORY when the source is there. PATCHES: only those of Debian's patches whose names match, in place of all.
set -euo pipefail

package=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
sources="$root/build/sources"
target="$sources/$2"

if [ -f "$target/$3" ]; then
  echo "${target#"$root"/} is there."
  exit 0
fi
for program in apt-get dpkg-source patch; do
  if ! command -v "$program" >/dev/null; then
    echo "$program is missing: the source of $package comes from Debian's archive" >&2
    exit 1
  fi
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$sources"

# The archives that the machine installs packages from, as deb-src lines.
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' 'Component: main' |
  sort -u | sed 's/^/deb-src /' >"$work/sources.list"
if [ ! -s "$work/sources.list" ]; then
  echo "no Debian archive is set up on this machine (apt-get update)" >&2
  exit 1
fi

options=(
  -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$work/lists"
  -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache=" -o APT::Sandbox::User=
)
apt-get "${options[@]}" update
(cd "$work" && apt-get "${options[@]}" --download-only source "$package")
if [ $# -lt 4 ]; then
  dpkg-source --extract "$work/$package"_*.dsc "$work/unpacked"
else
  dpkg-source --skip-patches --extract "$work/$package"_*.dsc "$work/unpacked"
  for fix in "$work"/unpacked/debian/patches/$4; do
    patch --directory "$work/unpacked" --strip 1 --quiet <"$fix"
  done
fi
rm -rf "$target"
mv "$work/unpacked" "$target"
echo "$package is in ${target#"$root"/}."
