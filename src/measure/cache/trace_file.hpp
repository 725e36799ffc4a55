// Reads what an engine has traced. Layout in docs/formats/trace.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "instrument/trace.hpp"

namespace buddy::measure {

struct Trace {
  std::uint32_t agent = 0;
  std::uint32_t node = 0;
  std::uint64_t dropped = 0;  ///< events that came after the file was full
  std::vector<TraceEvent> events;
};

/// Reads the bytes of a trace file; every event is checked. \param name for messages
/// Errors: corrupt (no trace, cut short, damaged), mismatch (another version).
Result<Trace> parse_trace(std::span<const std::byte> bytes, const std::string& name);

/// Writes \p trace as an engine would. Errors: system.
Status write_trace(const Trace& trace, const std::string& path);

/// Errors: system, when it cannot be read; those of parse_trace().
Result<Trace> read_trace(const std::string& path);

/// All traces of a folder, by file name. Errors: those of read_trace(); invalid_argument, when
/// there are none.
Result<std::vector<Trace>> read_traces(const std::string& folder);

}  // namespace buddy::measure
