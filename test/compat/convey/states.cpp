// What every function does in every state, and what bad arguments get.
// ranks: 1 2 4
// variants: host engine:2
#include <array>
#include <cstring>
#include <string>

#include "compat/convey/convey_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::finish;
using buddy::test::pe;
using buddy::test::pes;

constexpr int state_error = -1;
constexpr int usage_error = -2;
constexpr int null_error = -3;
constexpr int range_error = -4;
constexpr int rigid_error = -8;
constexpr int size_error = -10;
constexpr int zero_error = -11;

constexpr std::uint64_t quiet = convey_opt_QUIET;
std::int64_t item = 7;

void original_values() {
  static_assert(convey_DONE == 0 && convey_FAIL == 0 && convey_OK == 1 && convey_NEAR == 2);
  static_assert(convey_ELASTIC == 1 && convey_STEADY == 2 && convey_THRIFTY == 4);
  static_assert(convey_BEGINS == 0 && convey_PUSHES == 1 && convey_PULLS == 2);
  static_assert(convey_UNPULLS == 3 && convey_ADVANCES == 4 && convey_COMMS == 5);
  static_assert(convey_SYNCS == 6 && convey_BYTES == 7 && convey_CUMULATIVE == 8);
  static_assert(convey_opt_RECKLESS == 1 && convey_opt_DYNAMIC == 2 && convey_opt_QUIET == 4);
  static_assert(convey_opt_SCATTER == 8 && convey_opt_PROGRESS == 16 && convey_opt_ALERT == 32);
  static_assert(convey_opt_COMPRESS == 64 && CONVEY_MAX_ALIGN == 64);
  static_assert(convey_opt_STANDARD == 0x100000 && convey_opt_BLOCKING == 0x200000);
  expect(std::strlen(convey_version) > 0, "there is a version");
}

void null_conveyor() {
  std::int64_t from = 0;
  convey_item_t result;
  expect_equal(convey_begin(nullptr, 8, 8), null_error, "begin");
  expect_equal(convey_push(nullptr, &item, 0), null_error, "push");
  expect_equal(convey_epush(nullptr, 8, &item, 0), null_error, "epush");
  expect_equal(convey_pull(nullptr, &item, &from), null_error, "pull");
  expect(convey_apull(nullptr, &from) == nullptr, "apull");
  expect_equal(convey_epull(nullptr, &result), null_error, "epull");
  expect_equal(convey_unpull(nullptr), null_error, "unpull");
  expect_equal(convey_advance(nullptr, true), null_error, "advance");
  expect_equal(convey_reset(nullptr), null_error, "reset");
  expect_equal(convey_set_codec(nullptr, nullptr, nullptr), null_error, "set_codec");
  expect_equal(convey_free(nullptr), int{convey_OK}, "free");
  expect_equal(convey_item_size(nullptr), std::size_t{0}, "item_size");
  expect_equal(convey_features(nullptr), std::uint64_t{0}, "features");
  expect_equal(convey_statistic(nullptr, convey_PUSHES), std::int64_t{0}, "statistic");
}

void dormant() {
  convey_t* c = convey_new(SIZE_MAX, 0, nullptr, quiet);
  std::int64_t from = -5;
  expect_equal(convey_push(c, &item, 0), state_error, "push");
  expect_equal(convey_pull(c, &item, &from), state_error, "pull");
  expect(convey_apull(c, &from) == nullptr, "apull");
  expect_equal(from, std::int64_t{-5}, "from of failed pulls");
  expect_equal(convey_unpull(c), state_error, "unpull");
  expect_equal(convey_advance(c, false), state_error, "advance");
  expect_equal(convey_advance(c, true), state_error, "advance");
  expect_equal(convey_reset(c), int{convey_OK}, "reset while dormant");
  expect_equal(convey_item_size(c), std::size_t{0}, "item_size");
  expect_equal(convey_set_codec(c, &convey_standard_codec, nullptr), int{convey_OK}, "set_codec");
  expect_equal(convey_set_codec(c, nullptr, nullptr), int{convey_OK}, "set_codec(NULL)");
  const convey_codec_t no_plan{};
  expect_equal(convey_set_codec(c, &no_plan, nullptr), int{convey_FAIL}, "a codec without a plan");
  expect_equal(convey_begin(c, 0, 8), zero_error, "begin with items of no bytes");
  expect_equal(convey_begin(c, std::size_t{1} << 40, 8), size_error, "begin with huge items");
  expect_equal(convey_push(c, &item, 0), state_error, "push after a begin that failed");
  expect_equal(convey_free(c), int{convey_OK}, "free");
}

void working() {
  convey_t* c = convey_new(SIZE_MAX, 0, nullptr, quiet);
  expect_equal(convey_begin(c, 8, 8), int{convey_OK}, "begin");
  expect_equal(convey_item_size(c), std::size_t{8}, "item_size");
  expect_equal(convey_begin(c, 8, 8), state_error, "a second begin");
  expect_equal(convey_reset(c), state_error, "reset");
  expect_equal(convey_free(c), state_error, "free");
  expect_equal(convey_set_codec(c, nullptr, nullptr), state_error, "set_codec");
  expect_equal(convey_push(c, &item, -1), range_error, "push to PE -1");
  expect_equal(convey_push(c, &item, pes), range_error, "push behind the last PE");
  expect_equal(convey_push(c, &item, std::int64_t{1} << 40), range_error, "push far behind");
  expect_equal(convey_push(c, nullptr, 0), usage_error, "push of NULL");
  expect_equal(convey_pull(c, nullptr, nullptr), usage_error, "pull to NULL");
  expect_equal(convey_epush(c, 8, &item, 0), rigid_error, "epush");
  convey_item_t result;
  expect_equal(convey_epull(c, &result), rigid_error, "epull");
  expect_equal(convey_pull(c, &item, nullptr), int{convey_FAIL}, "pull of nothing");
  expect_equal(convey_unpull(c), int{convey_FAIL}, "unpull of nothing");
  expect_equal(convey_advance(c, false), int{convey_OK}, "advance");
  // Ending: no pushes, and done stays true.
  expect(convey_advance(c, true) >= 0, "advance to the end");
  expect_equal(convey_push(c, &item, 0), state_error, "push after the end");
  expect(convey_advance(c, false) >= 0, "advance(false) after advance(true) counts as true");
  finish(c);
  expect_equal(convey_item_size(c), std::size_t{0}, "item_size after reset");
  expect_equal(convey_free(c), int{convey_OK}, "free");
}

void cleanup_and_complete() {
  convey_t* c = convey_new(SIZE_MAX, 0, nullptr, quiet);
  convey_begin(c, 8, 8);
  const std::int64_t mine = pe;
  for (int dest = 0; dest < pes; ++dest) {
    expect_equal(convey_push(c, &mine, dest), int{convey_OK}, "push");
  }
  int state = convey_OK;
  while (state == convey_OK) state = convey_advance(c, true);
  expect_equal(state, int{convey_NEAR}, "advance with items to be pulled");
  expect_equal(convey_advance(c, true), int{convey_NEAR}, "and again");
  expect_equal(convey_reset(c), state_error, "reset before complete");
  std::int64_t got = 0;
  std::int64_t from = 0;
  for (int i = 0; i < pes; ++i) {
    expect_equal(convey_advance(c, true), int{convey_NEAR}, "advance before all is pulled");
    expect_equal(convey_pull(c, &got, &from), int{convey_OK}, "pull");
    expect_equal(got, from, "the source of an item");
  }
  expect_equal(convey_pull(c, &got, &from), int{convey_FAIL}, "pull behind the last item");
  expect_equal(convey_unpull(c), int{convey_OK}, "unpull of the last item");
  expect_equal(convey_advance(c, true), int{convey_NEAR}, "advance after an unpull");
  expect_equal(convey_pull(c, &got, &from), int{convey_OK}, "pull again");
  while ((state = convey_advance(c, true)) == convey_NEAR) {
  }
  expect_equal(state, int{convey_DONE}, "advance when all is pulled");
  expect_equal(convey_advance(c, true), int{convey_DONE}, "advance when complete");
  expect_equal(convey_unpull(c), int{convey_FAIL}, "unpull when complete");
  expect_equal(convey_pull(c, &got, nullptr), int{convey_FAIL}, "pull when complete");
  expect_equal(convey_push(c, &got, 0), state_error, "push when complete");
  expect_equal(convey_begin(c, 8, 8), state_error, "begin when complete");
  expect_equal(convey_free(c), int{convey_OK}, "free when complete");
}

void constructors() {
  const auto keep = [](convey_t* c, const char* what) {
    expect(c != nullptr, what);
    convey_free(c);
  };
  const auto refuse = [](convey_t* c, const char* what) { expect(c == nullptr, what); };
  const convey_alc8r_t half{nullptr, nullptr, nullptr};
  keep(convey_new(0, 0, nullptr, quiet), "convey_new with little memory");
  keep(convey_new(SIZE_MAX, 3, nullptr, 0x7f & ~std::uint64_t{convey_opt_ALERT}), "all options");
  refuse(convey_new(SIZE_MAX, 0, nullptr, quiet | 0x80), "an unknown option");
  refuse(convey_new(SIZE_MAX, 0, &half, quiet), "an allocator without functions");
  keep(convey_new_simple(100, nullptr, nullptr, quiet), "simple");
  refuse(convey_new_simple(0, nullptr, nullptr, quiet), "simple without capacity");
  keep(convey_new_twohop(100, 1, nullptr, quiet), "twohop");
  keep(convey_new_tensor(100, 3, 2, 4, nullptr, quiet), "tensor");
  refuse(convey_new_tensor(100, 4, 1, 1, nullptr, quiet), "tensor of order 4");
  refuse(convey_new_tensor(100, 0, 1, 1, nullptr, quiet), "tensor of order 0");
  refuse(convey_new_tensor(100, 1, 1, 3, nullptr, quiet), "tensor with 3 buffers");
  keep(convey_new_etensor(100, 1000, 1, 1, 1, nullptr, quiet), "etensor");
  refuse(convey_new_etensor(0, 1000, 1, 1, 1, nullptr, quiet), "etensor without buffers");
  keep(convey_new_elastic(1000, SIZE_MAX, 0, nullptr, quiet), "elastic");
  refuse(convey_new_elastic(0, SIZE_MAX, 0, nullptr, quiet), "elastic without bytes");
}

void capacity_limits_items() {
  convey_t* c = convey_new_simple(100, nullptr, nullptr, quiet);
  expect_equal(convey_begin(c, 101, 1), size_error, "an item larger than the capacity");
  expect_equal(convey_begin(c, 100, 1), int{convey_OK}, "an item as large as the capacity");
  finish(c);
  convey_free(c);
}

void features() {
  convey_t* plain = convey_new(SIZE_MAX, 0, nullptr, convey_opt_COMPRESS);
  convey_t* steady = convey_new(SIZE_MAX, 0, nullptr, convey_opt_PROGRESS);
  convey_t* both = convey_new_elastic(10, SIZE_MAX, 0, nullptr, convey_opt_PROGRESS);
  expect_equal(convey_features(plain), std::uint64_t{0}, "features");
  expect_equal(convey_features(steady), std::uint64_t{convey_STEADY}, "features, steady");
  expect_equal(convey_features(both), std::uint64_t{convey_STEADY | convey_ELASTIC}, "elastic");
  convey_free(plain);
  convey_free(steady);
  convey_free(both);
}

void error_strings() {
  for (int error = -13; error < 0; ++error) {
    const std::string text = convey_error_string(nullptr, error);
    const bool known = error != -5 && error != -12 && error != -13;  // never returned here
    expect_equal(text != "unknown error", known, "a text for error " + std::to_string(error));
  }
  expect_equal(std::string(convey_error_string(nullptr, -99)), std::string("unknown error"), "-99");
  expect(std::string(convey_error_string(nullptr, 0)).find("no error") == 0, "text of 0");
  expect(std::string(convey_error_string(nullptr, 1)).find("no error") == 0, "text of 1");
}

void statistics() {
  convey_t* c = convey_new(SIZE_MAX, 0, nullptr, 0);
  for (int round = 1; round <= 3; ++round) {
    convey_begin(c, 8, 8);
    for (int i = 0; i < 5; ++i) convey_push(c, &item, (pe + 1) % pes);
    std::int64_t advances = 0;
    int state = convey_OK;
    while ((state = convey_advance(c, true)) != convey_DONE) {
      ++advances;
      if (convey_apull(c, nullptr) != nullptr) {
        convey_unpull(c);
        convey_apull(c, nullptr);
      }
    }
    const auto now = [c](int which) { return convey_statistic(c, which); };
    const auto all = [c](int which) { return convey_statistic(c, convey_CUMULATIVE + which); };
    expect_equal(now(convey_BEGINS), std::int64_t{1}, "begins");
    expect_equal(now(convey_PUSHES), std::int64_t{5}, "pushes");
    expect_equal(now(convey_PULLS), std::int64_t{10}, "pulls");
    expect_equal(now(convey_UNPULLS), std::int64_t{5}, "unpulls");
    expect_equal(now(convey_ADVANCES), advances + 1, "advances");
    expect_equal(now(convey_SYNCS), std::int64_t{1}, "syncs");
    expect_equal(now(convey_BYTES), std::int64_t{pes == 1 ? 0 : 40}, "bytes");
    expect_equal(now(convey_COMMS) > 0, pes > 1, "transfers");
    expect_equal(all(convey_PUSHES), std::int64_t{5} * round, "pushes so far");
    expect_equal(all(convey_PULLS), std::int64_t{10} * round, "pulls so far");
    convey_reset(c);
    expect_equal(now(convey_PUSHES), std::int64_t{0}, "pushes after reset");
    expect_equal(all(convey_BEGINS), std::int64_t{round}, "begins so far");
  }
  expect_equal(convey_statistic(c, -1), std::int64_t{-1}, "statistic -1");
  expect_equal(convey_statistic(c, 16), std::int64_t{-1}, "statistic 16");
  convey_free(c);
}

/// One PE's mistake is an error of all, and nobody waits for ever.
void disagreement() {
  convey_t* c = convey_new(SIZE_MAX, 0, nullptr, quiet);
  const int own = convey_begin(c, pe == 0 ? 0 : 8, 8);
  expect_equal(own, zero_error, "begin where PE 0 has no size");
  const bool alone = pes == 1;
  const int mixed = convey_begin(c, pe == pes - 1 ? 16 : 8, 8);
  expect_equal(mixed, alone ? int{convey_OK} : usage_error, "begin with different sizes");
  if (alone) finish(c);
  expect_equal(convey_begin(c, 24, 8), int{convey_OK}, "begin with one size");
  finish(c);
  convey_free(c);
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_convey_cases(argc, argv,
                                       {{"original_values", original_values},
                                        {"null_conveyor", null_conveyor},
                                        {"dormant", dormant},
                                        {"working", working},
                                        {"cleanup_and_complete", cleanup_and_complete},
                                        {"constructors", constructors},
                                        {"capacity_limits_items", capacity_limits_items},
                                        {"features", features},
                                        {"error_strings", error_strings},
                                        {"statistics", statistics},
                                        {"disagreement", disagreement}});
}
