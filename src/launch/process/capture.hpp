// What programs print, kept for the case that it is of interest.
#pragma once

#include <string>

#include "base/unique_fd.hpp"

namespace buddy::launch {

/// Everything a run prints, in memory. Several processes may write through its descriptor.
class Capture {
 public:
  Capture();
  int fd() const { return fd_.get(); }
  std::string text() const;

 private:
  UniqueFd fd_;
};

}  // namespace buddy::launch
