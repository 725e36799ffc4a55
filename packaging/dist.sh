#!/usr/bin/env bash
# Packs a release: the sources that git knows, and the page of --html in web/dist, so that it is
# built without npm and without a network. The same sources give the same bytes.
# usage: dist.sh ROOT VERSION PAGE DIGEST ARCHIVE
# PAGE: the page as C++, made by web/build.mjs; DIGEST: of what it was made of (BuddyPage.cmake).
set -euo pipefail
root=$1
name=buddy-$2
page=$3
digest=$4
archive=$5
work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-dist.XXXXXX")
trap 'rm -rf "$work"' EXIT

mapfile -t files < <(bash "$root/test/checks/list_files.sh" "$root" | grep -v '^web/dist/')
mkdir -p "$work/$name/web/dist"
(cd "$root" && printf '%s\0' "${files[@]}" | xargs -0 cp --parents -t "$work/$name")
cp "$page" "$work/$name/web/dist/page_template.cpp"
cp "$digest" "$work/$name/web/dist/digest"

if [[ -e $root/.git ]] && command -v git >/dev/null; then
  git=(git -C "$root" -c 'safe.directory=*')
  : "${SOURCE_DATE_EPOCH:=$("${git[@]}" log -1 --format=%ct)}"
  [[ -z $("${git[@]}" status --porcelain) ]] ||
    echo "note: the release holds changes that are not committed"
fi
chmod -R u=rwX,go=rX "$work/$name"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:-0}" \
  -C "$work" -cf - "$name" | gzip -n -9 >"$archive"
echo "$archive: ${#files[@]} files and the page"
