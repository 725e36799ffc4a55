#!/usr/bin/env bash
# What a source uses of some standard headers it includes, itself or by way of headers of the tree: other
# versions of the standard library bring them along in fewer places. g++ 13 does so for <cstdint> and
# <stdexcept>, g++ 11 for <tuple>.
# usage: includes.sh ROOT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$1"
mapfile -t files < <(bash "$here/list_files.sh" . | grep -E '\.(hpp|cpp)$')
(( ${#files[@]} > 0 )) || { echo "no files found"; exit 1; }

awk '
  BEGIN {
    needs["cstdint"] = "(^|[^A-Za-z0-9_])(std::)?u?int(8|16|32|64|ptr|max)_t([^A-Za-z0-9_]|$)"
    needs["stdexcept"] = "std::(runtime_error|logic_error|invalid_argument|out_of_range|length_error|domain_error|overflow_error)([^A-Za-z0-9_]|$)"
    needs["tuple"] = "std::(tuple_size|tuple_element|tuple|apply|tie|make_tuple|forward_as_tuple)(_v|_t)?([^A-Za-z0-9_]|$)"
    split("src include compat/ygm compat/convey test workloads", folders, " ")
  }
  { sub(/\/\/.*$/, "") }
  /^ *# *include *[<"]/ {
    match($0, /[<"][^>"]+[>"]/)
    included[FILENAME] = included[FILENAME] " " substr($0, RSTART + 1, RLENGTH - 2)
    next
  }
  FNR == 1 { seen[FILENAME] = 1 }
  { gsub(/"([^"\\]|\\.)*"/, "\"\"")
    for (header in needs) if ($0 ~ needs[header] && !((FILENAME, header) in used)) used[FILENAME, header] = FNR }
  function file_of(name, from, i, beside) {
    beside = from
    sub(/[^\/]*$/, name, beside)
    if (beside in known) return beside
    for (i in folders) if ((folders[i] "/" name) in known) return folders[i] "/" name
    return ""
  }
  function reaches(file, header, names, count, i, next_file) {
    if ((file, header) in visited) return 0
    visited[file, header] = 1
    count = split(included[file], names, " ")
    for (i = 1; i <= count; ++i) {
      if (names[i] == header || (header == "cstdint" && names[i] == "stdint.h")) return 1
      next_file = file_of(names[i], file)
      if (next_file != "" && reaches(next_file, header)) return 1
    }
    return 0
  }
  END {
    for (i = 1; i < ARGC; ++i) known[ARGV[i]] = 1
    for (i = 1; i < ARGC; ++i)
      for (header in needs)
        if ((ARGV[i], header) in used) {
          split("", visited)
          if (!reaches(ARGV[i], header)) {
            print ARGV[i] ":" used[ARGV[i], header] ": uses <" header "> and includes it nowhere"
            bad = 1
          }
        }
    exit bad
  }' "${files[@]}"
echo "${#files[@]} files include what they use of <cstdint>, <stdexcept> and <tuple>"
