#include <utility>

#include "tools/report/json.hpp"

namespace buddy::tools {

JsonValue::JsonValue() : value_(std::make_unique<Json>()) {}
JsonValue::JsonValue(Json value) : value_(std::make_unique<Json>(std::move(value))) {}
JsonValue::JsonValue(const JsonValue& other) : value_(std::make_unique<Json>(*other.value_)) {}
JsonValue::JsonValue(JsonValue&& other) noexcept : JsonValue() { value_.swap(other.value_); }
JsonValue& JsonValue::operator=(JsonValue other) noexcept {
  value_.swap(other.value_);
  return *this;
}
JsonValue::~JsonValue() = default;

JsonValue JsonValue::object() { return Json::object(); }
JsonValue JsonValue::array() { return Json::array(); }

}  // namespace buddy::tools
