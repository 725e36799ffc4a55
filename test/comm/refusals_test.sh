# What the compiler says about a program that sends what cannot be sent: one sentence, before all
# else, with the name of the type and what to do instead. Every mistake of a table is compiled.
# timeout: 900
set -uo pipefail
source_dir=$BUDDY_SOURCE_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0
mistakes=0

# The flags of a program of this build that includes Buddy.
read -ra flags <<<"$(grep -oE -- '-(I|isystem|D) ?[^ "]+' compile_commands.json |
  grep -E 'openmpi|mpich|SKIP_MPICXX' | sort -u | tr '\n' ' ')"
flags+=(-std=c++20 -Wall -Wextra "-I$source_dir/include")

compilers=()
for compiler in "${CXX:-g++}" g++ clang++-14; do
  command -v "$compiler" >"$folder/path" || continue
  [[ " ${compilers[*]} " == *" $compiler "* ]] || compilers+=("$compiler")
done

# The headers are read once per compiler.
cat >"$folder/all.hpp" <<'END'
#include <buddy/buddy.hpp>
#include <cereal/types/queue.hpp>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <typeindex>
#include <unordered_map>
#include <variant>
#include <vector>
struct Cell { double value; Cell* next; };
struct Row { long number; std::string_view name; };
struct Deep { long number; std::array<Row, 2> rows; };
struct Alias { const std::vector<int>& list; };
struct Site : std::vector<int> { int id; };
struct Label : std::string { int id; };
struct Couple : std::pair<int, std::string> { int id; };
struct Queue : std::queue<int> { int id; };
struct Base { std::string text; template <class A> void serialize(A& a) { a(text); } };
struct Derived : Base { std::string more; };
struct Unknown { std::string text; };
struct Unmade { explicit Unmade(int); std::string text; template <class A> void serialize(A& a) { a(text); } };
struct Stuck { Stuck() = default; Stuck(Stuck&&) = delete; int n; };
struct Outer { std::string text; std::vector<Unknown> all; template <class A> void serialize(A& a) { a(text, all); } };
struct Viewer { std::string text; std::string_view view; template <class A> void serialize(A& a) { a(text, view); } };
struct Caller { std::reference_wrapper<int> total; void operator()(int n) const { total += n; } };
struct Pointing { int* total; void operator()(int n) const { *total += n; } };
struct Texting { std::string text; void operator()(int) const {} };
struct Method { void call(int) {} };
inline void take(int) {}
inline void take_text(const std::string&) {}
inline auto any = [](const auto&...) {};
template <class T> T& made();
END
for compiler in "${compilers[@]}"; do
  mkdir -p "$folder/$compiler"
  if ! "$compiler" "${flags[@]}" -x c++-header "$folder/all.hpp" \
    -o "$folder/$compiler/all.hpp.gch" 2>"$folder/out"; then
    cat "$folder/out"
    exit 1
  fi
done

# first_error COMPILER FILE: compiles, and prints what came first up to the end of the first error.
compile() {
  local compiler=$1 file=$2
  if [[ $compiler == clang* ]]; then
    "$compiler" "${flags[@]}" -fsyntax-only -include-pch "$folder/$compiler/all.hpp.gch" "$file"
  else
    "$compiler" "${flags[@]}" -fsyntax-only -I "$folder/$compiler" -include all.hpp "$file"
  fi
}

# refuse TYPE SENTENCE STATEMENTS...: each statement must be refused by that sentence in the first
# error, which names the type, and by no other error.
refuse() {
  local type=$1 sentence=$2 statement compiler errors
  shift 2
  for statement in "$@"; do
    mistakes=$((mistakes + 1))
    printf 'void mistake(buddy::Comm& comm) {\n  %s\n}\n' "$statement" >"$folder/mistake.cpp"
    for compiler in "${compilers[@]}"; do
      if compile "$compiler" "$folder/mistake.cpp" >"$folder/out" 2>&1; then
        echo "FAILED: $compiler takes: $statement"
        failures=$((failures + 1))
        continue
      fi
      errors=$(grep -c 'error: ' "$folder/out")
      # g++ names the type around the error, clang in it.
      if ! grep -m 1 'error: ' "$folder/out" | grep -qF -- "$sentence" ||
        ! grep -m 1 -B 6 -A 6 'error: ' "$folder/out" | grep -qF -- "$type" || ((errors > 1)); then
        echo "FAILED: $compiler on: $statement"
        echo "  expected, of $type: $sentence"
        grep -E 'error: |In instantiation|evaluates' "$folder/out" | head -n 12 | cut -c 1-400 | sed 's/^/  | /'
        failures=$((failures + 1))
      fi
    done
  done
}
# allow STATEMENTS...: what must compile, or the table above would show nothing.
allow() {
  local statement compiler
  for statement in "$@"; do
    printf 'void fine(buddy::Comm& comm) {\n  %s\n}\n' "$statement" >"$folder/fine.cpp"
    for compiler in "${compilers[@]}"; do
      compile "$compiler" "$folder/fine.cpp" >"$folder/out" 2>&1 && continue
      echo "FAILED: $compiler refuses: $statement"
      grep -E 'error: ' "$folder/out" | head -n 5 | cut -c 1-400 | sed 's/^/  | /'
      failures=$((failures + 1))
    done
  done
}

# every TYPE_NAME SENTENCE T...: values of each type T are refused by every call.
every() {
  local name=$1 sentence=$2 type
  shift 2
  for type in "$@"; do
    refuse "$name" "$sentence" \
      "comm.async(0, any, made<$type>());" \
      "comm.async(0, any, 1, std::string(), made<$type>());"
  done
  type=$1
  refuse "$name" "$sentence" \
    "comm.async_bcast(any, made<$type>());" \
    "comm.async_mcast(std::vector<int>{0}, any, made<$type>());" \
    "comm.all_reduce(made<$type>(), [](const auto& a, const auto&) -> const auto& { return a; });" \
    "comm.broadcast(made<$type>(), 0);"
}

every string_view "cannot carry a std::string_view, which refers to memory of this rank: send a std::string" \
  'std::string_view' 'std::vector<std::string_view>' 'std::pair<int, std::string_view>' \
  'std::map<std::string_view, int>' 'std::optional<std::variant<int, std::wstring_view>>'
every span "cannot carry a std::span, which refers to memory of this rank: send a std::vector" \
  'std::map<int, std::span<const int>>' 'std::span<int, 3>' \
  'std::array<std::tuple<int, std::span<int>>, 2>' 'std::unique_ptr<std::span<int>>'
every '*' "cannot carry a pointer, which means nothing on another rank: send what it points to" \
  'std::vector<int*>' 'const char*' 'std::list<std::deque<const void*>>' 'std::array<int*, 2>' \
  'std::unordered_map<int, std::pair<long, char*>>' 'std::variant<int, void (*)()>'
every type_index "cannot carry a pointer" 'std::type_index' 'std::map<std::type_index, int>'
every error_code "cannot carry a pointer" 'std::optional<std::error_code>'
refuse '*' "a std::string for a string literal" 'comm.async(0, any, "literal");'
every 'Method' "cannot carry a pointer to a member function" 'void (Method::*)(int)'
every reference_wrapper "cannot carry a reference" \
  'std::vector<std::reference_wrapper<std::string>>' 'std::reference_wrapper<int>'
every '&' "cannot carry a reference" 'std::tuple<int&, int>'
refuse _Bit_reference "cannot carry a reference" 'comm.async(0, any, std::vector<bool>(1)[0]);'
every iterator "cannot carry an iterator, which refers to memory of this rank: send the element or its index" \
  'std::vector<int>::iterator' 'std::pair<int, std::map<int, int>::const_iterator>'
every initializer_list "cannot carry a view or a std::initializer_list" 'std::initializer_list<int>'
every Cell "cannot carry this struct, because a member of it is a pointer, a view or a reference" \
  'Cell' 'std::vector<Cell>' 'std::optional<Cell>'
every Row "cannot carry this struct, because a member of it is" 'Row' 'std::map<int, Row>'
every Deep "cannot carry this struct, because a member of it is" 'Deep'
every Alias "cannot carry this struct, because a member of it is" 'Alias'
every Site "because it derives from a type of the standard library and its own members would be lost" \
  'Site' 'std::vector<Site>' 'std::pair<int, Site>'
every Label "because it derives from a type of the standard library" 'Label'
every Couple "because it derives from a type of the standard library" 'Couple'
every Queue "because it derives from a type of the standard library" 'Queue'
every Derived "because the serialize() that it inherits leaves out its own members" \
  'Derived' 'std::map<int, Derived>'
every Unknown "because it is not trivially copyable and has no serialize()" \
  'Unknown' 'std::vector<Unknown>'
every Unmade "give it a default constructor" 'Unmade' 'std::vector<Unmade>' 'std::unique_ptr<Unmade>'
every Stuck "because it can neither be copied nor moved" 'Stuck'
# Inside a user's serialize(), where only its body tells.
refuse Unknown "has no serialize()" 'comm.async(0, any, Outer{});'
refuse string_view "send a std::string" 'comm.async(0, any, Viewer{});'

# ---- handlers
holds="this handler cannot be sent, because it holds a pointer, a view or a reference"
refuse Caller "$holds" 'int n = 0; comm.async(0, Caller{n}, 1);' \
  'int n = 0; comm.async_bcast(Caller{n}, 1);' \
  'int n = 0; comm.async_mcast(std::vector<int>{0}, Caller{n}, std::string());' \
  'int n = 0; comm.async(0, buddy::with_prefetch(Caller{n}, [](int) { return nullptr; }), 1);'
refuse Pointing "$holds" 'comm.async(0, Pointing{nullptr}, 1);'
refuse reference_wrapper "$holds" 'auto f = [](int) {}; comm.async(0, std::ref(f), 1);'
refuse Method "$holds" 'comm.async(0, &Method::call, Method());'
refuse Texting "what it captures is not trivially copyable: pass that as an argument" \
  'comm.async(0, Texting{"text"}, 1);' 'comm.async_bcast(Texting{"text"}, std::string());'
refuse _Bind "what it captures is not trivially copyable" \
  'comm.async(0, std::bind(take_text, std::string()));'
refuse function "what it captures is not trivially copyable" \
  'comm.async(0, std::function<void()>([] {}));'

# ---- what looks like those and is none
allow 'comm.async(0, any, 1, std::string("x"), buddy::Handle<int*>(), std::vector<double>());' \
  'comm.async(0, &take, 1);' 'comm.async(0, [n = 1](int m) { take(n + m); }, 1);' \
  'comm.async(0, any, std::unique_ptr<Base>(), std::shared_ptr<Base>());' \
  'comm.broadcast(made<std::map<std::string, std::pair<const int, Base>>>(), 0);'

echo "$mistakes mistakes, compiled by: ${compilers[*]}"
((failures == 0)) || { echo "$failures failed"; exit 1; }
