// The way between ranks and an emulated DPU.
#pragma once

#include <cstdint>
#include <memory>

#include "base/dpu_emulation.hpp"
#include "transport/delayed_channel.hpp"

namespace buddy::engine {

/// What all links of an engine process share. Threads: any.
class DpuWay {
 public:
  explicit DpuWay(const DpuEmulation& dpu)
      : delays_(dpu.delays()),
        latency_ns_(dpu.latency_ns()),
        to_ranks_(dpu.gbit),
        to_engine_(dpu.gbit) {}

  bool delays() const noexcept { return delays_; }
  /// The engine's end of a link. \param link must outlive what is returned, as must this
  std::unique_ptr<transport::DelayedChannel> delay(transport::Channel& link) {
    return std::make_unique<transport::DelayedChannel>(
        link, latency_ns_, transport::DelayedChannel::Wires{&to_ranks_, &to_engine_});
  }

 private:
  bool delays_;
  std::uint64_t latency_ns_;
  transport::SharedWire to_ranks_;
  transport::SharedWire to_engine_;
};

}  // namespace buddy::engine
