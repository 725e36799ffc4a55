// The doctor's look at UCX: what is installed now, not what Buddy was built with.
#include <dlfcn.h>
#include <fmt/core.h>

#include "tools/inspect/doctor.hpp"

namespace buddy::tools {

Finding check_network() {
  void* library = dlopen("libucp.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    return {Health::missing, "UCX", "libucp.so.0 is not installed; install UCX (Debian: libucx0)"};
  }
  using VersionFunction = void (*)(unsigned*, unsigned*, unsigned*);
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  const auto version = reinterpret_cast<VersionFunction>(dlsym(library, "ucp_get_version"));
  if (version != nullptr) version(&major, &minor, &release);
  return {Health::good, "UCX", fmt::format("{}.{}.{}", major, minor, release)};
}

}  // namespace buddy::tools
