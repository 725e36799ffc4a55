#include "arena/counter_file.hpp"

#include <gtest/gtest.h>

#include "support/scratch.hpp"

namespace buddy::arena {
namespace {

TEST(CounterFile, is_read_by_others_while_its_owner_counts) {
  const test::Scratch scratch;
  CounterFile file = std::move(CounterFile::create(scratch / "counters-3", 2).value());
  const ShmFile reader =
      std::move(ShmFile::open(scratch / "counters-3", sizeof(CounterPage)).value());
  const auto& page = *reinterpret_cast<const CounterPage*>(reader.bytes().data());
  EXPECT_EQ(page.magic, CounterPage::magic_value);
  EXPECT_EQ(page.version, counter_page_version);
  EXPECT_EQ(page.counters, counter_count);
  for (std::size_t i = 0; i < counter_count; ++i) {
    const auto counter = static_cast<Counter>(i);
    EXPECT_EQ(page.table.get(counter), 0u);
    file.page().table.add(counter, i + 1);
    file.page().table.add(counter, 1);
    EXPECT_EQ(page.table.get(counter), i + 2);
  }
  ASSERT_EQ(file.slots().size(), 2u);
  file.slots()[1].barrier.store(7);
  const ShmFile whole =
      std::move(ShmFile::open(scratch / "counters-3", counter_file_bytes(2)).value());
  EXPECT_EQ(rank_slots(whole.bytes(), 2)[1].barrier.load(), 7u);
  EXPECT_EQ(rank_slots(whole.bytes(), 2)[0].barrier.load(), 0u);
  file.page().table.set(Counter::cpu_ns, 5);
  EXPECT_EQ(page.table.get(Counter::cpu_ns), 5u);
}

// A rank that waits in a handler hears so of a failure.
TEST(CounterFile, notes_why_the_job_has_failed) {
  const test::Scratch scratch;
  CounterFile file = std::move(CounterFile::create(scratch / "counters-3", 1).value());
  const ShmFile reader =
      std::move(ShmFile::open(scratch / "counters-3", counter_file_bytes(1)).value());
  EXPECT_TRUE(failure_note(reader.bytes()).read().ok());
  const std::string text = "rank 1 has ended " + std::string(2000, '.');
  file.failure().write(wire::encode_failure({ErrorCode::peer_died, text}));
  const Status heard = failure_note(reader.bytes()).read();
  EXPECT_EQ(heard.code(), ErrorCode::peer_died);
  EXPECT_EQ(heard.message(), text.substr(0, 1000));
  EXPECT_EQ(file.slots()[0].barrier.load(), 0u);  // it is behind
}

// The engine is another process: what it writes is checked.
TEST(CounterFile, a_damaged_note_is_a_failure_too) {
  FailureNote note{};
  note.write(std::vector<std::byte>(4));
  EXPECT_EQ(note.read().code(), ErrorCode::corrupt);
  note.body_bytes.store(0xffffffff);
  EXPECT_EQ(note.read().code(), ErrorCode::corrupt);
}

// `buddy stat` recognises the page by its first eight bytes.
TEST(CounterFile, begins_with_a_readable_name) {
  const std::uint64_t magic = CounterPage::magic_value;
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(&magic), sizeof magic), "BUDCNTR1");
}

}  // namespace
}  // namespace buddy::arena
