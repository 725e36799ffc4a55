#include "base/machine_identity.hpp"

#include <sys/stat.h>

#include <fstream>

namespace buddy {

std::string machine_identity() {
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  struct stat info {};
  ::stat("/dev/shm", &info);
  return boot + ":" + std::to_string(info.st_dev);
}

}  // namespace buddy
