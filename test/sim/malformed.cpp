#include "sim/malformed.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "arena/ring.hpp"
#include "wire/control.hpp"
#include "wire/run.hpp"

namespace buddy::sim {
namespace {

using wire::FrameKind;
using wire::RunHeader;

using Bytes = std::vector<std::byte>;

/// A run of \p count items of \p item_bytes for \p dest, all zero otherwise.
Bytes routed_run(std::uint32_t dest, std::uint32_t item_bytes, std::uint32_t count) {
  const std::uint32_t stride = wire::item_stride(item_bytes, wire::Form::routed);
  Bytes body(sizeof(RunHeader) + wire::round_up_8(stride * count));
  wire::store(body.data(), RunHeader{0, item_bytes, count, stride * count});
  for (std::uint32_t i = 0; i < count; ++i) {
    wire::store(body.data() + sizeof(RunHeader) + i * stride, dest);
  }
  return body;
}

struct Malformed {
  std::string what;
  FrameKind kind = FrameKind::routed;
  Bytes body;
};

Malformed bad_run(const Job& job, test::Random& random) {
  const std::uint32_t ranks = job.ranks();
  Bytes good = routed_run(0, 8, 3);
  auto header = wire::load<RunHeader>(good.data());
  switch (random.below(7)) {
    case 0:
      return {"a destination that is no rank", FrameKind::routed,
              routed_run(random.one_in(2) ? ranks : ~std::uint32_t{0}, 8, 1)};
    case 1: header.run_bytes += 1 + random.below(1000); break;
    case 2: header.count = 0; break;
    case 3: header.count = ~std::uint32_t{0}; break;
    case 4: header.item_bytes = wire::max_body_bytes + 1; break;
    case 5: header.item_bytes = wire::variable_items; break;  // lengths of 0, too many bytes
    default: good.resize(good.size() - 8 - random.below(good.size() - 8));
  }
  wire::store(good.data(), header);
  return {"a run header that lies", FrameKind::routed, good};
}

Malformed bad_variable_run(test::Random& random) {
  Bytes body(sizeof(RunHeader) + 16);
  const std::uint32_t length = random.one_in(2) ? 9 : ~std::uint32_t{0};
  wire::store(body.data(), RunHeader{0, wire::variable_items, 1, 16});
  wire::store(body.data() + sizeof(RunHeader) + 4, length);
  return {"an item longer than its run", FrameKind::routed, body};
}

Malformed bad_control(test::Random& random) {
  switch (random.below(8)) {
    case 0: return {"a report of the wrong size", FrameKind::report, Bytes(31)};
    case 1: return {"a wave from a rank", FrameKind::wave, Bytes(sizeof(wire::WaveMessage))};
    case 2: return {"a release from a rank", FrameKind::release, Bytes(8)};
    case 3: return {"a block without destinations", FrameKind::final, Bytes(32)};
    case 4: return {"a roll call of the wrong size", FrameKind::roll_call, Bytes(9)};
    case 5: return {"a roll call for nobody", FrameKind::roll_call, Bytes(8, std::byte{0xff})};
    case 6: return {"an answer to a roll call from a rank", FrameKind::roll_answer, Bytes(8)};
    default: return {"a failure from a rank", FrameKind::failure, Bytes(8)};
  }
}

/// Publishes a frame that the ring itself must refuse.
bool overwrite_ring(Job& job, std::uint32_t rank, test::Random& random, std::string& what) {
  const auto ring = job.link(rank).ring(0);
  auto* control = reinterpret_cast<arena::RingControl*>(ring.data());
  const std::uint64_t tail = control->tail.load();
  if (tail != control->head.load()) return false;  // keep what was sent before
  const std::size_t capacity = ring.size() - sizeof(arena::RingControl);
  std::byte* at = ring.data() + sizeof(arena::RingControl) + (tail & (capacity - 1));
  switch (random.below(4)) {
    case 0:
      what = "a body longer than the ring";
      wire::store(at, wire::FrameHeader{0x7fffffff, FrameKind::routed, 0, 1});
      control->tail.store(tail + 64);
      break;
    case 1:
      what = "a frame of an unknown kind";
      wire::store(at, wire::FrameHeader{8, static_cast<FrameKind>(99), 0, 1});
      control->tail.store(tail + 64);
      break;
    case 2:
      what = "a position far away";
      control->tail.store(tail + (std::uint64_t{1} << 40));
      break;
    default: what = "a position between two frames"; control->tail.store(tail + 8);
  }
  return true;
}

}  // namespace

bool push_malformed(Job& job, std::uint32_t rank, test::Random& random, std::string& what) {
  if (random.one_in(4)) {
    const bool done = overwrite_ring(job, rank, random, what);
    if (done) job.wake_engine_of(rank);
    return done;
  }
  Malformed malformed;
  switch (random.below(4)) {
    case 0: malformed = bad_control(random); break;
    case 1: malformed = bad_variable_run(random); break;
    case 2: {
      const auto too_large = static_cast<std::uint32_t>(
          std::max(job.options().block_bytes, job.options().largest_body_bytes));
      malformed = {"an item larger than any block", FrameKind::routed, routed_run(0, too_large, 1)};
      break;
    }
    default: malformed = bad_run(job, random);
  }
  what = malformed.what;
  transport::Channel& link = job.rank(rank).link();
  const bool pushed = link.try_push(malformed.kind, 1, malformed.body) == wire::Push::ok;
  link.flush_wakeups();
  return pushed;
}

bool damage(wire::FrameHeader& header, std::vector<std::byte>& body, test::Random& random,
            std::string& what) {
  const bool has_runs = header.kind == FrameKind::routed || header.kind == FrameKind::final;
  if (header.kind == FrameKind::goodbye) return false;
  if (has_runs && !body.empty() && random.one_in(2)) {
    auto run = wire::load<RunHeader>(body.data());
    switch (random.below(3)) {
      case 0:
        what = "a run without items";
        run.count = 0;
        break;
      case 1:
        what = "a run that ends outside of its frame";
        run.run_bytes = static_cast<std::uint32_t>(body.size());
        break;
      default: what = "a run with too many items"; run.count = ~std::uint32_t{0};
    }
    wire::store(body.data(), run);
    return true;
  }
  switch (random.below(3)) {
    case 0:
      what = "a header that promises more than there is";
      header.body_bytes += 8;
      break;
    case 1:
      what = "an unknown kind";
      header.kind = static_cast<FrameKind>(8 + random.below(1000));
      break;
    default: what = "a frame for ranks, sent to an engine"; header.kind = FrameKind::release;
  }
  return true;
}

}  // namespace buddy::sim
