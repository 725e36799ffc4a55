#!/usr/bin/env bash
# Makes a folder with the headers and libraries of Debian's arm64 that an engine is built against.
# This machine's packages, and what apt knows of it, stay as they are.
# usage: sysroot.sh FOLDER
set -euo pipefail
folder=$(realpath -m "$1")
packages=(libc6-dev libstdc++-12-dev libucx-dev libsodium-dev libhwloc-dev libfmt-dev
  libcli11-dev nlohmann-json3-dev zlib1g-dev libcereal-dev libgtest-dev librapidcheck-dev
  libbenchmark-dev)
wanted="${packages[*]} $(. /etc/os-release && echo "$ID $VERSION_ID")"
[[ ! -f $folder/made-of || $(<"$folder/made-of") != "$wanted" ]] || exit 0

state=$folder.apt
rm -rf "$folder" "$state"
trap 'rm -rf "$state"' EXIT
mkdir -p "$state"/{lists,archives}/partial "$folder"
: >"$state/status" # nothing is installed there yet
apt=(apt-get -q -y -o APT::Architecture=arm64 -o APT::Architectures::=arm64
  -o Dir::State::Lists="$state/lists" -o Dir::State::status="$state/status"
  -o Dir::Cache="$state" -o Dir::Cache::archives="$state/archives"
  -o APT::Install-Recommends=false -o Debug::NoLocking=1 -o APT::Sandbox::User=
  -o Acquire::Retries=3)
"${apt[@]}" update
"${apt[@]}" --download-only install "${packages[@]}"
for package in "$state"/archives/*.deb; do dpkg-deb -x "$package" "$folder"; done

# Links that begin at the root would lead to this machine's files.
find "$folder" -type l -lname '/*' -printf '%p\t%l\n' | while IFS=$'\t' read -r link target; do
  ln -sfnr "$folder$target" "$link"
done
echo "$wanted" >"$folder/made-of"
