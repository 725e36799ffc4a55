// A message that cannot be run, whatever its handler would do.
#pragma once

#include <buddy/error.hpp>
#include <string>

namespace buddy::comm {

/// Thrown before a handler is called, unlike all exceptions of handlers: the job has failed.
class BadMessage : public Error {
 public:
  using Error::Error;
};

}  // namespace buddy::comm
