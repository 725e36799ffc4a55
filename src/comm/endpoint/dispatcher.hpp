// What arrives at a rank, and the handlers that run it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <span>
#include <vector>

#include "comm/endpoint/barrier_client.hpp"
#include "comm/endpoint/endpoint_context.hpp"
#include "comm/endpoint/fragments.hpp"
#include "comm/endpoint/sender.hpp"
#include "wire/frame.hpp"
#include "wire/run.hpp"

namespace buddy::comm {

/// Takes frames from the engine: runs the handlers of their messages, passes control frames on.
///
/// Invariants: messages run in the order in which they arrived, deferred frames first; a handler
/// never runs inside another; one that throws has had its turn, and the walk over its frame goes on
/// behind it.
/// Threads: the rank's.
class Dispatcher {
 public:
  Dispatcher(EndpointContext& context, Receiver& receiver, BarrierClient& barrier,
             Sender& sender) noexcept
      : context_(context), receiver_(receiver), barrier_(barrier), sender_(sender) {}
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  /// While \p pause: run_arrived() defers.
  void pause_handlers(bool pause) noexcept { handlers_paused_ = pause; }
  bool handlers_paused() const noexcept { return handlers_paused_; }

  /// Runs what has arrived, up to a number of frames. Throws what handlers throw.
  /// \return whether anything moved
  bool run_arrived();
  /// Puts aside what has arrived, to be run by the next run_arrived().
  /// \return whether anything moved
  bool defer_arrived();

  /// Runs \p step; exceptions of handlers are kept for throw_kept().
  template <class Step>
  void keep_exceptions(Step step) {
    handler_threw_ = false;
    try {
      step();
    } catch (...) {
      if (!handler_threw_) throw;
      kept_.push_back(std::current_exception());
    }
  }
  /// Throws the oldest exception that was kept, if there is one.
  void throw_kept();

 private:
  wire::Peek peek(wire::Frame& frame);
  bool run_deferred();
  void run_frame(std::span<const std::byte> body);
  void run_fixed(const wire::Run& run);
  void run_variable(const wire::Run& run);
  void run_item(std::uint32_t handler, std::span<const std::byte> payload);
  template <class Call>
  void call_handlers(Call call);
  void take_control(const wire::Frame& frame);
  [[noreturn]] void corrupt(const char* what);

  EndpointContext& context_;
  Receiver& receiver_;
  BarrierClient& barrier_;
  Sender& sender_;
  std::deque<std::vector<std::byte>> deferred_frames_;
  Reassembly reassembly_;
  bool handlers_paused_ = false;
  bool handler_threw_ = false;  ///< the exception under way is a handler's
  std::deque<std::exception_ptr> kept_;
  std::uint32_t run_offset_ = 0;  ///< where the walk over the frame at hand goes on
  std::uint32_t item_ = 0;
};

}  // namespace buddy::comm
