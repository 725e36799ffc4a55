// Bodies of runs: what is built is read back, and anything else is walked safely.
#include "wire/run.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/bodies.hpp"

namespace buddy::wire {
namespace {

using test::Bytes;
using test::Letter;

Letter as_seen(Letter letter, Form form) {
  if (form == Form::final) letter.dest = 0;
  return letter;
}

TEST(Runs, what_was_appended_is_read) {
  test::for_each_seed(3000, [](std::uint64_t seed) {
    test::Random random(seed);
    const Form form = random.one_in(2) ? Form::routed : Form::final;
    test::Block block(128 + 8 * random.below(1000), form);
    test::LetterSource source(random, 10, 90);
    std::vector<Letter> letters;
    std::uint64_t payload_bytes = 0;
    for (;;) {
      Letter letter = source.next();
      if (!test::append(*block, letter)) break;
      payload_bytes += letter.payload.size();
      letters.push_back(as_seen(std::move(letter), form));
      if (random.one_in(200)) break;
    }
    const std::span<const std::byte> body = block->finish();
    ASSERT_EQ(body.size() % 8, 0u);
    ASSERT_LE(body.size(), block->capacity());
    ASSERT_EQ(block->records(), letters.size());
    ASSERT_EQ(block->payload_bytes(), payload_bytes);
    ASSERT_EQ(count_messages(body, form), static_cast<std::int64_t>(letters.size()));
    ASSERT_EQ(test::read_letters(body, form), letters);
    block->clear();
    ASSERT_TRUE(block->empty());
    ASSERT_TRUE(block->finish().empty());
  });
}

// A full block can be finished and read, appended to no more, and used again.
TEST(Runs, a_block_holds_what_its_size_says) {
  for (const std::uint32_t bytes : {0u, 1u, 4u, 8u, 63u, 100u}) {
    for (const Form form : {Form::routed, Form::final}) {
      test::Block block(1024, form);
      const Letter letter{1, 2, true, Bytes(bytes)};
      std::size_t count = 0;
      while (test::append(*block, letter)) ++count;
      EXPECT_EQ(count, (1024 - sizeof(RunHeader)) / item_stride(bytes, form));
      EXPECT_EQ(count_messages(block->finish(), form), static_cast<std::int64_t>(count));
      block->clear();
      EXPECT_TRUE(test::append(*block, letter));
    }
  }
}

TEST(Runs, an_empty_run_leaves_nothing) {
  test::Block block(256, Form::routed);
  ASSERT_TRUE(block->open_run(1, 8, 12));
  EXPECT_TRUE(block->finish().empty());
  block->clear();
  ASSERT_TRUE(block->open_run(1, 8, 12));
  ASSERT_TRUE(test::append(*block, {3, 2, true, Bytes(4)}));
  EXPECT_EQ(test::read_letters(block->finish(), Form::routed),
            (std::vector<Letter>{{3, 2, true, Bytes(4)}}));
}

/// Walks a body as engines and ranks do. \return whether it is sound
bool walk(std::span<const std::byte> body, Form form, std::uint64_t& sum) {
  RunReader reader(body, form);
  Run run;
  const std::byte* end = body.data() + body.size();
  for (;;) {
    const RunReader::Next next = reader.next(run);
    if (next == RunReader::Next::end) return true;
    if (next == RunReader::Next::corrupt) return false;
    EXPECT_LE(run.items + run.header.run_bytes, end);
    EXPECT_NE(run.header.count, 0u);
    for (std::uint32_t i = 0; i < run.header.run_bytes; ++i) {
      sum += static_cast<std::uint64_t>(run.items[i]);  // a sanitizer sees what is outside
    }
    if (run.header.item_bytes != variable_items) continue;
    ItemReader items(run, form);
    Item item;
    for (std::uint32_t i = 0; i < run.header.count; ++i) {
      if (!items.next(item)) return false;
      EXPECT_LE(item.payload.data() + item.payload.size(), run.items + run.header.run_bytes);
    }
    if (items.bytes_left() != 0) return false;
  }
}

TEST(Runs, any_truncation_is_refused_or_shorter) {
  test::for_each_seed(300, [](std::uint64_t seed) {
    test::Random random(seed);
    const Form form = random.one_in(2) ? Form::routed : Form::final;
    test::Block block(1024, form);
    test::LetterSource source(random, 10, 60);
    while (test::append(*block, source.next()) && !random.one_in(60)) {
    }
    const std::span<const std::byte> body = block->finish();
    const std::vector<Letter> all = test::read_letters(body, form);
    for (std::size_t size = 0; size <= body.size(); ++size) {
      const Bytes cut(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size));
      const std::int64_t messages = count_messages(cut, form);
      std::uint64_t sum = 0;
      ASSERT_EQ(walk(cut, form, sum), messages >= 0);
      if (messages < 0) continue;
      const std::vector<Letter> some = test::read_letters(cut, form);
      ASSERT_EQ(some.size(), static_cast<std::size_t>(messages));
      ASSERT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
    }
  });
}

TEST(Runs, any_mutation_is_refused_or_walked_safely) {
  std::uint64_t refused = 0;
  std::uint64_t sum = 0;
  test::for_each_seed(20'000, [&](std::uint64_t seed) {
    test::Random random(seed);
    const Form form = random.one_in(2) ? Form::routed : Form::final;
    test::Block block(512, form);
    test::LetterSource source(random, 10, 60);
    while (test::append(*block, source.next()) && !random.one_in(30)) {
    }
    const std::span<const std::byte> body = block->finish();
    Bytes bad(body.begin(), body.end());
    test::mutate(bad, random);
    bad.shrink_to_fit();  // a sanitizer knows where it ends
    const std::int64_t messages = count_messages(bad, form);
    ASSERT_EQ(walk(bad, form, sum), messages >= 0);
    // Items that take at least a byte each: a claim cannot exceed the bytes that are there.
    ASSERT_LE(messages, static_cast<std::int64_t>(bad.size()));
    if (messages < 0) ++refused;
  });
  std::cout << refused << " refused" << std::endl;
}

}  // namespace
}  // namespace buddy::wire
