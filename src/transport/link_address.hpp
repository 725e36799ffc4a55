// How the two ends of a link find each other. Layout in docs/formats/handshake.md.
#pragma once

#include <cstdint>
#include <string>

namespace buddy::transport {

/// What carries the frames between a rank and its engine.
enum class LinkKind : std::uint32_t {
  rings = 0,    ///< rings in shared memory: both are on one machine
  network = 1,  ///< UCX: they may be anywhere
};
inline constexpr std::uint32_t link_kinds = 2;

/// One end of a link. Its wire alone understands the bytes.
struct LinkAddress {
  LinkKind kind = LinkKind::rings;
  std::string bytes;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(kind, bytes);
  }
};

}  // namespace buddy::transport
