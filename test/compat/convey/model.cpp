// Random pushes, pulls, unpulls and advances on several conveyors, against a model: what a PE pulls
// from another is exactly what that one pushed, in its order.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:2:shm engine:2:ucx host:1:shm:1:grid host:2:ucx:1:grid
#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "compat/convey/convey_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::pe;
using buddy::test::pes;
using buddy::test::Random;

/// Any item follows from who pushes it where, in which conveyor, as which one.
std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  return Random(a * 1000003 + b * 10007 + c * 101 + d)();
}

struct Kind {
  bool elastic;
  std::size_t item_bytes;  ///< elastic: most
  std::size_t align;
  std::uint64_t options;
};

/// A conveyor, and what is known about it. The bound makes wide ones fail to push now and then.
class Watched {
 public:
  Watched(std::uint64_t number, const Kind& kind)
      : number_(number),
        kind_(kind),
        conveyor_(kind.elastic
                      ? convey_new_elastic(kind.item_bytes, SIZE_MAX, 0, nullptr, kind.options)
                      : convey_new(SIZE_MAX, 0, nullptr, kind.options)) {
    expect(conveyor_ != nullptr, "a conveyor is made");
  }
  ~Watched() { expect_equal(convey_free(conveyor_), int{convey_OK}, "free"); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  void begin(std::uint64_t round, std::int64_t to_push) {
    round_ = round;
    to_push_ = to_push;
    sent_.assign(static_cast<std::size_t>(pes), 0);
    taken_.assign(static_cast<std::size_t>(pes), 0);
    pulls_ = unpulls_ = advances_ = 0;
    done_ = false;
    expect_equal(convey_begin(conveyor_, base_bytes(), kind_.align), int{convey_OK}, "begin");
  }

  bool done() const { return done_; }

  /// One random thing. Those that are not allowed now must say so.
  void act(Random& random) {
    switch (random.below(5)) {
      case 0:
      case 1: return push_some(random);
      case 2: return pull_some(random);
      case 3: return advance(random);
      default: return wrong_call(random);
    }
  }

  void check_end() {
    std::vector<std::int64_t> theirs(sent_.size());
    MPI_Alltoall(sent_.data(), 1, MPI_INT64_T, theirs.data(), 1, MPI_INT64_T, MPI_COMM_WORLD);
    std::int64_t pushes = 0;
    for (std::size_t from = 0; from < sent_.size(); ++from) {
      expect_equal(taken_[from], theirs[from], "items from PE " + std::to_string(from));
      pushes += sent_[from];
    }
    const auto statistic = [this](int which) { return convey_statistic(conveyor_, which); };
    expect_equal(statistic(convey_PUSHES), pushes, "statistic of pushes");
    expect_equal(statistic(convey_PULLS), pulls_, "statistic of pulls");
    expect_equal(statistic(convey_UNPULLS), unpulls_, "statistic of unpulls");
    expect_equal(statistic(convey_ADVANCES), advances_, "statistic of advances");
    expect_equal(convey_reset(conveyor_), int{convey_OK}, "reset");
  }

 private:
  std::size_t base_bytes() const { return kind_.elastic ? kind_.align : kind_.item_bytes; }
  std::size_t bytes_of(std::uint64_t word) const {
    if (!kind_.elastic) return kind_.item_bytes;
    const std::size_t most =
        word % 16 == 0 ? kind_.item_bytes : std::min<std::size_t>(kind_.item_bytes, 200);
    return (word >> 8) % (most + 1);
  }
  std::uint64_t word_of(int from, int to, std::int64_t index) const {
    return mix(number_ * 64 + round_, static_cast<std::uint64_t>(from),
               static_cast<std::uint64_t>(to), static_cast<std::uint64_t>(index));
  }
  std::vector<char> item_of(int from, int to, std::int64_t index) const {
    const std::uint64_t word = word_of(from, to, index);
    std::vector<char> item(bytes_of(word));
    Random content(word);
    for (std::size_t i = 0; i < item.size(); i += 8) {
      const std::uint64_t piece = content();
      std::memcpy(item.data() + i, &piece, std::min<std::size_t>(8, item.size() - i));
    }
    return item;
  }

  void push_some(Random& random) {
    for (int n = random.below(40); n > 0 && to_push_ > 0 && !ending_(); --n) {
      const int to = random.below(pes);
      auto& count = sent_[static_cast<std::size_t>(to)];
      std::vector<char> item = item_of(pe, to, count);
      item.reserve(1);  // an address also for items without bytes
      const int result = kind_.elastic ? convey_epush(conveyor_, item.size(), item.data(), to)
                                       : convey_push(conveyor_, item.data(), to);
      if (result == convey_FAIL) return;
      expect_equal(result, int{convey_OK}, "push");
      std::fill(item.begin(), item.end(), 'x');  // it was copied
      ++count;
      --to_push_;
    }
  }

  struct Pulled {
    int result = convey_FAIL;
    const char* data = nullptr;
    std::size_t bytes = 0;
    std::int64_t from = -1;
  };
  Pulled pull_one(Random& random) {
    if (kind_.elastic) {
      convey_item_t item{};
      const int result = convey_epull(conveyor_, &item);
      return {result, static_cast<const char*>(item.data), item.bytes, item.from};
    }
    std::int64_t from = -1;
    if (random.below(2) == 0) {
      copy_.assign(kind_.item_bytes, 0);
      const int result = convey_pull(conveyor_, copy_.data(), &from);
      return {result, copy_.data(), kind_.item_bytes, from};
    }
    const auto* data = static_cast<const char*>(convey_apull(conveyor_, &from));
    if (data != nullptr) {
      expect(reinterpret_cast<std::uintptr_t>(data) % kind_.align == 0, "apull is aligned");
    }
    return {data != nullptr ? int{convey_OK} : int{convey_FAIL}, data, kind_.item_bytes, from};
  }

  void pull_some(Random& random) {
    for (int n = random.below(60); n > 0; --n) {
      const Pulled got = pull_one(random);
      if (got.result == convey_FAIL) return;
      expect_equal(got.result, int{convey_OK}, "pull");
      ++pulls_;
      auto& count = taken_[static_cast<std::size_t>(got.from)];
      const std::vector<char> wanted = item_of(static_cast<int>(got.from), pe, count);
      expect(got.bytes == wanted.size() &&
                 (got.bytes == 0 || std::memcmp(got.data, wanted.data(), got.bytes) == 0),
             "item " + std::to_string(count) + " of PE " + std::to_string(got.from));
      if (kind_.elastic) {
        expect(reinterpret_cast<std::uintptr_t>(got.data) % kind_.align == 0, "epull is aligned");
      }
      if (random.below(10) == 0) {
        expect_equal(convey_unpull(conveyor_), int{convey_OK}, "unpull right after a pull");
        ++unpulls_;
      } else {
        ++count;
      }
    }
  }

  void advance(Random& random) {
    const bool last = to_push_ == 0 && (said_done_ || random.below(2) == 0);
    said_done_ = said_done_ || last;
    const int result = convey_advance(conveyor_, last);
    ++advances_;
    expect(result >= 0, "advance");
    if (result == convey_DONE) {
      expect(said_done_, "done only after saying so");
      done_ = true;
      said_done_ = false;
    }
  }

  void wrong_call(Random& random) {
    const char byte = 0;
    if (random.below(2) == 0) {
      expect_equal(convey_reset(conveyor_), -1, "reset before complete");
    } else if (ending_()) {
      expect_equal(convey_push(conveyor_, &byte, 0), -1, "push after the end");
    } else {
      expect_equal(convey_push(conveyor_, &byte, pes), -4, "push to nobody");
    }
  }

  bool ending_() const { return said_done_; }

  std::uint64_t number_;
  Kind kind_;
  convey_t* conveyor_;
  std::uint64_t round_ = 0;
  std::int64_t to_push_ = 0;
  std::vector<std::int64_t> sent_;
  std::vector<std::int64_t> taken_;
  std::int64_t pulls_ = 0;
  std::int64_t unpulls_ = 0;
  std::int64_t advances_ = 0;
  bool said_done_ = false;
  bool done_ = false;
  std::vector<char> copy_;
};

Kind random_kind(Random& random) {
  constexpr std::array<std::size_t, 10> sizes{1, 4, 8, 12, 16, 64, 100, 1024, 8128, 20000};
  Kind kind{};
  kind.options = convey_opt_QUIET;
  if (random.below(2) == 0) kind.options |= convey_opt_PROGRESS;
  if (random.below(4) == 0) kind.options |= convey_opt_DYNAMIC;
  kind.elastic = random.below(3) == 0;
  kind.item_bytes = sizes[static_cast<std::size_t>(random.below(10))];
  kind.align = std::min<std::size_t>(kind.item_bytes & (~kind.item_bytes + 1), 64);
  if (kind.elastic) kind.align = std::min(kind.item_bytes, std::size_t{1} << random.below(7));
  kind.align = std::bit_floor(kind.align);
  return kind;
}

void random_schedules() {
  const std::uint64_t seed = buddy::test::common_seed();
  Random shared(seed);                                         // the same on all PEs
  Random own(seed + 77 * static_cast<std::uint64_t>(pe + 1));  // this PE's schedule
  for (int job = 0; job < 6; ++job) {
    std::vector<std::unique_ptr<Watched>> all;
    const int count = 1 + shared.below(4);
    for (int i = 0; i < count; ++i) {
      all.push_back(
          std::make_unique<Watched>(static_cast<std::uint64_t>(job * 8 + i), random_kind(shared)));
    }
    const int rounds = 1 + shared.below(3);
    for (int round = 0; round < rounds; ++round) {
      for (auto& each : all) {
        each->begin(static_cast<std::uint64_t>(round), own.below(4) == 0 ? 0 : own.below(3000));
      }
      std::vector<Watched*> left;
      for (auto& each : all) left.push_back(each.get());
      while (!left.empty()) {
        Watched& one = *left[static_cast<std::size_t>(own.below(static_cast<int>(left.size())))];
        one.act(own);
        std::erase_if(left, [](const Watched* each) { return each->done(); });
      }
      for (auto& each : all) each->check_end();
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_convey_cases(argc, argv, {{"random_schedules", random_schedules}});
}
