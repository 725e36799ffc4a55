#!/usr/bin/env bash
# Layers are folders and only include downwards. Prints every line that breaks a rule.
# usage: layers.sh ROOT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$1
cd "$root"

bash "$here/list_files.sh" . | grep -E '^(include|src|compat|workloads|examples|test|bench|fuzz)/.*\.(hpp|cpp)$' |
  xargs -d '\n' awk '
BEGIN {
  # What each layer may include besides itself: the law; src/CMakeLists.txt follows it.
  may["base"] = ""
  may["instrument"] = "base"
  may["wire"] = "base"
  may["arena"] = "base instrument wire"
  may["transport"] = "base instrument wire arena"
  may["engine"] = "base instrument wire arena transport"
  may["comm"] = "base instrument wire arena transport engine"
  may["mpi"] = "base comm"
  may["measure"] = "base instrument"
  may["measure/probes"] = "base instrument wire arena transport engine measure"
  may["predict"] = "base measure"
  may["launch"] = "base wire arena"
  may["tools"] = "base instrument wire arena transport engine measure predict launch"
  for (layer in may) {
    allowed[layer, layer] = 1
    count = split(may[layer], below, " ")
    for (i = 1; i <= count; ++i) allowed[layer, below[i]] = 1
  }
}
function broken(problem) {
  printf "%s:%d: %s (%s)\n", FILENAME, FNR, line, problem
  failures++
}
FNR == 1 {
  files++
  split(FILENAME, path, "/")
  area = path[1]
  layer = area == "src" ? path[2] : ""
  if ((layer "/" path[3]) in may) layer = layer "/" path[3]
  if (area == "src" && !(layer in may)) { line = FILENAME; broken("no such layer; see layers.sh") }
}
/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
  line = $0
  sub(/^[ \t]*/, "", line)
  quoted = line ~ /include[ \t]*"/
  name = line
  sub(/^[^<"]*[<"]/, "", name)
  sub(/[>"].*$/, "", name)
  folder = name ~ /\// ? name : ""
  sub(/\/.*$/, "", folder)
  is_mpi = name ~ /^(mpi\.h|buddy\/(comm|buddy|detail\/mpi)\.hpp)$/
  is_ucx = folder ~ /^(ucp|ucs|uct|ucm)$/

  if (area == "include") {
    if (quoted || folder in may) broken("public headers include only <buddy/...> and libraries")
    if (is_ucx) broken("UCX is seen by src/transport only")
  } else if (area == "src") {
    if (quoted && !(folder in may)) broken("write \"LAYER/file.hpp\"; src/ is the include root")
    if (folder in may && !((layer, folder) in allowed))
      broken(layer " may include only: " (may[layer] == "" ? "nothing" : may[layer]))
    if (is_mpi && layer != "comm" && layer != "mpi") broken("MPI is seen by src/comm and above only")
    if (is_ucx && FILENAME !~ /^src\/transport\/ucx\//) broken("UCX is seen by src/transport/ucx only")
    if (name ~ /^transport\/ucx\// && layer != "transport") broken("back ends are included by their folder only")
  } else if (area == "compat" || area == "workloads" || area == "examples") {
    # A workload may be called like a layer.
    own = area == "workloads" && folder == path[2]
    if ((folder in may && !own) || name == "buddy_config.hpp") broken(area " use the public API only")
  } else if (is_ucx && FILENAME !~ /^test\/transport\//) {
    broken("UCX is seen by src/transport and its tests only")
  }
}
END {
  if (failures) { printf "%d includes point the wrong way\n", failures; exit 1 }
  if (!files) { print "no C++ files found"; exit 1 }
  printf "%d files include downwards only\n", files
}'
