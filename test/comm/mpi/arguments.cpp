// Every kind of argument arrives as it was sent, whether it is copied or serialised.
// ranks: 1 2 4
// variants: host engine engine:2:shm:2 engine:2:ucx
#include <complex>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;

int arrived = 0;
int different = 0;

void compare(bool same) {
  ++arrived;
  different += same ? 0 : 1;
}

struct Point {
  double x;
  std::int8_t tag;  // padding follows
  std::int32_t id;
  bool operator==(const Point& other) const {
    return x == other.x && tag == other.tag && id == other.id;
  }
};
struct Box {
  Point corners[2];
  std::uint16_t flags;
  bool operator==(const Box& other) const {
    return corners[0] == other.corners[0] && corners[1] == other.corners[1] && flags == other.flags;
  }
};
struct Empty {
  bool operator==(const Empty&) const { return true; }
};
enum class Colour : std::uint8_t { red = 3, green = 200 };
enum Plain { first, second };

/// Trivially copyable, but there is no default one.
struct NoDefault {
  explicit NoDefault(int v) : value(v) {}
  int value;
  bool operator==(const NoDefault& other) const { return value == other.value; }
};

/// As users write them for cereal.
struct Person {
  std::string name;
  std::vector<int> marks;
  std::map<std::string, double> weights;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(name, marks, weights);
  }
  bool operator==(const Person&) const = default;
};
struct SplitPerson {
  std::string name;
  int age = 0;
  template <class Archive>
  void save(Archive& archive) const {
    archive(age, name);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(age, name);
  }
  bool operator==(const SplitPerson&) const = default;
};
/// Trivially copyable and serialisable: as an argument it is copied.
struct SerialisablePoint {
  int x = 0;
  int y = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(x, y);
  }
  bool operator==(const SerialisablePoint&) const = default;
};

/// Sends the value that \p make makes of the sender's rank; receivers make it anew to compare.
template <class Make>
void exchange(Comm& comm, const char* what, Make make) {
  using T = decltype(make(0));
  arrived = 0;
  different = 0;
  const T value = make(comm.rank());
  T copy = value;
  for (int dest = 0; dest < comm.size(); ++dest) {
    const int self = comm.rank();
    comm.async(
        dest, [](int source, const T& got) { compare(got == Make()(source)); }, self, value);
    comm.async(
        dest, [](int source, T got) { compare(got == Make()(source)); }, self, copy);
    comm.async(
        dest, [](const T& got, int source) { compare(got == Make()(source)); }, copy, self);
    comm.async(
        dest, [](Comm&, int source, T& got) { compare(got == Make()(source)); }, self, make(self));
    comm.async(
        dest, [](T&& got, int source) { compare(T(std::move(got)) == Make()(source)); },
        std::move(copy), self);
    copy = value;
  }
  comm.barrier();
  expect_equal(arrived, 5 * comm.size(), std::string("arrivals of ") + what);
  expect_equal(different, 0, std::string("damaged ") + what);
  comm.control_barrier();
}

std::string text_from(int source) { return "from " + std::to_string(source); }

void scalars(Comm& comm) {
  exchange(comm, "bool", [](int source) -> bool { return source % 2 == 0; });
  exchange(comm, "char", [](int source) -> char { return static_cast<char>('a' + source); });
  exchange(comm, "int8",
           [](int source) -> std::int8_t { return static_cast<std::int8_t>(-source); });
  exchange(comm, "uint16",
           [](int source) -> std::uint16_t { return static_cast<std::uint16_t>(65000 + source); });
  exchange(comm, "int64",
           [](int source) -> std::int64_t { return std::int64_t{-1} << (40 + source % 8); });
  exchange(comm, "float", [](int source) -> float { return 1.5f * static_cast<float>(source); });
  exchange(comm, "double", [](int source) -> double { return 1e300 * source; });
  exchange(comm, "long double", [](int source) -> long double { return 1e-300L * source; });
  exchange(comm, "enum class",
           [](int source) -> Colour { return source % 2 == 0 ? Colour::red : Colour::green; });
  exchange(comm, "enum", [](int source) -> Plain { return source % 2 == 0 ? first : second; });
}

void plain_structs(Comm& comm) {
  exchange(comm, "struct", [](int source) -> Point { return Point{0.5 * source, 3, source}; });
  exchange(comm, "struct of structs", [](int source) -> Box {
    return Box{{{1, 2, source}, {3, 4, -source}}, static_cast<std::uint16_t>(source)};
  });
  exchange(comm, "empty struct", [](int) -> Empty { return Empty{}; });
  exchange(comm, "struct without default",
           [](int source) -> NoDefault { return NoDefault(source); });
  exchange(comm, "serialisable struct", [](int source) -> SerialisablePoint {
    return SerialisablePoint{source, 2};
  });
  exchange(comm, "array", [](int source) -> std::array<std::int16_t, 5> {
    return std::array<std::int16_t, 5>{1, 2, static_cast<std::int16_t>(source), 4, 5};
  });
  exchange(comm, "complex",
           [](int source) -> std::complex<double> { return std::complex<double>(source, -1); });
  exchange(comm, "optional of int", [](int source) -> std::optional<int> {
    return source % 2 == 0 ? std::optional<int>(source) : std::nullopt;
  });
}

void pairs_and_tuples(Comm& comm) {
  exchange(comm, "pair",
           [](int source) -> std::pair<int, double> { return std::pair(source, 0.25 * source); });
  exchange(comm, "tuple", [](int source) -> std::tuple<std::int8_t, double, std::int16_t> {
    return std::tuple(static_cast<std::int8_t>(source), 2.0 * source, std::int16_t{7});
  });
  exchange(comm, "empty tuple", [](int) -> std::tuple<> { return std::tuple<>(); });
  exchange(
      comm, "nested pairs and tuples",
      [](int source) -> std::pair<std::pair<int, Empty>, std::tuple<double, std::pair<char, int>>> {
        return std::pair(std::pair(source, Empty{}), std::tuple(1.0, std::pair('x', source)));
      });
  exchange(comm, "pair with string", [](int source) -> std::pair<int, std::string> {
    return std::pair(source, text_from(source));
  });
  exchange(comm, "tuple with string and vector",
           [](int source) -> std::tuple<std::string, int, std::vector<double>> {
             return std::tuple(text_from(source), source, std::vector<double>(3, source));
           });
}

void containers(Comm& comm) {
  exchange(comm, "string", [](int source) -> std::string { return text_from(source); });
  exchange(comm, "empty string", [](int) -> std::string { return std::string(); });
  exchange(comm, "string with zeros",
           [](int source) -> std::string { return std::string(3, '\0') + text_from(source); });
  exchange(comm, "long string", [](int source) -> std::string {
    return std::string(20'000, static_cast<char>('a' + source));
  });
  exchange(comm, "vector", [](int source) -> std::vector<int> {
    return std::vector<int>{1, source, 3};
  });
  exchange(comm, "empty vector", [](int) -> std::vector<int> { return std::vector<int>(); });
  exchange(comm, "vector of bool", [](int source) -> std::vector<bool> {
    return std::vector<bool>{true, source % 2 == 0, false};
  });
  exchange(comm, "vector of strings", [](int source) -> std::vector<std::string> {
    return std::vector<std::string>{"", text_from(source), "x"};
  });
  exchange(comm, "vector of structs", [](int source) -> std::vector<Point> {
    return std::vector<Point>{{1, 2, 3}, {0.5, 6, source}};
  });
  exchange(comm, "vector of vectors of structs", [](int source) -> std::vector<std::vector<Point>> {
    return std::vector<std::vector<Point>>{{{1, 2, 3}}, {}, {{0.5, 6, source}, {7, 8, 9}}};
  });
  exchange(comm, "map", [](int source) -> std::map<std::string, std::vector<int>> {
    return std::map<std::string, std::vector<int>>{{"one", {1}}, {text_from(source), {1, source}}};
  });
  exchange(comm, "unordered map", [](int source) -> std::unordered_map<int, std::string> {
    return std::unordered_map<int, std::string>{{source, "s"}, {-1, "minus"}};
  });
  exchange(comm, "set", [](int source) -> std::set<int> { return std::set<int>{5, source, -7}; });
  exchange(comm, "deque", [](int source) -> std::deque<std::uint8_t> {
    return std::deque<std::uint8_t>{1, static_cast<std::uint8_t>(source)};
  });
  exchange(comm, "optional of string", [](int source) -> std::optional<std::string> {
    return source % 2 == 0 ? std::optional(text_from(source)) : std::nullopt;
  });
  exchange(comm, "variant", [](int source) -> std::variant<int, std::string> {
    return source % 2 == 0 ? std::variant<int, std::string>(source) : text_from(source);
  });
}

void structs_in_containers(Comm& comm) {
  exchange(comm, "map of structs", [](int source) -> std::map<int, Point> {
    return std::map<int, Point>{{source, {1, 2, 3}}, {-1, {4, 5, source}}};
  });
  exchange(comm, "pair of struct and string", [](int source) -> std::pair<Point, std::string> {
    return std::pair(Point{1, 2, source}, text_from(source));
  });
  exchange(comm, "deque of structs", [](int source) -> std::deque<Point> {
    return std::deque<Point>{{1, 2, source}};
  });
}

void user_types(Comm& comm) {
  exchange(comm, "user type", [](int source) -> Person {
    return Person{text_from(source), {1, 2, source}, {{"a", 0.5 * source}}};
  });
  exchange(comm, "user type with save and load", [](int source) -> SplitPerson {
    return SplitPerson{text_from(source), source};
  });
  exchange(comm, "vector of user type", [](int source) -> std::vector<Person> {
    return std::vector<Person>(3, Person{text_from(source), {}, {}});
  });
  exchange(comm, "map of user type", [](int source) -> std::map<std::string, Person> {
    return std::map<std::string, Person>{{"key", Person{text_from(source), {9}, {}}}};
  });
}

void move_only(Comm& comm) {
  arrived = 0;
  different = 0;
  const auto owned = std::make_unique<std::string>(text_from(comm.rank()));
  comm.async_bcast(
      [](std::unique_ptr<std::string> got, int source) { compare(*got == text_from(source)); },
      owned, comm.rank());
  comm.barrier();
  expect_equal(arrived, comm.size(), "arrivals of unique_ptr");
  expect_equal(different, 0, "damaged unique_ptr");
  comm.control_barrier();
}

/// Nothing to copy at all: such items take a byte on the wire.
void no_payload(Comm& comm) {
  constexpr int count = 100'000;
  arrived = 0;
  for (int i = 0; i < count; ++i) comm.async(i % comm.size(), [] { ++arrived; });
  for (int dest = 0; dest < comm.size(); ++dest) {
    comm.async(
        dest, [](Empty, std::tuple<>) { ++arrived; }, Empty{}, std::tuple<>());
  }
  comm.barrier();
  expect_equal(comm.all_reduce_sum(arrived), (count + comm.size()) * comm.size(), "calls");
}

void many_arguments(Comm& comm) {
  arrived = 0;
  different = 0;
  comm.async_bcast(
      [](std::int8_t a, double b, std::string c, Point d, std::vector<int> e, char f, Empty,
         bool h) {
        compare(a == 1 && b == 2.5 && c == "three" && d == Point{4, 4, 4} &&
                e == std::vector<int>{5} && f == 'f' && h);
      },
      std::int8_t{1}, 2.5, std::string("three"), Point{4, 4, 4}, std::vector<int>{5}, 'f', Empty{},
      true);
  comm.async_bcast(
      [](const NoDefault& a, const std::string& b) { compare(a.value == 6 && b == text_from(6)); },
      NoDefault(6), text_from(6));
  comm.async_bcast([](std::int8_t a, double b, std::int8_t c,
                      float d) { compare(a == 1 && b == 2 && c == 3 && d == 4); },
                   std::int8_t{1}, 2.0, std::int8_t{3}, 4.0f);
  comm.barrier();
  expect_equal(arrived, 3 * comm.size(), "calls");
  expect_equal(different, 0, "damaged arguments");
  comm.control_barrier();
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"scalars", scalars},
                                 {"plain structs", plain_structs},
                                 {"pairs and tuples", pairs_and_tuples},
                                 {"containers", containers},
                                 {"structs in containers", structs_in_containers},
                                 {"user types", user_types},
                                 {"move-only", move_only},
                                 {"no payload", no_payload},
                                 {"many arguments", many_arguments}});
}
