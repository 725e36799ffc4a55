// The file in which a service says at which port it listens.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.hpp"

namespace buddy::tools {

/// Removed at the end.
class PortFile {
 public:
  /// \param path empty: no file is wanted
  explicit PortFile(std::string path) : path_(std::move(path)) {}
  ~PortFile();
  PortFile(const PortFile&) = delete;
  PortFile& operator=(const PortFile&) = delete;

  /// A line with the port. Who sees the file sees all of it. Errors: system
  Status write(std::uint16_t port);

 private:
  std::string path_;
  bool written_ = false;
};

}  // namespace buddy::tools
