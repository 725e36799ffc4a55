// A UCX worker: one agent's share of the network.
#pragma once

#include <ucp/api/ucp.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "base/status.hpp"
#include "transport/ucx/ucx_context.hpp"

namespace buddy::transport {

/// Bytes that name a worker, sealed against truncation and damage on their way, because UCX does
/// not check them.
std::string seal_address(std::span<const std::byte> address);
/// \return the worker address inside, or nothing
std::span<const std::byte> unseal_address(const std::string& sealed);

/// Threads: one at a time, not always the same one; who hands it on synchronises.
class UcxWorker {
 public:
  static Result<std::unique_ptr<UcxWorker>> create();
  UcxWorker(const UcxWorker&) = delete;
  UcxWorker& operator=(const UcxWorker&) = delete;
  ~UcxWorker();

  ucp_worker_h get() const noexcept { return worker_; }
  int event_fd() const noexcept { return event_fd_; }
  /// As exchanged between agents; see seal_address().
  const std::string& address() const noexcept { return address_; }

  /// Packets go to \p callback from now on.
  Status receive(ucp_am_recv_callback_t callback, void* argument);
  /// A bounded amount of network work. \return how many things happened
  unsigned progress() noexcept;
  /// \return false if there is work already
  bool arm() noexcept { return ucp_worker_arm(worker_) == UCS_OK; }

 private:
  UcxWorker(std::shared_ptr<UcxContext> context, ucp_worker_h worker)
      : context_(std::move(context)), worker_(worker) {}
  Status read_address();

  std::shared_ptr<UcxContext> context_;
  ucp_worker_h worker_;
  int event_fd_ = -1;
  std::string address_;
};

}  // namespace buddy::transport
