#include "measure/cache/buffer_scheme.hpp"

#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include "measure/cache/cache_level.hpp"

namespace buddy::measure {
namespace {

constexpr std::uint64_t kib = 1024;
/// Nothing of a process lies here; a place of its own for every ring or piece.
constexpr std::uint64_t first_address = std::uint64_t{1} << 56;
/// The same for frames of a rank.
constexpr std::uint64_t first_frame_address = std::uint64_t{1} << 57;

std::uint64_t whole_lines(std::uint64_t bytes) {
  return (bytes + cache_line_bytes - 1) / cache_line_bytes * cache_line_bytes;
}

/// A received packet or a rank's frame, and when it is read for the last time.
struct Packet {
  std::uint64_t address = 0;
  std::uint32_t bytes = 0;
  TraceKind kind = TraceKind::receive;
  std::size_t last_read = 0;  ///< event; the receive event itself if nobody reads it
};

/// The packet that \p address is in, among those that are there, by address.
using Present = std::map<std::uint64_t, std::size_t>;

Present::iterator packet_at(Present& present, const std::vector<Packet>& packets,
                            std::uint64_t address) {
  auto it = present.upper_bound(address);
  if (it == present.begin()) return present.end();
  --it;
  const Packet& packet = packets[it->second];
  return address < packet.address + packet.bytes ? it : present.end();
}

void forget_overwritten(Present& present, const std::vector<Packet>& packets,
                        const TraceEvent& event) {
  const auto hit = packet_at(present, packets, event.address);
  if (hit != present.end()) present.erase(hit);
  present.erase(present.lower_bound(event.address),
                present.lower_bound(event.address + event.bytes));
}

/// Does \p event bring what \p scheme finds another place for?
bool is_placed(const TraceEvent& event, const BufferScheme& scheme) {
  if (event.kind == TraceKind::intake) return scheme.rank_bytes != 0;
  return event.kind == TraceKind::receive && scheme.reuse != BufferScheme::Reuse::recorded;
}

/// Packets in the order they came.
std::vector<Packet> find_packets(const std::vector<TraceEvent>& events,
                                 const BufferScheme& scheme) {
  std::vector<Packet> packets;
  Present present;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const TraceEvent& event = events[i];
    if (is_placed(event, scheme)) {
      forget_overwritten(present, packets, event);
      present[event.address] = packets.size();
      packets.push_back({event.address, event.bytes, event.kind, i});
    } else if (event.kind == TraceKind::read) {
      const auto it = packet_at(present, packets, event.address);
      if (it != present.end()) packets[it->second].last_read = i;
    }
  }
  return packets;
}

/// Gives packets their place.
class Placer {
 public:
  virtual ~Placer() = default;
  virtual std::uint64_t place(std::uint16_t peer, std::uint64_t bytes) = 0;
  virtual void free(std::uint64_t /*address*/) {}
};

class RingPlacer final : public Placer {
 public:
  RingPlacer(std::uint64_t first, std::uint64_t ring_bytes, bool shared)
      : first_(first), ring_bytes_(ring_bytes), shared_(shared) {}

  std::uint64_t place(std::uint16_t peer, std::uint64_t bytes) override {
    const std::uint64_t ring = shared_ ? 0 : peer;
    std::uint64_t& next = next_[ring];
    if (next + bytes > ring_bytes_) next = 0;
    const std::uint64_t at = first_ + ring * whole_lines(ring_bytes_) + next;
    next += bytes;
    return at;
  }

 private:
  std::uint64_t first_;
  std::uint64_t ring_bytes_;
  bool shared_;
  std::unordered_map<std::uint64_t, std::uint64_t> next_;
};

/// Fills a piece with packets of one peer; whatever is free, the warmest piece is taken next.
class PiecePlacer final : public Placer {
 public:
  explicit PiecePlacer(std::uint64_t piece_bytes) : piece_bytes_(piece_bytes) {}

  std::uint64_t place(std::uint16_t peer, std::uint64_t bytes) override {
    auto open = open_.find(peer);
    if (open == open_.end() || pieces_[open->second].used + bytes > piece_bytes_) {
      open = open_.insert_or_assign(peer, take()).first;
    }
    Piece& piece = pieces_[open->second];
    const std::uint64_t at = first_address + open->second * piece_bytes_ + piece.used;
    piece.used += bytes;
    ++piece.packets;
    return at;
  }

  void free(std::uint64_t address) override {
    const std::size_t index = (address - first_address) / piece_bytes_;
    if (--pieces_[index].packets != 0) return;
    pieces_[index].used = 0;
    free_.push_back(index);
    std::erase_if(open_, [index](const auto& open) { return open.second == index; });
  }

 private:
  struct Piece {
    std::uint64_t used = 0;
    std::uint64_t packets = 0;
  };
  std::size_t take() {
    if (free_.empty()) {
      pieces_.emplace_back();
      return pieces_.size() - 1;
    }
    const std::size_t index = free_.back();
    free_.pop_back();
    return index;
  }

  std::uint64_t piece_bytes_;
  std::vector<Piece> pieces_;
  std::vector<std::size_t> free_;
  std::unordered_map<std::uint16_t, std::size_t> open_;
};

std::unique_ptr<Placer> make_placer(const BufferScheme& scheme) {
  if (scheme.reuse == BufferScheme::Reuse::last_in) {
    return std::make_unique<PiecePlacer>(scheme.bytes);
  }
  const bool shared = scheme.reuse == BufferScheme::Reuse::first_in_shared;
  return std::make_unique<RingPlacer>(first_address, scheme.bytes, shared);
}

}  // namespace

std::vector<BufferScheme> buffer_schemes(std::uint64_t last_level_bytes) {
  using enum BufferScheme::Reuse;
  return {{"as recorded", recorded, 0},
          {"last in, first out, pieces of 128 KiB", last_in, 128 * kib},
          {"ring of 640 KiB per peer", first_in, 640 * kib},
          {"ring of half the last level", first_in_shared, last_level_bytes / 2},
          {"ring of twice the last level", first_in_shared, 2 * last_level_bytes}};
}

std::vector<BufferScheme> many_rank_schemes() {
  using enum BufferScheme::Reuse;
  return {{"today's: a ring of 512 KiB per rank", recorded, 0, 0},
          {"the paper's: 16 x 256 KiB per rank", first_in, 8 * 32 * kib, 16 * 256 * kib},
          {"small: 2 x 32 KiB per rank", first_in, 8 * 32 * kib, 2 * 32 * kib}};
}

Trace with_scheme(const Trace& trace, const BufferScheme& scheme) {
  const std::vector<Packet> packets = find_packets(trace.events, scheme);
  std::vector<std::uint64_t> placed(packets.size());
  const auto placer = make_placer(scheme);
  RingPlacer frames(first_frame_address, scheme.rank_bytes, true);
  Trace result = trace;
  Present present;
  std::size_t arrived = 0;
  for (std::size_t i = 0; i < result.events.size(); ++i) {
    TraceEvent& event = result.events[i];
    std::size_t packet = packets.size();
    if (is_placed(event, scheme)) {
      forget_overwritten(present, packets, event);
      packet = arrived++;
      present[event.address] = packet;
      const std::uint64_t bytes = whole_lines(event.bytes);
      placed[packet] = event.kind == TraceKind::intake ? frames.place(0, bytes)
                                                       : placer->place(event.peer, bytes);
    } else if (event.kind == TraceKind::read) {
      const auto it = packet_at(present, packets, event.address);
      if (it != present.end()) packet = it->second;
    }
    if (packet == packets.size()) continue;
    event.address = placed[packet] + (event.address - packets[packet].address);
    const bool from_network = packets[packet].kind == TraceKind::receive;
    if (from_network && packets[packet].last_read == i) placer->free(placed[packet]);
  }
  return result;
}

}  // namespace buddy::measure
