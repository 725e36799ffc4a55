// Reductions and broadcasts of every kind of type, and what they do while others send.
// ranks: 1 2 4 8
// variants: host engine engine:2:shm engine:2:ucx:2 shared dpu
#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;

struct Extent {
  double least;
  double most;
  std::int32_t count;
};

struct Named {
  std::string name;
  int weight = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(name, weight);
  }
};

template <class T>
void arithmetic(Comm& comm, const char* name) {
  const auto mine = static_cast<T>(comm.rank() + 1);
  const int n = comm.size();
  expect_equal(comm.all_reduce_sum(mine), static_cast<T>(n * (n + 1) / 2),
               std::string("sum of ") + name);
  expect_equal(comm.all_reduce_min(mine), static_cast<T>(1), std::string("least ") + name);
  expect_equal(comm.all_reduce_max(mine), static_cast<T>(n), std::string("most ") + name);
}

void numbers(Comm& comm) {
  arithmetic<std::int8_t>(comm, "int8");
  arithmetic<std::uint8_t>(comm, "uint8");
  arithmetic<std::int16_t>(comm, "int16");
  arithmetic<std::uint16_t>(comm, "uint16");
  arithmetic<std::int32_t>(comm, "int32");
  arithmetic<std::uint32_t>(comm, "uint32");
  arithmetic<std::int64_t>(comm, "int64");
  arithmetic<std::uint64_t>(comm, "uint64");
  arithmetic<long>(comm, "long");
  arithmetic<unsigned long long>(comm, "unsigned long long");
  arithmetic<char>(comm, "char");
  arithmetic<float>(comm, "float");
  arithmetic<double>(comm, "double");
  arithmetic<long double>(comm, "long double");
  expect_equal(comm.all_reduce_min(std::int64_t{-1} - comm.rank()), std::int64_t{-comm.size()},
               "least negative number");
  expect_equal(comm.all_reduce_max(std::numeric_limits<std::uint64_t>::max() -
                                   static_cast<std::uint64_t>(comm.rank())),
               std::numeric_limits<std::uint64_t>::max(), "most unsigned number");
  expect_equal(comm.all_reduce_max(comm.rank() == 0), true, "any");
  expect_equal(comm.all_reduce_min(comm.rank() != comm.size() - 1), false, "all");
}

std::string letter(int rank) { return std::string(1, static_cast<char>('a' + rank)); }

void strings(Comm& comm) {
  std::string all;
  for (int r = 0; r < comm.size(); ++r) all += letter(r);
  // Not commutative: the order of the ranks shows.
  expect_equal(comm.all_reduce_sum(letter(comm.rank())), all, "sum of strings");
  expect_equal(comm.all_reduce(letter(comm.rank()),
                               [](const std::string& a, const std::string& b) { return a + b; }),
               all, "concatenation");
  expect_equal(comm.all_reduce_min(letter(comm.rank())), "a", "least string");
  expect_equal(comm.all_reduce_max(letter(comm.rank())), letter(comm.size() - 1), "most string");
}

void containers(Comm& comm) {
  using Vector = std::vector<std::int64_t>;
  const auto add = [](Vector a, const Vector& b) {
    std::transform(a.begin(), a.end(), b.begin(), a.begin(), std::plus<>());
    return a;
  };
  const Vector sum = comm.all_reduce(Vector(10'000, comm.rank()), add);
  const int n = comm.size();
  expect(sum == Vector(10'000, n * (n - 1) / 2), "elementwise sum");
  using Counts = std::map<std::string, int>;
  const Counts counts =
      comm.all_reduce(Counts{{letter(comm.rank()), 1}, {"all", 1}}, [](Counts a, const Counts& b) {
        for (const auto& [key, count] : b) a[key] += count;
        return a;
      });
  expect_equal(counts.size(), static_cast<std::size_t>(n) + 1, "keys");
  expect_equal(counts.at("all"), n, "merged count");
  // Different sizes on different ranks, empty ones included.
  const Vector joined = comm.all_reduce(Vector(static_cast<std::size_t>(comm.rank()), comm.rank()),
                                        [](Vector a, const Vector& b) {
                                          a.insert(a.end(), b.begin(), b.end());
                                          return a;
                                        });
  expect_equal(joined.size(), static_cast<std::size_t>(n * (n - 1) / 2), "joined");
  expect(std::is_sorted(joined.begin(), joined.end()), "joined in the order of ranks");
}

void structs(Comm& comm) {
  const double mine = comm.rank();
  const Extent extent =
      comm.all_reduce(Extent{mine, mine, 1}, [](const Extent& a, const Extent& b) {
        return Extent{std::min(a.least, b.least), std::max(a.most, b.most), a.count + b.count};
      });
  expect_equal(extent.least, 0.0, "least");
  expect_equal(extent.most, comm.size() - 1.0, "most");
  expect_equal(extent.count, comm.size(), "count");
  const Named heaviest =
      comm.all_reduce(Named{letter(comm.rank()), comm.rank() % 3},
                      [](const Named& a, const Named& b) { return b.weight > a.weight ? b : a; });
  expect_equal(heaviest.name, letter(std::min(comm.size() - 1, 2)), "heaviest");
  const auto pair = comm.all_reduce(std::pair(comm.rank(), 1), [](const auto& a, const auto& b) {
    return std::pair(a.first + b.first, a.second + b.second);
  });
  expect_equal(pair.second, comm.size(), "pairs");
}

void broadcasts(Comm& comm) {
  for (int root = 0; root < comm.size(); ++root) {
    int number = comm.rank();
    comm.broadcast(number, root);
    expect_equal(number, root, "number");
    std::string text = comm.rank() == root ? "from " + letter(root) : "something longer than that";
    comm.broadcast(text, root);
    expect_equal(text, "from " + letter(root), "text");
    Extent extent{comm.rank() + 0.5, 1, comm.rank()};
    comm.broadcast(extent, root);
    expect_equal(extent.least, root + 0.5, "struct");
    std::vector<int> nothing(comm.rank() == root ? 0 : 5, 1);
    comm.broadcast(nothing, root);
    expect(nothing.empty(), "an empty vector");
    std::map<std::string, std::vector<double>> map;
    if (comm.rank() == root) map["key"] = {0.5, root + 0.25};
    comm.broadcast(map, root);
    expect_equal(map["key"].at(1), root + 0.25, "map");
  }
  buddy::test::expect_error(buddy::ErrorCode::invalid_argument, {std::to_string(comm.size())}, [&] {
    int value = 0;
    comm.broadcast(value, comm.size());
  });
}

void large_broadcast(Comm& comm) {
  std::vector<std::uint64_t> values;
  constexpr std::size_t count = (std::size_t{40} << 20) / sizeof(std::uint64_t);
  if (comm.rank() == 0) {
    values.resize(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = i * i;
  }
  comm.broadcast(values, 0);
  expect_equal(values.size(), count, "values");
  bool same = true;
  for (std::size_t i = 0; i < values.size(); ++i) same = same && values[i] == i * i;
  expect(same, "values are those sent");
}

// ---- while others still send ------------------------------------------------------------------

std::uint64_t got = 0;
std::uint64_t got_large = 0;

/// Rank 0 is in the collective already while the others send it far more than the rings hold; then
/// they join. Nobody may wait for ever, and nothing may be lost.
void while_others_send(Comm& comm, void (*collective)(Comm&)) {
  constexpr std::uint64_t count = 400'000;  // 12 bytes each: many times a ring
  for (int early = 0; early < std::min(comm.size(), 2); ++early) {
    got = 0;
    got_large = 0;
    comm.control_barrier();
    if (comm.rank() != early) {
      for (std::uint64_t i = 0; i < count; ++i) {
        comm.async(
            early, [](std::uint64_t expected) { got += expected; }, std::uint64_t{1});
      }
      const std::vector<char> large(3 << 20, 'l');
      comm.async(
          early, [](const std::vector<char>& bytes) { got_large += bytes.size(); }, large);
    }
    collective(comm);
    comm.barrier();
    if (comm.rank() == early) {
      const auto others = static_cast<std::uint64_t>(comm.size() - 1);
      expect_equal(got, others * count, "messages");
      expect_equal(got_large, others * (3 << 20), "bytes of large messages");
    }
  }
}

void reduce_while_others_send(Comm& comm) {
  while_others_send(comm, [](Comm& c) {
    expect_equal(c.all_reduce_sum(c.rank()), c.size() * (c.size() - 1) / 2, "sum");
  });
}
void general_reduce_while_others_send(Comm& comm) {
  while_others_send(comm, [](Comm& c) {
    expect_equal(c.all_reduce(letter(c.rank()), std::plus<>()).size(),
                 static_cast<std::size_t>(c.size()), "concatenation");
  });
}
void control_barrier_while_others_send(Comm& comm) {
  while_others_send(comm, [](Comm& c) { c.control_barrier(); });
}
void broadcast_while_others_send(Comm& comm) {
  while_others_send(comm, [](Comm& c) {
    std::vector<int> values(c.rank() == c.size() - 1 ? 1'000'000 : 0, 7);
    c.broadcast(values, c.size() - 1);
    expect_equal(values.size(), 1'000'000u, "values");
  });
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(
      argc, argv,
      {{"numbers", numbers},
       {"strings", strings},
       {"containers", containers},
       {"structs", structs},
       {"broadcasts", broadcasts},
       {"large broadcast", large_broadcast},
       {"reduction while others send", reduce_while_others_send},
       {"general reduction while others send", general_reduce_while_others_send},
       {"control_barrier while others send", control_barrier_while_others_send},
       {"broadcast while others send", broadcast_while_others_send}});
}
