#include "instrument/trace.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace buddy {
namespace {

Status cannot_write(const std::string& path) {
  return {ErrorCode::system, "cannot write the trace " + path + " (" + std::strerror(errno) +
                                 ") name a folder that exists and is yours with BUDDY_TRACE"};
}

}  // namespace

Result<std::unique_ptr<TraceWriter>> TraceWriter::create(const Options& options) {
  static std::atomic<unsigned> made{0};  // a process may have several engines with one number
  const std::string path = options.folder + "/" + std::to_string(options.agent) + "-" +
                           std::to_string(::getpid()) + "-" + std::to_string(made++) + ".trace";
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return cannot_write(path);
  std::unique_ptr<TraceWriter> writer(new TraceWriter(options, path, std::move(fd)));
  const auto bytes = static_cast<ssize_t>(sizeof writer->header_);
  if (::write(writer->fd_.get(), &writer->header_, sizeof writer->header_) != bytes) {
    return cannot_write(path);
  }
  return writer;
}

Result<std::unique_ptr<TraceWriter>> TraceWriter::from_environment(std::uint32_t agent,
                                                                   std::uint32_t node) {
  const char* folder = std::getenv("BUDDY_TRACE");
  if (folder == nullptr || *folder == '\0') return std::unique_ptr<TraceWriter>();
  return create({.folder = folder, .agent = agent, .node = node});
}

TraceWriter::TraceWriter(const Options& options, std::string path, UniqueFd fd)
    : path_(std::move(path)),
      fd_(std::move(fd)),
      header_{trace_magic, trace_version, options.agent, options.node, 0, trace_unfinished, 0},
      most_events_(options.most_events) {}

TraceWriter::~TraceWriter() {
  flush();
  struct stat file {};
  if (::fstat(fd_.get(), &file) != 0) return;
  // What the file holds, also after a disk that ran full.
  const auto written = static_cast<std::uint64_t>(file.st_size) - sizeof header_;
  header_.events = written / sizeof(TraceEvent);
  [[maybe_unused]] const ssize_t done = ::pwrite(fd_.get(), &header_, sizeof header_, 0);
}

void TraceWriter::record(TraceKind kind, std::span<const std::byte> bytes,
                         std::uint32_t peer) noexcept {
  if (bytes.empty()) return;
  if (most_events_ == 0) {
    ++header_.dropped;
    return;
  }
  --most_events_;
  buffer_[buffered_++] = {reinterpret_cast<std::uintptr_t>(bytes.data()),
                          static_cast<std::uint32_t>(bytes.size()), kind,
                          static_cast<std::uint16_t>(peer)};
  if (buffered_ == buffer_.size()) flush();
}

void TraceWriter::flush() noexcept {
  const std::size_t bytes = buffered_ * sizeof(TraceEvent);
  const auto* from = reinterpret_cast<const char*>(buffer_.data());
  for (std::size_t done = 0; done < bytes;) {
    const ssize_t wrote = ::write(fd_.get(), from + done, bytes - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) {
      header_.dropped += (bytes - done) / sizeof(TraceEvent);
      most_events_ = 0;
      break;
    }
    done += static_cast<std::size_t>(wrote);
  }
  buffered_ = 0;
}

}  // namespace buddy
