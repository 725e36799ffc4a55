// The struct tables of docs/formats are the structs of the code: every field, offset and size.
#include <gtest/gtest.h>

#include <algorithm>
#include <buddy/detail/codec.hpp>
#include <cstddef>
#include <ostream>
#include <vector>

#include "arena/counter_file.hpp"
#include "arena/doorbell.hpp"
#include "arena/ring.hpp"
#include "comm/endpoint/fragments.hpp"
#include "instrument/trace.hpp"
#include "support/markdown.hpp"
#include "transport/ucx/ucx_packet.hpp"
#include "wire/control.hpp"
#include "wire/frame.hpp"
#include "wire/roll_call.hpp"
#include "wire/run.hpp"

namespace buddy::testing {
namespace {

struct Field {
  std::string name;
  std::size_t offset;
  std::size_t bytes;
};

struct Layout {
  const char* page;  ///< below docs/formats/
  const char* type;
  std::size_t bytes;
  std::vector<Field> fields;
};

std::ostream& operator<<(std::ostream& out, const Layout& layout) { return out << layout.type; }

#define FIELD(member) \
  Field { #member, offsetof(T, member), sizeof(T::member) }

Layout frame_header() {
  using T = wire::FrameHeader;
  return {"frame.md",
          "FrameHeader",
          sizeof(T),
          {FIELD(body_bytes), FIELD(kind), FIELD(reserved), FIELD(records)}};
}
Layout run_header() {
  using T = wire::RunHeader;
  return {"run.md",
          "RunHeader",
          sizeof(T),
          {FIELD(handler), FIELD(item_bytes), FIELD(count), FIELD(run_bytes)}};
}
Layout function_ref() {
  using T = detail::FunctionRef;
  return {"run.md", "FunctionRef", sizeof(T), {FIELD(module), FIELD(offset)}};
}
Layout fragment_header() {
  using T = comm::FragmentHeader;
  return {"run.md",
          "FragmentHeader",
          sizeof(T),
          {FIELD(source), FIELD(handler), FIELD(total_bytes), FIELD(offset), FIELD(stream),
           FIELD(reserved)}};
}
Layout barrier_report() {
  using T = wire::BarrierReport;
  return {"control.md",
          "BarrierReport",
          sizeof(T),
          {FIELD(epoch), FIELD(sent), FIELD(handled), FIELD(consumed_frames)}};
}
Layout barrier_release() {
  using T = wire::BarrierRelease;
  return {"control.md", "BarrierRelease", sizeof(T), {FIELD(epoch)}};
}
Layout wave_message() {
  using T = wire::WaveMessage;
  return {"control.md",
          "WaveMessage",
          sizeof(T),
          {FIELD(wave), FIELD(round), FIELD(reserved), FIELD(sent), FIELD(handled)}};
}
Layout failure_header() {
  using T = wire::FailureHeader;
  return {"control.md", "FailureHeader", sizeof(T), {FIELD(code), FIELD(text_bytes)}};
}
Layout roll_call() {
  using T = wire::RollCall;
  return {"control.md", "RollCall", sizeof(T), {FIELD(rank), FIELD(reserved)}};
}
Layout roll_answer_header() {
  using T = wire::RollAnswerHeader;
  return {"control.md", "RollAnswerHeader", sizeof(T), {FIELD(rank), FIELD(count)}};
}
Layout rank_place() {
  using T = wire::RankPlace;
  return {"control.md",
          "RankPlace",
          sizeof(T),
          {FIELD(rank), FIELD(where), FIELD(barrier), FIELD(waited_ns)}};
}
Layout failure_note() {
  using T = arena::FailureNote;
  return {
      "counters.md", "FailureNote", sizeof(T), {FIELD(body_bytes), FIELD(reserved), FIELD(body)}};
}
Layout rank_slot() {
  using T = arena::RankSlot;
  return {"counters.md",
          "RankSlot",
          sizeof(T),
          {FIELD(rank), FIELD(where), FIELD(barrier), FIELD(since_ns)}};
}
Layout ring_control() {
  using T = arena::RingControl;
  return {"ring.md", "RingControl", sizeof(T), {FIELD(tail), FIELD(head), FIELD(producer_waits)}};
}
Layout doorbell_word() {
  using T = arena::DoorbellWord;
  return {
      "doorbell.md", "DoorbellWord", sizeof(T), {FIELD(state), FIELD(reserved), FIELD(rung_ns)}};
}
Layout counter_page() {
  using T = arena::CounterPage;
  return {"counters.md",
          "CounterPage",
          sizeof(T),
          {FIELD(magic), FIELD(version), FIELD(counters), FIELD(pid), FIELD(agent), FIELD(node),
           FIELD(embedded), FIELD(ranks), FIELD(local_ranks), FIELD(start_ns), FIELD(table)}};
}
Layout trace_header() {
  using T = TraceHeader;
  return {"trace.md",
          "TraceHeader",
          sizeof(T),
          {FIELD(magic), FIELD(version), FIELD(agent), FIELD(node), FIELD(reserved), FIELD(events),
           FIELD(dropped)}};
}
Layout trace_event() {
  using T = TraceEvent;
  return {"trace.md",
          "TraceEvent",
          sizeof(T),
          {FIELD(address), FIELD(bytes), FIELD(kind), FIELD(peer)}};
}
Layout packet_header() {
  using T = transport::PacketHeader;
  return {
      "ucx_packet.md",
      "PacketHeader",
      sizeof(T),
      {FIELD(magic), FIELD(version), FIELD(reserved), FIELD(source), FIELD(destination),
       FIELD(token), FIELD(sequence), FIELD(released), FIELD(payload_bytes), FIELD(window_bytes)}};
}

/// The table of \p section has a row for every field of \p layout, in order, and no other field.
void expect_fields(const std::vector<std::string>& section, const Layout& layout) {
  const Row header = first_header(section);
  const auto names = std::find(header.begin(), header.end(), "field") - header.begin();
  auto rows = first_table(section);
  std::erase_if(rows, [](const Row& row) { return row.at(1).empty(); });  // what follows a struct
  ASSERT_EQ(rows.size(), layout.fields.size()) << layout.page << ": " << layout.type;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Field& field = layout.fields[i];
    ASSERT_EQ(rows[i].size(), header.size());
    EXPECT_EQ(rows[i].at(static_cast<std::size_t>(names)), field.name);
    EXPECT_EQ(rows[i][0], std::to_string(field.offset)) << field.name;
    EXPECT_EQ(rows[i][1], std::to_string(field.bytes)) << field.name;
  }
}

class DocumentedLayout : public ::testing::TestWithParam<Layout> {};

TEST_P(DocumentedLayout, is_the_layout_of_the_struct) {
  const Layout& layout = GetParam();
  const Page page(std::string("formats/") + layout.page);
  const std::string title = std::string("`") + layout.type + "`, ";
  EXPECT_EQ(page.heading(title), title + std::to_string(layout.bytes) + " bytes");
  expect_fields(page.section(title), layout);
}

TEST(DocumentedPacket, is_the_layout_of_the_struct) {
  const Layout layout = packet_header();
  const auto section = Page(std::string("formats/") + layout.page).section("Packet");
  expect_fields(section, layout);
  // The frames follow the header.
  EXPECT_EQ(first_table(section).back().at(0), std::to_string(layout.bytes));
}

INSTANTIATE_TEST_SUITE_P(Formats, DocumentedLayout,
                         ::testing::Values(frame_header(), run_header(), function_ref(),
                                           fragment_header(), barrier_report(), barrier_release(),
                                           wave_message(), failure_header(), roll_call(),
                                           roll_answer_header(), rank_place(), failure_note(),
                                           rank_slot(), ring_control(), doorbell_word(),
                                           counter_page(), trace_header(), trace_event()),
                         [](const auto& instance) { return std::string(instance.param.type); });

}  // namespace
}  // namespace buddy::testing
