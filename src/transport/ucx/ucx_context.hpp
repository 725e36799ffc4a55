// UCX as Buddy uses it: one context per process, and what its errors mean.
#pragma once

#include <ucp/api/ucp.h>

#include <memory>
#include <string>

#include "base/status.hpp"

namespace buddy::transport {

/// \param problem what Buddy was doing, e.g. "cannot start the network"
/// \param advice what the user can do about it
Status ucx_error(ucs_status_t status, const std::string& problem, const std::string& advice);

/// A UCX context with Buddy's defaults; what the user sets as UCX_... in the environment wins.
/// Reasons and figures for the defaults: docs/design/ucx.md.
/// Threads: any; the workers made from it are used by one thread at a time.
class UcxContext {
 public:
  /// The context of this process, shared by its agents, and made anew after the last of them went.
  static Result<std::shared_ptr<UcxContext>> shared();

  UcxContext(const UcxContext&) = delete;
  UcxContext& operator=(const UcxContext&) = delete;
  ~UcxContext() { ucp_cleanup(context_); }

  ucp_context_h get() const noexcept { return context_; }

 private:
  explicit UcxContext(ucp_context_h context) : context_(context) {}

  ucp_context_h context_;
};

}  // namespace buddy::transport
