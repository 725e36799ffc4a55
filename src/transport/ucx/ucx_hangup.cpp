#include <dlfcn.h>
#include <signal.h>
#include <ucs/debug/debug.h>

#include <cstdlib>
#include <string_view>

#include "transport/hangup.hpp"

namespace buddy::transport {
namespace {

/// Whether the signal is caught by UCX: asking UCX to leave it alone when it is not is a warning.
bool is_caught_by_ucx(int number) noexcept {
  struct sigaction now {};
  if (::sigaction(number, nullptr, &now) != 0) return false;
  if (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN) return false;
  Dl_info place{};
  if (::dladdr(reinterpret_cast<void*>(now.sa_handler), &place) == 0) return false;
  return place.dli_fname != nullptr &&
         std::string_view(place.dli_fname).find("libucs") != std::string_view::npos;
}

// Runs before main(): initialisers of a library follow those of the libraries that it needs.
[[maybe_unused]] const bool at_load = (give_back_hangup(), true);

}  // namespace

void give_back_hangup() noexcept {
  if (std::getenv("UCX_DEBUG_SIGNO") == nullptr && is_caught_by_ucx(SIGHUP)) {
    ::ucs_debug_disable_signal(SIGHUP);
  }
}

}  // namespace buddy::transport
