// Every type is taken by every call alike, and arrives whole: a table of types, crossed with the
// ways to send a value. What is refused is in refusals_test.sh.
// ranks: 1 2
// variants: host engine:2:ucx
#include <array>
#include <bitset>
#include <chrono>
#include <complex>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;

// ---- types ------------------------------------------------------------------------------------

/// Plain, but none can be made from nothing.
struct Cost {
  explicit Cost(int n) : value(n * 0.5), tag(n) {}
  double value;
  int tag;
  auto operator<=>(const Cost&) const = default;
};
/// None can be assigned.
struct Fixed {
  const int id;
  const double weight;
  bool operator==(const Fixed&) const = default;
};
/// Plain, derived from types that cereal knows.
struct Site : std::array<double, 2> {
  int id;
  bool operator==(const Site&) const = default;
};
struct Span : std::complex<float> {
  explicit Span(int n = 0) : std::complex<float>(static_cast<float>(n), 2), id(n) {}
  int id;
  bool operator==(const Span& other) const {
    return real() == other.real() && imag() == other.imag() && id == other.id;
  }
};
struct Maybe : std::optional<int> {
  int id = 0;
  bool operator==(const Maybe& other) const {
    return has_value() == other.has_value() && value_or(0) == other.value_or(0) && id == other.id;
  }
};
/// Plain, with a serialize() that is not needed.
struct Edge {
  int from = 0;
  int to = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(from, to);
  }
  auto operator<=>(const Edge&) const = default;
};
/// Derived from what is not plain, with a serialize() of its own.
struct Bag : std::vector<int> {
  int id = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(static_cast<std::vector<int>&>(*this), id);
  }
  bool operator==(const Bag&) const = default;
};
struct Label : std::string {
  int id = 0;
  template <class Archive>
  void save(Archive& archive) const {
    archive(cereal::base_class<std::string>(this), id);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(cereal::base_class<std::string>(this), id);
  }
  bool operator==(const Label& other) const {
    return static_cast<const std::string&>(*this) == other && id == other.id;
  }
};
/// As users do it for cereal: a free function, and a word on which to take.
struct Chain : std::list<int> {
  int id = 0;
  bool operator==(const Chain&) const = default;
};
template <class Archive>
void serialize(Archive& archive, Chain& chain) {
  archive(static_cast<std::list<int>&>(chain), chain.id);
}
/// Nothing but another name: what it inherits is all there is.
struct Base {
  std::string text;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(text);
  }
  bool operator==(const Base&) const = default;
};
struct Renamed : Base {
  bool operator==(const Renamed&) const = default;
};
struct Extended : Base {
  Cost cost{0};
  std::map<int, Cost> costs;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::base_class<Base>(this), cost, costs);
  }
  bool operator==(const Extended&) const = default;
};
/// A name that is the same object only in this process, and so has a serialize().
const std::vector<std::string>& names() {
  static const std::vector<std::string> all = {"zero", "one", "two", "three"};
  return all;
}
struct Name {
  const std::string* text = nullptr;
  template <class Archive>
  void save(Archive& archive) const {
    archive(*text);
  }
  template <class Archive>
  void load(Archive& archive) {
    std::string read;
    archive(read);
    for (const std::string& name : names()) {
      if (name == read) text = &name;
    }
  }
  bool operator==(const Name&) const = default;
};
/// The same, but nobody can see its pointer.
class Symbol {
 public:
  Symbol() = default;
  explicit Symbol(std::size_t i) : text_(&names()[i]) {}
  bool operator==(const Symbol&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    auto index = static_cast<std::uint32_t>(text_ == nullptr ? 0 : text_ - names().data());
    archive(index);
    text_ = &names()[index];
  }

 private:
  const std::string* text_ = nullptr;
};
/// Nobody follows its pointer on the other side.
struct Linked {
  double value;
  const Linked* next;
  bool operator==(const Linked& other) const { return value == other.value; }
};
struct MoveOnly {
  MoveOnly() = default;
  explicit MoveOnly(int n) : value(n) {}
  MoveOnly(MoveOnly&&) = default;
  MoveOnly& operator=(MoveOnly&&) = default;
  int value = 0;
  bool operator==(const MoveOnly&) const = default;
};
struct Tree {
  int value = 0;
  std::vector<Tree> children;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(value, children);
  }
  bool operator==(const Tree&) const = default;
};
enum class Colour : std::uint16_t { red = 3, green = 40'000 };
__extension__ typedef __int128 Wide;

}  // namespace

template <class Archive>
struct cereal::specialize<Archive, Chain, cereal::specialization::non_member_serialize>
    : std::true_type {};

template <>
inline constexpr buddy::Travel buddy::travel<Symbol> = buddy::Travel::serialised;
template <>
inline constexpr buddy::Travel buddy::travel<Linked> = buddy::Travel::as_bytes;

namespace {

// ---- ways to send -----------------------------------------------------------------------------

int arrived = 0;
int different = 0;

template <class A, class B>
bool same(const A& a, const B& b) {
  return a == b;
}
template <class T>
bool same(const std::unique_ptr<T>& a, const std::unique_ptr<T>& b) {
  return (a == nullptr) == (b == nullptr) && (a == nullptr || *a == *b);
}
template <class T>
bool same(const std::shared_ptr<T>& a, const std::shared_ptr<T>& b) {
  return (a == nullptr) == (b == nullptr) && (a == nullptr || *a == *b);
}

template <class T>
inline constexpr bool compares_values = true;
template <class T>
inline constexpr bool compares_values<std::shared_ptr<T>> = false;

void count(bool is_same) {
  ++arrived;
  different += is_same ? 0 : 1;
}

/// In a user's type, in front of something.
template <class T, class Make>
struct Held {
  T value = Make()(0);
  std::string text;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(value, text);
  }
};

template <class T, class Make>
void send_to_all(Comm& comm) {
  const int mine = comm.rank();
  const T value = Make()(mine);
  for (int dest = 0; dest < comm.size(); ++dest) {
    comm.async(
        dest, [](const T& got, int from) { count(same(got, Make()(from))); }, value, mine);
    comm.async(
        dest,
        [](int from, const T& got, const std::string& text) {
          count(same(got, Make()(from)) && text == "beside");
        },
        mine, value, std::string("beside"));
  }
  const auto check = [](const T& got, int from) { count(same(got, Make()(from))); };
  comm.async_bcast(check, value, mine);
  const std::vector<int> dests = {0, comm.size() - 1};
  comm.async_mcast(dests, check, value, mine);
  Held<T, Make> held{Make()(mine), "held"};
  comm.async_bcast([](const Held<T, Make>& got,
                      int from) { count(same(got.value, Make()(from)) && got.text == "held"); },
                   held, mine);
}

/// In the templates of the standard library, where the type allows that.
template <class T, class Make>
void send_inside(Comm& comm) {
  const int mine = comm.rank();
  const auto to_all = [&](auto make) {
    using Whole = decltype(make(0));
    comm.async_bcast([](const Whole& got, int from) { count(got == decltype(make)()(from)); },
                     make(mine), mine);
  };
  to_all([](int n) {
    std::vector<T> all;
    for (int i = 0; i < 3; ++i) all.push_back(Make()(n + i));
    return all;
  });
  to_all([](int n) {
    std::deque<T> all;
    for (int i = 0; i < 3; ++i) all.push_back(Make()(n + i));
    return all;
  });
  to_all([](int n) { return std::list<T>{Make()(n), Make()(n + 1)}; });
  to_all([](int n) { return std::pair<const T, int>(Make()(n), n); });
  to_all([](int n) { return std::pair<std::string, T>("pair", Make()(n)); });
  to_all([](int n) { return std::tuple<T, std::string, const T>(Make()(n), "x", Make()(n)); });
  to_all([](int n) { return std::array<T, 2>{Make()(n), Make()(n + 1)}; });
  to_all([](int n) { return n % 2 == 0 ? std::optional<T>(Make()(n)) : std::nullopt; });
  to_all([](int n) {
    using Value = std::variant<std::string, T>;
    return n % 2 == 0 ? Value(std::in_place_index<1>, Make()(n))
                      : Value(std::in_place_index<0>, "text");
  });
  to_all([](int n) {
    std::map<int, T> all;
    for (int i = 0; i < 3; ++i) all.emplace(i, Make()(n + i));
    return all;
  });
  to_all([](int n) {
    std::unordered_map<std::string, T> all;
    for (int i = 0; i < 3; ++i) all.emplace(std::to_string(i), Make()(n + i));
    return all;
  });
}

template <class T, class Make>
void reduce(Comm& comm) {
  const int mine = comm.rank();
  const int last = comm.size() - 1;
  const T value = Make()(mine);
  const T reduced = comm.all_reduce(value, [](T, T b) { return b; });
  expect(same(reduced, Make()(last)), "the last rank's value");
  T told = Make()(mine);
  comm.broadcast(told, last);
  expect(same(told, Make()(last)), "a value from the last rank");
}

template <class T, class Make>
void cross(Comm& comm, const std::string& name, Make) {
  buddy::test::announce(name.c_str());
  arrived = different = 0;
  comm.control_barrier();
  send_to_all<T, Make>(comm);
  int expected = 4 * comm.size();
  for (const int dest : {0, comm.size() - 1}) expected += dest == comm.rank() ? comm.size() : 0;
  if constexpr (compares_values<T> && std::is_copy_constructible_v<T>) {
    send_inside<T, Make>(comm);
    expected += 11 * comm.size();
  }
  comm.barrier();
  expect_equal(arrived, expected, name + ": arrivals");
  expect_equal(different, 0, name + ": damaged");
  comm.control_barrier();
  reduce<T, Make>(comm);
}

// ---- the table --------------------------------------------------------------------------------

std::string text(int n) { return "text " + std::to_string(n); }

void numbers(Comm& comm) {
  cross<bool>(comm, "bool", [](int n) { return n % 2 == 0; });
  cross<char>(comm, "char", [](int n) { return static_cast<char>('a' + n); });
  cross<long double>(comm, "long double", [](int n) -> long double { return n * 0.25L; });
  cross<Wide>(comm, "__int128", [](int n) -> Wide { return (Wide{n} << 70) + 5; });
  cross<Colour>(comm, "enum", [](int n) { return n % 2 == 0 ? Colour::red : Colour::green; });
  using Ticks = std::chrono::nanoseconds;
  cross<Ticks>(comm, "duration", [](int n) { return Ticks(n + 7); });
  cross<std::complex<double>>(comm, "complex", [](int n) { return std::complex<double>(n, -1.5); });
  cross<std::bitset<70>>(comm, "bitset", [](int n) {
    return std::bitset<70>(static_cast<unsigned long long>(n)) << 60;
  });
}

void plain_structs(Comm& comm) {
  cross<Cost>(comm, "no default", [](int n) { return Cost(n); });
  cross<Fixed>(comm, "const members", [](int n) { return Fixed{n, n * 0.5}; });
  cross<Site>(comm, "derived from array", [](int n) { return Site{{n * 0.5, 2.5}, n + 1}; });
  cross<Span>(comm, "derived from complex", [](int n) { return Span(n + 1); });
  cross<Maybe>(comm, "derived from optional", [](int n) {
    Maybe maybe;
    if (n % 2 == 0) maybe.emplace(n);
    maybe.id = n + 3;
    return maybe;
  });
  cross<Edge>(comm, "with serialize()", [](int n) { return Edge{n, n + 1}; });
  cross<MoveOnly>(comm, "move only", [](int n) { return MoveOnly(n); });
  cross<Linked>(comm, "sent as bytes", [](int n) { return Linked{n * 0.5, nullptr}; });
  cross<Symbol>(comm, "serialised on request",
                [](int n) { return Symbol(static_cast<std::size_t>(n) % names().size()); });
  cross<Name>(comm, "pointer with serialize()",
              [](int n) { return Name{&names()[static_cast<std::size_t>(n) % names().size()]}; });
}

void parts_of_plain_ones(Comm& comm) {
  cross<std::pair<const int, long>>(comm, "a map's element",
                                    [](int n) { return std::pair<const int, long>(n, -n); });
  cross<std::pair<const Cost, Fixed>>(comm, "pair of such", [](int n) {
    return std::pair<const Cost, Fixed>(n, Fixed{n, 1});
  });
  cross<std::tuple<const int, Cost>>(comm, "tuple",
                                     [](int n) { return std::tuple<const int, Cost>(n, n); });
  cross<std::array<Cost, 2>>(comm, "array", [](int n) {
    return std::array<Cost, 2>{Cost(n), Cost(n + 1)};
  });
  cross<std::optional<Cost>>(
      comm, "optional", [](int n) { return n % 2 == 0 ? std::optional<Cost>(n) : std::nullopt; });
  cross<std::variant<Cost, int>>(comm, "variant", [](int n) {
    return n % 2 == 0 ? std::variant<Cost, int>(n) : std::variant<Cost, int>(Cost(n));
  });
}

void serialised(Comm& comm) {
  cross<std::string>(comm, "string", [](int n) { return text(n); });
  cross<std::pair<const std::string, Cost>>(
      comm, "pair", [](int n) { return std::pair<const std::string, Cost>(text(n), n); });
  cross<std::optional<std::pair<const Cost, std::string>>>(comm, "optional pair", [](int n) {
    using Pair = std::pair<const Cost, std::string>;
    return n % 2 == 0 ? std::optional<Pair>(Pair(n, text(n))) : std::nullopt;
  });
  cross<std::vector<bool>>(comm, "vector of bool", [](int n) {
    return std::vector<bool>{true, n % 2 == 0, false};
  });
  cross<std::set<Cost>>(comm, "set", [](int n) { return std::set<Cost>{Cost(n), Cost(n + 1)}; });
  cross<std::multimap<Edge, std::vector<Cost>>>(comm, "multimap", [](int n) {
    return std::multimap<Edge, std::vector<Cost>>{{{n, 1}, {Cost(n)}}, {{n, 1}, {}}};
  });
  cross<std::unordered_multiset<std::string>>(comm, "unordered multiset", [](int n) {
    return std::unordered_multiset<std::string>{text(n), text(n), "x"};
  });
  cross<std::array<std::string, 2>>(comm, "array of strings", [](int n) {
    return std::array<std::string, 2>{text(n), "x"};
  });
  cross<std::unique_ptr<Edge>>(comm, "unique_ptr", [](int n) {
    return n % 2 == 0 ? std::make_unique<Edge>(Edge{n, 1}) : nullptr;
  });
  cross<std::shared_ptr<std::string>>(comm, "shared_ptr",
                                      [](int n) { return std::make_shared<std::string>(text(n)); });
}

void user_types(Comm& comm) {
  cross<Base>(comm, "user type", [](int n) { return Base{text(n)}; });
  cross<Renamed>(comm, "renamed", [](int n) { return Renamed{{text(n)}}; });
  cross<Extended>(comm, "extended", [](int n) {
    return Extended{{text(n)}, Cost(n), {{1, Cost(n)}, {2, Cost(5)}}};
  });
  cross<Bag>(comm, "derived from vector", [](int n) {
    Bag bag;
    bag.assign(3, n);
    bag.id = n + 9;
    return bag;
  });
  cross<Label>(comm, "derived from string", [](int n) {
    Label label;
    label.assign(text(n));
    label.id = n + 9;
    return label;
  });
  cross<Chain>(comm, "derived from list", [](int n) {
    Chain chain;
    chain.assign(3, n);
    chain.id = n + 9;
    return chain;
  });
  cross<Tree>(comm, "recursive", [](int n) {
    return Tree{n, {Tree{1, {}}, Tree{2, {Tree{n, {}}}}}};
  });
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"numbers", numbers},
                                 {"plain structs", plain_structs},
                                 {"parts of plain ones", parts_of_plain_ones},
                                 {"serialised", serialised},
                                 {"user types", user_types}});
}
