// The router against a straightforward model.
#include "engine/router.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>
#include <vector>

#include "support/bodies.hpp"
#include "support/guarded.hpp"

namespace buddy::engine {
namespace {

using test::Bytes;
using test::Letter;
using wire::Form;

/// Hops with guarded blocks, and what was flushed to them.
class Bench final : private BlockSink {
 public:
  struct Shape {
    std::uint32_t ranks = 1;
    std::uint32_t locals = 1;  ///< hops 0 .. locals-1 are local ranks: final form
    std::vector<std::uint32_t> hop_of_rank;
    std::vector<Form> forms;
    std::size_t block_bytes = 256;
  };

  explicit Bench(const Shape& shape)
      : shape_(shape), builders_(shape.forms.size()), letters_(shape.forms.size()) {
    for (std::size_t hop = 0; hop < shape.forms.size(); ++hop) {
      memory_.push_back(
          std::make_unique<test::Guarded>(shape.block_bytes + wire::BlockBuilder::slack_bytes));
      builders_[hop].attach(memory_.back()->bytes(), shape.forms[hop]);
    }
    router_ =
        std::make_unique<Router>(builders_, shape.hop_of_rank, static_cast<BlockSink&>(*this));
  }

  /// \return false from refuse(flush number) blocks the router
  std::function<bool(std::uint64_t)> accepts = [](std::uint64_t) { return true; };
  /// Called while the router is blocked.
  std::function<void()> while_blocked = [] {};

  Router::Outcome route(std::span<const std::byte> body, std::uint32_t hop_limit) {
    RouteCursor cursor;
    for (int rounds = 0; rounds < 100'000; ++rounds) {
      const Router::Outcome outcome = router_->route(body, hop_limit, cursor);
      routed_ += router_->take_routed();
      if (outcome != Router::Outcome::blocked) return outcome;
      while_blocked();
    }
    ADD_FAILURE() << "blocked for ever";
    return Router::Outcome::blocked;
  }
  void flush_all() {
    for (std::uint32_t hop = 0; hop < builders_.size(); ++hop) flush(hop);
  }
  const std::vector<Letter>& letters(std::size_t hop) const { return letters_[hop]; }
  std::uint64_t routed() const { return routed_; }
  std::uint64_t flushes() const { return flushes_; }

 private:
  bool flush_full(std::uint32_t hop) noexcept override {
    if (!accepts(flushes_++)) return false;
    flush(hop);
    return true;
  }
  void flush(std::uint32_t hop) {
    wire::BlockBuilder& block = builders_[hop];
    const std::span<const std::byte> body = block.finish();
    EXPECT_LE(body.size(), shape_.block_bytes);
    EXPECT_EQ(wire::count_messages(body, block.form()), static_cast<std::int64_t>(block.records()));
    for (Letter& letter : test::read_letters(body, block.form())) {
      if (block.form() == Form::routed) {
        EXPECT_LT(letter.dest, shape_.ranks);
        if (letter.dest < shape_.ranks) {
          EXPECT_EQ(shape_.hop_of_rank[letter.dest], hop);
        }
      }
      letters_[hop].push_back(std::move(letter));
    }
    block.clear();
  }

  Shape shape_;
  std::vector<std::unique_ptr<test::Guarded>> memory_;
  std::vector<wire::BlockBuilder> builders_;
  std::vector<std::vector<Letter>> letters_;
  std::unique_ptr<Router> router_;
  std::uint64_t flushes_ = 0;
  std::uint64_t routed_ = 0;
};

Bench::Shape random_shape(test::Random& random, std::uint32_t most_item) {
  Bench::Shape shape;
  const std::uint32_t hops = random.one_in(2) ? random.between(1, 2) : random.between(3, 9);
  shape.locals = random.between(1, hops);
  shape.ranks = hops + random.below(6);
  for (std::uint32_t hop = 0; hop < hops; ++hop) {
    shape.hop_of_rank.push_back(hop);
    shape.forms.push_back(hop < shape.locals || random.one_in(2) ? Form::final : Form::routed);
  }
  // More ranks than hops: they live behind hops that tell them apart, if there are such.
  for (std::uint32_t rank = hops; rank < shape.ranks; ++rank) {
    std::uint32_t hop = random.below(hops);
    for (std::uint32_t i = 0; i < hops; ++i) {
      if (shape.forms[(hop + i) % hops] != Form::routed) continue;
      hop = (hop + i) % hops;
      break;
    }
    shape.hop_of_rank.push_back(hop);
  }
  shape.block_bytes = 24 + 16 + (most_item + 7) / 8 * 8 + 8 * random.below(60);
  return shape;
}

struct Body {
  std::vector<Letter> letters;
  Bytes bytes;
};

Body random_body(test::Random& random, std::uint32_t ranks, std::uint32_t most_item) {
  Body body;
  test::Block block(64 + 8 * (random.below(500) + most_item / 8 + 1), Form::routed);
  test::LetterSource source(random, ranks, most_item);
  for (;;) {
    Letter letter = source.next();
    if (!test::append(*block, letter)) break;
    body.letters.push_back(std::move(letter));
  }
  const auto bytes = block->finish();
  body.bytes.assign(bytes.begin(), bytes.end());
  body.bytes.shrink_to_fit();
  return body;
}

/// What each hop should get.
std::vector<std::vector<Letter>> expected(const Bench::Shape& shape,
                                          const std::vector<Letter>& letters) {
  std::vector<std::vector<Letter>> by_hop(shape.forms.size());
  for (Letter letter : letters) {
    const std::uint32_t hop = shape.hop_of_rank[letter.dest];
    if (shape.forms[hop] == Form::final) letter.dest = 0;
    by_hop[hop].push_back(std::move(letter));
  }
  return by_hop;
}

void expect_routed(const Bench::Shape& shape, const Bench& bench,
                   const std::vector<Letter>& letters) {
  const auto wanted = expected(shape, letters);
  ASSERT_EQ(bench.routed(), letters.size());
  for (std::size_t hop = 0; hop < wanted.size(); ++hop) {
    ASSERT_EQ(bench.letters(hop), wanted[hop]) << "hop " << hop;
  }
}

constexpr std::uint32_t most_item = 90;

TEST(Router, random_bodies_match_the_model) {
  test::for_each_seed(4000, [](std::uint64_t seed) {
    test::Random random(seed);
    const Bench::Shape shape = random_shape(random, most_item);
    Bench bench(shape);
    bench.accepts = [&](std::uint64_t) { return !random.one_in(3); };
    std::vector<Letter> all;
    for (std::uint32_t bodies = 1 + random.below(3); bodies > 0; --bodies) {
      const Body body = random_body(random, shape.ranks, most_item);
      const auto hops = static_cast<std::uint32_t>(shape.forms.size());
      ASSERT_EQ(bench.route(body.bytes, hops), Router::Outcome::done);
      all.insert(all.end(), body.letters.begin(), body.letters.end());
    }
    bench.flush_all();
    expect_routed(shape, bench, all);
  });
}

// Blocked once, at each possible moment.
TEST(Router, goes_on_after_every_possible_stop) {
  test::for_each_seed(60, [](std::uint64_t seed) {
    test::Random random(seed);
    const Bench::Shape shape = random_shape(random, most_item);
    const Body body = random_body(random, shape.ranks, most_item);
    const auto hops = static_cast<std::uint32_t>(shape.forms.size());
    Bench counting(shape);
    ASSERT_EQ(counting.route(body.bytes, hops), Router::Outcome::done);
    for (std::uint64_t stop = 0; stop < counting.flushes(); ++stop) {
      Bench bench(shape);
      bench.accepts = [&](std::uint64_t flush) { return flush != stop; };
      ASSERT_EQ(bench.route(body.bytes, hops), Router::Outcome::done);
      bench.flush_all();
      expect_routed(shape, bench, body.letters);
    }
  });
}

// A peer may send to local ranks only; up to the first message for others all is well.
TEST(Router, refuses_destinations_beyond_the_limit) {
  test::for_each_seed(2000, [](std::uint64_t seed) {
    test::Random random(seed);
    const Bench::Shape shape = random_shape(random, most_item);
    const Body body = random_body(random, shape.ranks + random.below(3), most_item);
    const bool all_local =
        std::all_of(body.letters.begin(), body.letters.end(), [&](const Letter& letter) {
          return letter.dest < shape.ranks && shape.hop_of_rank[letter.dest] < shape.locals;
        });
    Bench bench(shape);
    ASSERT_EQ(bench.route(body.bytes, shape.locals),
              all_local ? Router::Outcome::done : Router::Outcome::corrupt);
    bench.flush_all();
    for (std::size_t hop = shape.locals; hop < shape.forms.size(); ++hop) {
      ASSERT_TRUE(bench.letters(hop).empty());
    }
  });
}

// Damaged bodies are refused, or what they hold is routed; what leaves is sound in any case.
TEST(Router, passes_no_malformed_input_on) {
  std::uint64_t refused = 0;
  test::for_each_seed(20'000, [&](std::uint64_t seed) {
    test::Random random(seed);
    const Bench::Shape shape = random_shape(random, most_item);
    Body body = random_body(random, shape.ranks, most_item);
    test::mutate(body.bytes, random);
    body.bytes.shrink_to_fit();
    const std::int64_t messages = wire::count_messages(body.bytes, Form::routed);
    Bench bench(shape);
    bench.accepts = [&](std::uint64_t) { return !random.one_in(4); };
    const auto hops = static_cast<std::uint32_t>(shape.forms.size());
    const Router::Outcome outcome = bench.route(body.bytes, hops);
    if (messages < 0) {
      ASSERT_EQ(outcome, Router::Outcome::corrupt);
    }
    if (outcome == Router::Outcome::corrupt) ++refused;
    if (outcome == Router::Outcome::done) {
      ASSERT_EQ(bench.routed(), static_cast<std::uint64_t>(messages));
    }
    bench.flush_all();
  });
  std::cout << refused << " refused" << std::endl;
}

// The bytes lie in memory that the sender can still change: also while a walk over them is stopped.
TEST(Router, survives_bytes_that_change_while_it_waits) {
  test::for_each_seed(20'000, [](std::uint64_t seed) {
    test::Random random(seed);
    const Bench::Shape shape = random_shape(random, most_item);
    const Body body = random_body(random, shape.ranks, most_item);
    const test::Guarded memory(body.bytes.size());
    std::copy(body.bytes.begin(), body.bytes.end(), memory.bytes().begin());
    Bench bench(shape);
    bench.accepts = [&](std::uint64_t) { return random.one_in(2); };
    bench.while_blocked = [&] {
      Bytes changed(memory.bytes().begin(), memory.bytes().end());
      test::mutate(changed, random);
      std::copy(changed.begin(), changed.end(), memory.bytes().begin());
    };
    bench.route(memory.bytes(), static_cast<std::uint32_t>(shape.forms.size()));
    bench.flush_all();
  });
}

// The header says fewer items than have been routed already: no walk beyond the end.
TEST(Router, survives_a_run_that_shrinks_while_it_waits) {
  constexpr std::uint32_t items = 100;
  for (const std::uint32_t bytes : {8u, 9u}) {
    for (std::uint32_t left = 1; left < items; left += 7) {
      Bench::Shape shape;
      shape.hop_of_rank = {0};
      shape.forms = {Form::final};
      Bench bench(shape);
      test::Block block(4096, Form::routed);
      for (std::uint32_t i = 0; i < items; ++i) {
        ASSERT_TRUE(test::append(*block, {0, 1, true, Bytes(bytes)}));
      }
      const auto body = block->finish();
      const test::Guarded memory(body.size());
      std::copy(body.begin(), body.end(), memory.bytes().begin());
      bench.accepts = [](std::uint64_t flush) { return flush % 2 == 1; };
      bench.while_blocked = [&] {
        const std::uint32_t stride = wire::item_stride(bytes, Form::routed);
        wire::store(memory.bytes().data(), wire::RunHeader{1, bytes, left, left * stride});
      };
      bench.route(memory.bytes(), 1);
      bench.flush_all();
      ASSERT_LE(bench.letters(0).size(), items);
    }
  }
}

// An item that fits no block can never be sent on: waiting for room would be for ever.
TEST(Router, refuses_items_larger_than_a_block) {
  for (const bool is_fixed : {true, false}) {
    Bench::Shape shape;
    shape.hop_of_rank = {0};
    shape.forms = {Form::final};
    Bench bench(shape);
    test::Block block(1024, Form::routed);
    ASSERT_TRUE(test::append(*block, {0, 1, is_fixed, Bytes(400)}));
    EXPECT_EQ(bench.route(block->finish(), 1), Router::Outcome::corrupt);
    EXPECT_EQ(bench.flushes(), 0u);
  }
}

}  // namespace
}  // namespace buddy::engine
