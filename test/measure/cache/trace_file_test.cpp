#include "measure/cache/trace_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>

#include "support/scratch.hpp"

namespace buddy::measure {
namespace {

std::vector<std::byte> bytes_of(const TraceHeader& header, const std::vector<TraceEvent>& events) {
  std::vector<std::byte> bytes(sizeof header + events.size() * sizeof(TraceEvent));
  std::memcpy(bytes.data(), &header, sizeof header);
  if (!events.empty()) {
    std::memcpy(bytes.data() + sizeof header, events.data(), events.size() * sizeof(TraceEvent));
  }
  return bytes;
}

const std::vector<TraceEvent> two_events = {{0x1000, 64, TraceKind::receive, 7},
                                            {0x1000, 64, TraceKind::read, 0}};

TraceHeader good_header() { return {trace_magic, trace_version, 3, 1, 0, two_events.size(), 5}; }

ErrorCode code_of(const std::vector<std::byte>& bytes) {
  const auto trace = parse_trace(bytes, "it");
  if (!trace.ok()) {
    EXPECT_NE(trace.status().message().find("it "), std::string::npos);
  }
  return trace.status().code();
}

TEST(TraceFile, says_what_the_engine_wrote) {
  const test::Scratch folder;
  std::vector<std::byte> memory(100);
  {
    auto made = TraceWriter::create({.folder = folder.path(), .agent = 3, .node = 1});
    ASSERT_TRUE(made.ok()) << made.status().message();
    made.value()->record(TraceKind::receive, memory, 65536 + 7);
    made.value()->record(TraceKind::read, {});
    made.value()->record(TraceKind::read, std::span(memory).subspan(10, 20));
  }
  const auto traces = read_traces(folder.path());
  ASSERT_TRUE(traces.ok()) << traces.status().message();
  ASSERT_EQ(traces.value().size(), 1u);
  const Trace& trace = traces.value().front();
  EXPECT_EQ(trace.agent, 3u);
  EXPECT_EQ(trace.node, 1u);
  EXPECT_EQ(trace.dropped, 0u);
  ASSERT_EQ(trace.events.size(), 2u) << "nothing is no event";
  const auto start = reinterpret_cast<std::uintptr_t>(memory.data());
  EXPECT_EQ(trace.events[0].address, start);
  EXPECT_EQ(trace.events[0].bytes, 100u);
  EXPECT_EQ(trace.events[0].kind, TraceKind::receive);
  EXPECT_EQ(trace.events[0].peer, 7u);
  EXPECT_EQ(trace.events[1].address, start + 10);
}

TEST(TraceFile, is_bounded) {
  const test::Scratch folder;
  const std::vector<std::byte> memory(8);
  {
    auto made = TraceWriter::create({.folder = folder.path(), .most_events = 10'000});
    ASSERT_TRUE(made.ok());
    for (int i = 0; i < 10'007; ++i) made.value()->record(TraceKind::write, memory);
  }
  const auto traces = read_traces(folder.path());
  ASSERT_TRUE(traces.ok()) << traces.status().message();
  EXPECT_EQ(traces.value().front().events.size(), 10'000u);
  EXPECT_EQ(traces.value().front().dropped, 7u);
}

TEST(TraceFile, of_an_engine_that_was_killed_is_refused) {
  const test::Scratch folder;
  auto made = TraceWriter::create({.folder = folder.path()});
  ASSERT_TRUE(made.ok());
  const auto trace = read_trace(made.value()->path());
  EXPECT_EQ(trace.status().code(), ErrorCode::corrupt);
  EXPECT_NE(trace.status().message().find("killed"), std::string::npos);
}

TEST(TraceFile, a_folder_that_is_not_there_is_an_error) {
  const test::Scratch folder;
  const auto made = TraceWriter::create({.folder = folder / "no"});
  EXPECT_EQ(made.status().code(), ErrorCode::system);
  EXPECT_NE(made.status().message().find("BUDDY_TRACE"), std::string::npos);
  EXPECT_EQ(read_traces(folder / "no").status().code(), ErrorCode::invalid_argument);
  EXPECT_EQ(read_traces(folder.path()).status().code(), ErrorCode::invalid_argument);
  EXPECT_EQ(read_trace(folder / "no.trace").status().code(), ErrorCode::system);
}

TEST(TraceFile, what_is_written_is_read_again) {
  const test::Scratch folder;
  const Trace trace{3, 1, 5, two_events};
  ASSERT_TRUE(write_trace(trace, folder / "x.trace").ok());
  const auto again = read_trace(folder / "x.trace");
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(again.value().dropped, 5u);
  EXPECT_EQ(again.value().events.size(), 2u);
  EXPECT_EQ(write_trace(trace, folder / "no/x.trace").code(), ErrorCode::system);
}

TEST(TraceFile, every_length_but_the_right_one_is_refused) {
  const auto whole = bytes_of(good_header(), two_events);
  EXPECT_EQ(code_of(whole), ErrorCode::ok);
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    EXPECT_EQ(code_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes)}),
              ErrorCode::corrupt);
  }
  auto longer = whole;
  longer.resize(longer.size() + sizeof(TraceEvent));
  EXPECT_EQ(code_of(longer), ErrorCode::corrupt);
}

TEST(TraceFile, damaged_headers_are_refused) {
  TraceHeader header = good_header();
  header.magic ^= 1;
  EXPECT_EQ(code_of(bytes_of(header, two_events)), ErrorCode::corrupt);
  header = good_header();
  header.version = trace_version + 1;
  EXPECT_EQ(code_of(bytes_of(header, two_events)), ErrorCode::mismatch);
  header = good_header();
  header.reserved = 1;
  EXPECT_EQ(code_of(bytes_of(header, two_events)), ErrorCode::corrupt);
  header = good_header();
  header.events = ~std::uint64_t{0} / sizeof(TraceEvent);
  EXPECT_EQ(code_of(bytes_of(header, two_events)), ErrorCode::corrupt);
}

TEST(TraceFile, events_that_make_no_sense_are_refused) {
  for (const TraceEvent& event :
       {TraceEvent{0, 64, TraceKind{0}, 0}, TraceEvent{0, 64, TraceKind{6}, 0},
        TraceEvent{0, 0, TraceKind::read, 0},
        TraceEvent{~std::uint64_t{0}, 2, TraceKind::read, 0}}) {
    EXPECT_EQ(code_of(bytes_of(good_header(), {two_events[0], event})), ErrorCode::corrupt);
  }
}

RC_GTEST_PROP(TraceFileProperty, any_bytes_are_read_or_refused,
              (std::vector<std::uint8_t> bytes, bool with_header)) {
  std::vector<std::byte> all;
  if (with_header) {
    TraceHeader header = good_header();
    header.events = bytes.size() / sizeof(TraceEvent);
    all = bytes_of(header, {});
  }
  for (const std::uint8_t byte : bytes) all.push_back(std::byte{byte});
  const auto trace = parse_trace(all, "it");
  RC_ASSERT(trace.ok() || !trace.status().message().empty());
}

}  // namespace
}  // namespace buddy::measure
