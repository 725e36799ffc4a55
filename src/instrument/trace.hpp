// What an engine's buffers go through, as a file to study caches with. Layout in
// docs/formats/trace.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/status.hpp"
#include "base/unique_fd.hpp"

namespace buddy {

/// Who touches the memory of an event, and how.
enum class TraceKind : std::uint16_t {
  receive = 1,  ///< the network writes a packet into a receive buffer
  intake = 2,   ///< a local rank has written a frame into its ring to the engine
  read = 3,     ///< the engine reads
  write = 4,    ///< the engine writes
  send = 5,     ///< the network reads a packet
};

/// One access, in the order in which they happened. Little-endian.
struct TraceEvent {
  std::uint64_t address;  ///< in the engine's process
  std::uint32_t bytes;
  TraceKind kind;
  std::uint16_t peer;  ///< of receive and send: the other engine, modulo 2^16; else 0
};
static_assert(sizeof(TraceEvent) == 16);

/// At the start of a file, before its events.
struct TraceHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t agent;     ///< number of the engine in the job
  std::uint32_t node;      ///< its node
  std::uint32_t reserved;  ///< 0
  std::uint64_t events;    ///< in the file; trace_unfinished until the engine has ended
  std::uint64_t dropped;   ///< that came after the file was full
};
static_assert(sizeof(TraceHeader) == 40);

inline constexpr std::uint64_t trace_magic = 0x3143415254445542;  // "BUDTRAC1"
inline constexpr std::uint32_t trace_version = 1;
inline constexpr std::uint64_t trace_unfinished = ~std::uint64_t{0};
/// What a file takes: 64 MiB.
inline constexpr std::uint64_t most_trace_events = std::uint64_t{4} << 20;

/// Writes the trace of one engine. When the file is full, further events are counted only.
/// Whoever traces keeps a pointer that is nullptr when tracing is off, so that what it costs then
/// is one predictable branch per frame.
/// Threads: the agent's.
class TraceWriter {
 public:
  struct Options {
    std::string folder;
    std::uint32_t agent = 0;
    std::uint32_t node = 0;
    std::uint64_t most_events = most_trace_events;
  };
  /// Makes a new file `<agent>-<pid>-<number>.trace`.
  static Result<std::unique_ptr<TraceWriter>> create(const Options& options);
  /// The same in the folder that BUDDY_TRACE names. \return nullptr if it names none
  static Result<std::unique_ptr<TraceWriter>> from_environment(std::uint32_t agent,
                                                               std::uint32_t node);
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;
  /// Completes the file.
  ~TraceWriter();

  void record(TraceKind kind, std::span<const std::byte> bytes, std::uint32_t peer = 0) noexcept;
  const std::string& path() const noexcept { return path_; }

 private:
  TraceWriter(const Options& options, std::string path, UniqueFd fd);
  void flush() noexcept;

  std::string path_;
  UniqueFd fd_;
  TraceHeader header_;
  std::uint64_t most_events_;
  std::size_t buffered_ = 0;
  std::array<TraceEvent, 4096> buffer_;
};

}  // namespace buddy
