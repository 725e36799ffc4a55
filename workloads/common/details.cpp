#include "common/details.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace workloads {

using nlohmann::json;

void Details::Entry::operator=(bool value) noexcept { value_ = value; }
void Details::Entry::operator=(double value) noexcept { value_ = value; }
void Details::Entry::operator=(std::string_view value) { value_ = value; }
void Details::Entry::operator=(const Details& value) { value_ = value.object(); }
void Details::Entry::operator=(std::span<const std::int32_t> value) {
  value_ = std::vector<std::int32_t>(value.begin(), value.end());
}
void Details::Entry::operator=(std::nullopt_t) noexcept { value_ = nullptr; }
void Details::Entry::set(std::int64_t value) noexcept { value_ = value; }
void Details::Entry::set(std::uint64_t value) noexcept { value_ = value; }

Details::Details() : object_(std::make_unique<json>(json::object())) {}
Details::Details(const Details& other) : object_(std::make_unique<json>(*other.object_)) {}
Details& Details::operator=(const Details& other) {
  *object_ = *other.object_;
  return *this;
}
// What was moved from stays an object.
Details::Details(Details&& other) noexcept : Details() { object_.swap(other.object_); }
Details& Details::operator=(Details&& other) noexcept {
  object_.swap(other.object_);
  return *this;
}
Details::~Details() = default;

Details::Entry Details::operator[](std::string_view name) {
  return Entry((*object_)[std::string(name)]);
}

// JSON holds UTF-8 only, and the name of an input file may hold anything.
std::string Details::text() const {
  return object_->dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace workloads
