// Several conveyors at once, many one after the other, one that is full, and some that are steady.
// ranks: 1 2 4
// variants: host host:2:shm engine engine:2:ucx host:1:shm:1:grid host:2:ucx:1:node
#include <cstring>

#include "compat/convey/convey_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::finish;
using buddy::test::pe;
using buddy::test::pes;

/// Requests that cannot be answered yet are put back.
void requests_and_replies() {
  constexpr std::int64_t wanted = 20000;
  struct Ask {
    std::int64_t index;
    std::int64_t value;
  };
  convey_t* requests = convey_new(SIZE_MAX, 0, nullptr, 0);
  convey_t* replies = convey_new(SIZE_MAX, 0, nullptr, 0);
  convey_begin(requests, sizeof(Ask), 0);
  convey_begin(replies, sizeof(Ask), 0);
  std::vector<std::int64_t> answers(wanted, -1);
  std::int64_t next = 0;
  for (;;) {
    const bool more = convey_advance(requests, next == wanted) != convey_DONE;
    if (!more && convey_advance(replies, true) == convey_DONE) break;
    if (more) convey_advance(replies, false);
    for (; next < wanted; ++next) {
      const Ask ask{next, 0};
      if (convey_push(requests, &ask, (next * 7 + pe) % pes) != convey_OK) break;
    }
    Ask got{};
    std::int64_t from = 0;
    while (convey_pull(requests, &got, &from) == convey_OK) {
      const Ask answer{got.index, got.index * 1000 + pe};
      if (convey_push(replies, &answer, from) != convey_OK) {
        expect_equal(convey_unpull(requests), int{convey_OK}, "putting a request back");
        break;
      }
    }
    while (convey_pull(replies, &got, nullptr) == convey_OK) {
      answers[static_cast<std::size_t>(got.index)] = got.value;
    }
  }
  for (std::int64_t i = 0; i < wanted; ++i) {
    expect_equal(answers[static_cast<std::size_t>(i)], i * 1000 + (i * 7 + pe) % pes, "an answer");
  }
  convey_reset(requests);
  convey_free(requests);
  convey_reset(replies);
  convey_free(replies);
}

/// A steady conveyor delivers although nobody says that he is done.
void steady() {
  for (const std::uint64_t options : {0u, unsigned{convey_opt_DYNAMIC}}) {
    convey_t* c = convey_new(SIZE_MAX, 0, nullptr, options | convey_opt_PROGRESS);
    for (int round = 0; round < 3; ++round) {
      convey_begin(c, 4, 4);
      for (std::int32_t token = 0; token < 20; ++token) {
        expect_equal(convey_push(c, &token, (pe + 1) % pes), int{convey_OK}, "push");
        std::int32_t got = -1;
        std::int64_t from = -1;
        while (convey_pull(c, &got, &from) != convey_OK) {
          expect_equal(convey_advance(c, false), int{convey_OK}, "advance");
        }
        expect_equal(got, token, "token");
        expect_equal(from, std::int64_t{(pe + pes - 1) % pes}, "the source of a token");
      }
      finish(c);
    }
    convey_free(c);
  }
}

/// Nobody pulls from one conveyor until the other has delivered everything.
void one_full_the_other_moving() {
  constexpr std::int64_t most = 1000000;
  convey_t* full = convey_new(SIZE_MAX, 0, nullptr, 0);
  convey_t* moving = convey_new(SIZE_MAX, 0, nullptr, 0);
  convey_begin(full, 8, 8);
  std::int64_t stuck = 0;
  std::int64_t failures = 0;
  while (stuck < most && failures < 100) {
    if (convey_push(full, &stuck, (pe + 1) % pes) == convey_OK) {
      ++stuck;
    } else {
      ++failures;
      convey_advance(full, false);
    }
  }
  expect(failures == 100, "pushing fails when nobody pulls");
  convey_begin(moving, 16, 8);
  std::int64_t pushed = 0;
  std::int64_t pulled = 0;
  const std::int64_t pair[2] = {1, 2};  // NOLINT(modernize-avoid-c-arrays)
  while (convey_advance(moving, pushed == 100000) != convey_DONE) {
    convey_advance(full, false);
    while (pushed < 100000 && convey_push(moving, pair, pushed % pes) == convey_OK) ++pushed;
    while (convey_apull(moving, nullptr) != nullptr) ++pulled;
  }
  expect_equal(buddy::test::sum_over_pes(pulled), std::int64_t{100000} * pes, "the moving one");
  std::int64_t item = 0;
  std::int64_t expected = 0;
  while (convey_advance(full, true) != convey_DONE) {
    while (convey_pull(full, &item, nullptr) == convey_OK) {
      expect_equal(item, expected++, "an item of the full one");
    }
  }
  expect_equal(buddy::test::sum_over_pes(expected), buddy::test::sum_over_pes(stuck),
               "the full one");
  convey_reset(full);
  convey_reset(moving);
  convey_free(full);
  convey_free(moving);
}

void thousands() {
  for (std::int64_t i = 0; i < 2000; ++i) {
    convey_t* c = i % 3 == 0 ? convey_new_elastic(64, SIZE_MAX, 0, nullptr, 0)
                             : convey_new(SIZE_MAX, 0, nullptr, 0);
    convey_begin(c, 8, 8);
    convey_push(c, &i, (pe + 1) % pes);
    std::int64_t got = -1;
    std::int64_t pulled = 0;
    while (convey_advance(c, true) != convey_DONE) {
      while (convey_pull(c, &got, nullptr) == convey_OK) ++pulled;
    }
    expect(pulled == 1 && got == i, "the item of one of thousands of conveyors");
    if (i % 2 == 0) convey_reset(c);
    convey_free(c);
  }
}

/// As a program with nested loops does: inner conveyors come and go while an outer one works.
void nested() {
  convey_t* outer = convey_new(SIZE_MAX, 0, nullptr, 0);
  convey_begin(outer, 8, 8);
  std::int64_t sent = 0;
  std::int64_t received = 0;
  std::int64_t item = 0;
  for (int phase = 0; phase < 30; ++phase) {
    convey_t* inner = convey_new(SIZE_MAX, 0, nullptr, 0);
    convey_begin(inner, 4, 4);
    const std::int32_t value = phase;
    int pushed = 0;
    std::int32_t got = 0;
    while (convey_advance(inner, pushed == 50) != convey_DONE) {
      for (; pushed < 50 && convey_push(inner, &value, pushed % pes) == convey_OK; ++pushed) {
        if (convey_push(outer, &sent, pushed % pes) == convey_OK) ++sent;
      }
      convey_advance(outer, false);
      while (convey_pull(inner, &got, nullptr) == convey_OK) expect_equal(got, value, "inner item");
      while (convey_pull(outer, &item, nullptr) == convey_OK) ++received;
    }
    convey_reset(inner);
    convey_free(inner);
  }
  while (convey_advance(outer, true) != convey_DONE) {
    while (convey_pull(outer, &item, nullptr) == convey_OK) ++received;
  }
  expect_equal(buddy::test::sum_over_pes(received), buddy::test::sum_over_pes(sent), "outer items");
  convey_free(outer);
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_convey_cases(argc, argv,
                                       {{"requests_and_replies", requests_and_replies},
                                        {"steady", steady},
                                        {"one_full_the_other_moving", one_full_the_other_moving},
                                        {"thousands", thousands},
                                        {"nested", nested}});
}
