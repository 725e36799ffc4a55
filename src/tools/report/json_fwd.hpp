// JSON in headers: the name of the type, and a place for a value that does not need its definition.
// The library's header takes longer to compile than most files that pass documents along.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

namespace buddy::tools {

using Json = nlohmann::ordered_json;

/// A JSON value that a struct holds; where it is used, include tools/json.hpp. Null at first.
class JsonValue {
 public:
  JsonValue();
  JsonValue(Json value);  // NOLINT(google-explicit-constructor): it is one
  JsonValue(const JsonValue& other);
  JsonValue(JsonValue&& other) noexcept;
  JsonValue& operator=(JsonValue other) noexcept;
  ~JsonValue();

  static JsonValue object();
  static JsonValue array();

  const Json& operator*() const noexcept { return *value_; }
  Json& operator*() noexcept { return *value_; }
  const Json* operator->() const noexcept { return value_.get(); }
  Json* operator->() noexcept { return value_.get(); }

 private:
  std::unique_ptr<Json> value_;  ///< never empty
};

}  // namespace buddy::tools
