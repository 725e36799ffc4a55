#include "engine/engine_trace.hpp"

namespace buddy::engine {

EngineTrace::EngineTrace(TraceWriter* writer, std::size_t sources) : writer_(writer) {
  if (writer == nullptr) return;
  seen_.assign(sources, 0);
  written_bytes_.assign(sources, 0);
}

void EngineTrace::peeked(std::uint32_t source, bool from_rank, const wire::Frame& frame) noexcept {
  if (seen_[source] != 0) return;
  seen_[source] = 1;
  const std::size_t header = frame.body.data() == nullptr ? 0 : sizeof frame.header;
  const std::byte* const start = frame.body.data() - header;
  const std::size_t bytes = header + frame.body.size();
  if (from_rank) writer_->record(TraceKind::intake, {start, bytes});
  writer_->record(TraceKind::read, {start, bytes});
}

void EngineTrace::appended(std::span<const wire::BlockBuilder> blocks) noexcept {
  for (std::size_t hop = 0; hop < blocks.size(); ++hop) {
    const std::size_t bytes = blocks[hop].bytes();
    if (bytes <= written_bytes_[hop]) continue;
    const std::size_t fresh = bytes - written_bytes_[hop];
    writer_->record(TraceKind::write, {blocks[hop].cursor() - fresh, fresh});
    written_bytes_[hop] = bytes;
  }
}

void EngineTrace::flushed(std::uint32_t hop, std::span<const std::byte> body,
                          const transport::Channel& channel) noexcept {
  if (body.size() > written_bytes_[hop]) {
    writer_->record(TraceKind::write, body.subspan(written_bytes_[hop]));
  }
  written_bytes_[hop] = 0;
  writer_->record(TraceKind::read, body);
  pushed(channel);
}

void EngineTrace::pushed(const transport::Channel& channel) noexcept {
  writer_->record(TraceKind::write, channel.last_pushed());
}

}  // namespace buddy::engine
