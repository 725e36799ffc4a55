# Completion and man pages say what the commands themselves say, in a real shell.
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
PATH=$bin:$PATH
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

bash -n <(buddy completion bash) || fail "bash cannot read its script"
source <(buddy completion bash)
touch report.json 'a name.mtx'
mkdir traces

# completes "LINE" WORD...: what follows LINE, whose last word is being typed, has these among it.
completes() {
  local line=$1 word
  shift
  read -ra COMP_WORDS <<<"$line"
  [[ $line != *' ' ]] || COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMPREPLY=()
  _buddy
  for word; do
    printf '%s\n' "${COMPREPLY[@]}" | grep -xF -e "$word" >/dev/null || # which reads to the end
      fail "'$line' is not completed to '$word': ${COMPREPLY[*]}"
  done
}
completes_to() {  # and nothing else
  completes "$@"
  (( ${#COMPREPLY[@]} == $# - 1 )) || fail "'$1' is completed to more: ${COMPREPLY[*]}"
}

completes 'buddy ' run bench profile predict study calibrate stat doctor engine help completion man
completes_to 'buddy pro' profile
completes 'buddy --' --help --version
completes_to 'buddy run --pl' --placement
completes_to 'buddy run --placement ' host engine
completes_to 'buddy run --fabric u' ucx
completes_to 'buddy run -n '
completes_to 'buddy bench histo' histogram
completes 'buddy bench ' histogram transpose bfs model dca paper
completes 'buddy bench histogram --' --repeat --updates --table --no-prefetch
completes_to 'buddy bench histogram --upd' --updates
completes_to 'buddy bench bfs --upd'
completes_to 'buddy bench dca --rep' --replay
completes_to 'buddy bench dca --trace ' traces
completes_to 'buddy bench histogram --json rep' report.json
completes_to 'buddy predict rep' report.json
completes_to 'buddy bench bfs --input a' 'a name.mtx'
completes 'buddy run -- tr' true traces
completes_to 'buddy run -- true rep' report.json
completes_to 'buddy profile --dram ca' cachegrind
completes_to 'buddy completion ' bash zsh

# Every option of every help is in the completion and on the man page, whatever the shell.
buddy completion zsh >_buddy || fail "completion zsh"
[[ $(head -1 _buddy) == '#compdef buddy' ]] || fail "zsh would not load its script"
buddy man --folder pages || fail "man --folder"
lines=("" run bench "bench tune" "bench model" "bench dca" "bench scale" profile predict study calibrate stat doctor engine help
  completion man)
for line in "${lines[@]}"; do
  read -ra words <<<"$line"
  page=pages/buddy${line:+-${line// /-}}.1
  buddy man "${words[@]}" | diff -q - "$page" >/dev/null || fail "buddy man $line is another page"
  options=$(buddy "${words[@]}" --help | grep -oE '^  (-[a-z],)?--[a-z0-9-]+' | tr ',' ' ')
  [[ -n $options ]] || fail "no options in the help of buddy $line"
  for option in $options; do
    grep -qF -e "${option//-/\\-}" "$page" || fail "$page lacks $option"
    completes "buddy $line -" "$option"
    grep -qF -e "$option" _buddy || fail "zsh's completion lacks $option"
  done
  [[ $(buddy help "${words[@]}") == "$(buddy "${words[@]}" --help)" ]] || fail "buddy help $line"
done
# So are those of the workloads, which print them as their help.
workloads=0
for program in "$BUDDY_BIN_DIR"/buddy-*; do
  name=$(basename "$program")
  workloads=$((workloads + 1))
  [[ -f pages/$name.1 ]] || fail "there is no page of $name"
  buddy man "${name#buddy-}" | diff -q - "pages/$name.1" >/dev/null || fail "buddy man of $name"
  while read -r option _; do
    grep -qF -e "${option//-/\\-}" "pages/$name.1" || fail "the page of $name lacks $option"
  done < <("$program" --list-options)
done
(( workloads > 0 )) || fail "there are no workloads"
(( $(ls pages | wc -l) == ${#lines[@]} + workloads )) || fail "there are other pages: $(ls pages)"
! type groff >/dev/null 2>&1 || [[ -z $(groff -man -Tutf8 -ww -z pages/*.1 2>&1) ]] ||
  fail "groff complains: $(groff -man -Tutf8 -ww -z pages/*.1 2>&1 | head -3)"
! type zsh >/dev/null 2>&1 || zsh -n _buddy || fail "zsh cannot read its script"

# Every choice that is offered is one that the command takes.
for method in auto none resctrl perf bfperf cachegrind; do
  grep -q "there is no workload" <(buddy bench nothing --dram $method 2>&1) || fail "--dram $method"
done

[[ $(buddy --version) == "$(buddy -v)" && $(buddy -v) == "$(buddy -V)" ]] || fail "-v"
grep -qF "did you mean 'bench'?" <(buddy help bnech 2>&1) || fail "help bnech"
grep -qF "did you mean 'bench'?" <(buddy man bnech 2>&1) || fail "man bnech"
buddy completion fish 2>/dev/null && fail "completion fish"
buddy completion bash --output /dev/full 2>/dev/null && fail "completion on a full disk"
buddy man --folder /dev/null 2>/dev/null && fail "man pages in no folder"

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
