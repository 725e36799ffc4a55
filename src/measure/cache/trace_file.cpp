#include "measure/cache/trace_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace buddy::measure {
namespace {

constexpr const char* again = ") record it again";

Status damaged(const std::string& name, const std::string& why) {
  return {ErrorCode::corrupt, name + " is not a usable trace (" + why + again};
}

Status check_header(const TraceHeader& header, std::size_t body_bytes, const std::string& name) {
  if (header.magic != trace_magic) return damaged(name, "it does not begin like one");
  if (header.version != trace_version) {
    return {ErrorCode::mismatch, name + " has version " + std::to_string(header.version) +
                                     " (this Buddy reads version " + std::to_string(trace_version) +
                                     again};
  }
  if (header.reserved != 0) return damaged(name, "its header is damaged");
  if (header.events == trace_unfinished) {
    return damaged(name, "the engine that wrote it was killed, or still runs");
  }
  if (body_bytes % sizeof(TraceEvent) != 0 || body_bytes / sizeof(TraceEvent) != header.events) {
    return damaged(name, "it was cut short, or something follows it");
  }
  return {};
}

bool plausible(const TraceEvent& event) {
  return event.kind >= TraceKind::receive && event.kind <= TraceKind::send && event.bytes != 0 &&
         event.address <= ~std::uint64_t{0} - event.bytes;
}

}  // namespace

Result<Trace> parse_trace(std::span<const std::byte> bytes, const std::string& name) {
  TraceHeader header{};
  if (bytes.size() < sizeof header) return damaged(name, "it is shorter than a header");
  std::memcpy(&header, bytes.data(), sizeof header);
  bytes = bytes.subspan(sizeof header);
  if (Status status = check_header(header, bytes.size(), name); !status.ok()) return status;
  Trace trace{header.agent, header.node, header.dropped, {}};
  trace.events.resize(bytes.size() / sizeof(TraceEvent));
  if (!trace.events.empty()) std::memcpy(trace.events.data(), bytes.data(), bytes.size());
  if (!std::all_of(trace.events.begin(), trace.events.end(), plausible)) {
    return damaged(name, "an event makes no sense");
  }
  return trace;
}

Status write_trace(const Trace& trace, const std::string& path) {
  const TraceHeader header{trace_magic, trace_version,       trace.agent,  trace.node,
                           0,           trace.events.size(), trace.dropped};
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(&header), sizeof header);
  file.write(reinterpret_cast<const char*>(trace.events.data()),
             static_cast<std::streamsize>(trace.events.size() * sizeof(TraceEvent)));
  file.close();
  if (file) return {};
  return {ErrorCode::system, "cannot write " + path + " (" + std::strerror(errno) +
                                 ") choose a folder that is yours, on a disk with room"};
}

Result<Trace> read_trace(const std::string& path) {
  // A directory claims to be endless, and a pipe may never have a writer.
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown) && !std::filesystem::is_regular_file(path, unknown)) {
    return Status(ErrorCode::corrupt, path + " is no usable trace (it is no file) remove it");
  }
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  std::vector<std::byte> bytes(size < 0 ? 0 : static_cast<std::size_t>(size));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), size < 0 ? 0 : size);
  if (!file) {
    return Status(ErrorCode::system, "cannot read " + path + " (" + std::strerror(errno) +
                                         ") check that it is there and yours");
  }
  return parse_trace(bytes, path);
}

Result<std::vector<Trace>> read_traces(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".trace") paths.push_back(it->path().native());
  }
  if (paths.empty()) {
    return Status(ErrorCode::invalid_argument,
                  "there are no traces in " + folder + " (" +
                      (error ? error.message() : std::string("no file ends in .trace")) +
                      ") record some with BUDDY_TRACE=" + folder);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Trace> traces;
  for (const std::string& path : paths) {
    auto trace = read_trace(path);
    if (!trace.ok()) return trace.status();
    traces.push_back(std::move(trace.value()));
  }
  return traces;
}

}  // namespace buddy::measure
