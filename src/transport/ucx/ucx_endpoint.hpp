// A UCX endpoint that can be closed in bounded time.
#pragma once

#include <ucp/api/ucp.h>

#include <span>

#include "base/status.hpp"

namespace buddy::transport {

/// UCX's active message that carries packets.
inline constexpr unsigned packet_am_id = 0xb;

/// Connection of a worker to a peer, with failure of the peer reported.
/// Threads: the worker's.
class UcxEndpoint {
 public:
  enum class Sent { done, pending, failed };

  UcxEndpoint() = default;
  UcxEndpoint(const UcxEndpoint&) = delete;
  UcxEndpoint& operator=(const UcxEndpoint&) = delete;
  /// \pre close() was called, or the worker is gone
  ~UcxEndpoint() = default;

  /// \param address a UCX worker address
  /// \param on_error called from the worker's progress when the peer is gone, with \p argument
  ucs_status_t open(ucp_worker_h worker, std::span<const std::byte> address,
                    ucp_err_handler_cb_t on_error, void* argument);

  /// Sends bytes as one active message.
  /// \param on_done called from the worker's progress if the result is pending; until then the
  ///        bytes must stay where they are
  Sent send(std::span<const std::byte> bytes, ucp_send_nbx_callback_t on_done,
            void* argument) noexcept;

  /// Starts to close, dropping what has not been sent.
  void close() noexcept;
  bool is_open() const noexcept { return endpoint_ != nullptr; }
  /// \return true once nothing is left to wait for. \pre close() was called
  bool closed() noexcept;

 private:
  ucp_ep_h endpoint_ = nullptr;
  void* closing_ = nullptr;
};

}  // namespace buddy::transport
