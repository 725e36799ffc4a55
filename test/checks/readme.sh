#!/usr/bin/env bash
# What the documentation shows is there: code, linked files and headings, pages that sources name,
# variables that the code reads. Prints everything that is not.
# usage: readme.sh ROOT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$1"
failures=0

complain() {
  echo "$*"
  failures=$((failures + 1))
}

mapfile -t files < <(bash "$here/list_files.sh" .)
pages=()
sources=()
for file in "${files[@]}"; do
  case $file in
    *.md) pages+=("$file") ;;
    src/*.[ch]pp | include/*.hpp | workloads/*.[ch]pp) sources+=("$file") ;;
  esac
done
(( ${#pages[@]} > 0 )) || { echo "no pages found"; exit 1; }

# ---------------------------------------------------------------- code
blocks() { awk '/^```/ { inside = !inside && /^```cpp/; next } inside' "$1"; }

if ! diff <(blocks README.md) examples/hello.cpp; then
  complain "README.md: the program differs from examples/hello.cpp (see above) copy it"
fi

# That of conveyors is C, which its block calls C++ for want of another name here.
if [[ -f docs/convey.md ]] &&
  ! diff <(awk '/^```/ { inside = !inside && /^```cpp/ && !seen++; next } inside' docs/convey.md) examples/convey.c; then
  complain "docs/convey.md: the program differs from examples/convey.c (see above) copy it"
fi

# Every block of the API's page stands in an example, whatever its indentation there.
if [[ -f docs/api.md ]]; then
  cat examples/*.cpp | awk '
    function flat(line) { gsub(/^ +| +$/, "", line); return line }
    FNR == NR { code = code "\n" flat($0); next }
    /^```/ {
      if (inside && !index(code "\n", block "\n")) { print FILENAME ":" start ": no example has this code"; bad = 1 }
      inside = !inside && /^```cpp/
      block = ""
      start = FNR
      next
    }
    inside { block = block "\n" flat($0) }
    END { exit bad }' - docs/api.md || complain "take code from a file in examples/, which is tested"
fi

# What a block holds is said, so that it is shown as such, and typed by the test of the commands.
for page in "${pages[@]}"; do
  while IFS= read -r place; do
    complain "$page:$place"
  done < <(awk '
    /^```/ {
      inside = !inside
      if (inside && !/^```(sh|console|text|cpp|cmake|json)( |$)/)
        print FNR ": a block of no language (say one) sh, console, text, cpp, cmake or json"
      if (!inside && $0 != "```") print FNR ": a block begins inside another (its end is missing)"
    }
    END { if (inside) print FNR ": the last block has no end" }' "$page")
done

# ---------------------------------------------------------------- links
anchors_of() {  # as GitHub makes them of headings
  awk '/^```/ { inside = !inside }
    !inside && /^#+ / {
      sub(/^#+ /, "")
      line = tolower($0)
      gsub(/[^a-z0-9 _-]/, "", line)
      gsub(/ /, "-", line)
      print line
    }' "$1"
}

for page in "${pages[@]}"; do
  folder=$(dirname "$page")
  while IFS= read -r link; do
    case $link in http://* | https://* | mailto:*) continue ;; esac
    target=${link%%#*}
    path=$page
    [[ -z $target ]] || path=$folder/$target
    if [[ ! -e $path ]]; then
      complain "$page: the link to $target leads nowhere"
    elif [[ $link == *#* ]] && ! grep -qxF -e "${link#*#}" <(anchors_of "$path"); then
      complain "$page: there is no heading #${link#*#} in $path"
    fi
  done < <(awk '/^```/ { inside = !inside } !inside' "$page" | sed 's/`[^`]*`//g' |
    grep -oE '\]\([^) ]+\)' | sed -E 's/^\]\(//; s/\)$//')
done

# ---------------------------------------------------------------- files of the tree
if [[ -d src ]]; then  # the pages are installed without it
  while IFS=: read -r page named; do
    compgen -G "$named" >/dev/null || complain "$page: there is no $named"
  done < <(grep -oE '`(src|include|compat|workloads|examples|test|bench|fuzz|web|cmake|packaging|data)/[A-Za-z0-9_./*-]*`' \
    "${pages[@]}" | tr -d '`' | grep -v ':web/dist' | sort -u)  # that one is a release's
fi

# ---------------------------------------------------------------- packages
if [[ -f dev ]]; then
  while IFS= read -r package; do
    grep -qF " $package " <(tr '`' ' ' <README.md) ||
      complain "README.md: ./dev installs $package, which it does not name"
  done < <(awk '
    /_packages\+?=\(/ { on = 1; sub(/^.*=\(/, "") }
    on { line = $0; ends = sub(/\).*$/, "", line); print line; if (ends) on = 0 }' dev | tr -s ' ' '\n' | grep .)
fi

# ---------------------------------------------------------------- the version
if [[ -f CMakeLists.txt ]]; then
  version=$(sed -nE 's/^ +VERSION ([0-9.]+)$/\1/p' CMakeLists.txt)
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || complain "CMakeLists.txt: no version, such as 1.2.3"
  grep -qF "This is version $version." README.md || complain "README.md: it speaks of another version than $version"
  read -r _ newest _ < <(grep '^## ' CHANGELOG.md) || true
  [[ ${newest:-} == "$version" ]] || complain "CHANGELOG.md: it begins with ${newest:-nothing}, not with $version"
  while IFS= read -r place; do
    complain "$place: not the version that this tree has, ${version%.*}"
  done < <(grep -nIoE '(find_package\(buddy|libbuddy\.so\.)[ 0-9.]*[0-9]' "${files[@]}" |
    grep -vE "[ .]${version%.*}$" || true)
fi

# ---------------------------------------------------------------- what sources say
if (( ${#sources[@]} > 0 )); then
  while IFS= read -r named; do
    [[ -f $named ]] || complain "$named: a source refers to this page, and it is not there"
  done < <(grep -ohE 'docs/[A-Za-z0-9_/]+\.md' "${sources[@]}" | sort -u)
  if [[ -f docs/formats/environment.md ]]; then
    while IFS= read -r variable; do
      grep -qF "\`$variable\`" docs/formats/environment.md ||
        complain "docs/formats/environment.md: $variable is used and not explained"
    done < <(grep -ohE '"BUDDY_[A-Z_]+"' "${sources[@]}" | tr -d '"' |
      grep -vxE 'BUDDY_(VERSION|MPI_FLAVOUR|MPI_LAUNCHER)' | sort -u)
  fi
fi

(( failures == 0 )) || exit 1
echo "${#pages[@]} pages show what is there"
