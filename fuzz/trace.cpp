// Traces as a damaged disk or another version would leave them.
// Input: the bytes of a file; its length field is put right if the first byte is odd.
#include <cstring>

#include "fuzz/input.hpp"
#include "measure/cache/buffer_scheme.hpp"
#include "measure/cache/trace_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using buddy::fuzz::require;
  buddy::fuzz::Input input(data, size);
  const bool repair = (input.take<std::uint8_t>() & 1) != 0;
  std::vector<std::byte> bytes = input.take_bytes(input.left());
  buddy::TraceHeader header{};
  if (repair && bytes.size() >= sizeof header) {
    header = {buddy::trace_magic, buddy::trace_version, 0, 0, 0, 0, 0};
    header.events = (bytes.size() - sizeof header) / sizeof(buddy::TraceEvent);
    std::memcpy(bytes.data(), &header, sizeof header);
  }
  const auto trace = buddy::measure::parse_trace(bytes, "input");
  require(trace.ok() || !trace.status().message().empty());
  if (!trace.ok()) return 0;
  require(trace.value().events.size() * sizeof(buddy::TraceEvent) + sizeof header == bytes.size());
  for (const auto& scheme : buddy::measure::buffer_schemes(std::uint64_t{1} << 20)) {
    const auto moved = buddy::measure::with_scheme(trace.value(), scheme);
    require(moved.events.size() == trace.value().events.size());
  }
  return 0;
}
