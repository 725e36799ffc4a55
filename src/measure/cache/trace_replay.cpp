#include "measure/cache/trace_replay.hpp"

namespace buddy::measure {

TraceVolume volume_of(const std::vector<Trace>& traces) {
  TraceVolume volume;
  for (const Trace& trace : traces) {
    volume.dropped_events += trace.dropped;
    for (const TraceEvent& event : trace.events) {
      switch (event.kind) {
        case TraceKind::receive: volume.received_bytes += event.bytes; break;
        case TraceKind::intake: volume.intake_bytes += event.bytes; break;
        case TraceKind::read: volume.read_bytes += event.bytes; break;
        case TraceKind::write: volume.written_bytes += event.bytes; break;
        case TraceKind::send: volume.sent_bytes += event.bytes; break;
      }
    }
  }
  return volume;
}

void apply(const TraceEvent& event, Links links, CacheModel& model) {
  switch (event.kind) {
    case TraceKind::receive: return model.inbound(event.address, event.bytes);
    case TraceKind::intake:
      if (links == Links::cores) return model.neighbour_write(event.address, event.bytes);
      return model.inbound(event.address, event.bytes);
    case TraceKind::read: return model.read(event.address, event.bytes);
    case TraceKind::write: return model.write(event.address, event.bytes);
    case TraceKind::send: return model.outbound(event.address, event.bytes);
  }
}

Traffic replay(const std::vector<Trace>& traces, const CacheOptions& options,
               const std::stop_token& stop) {
  Traffic sum;
  sum.misses.assign(options.levels.size(), 0);
  for (const Trace& trace : traces) {
    CacheModel model(options);
    for (const TraceEvent& event : trace.events) {
      if (stop.stop_requested()) break;
      apply(event, options.links, model);
    }
    const Traffic& one = model.traffic();
    sum.dram_read_bytes += one.dram_read_bytes;
    sum.dram_write_bytes += one.dram_write_bytes;
    sum.first_read_bytes += one.first_read_bytes;
    for (std::size_t i = 0; i < sum.misses.size(); ++i) sum.misses[i] += one.misses[i];
  }
  return sum;
}

}  // namespace buddy::measure
