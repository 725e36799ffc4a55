#include "tools/service/port_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/unique_fd.hpp"

namespace buddy::tools {

PortFile::~PortFile() {
  if (written_) unlink(path_.c_str());
}

Status PortFile::write(std::uint16_t port) {
  if (path_.empty()) return {};
  const std::string part = path_ + ".part";
  const UniqueFd file(open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const std::string line = fmt::format("{}\n", port);
  written_ = file &&
             ::write(file.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
             std::rename(part.c_str(), path_.c_str()) == 0;
  if (written_) return {};
  const int error = errno;
  unlink(part.c_str());
  return {ErrorCode::system, fmt::format("cannot write {} ({}) choose another --port-file", path_,
                                         std::strerror(error))};
}

}  // namespace buddy::tools
