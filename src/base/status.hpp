// Operating errors as values: nothing below the public API throws.
#pragma once

#include <buddy/error.hpp>
#include <string>
#include <utility>
#include <variant>

namespace buddy {

/// Outcome of an operation that can meet an operating error (bad input, dead peer).
/// The message has the form "problem (why) what to do".
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const noexcept { return code_ == ErrorCode::ok; }
  ErrorCode code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }

 private:
  ErrorCode code_ = ErrorCode::ok;
  std::string message_;
};

/// A value, or why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  Result(Status status) : content_(std::move(status)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return content_.index() == 0; }
  T& value() { return std::get<0>(content_); }
  const T& value() const { return std::get<0>(content_); }
  Status status() const { return ok() ? Status() : std::get<1>(content_); }

 private:
  std::variant<T, Status> content_;
};

/// Throws buddy::Error when \p status is an error: the boundary to the public API.
inline void throw_if_error(const Status& status) {
  if (!status.ok()) throw Error(status.code(), status.message());
}

}  // namespace buddy
