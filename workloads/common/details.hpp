// Named figures and texts of a result, which a program adds as it likes. The JSON library stays
// behind one compiled file: its header is large.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace workloads {

/// A JSON object.
class Details {
 public:
  /// A place for a value: details["seed"] = 4711.
  class Entry {
   public:
    explicit Entry(nlohmann::json& value) noexcept : value_(value) {}
    void operator=(bool value) noexcept;
    void operator=(double value) noexcept;
    template <std::signed_integral T>
    void operator=(T value) noexcept {
      set(std::int64_t{value});
    }
    template <std::unsigned_integral T>
    void operator=(T value) noexcept {
      set(std::uint64_t{value});
    }
    void operator=(std::string_view value);
    void operator=(const char* value) { *this = std::string_view(value); }
    void operator=(std::span<const std::int32_t> value);
    void operator=(const Details& value);
    void operator=(std::nullopt_t) noexcept;
    template <class T>
    void operator=(const std::optional<T>& value) {
      value ? * this = *value : * this = std::nullopt;
    }

   private:
    void set(std::int64_t value) noexcept;
    void set(std::uint64_t value) noexcept;

    nlohmann::json& value_;
  };

  Details();
  Details(const Details& other);
  Details& operator=(const Details& other);
  Details(Details&& other) noexcept;
  Details& operator=(Details&& other) noexcept;
  ~Details();

  /// The entry of that name, added if there is none.
  Entry operator[](std::string_view name);
  const nlohmann::json& object() const noexcept { return *object_; }
  /// The object as text.
  std::string text() const;

 private:
  std::unique_ptr<nlohmann::json> object_;
};

}  // namespace workloads
