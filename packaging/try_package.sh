#!/usr/bin/env bash
# Installs a package and what it depends on, nothing else, into an empty folder, and runs it there.
# This machine's packages stay as they are. Needs a network; root, or namespaces of users.
# usage: try_package.sh PACKAGE.deb
set -euo pipefail
package=$(realpath "$1")
architecture=$(dpkg-deb -f "$package" Architecture)
name=$(dpkg-deb -f "$package" Package)
work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-root.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root

mkdir -p "$work"/{lists,archives}/partial "$root"/{usr/bin,usr/lib,usr/sbin,dev/shm,proc,sys,tmp,root}
: >"$work/status" # nothing is installed there
for folder in bin sbin lib; do ln -s "usr/$folder" "$root/$folder"; done
apt=(apt-get -q -y -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture"
  -o Dir::State::Lists="$work/lists" -o Dir::State::status="$work/status"
  -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives"
  -o APT::Install-Recommends=false -o Debug::NoLocking=1 -o APT::Sandbox::User=
  -o Acquire::Retries=3)
# What a minimal system has beside the package's own dependencies.
"${apt[@]}" update >"$work/log" 2>&1 &&
  "${apt[@]}" --download-only install dash bash coreutils "$package" >>"$work/log" 2>&1 || {
  tail -n 20 "$work/log"
  exit 1
}
for file in "$work"/archives/*.deb "$package"; do
  dpkg-deb --fsys-tarfile "$file" | tar -C "$root" -x --keep-directory-symlink --no-same-owner
done
# Alternatives are links that the packages' scripts would make.
for program in mpirun mpiexec orted; do
  [[ -e $root/usr/bin/$program || ! -e $root/usr/bin/$program.openmpi ]] ||
    ln -s "$program.openmpi" "$root/usr/bin/$program"
done

run() {
  if [[ $architecture == "$(dpkg --print-architecture)" ]]; then
    local enter=(unshare --mount --pid --fork --kill-child)
    (( $(id -u) == 0 )) || enter+=(--map-root-user)
    "${enter[@]}" bash -c '
      mount -t proc proc "$0/proc" && mount --rbind /sys "$0/sys" && mount -t tmpfs -o mode=1777 tmpfs "$0/dev/shm" &&
        touch "$0/dev/null" && mount --bind /dev/null "$0/dev/null" &&
        exec chroot "$0" /usr/bin/env -i PATH=/usr/bin HOME=/tmp OMPI_ALLOW_RUN_AS_ROOT=1 \
          OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_plm_rsh_agent= "$@"' "$root" "$@"
  else
    qemu-aarch64-static -L "$root" "$root/usr/bin/$1" "${@:2}"
  fi
}

if [[ $name == buddy-engine ]] && find "$root" -name 'libmpi*' -o -name 'mpirun*' -o -name 'mpiexec*' | grep .; then
  echo "an engine's package brings MPI along (see above) take it out of what it depends on"
  exit 1
fi

grep -qxF 'ExecStartPre=install -m 0400 ${CREDENTIALS_DIRECTORY}/key ${RUNTIME_DIRECTORY}/key' \
  "$root/usr/lib/systemd/system/buddy-engine.service" &&
  grep -q '^ExecStart=/usr/bin/buddy engine ' "$root/usr/lib/systemd/system/buddy-engine.service" &&
  [[ -x $root/usr/share/buddy/slurm/prolog.sh ]] || { echo "the service is not there"; exit 1; }

run buddy --version
run buddy help >"$work/out"
grep -q '  engine ' "$work/out" || { echo "buddy help does not list the engine"; exit 1; }
# The service, without systemd.
(umask 077 && od -An -tx8 -N16 /dev/urandom | tr -d ' ' >"$root/tmp/key")
run buddy engine --listen tcp:127.0.0.1:0 --key-file /tmp/key >"$work/out" 2>&1 &
for (( tries = 0; tries < 100; ++tries )); do
  ! grep 'listens at tcp:127.0.0.1:' "$work/out" || break
  (( tries < 99 )) || { cat "$work/out"; exit 1; }
  sleep 0.1
done
# What runs in the shell of the function, and with it what runs in its namespace.
kill -KILL $(pgrep -P $! || echo $!)
wait $! 2>/dev/null || true

if [[ $name == buddy ]]; then
  run buddy run -n 2 -- buddy-histogram --updates 1000
  run buddy run -n 2 --nodes 2 --fabric ucx --placement engine -- buddy-bfs --scale 9
else
  # It starts no ranks, and says so.
  if run buddy run -n 2 -- true >"$work/out" 2>&1; then
    echo "an engine's package started ranks"
    exit 1
  fi
  grep -q 'built without MPI' "$work/out" || { cat "$work/out"; exit 1; }
fi
echo "$(basename "$package"): works with what it depends on"
