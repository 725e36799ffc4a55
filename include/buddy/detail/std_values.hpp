// How values of the standard library's templates travel.
#pragma once

#include <array>
#include <buddy/detail/archives.hpp>
#include <buddy/detail/bytes.hpp>
#include <buddy/detail/ties.hpp>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace buddy::detail {

/// How values of the standard library's templates travel where cereal would ask for more: that a
/// part can be made from nothing, or be assigned. known: there is a put() and a take().
template <class T>
struct StdValue {
  static constexpr bool known = false;
};

template <class C>
struct StdContainer {
  static constexpr bool known = true;
  static constexpr bool in_one_piece = false;

  static void put(OutputBytes& archive, const C& values) {
    const std::uint64_t size = values.size();
    archive.save_bytes(&size, sizeof size);
    for (const auto& value : values) put_value(archive, value);
  }
};

template <class C>
struct StdSequence : StdContainer<C> {
  static C take(InputBytes& archive) {
    C values;
    for (std::size_t left = archive.take_size(1); left != 0; --left) {
      values.push_back(take_value<typename C::value_type>(archive));
    }
    return values;
  }
};
template <class T, class A>
struct StdValue<std::deque<T, A>> : StdSequence<std::deque<T, A>> {};
template <class T, class A>
struct StdValue<std::list<T, A>> : StdSequence<std::list<T, A>> {};

template <class T, class A>
  requires(!std::is_same_v<T, bool>)
struct StdValue<std::vector<T, A>> : StdSequence<std::vector<T, A>> {
  using Values = std::vector<T, A>;

  static void put(OutputBytes& archive, const Values& values) {
    if constexpr (by_bytes<T>) {
      const std::uint64_t size = values.size();
      archive.save_bytes(&size, sizeof size);
      archive.save_bytes(values.data(), values.size() * sizeof(T));
    } else {
      StdContainer<Values>::put(archive, values);
    }
  }
  static Values take(InputBytes& archive) {
    if constexpr (by_bytes<T> && std::is_default_constructible_v<T>) {
      Values values(archive.take_size(sizeof(T)));
      archive.load_bytes(values.data(), values.size() * sizeof(T));
      return values;
    } else if constexpr (by_bytes<T>) {
      Values values;
      const std::size_t size = archive.take_size(sizeof(T));
      values.reserve(size);
      std::array<std::byte, sizeof(T)> bytes;
      while (values.size() != size) {
        archive.load_bytes(bytes.data(), sizeof(T));
        values.push_back(from_bytes<T>(bytes.data()));
      }
      return values;
    } else {
      return StdSequence<Values>::take(archive);
    }
  }
};

template <class C>
struct StdSet : StdContainer<C> {
  static C take(InputBytes& archive) {
    C values;
    for (std::size_t left = archive.take_size(1); left != 0; --left) {
      values.emplace_hint(values.end(), take_value<typename C::key_type>(archive));
    }
    return values;
  }
};
template <class T, class C, class A>
struct StdValue<std::set<T, C, A>> : StdSet<std::set<T, C, A>> {};
template <class T, class C, class A>
struct StdValue<std::multiset<T, C, A>> : StdSet<std::multiset<T, C, A>> {};
template <class T, class H, class E, class A>
struct StdValue<std::unordered_set<T, H, E, A>> : StdSet<std::unordered_set<T, H, E, A>> {};
template <class T, class H, class E, class A>
struct StdValue<std::unordered_multiset<T, H, E, A>> : StdSet<std::unordered_multiset<T, H, E, A>> {
};

template <class C>
struct StdMap : StdContainer<C> {
  static C take(InputBytes& archive) {
    C values;
    for (std::size_t left = archive.take_size(1); left != 0; --left) {
      auto key = take_value<typename C::key_type>(archive);
      values.emplace_hint(values.end(), std::move(key),
                          take_value<typename C::mapped_type>(archive));
    }
    return values;
  }
};
template <class K, class V, class C, class A>
struct StdValue<std::map<K, V, C, A>> : StdMap<std::map<K, V, C, A>> {};
template <class K, class V, class C, class A>
struct StdValue<std::multimap<K, V, C, A>> : StdMap<std::multimap<K, V, C, A>> {};
template <class K, class V, class H, class E, class A>
struct StdValue<std::unordered_map<K, V, H, E, A>> : StdMap<std::unordered_map<K, V, H, E, A>> {};
template <class K, class V, class H, class E, class A>
struct StdValue<std::unordered_multimap<K, V, H, E, A>>
    : StdMap<std::unordered_multimap<K, V, H, E, A>> {};

template <class A, class B>
struct StdValue<std::pair<A, B>> {
  static constexpr bool known = true;
  static void put(OutputBytes& archive, const std::pair<A, B>& value) {
    put_value(archive, value.first);
    put_value(archive, value.second);
  }
  static std::pair<A, B> take(InputBytes& archive) {
    auto first = take_value<std::remove_const_t<A>>(archive);
    return {std::move(first), take_value<std::remove_const_t<B>>(archive)};
  }
};

template <class... Ts>
struct StdValue<std::tuple<Ts...>> {
  static constexpr bool known = true;
  static void put(OutputBytes& archive, const std::tuple<Ts...>& value) {
    std::apply([&](const Ts&... parts) { (put_value(archive, parts), ...); }, value);
  }
  static std::tuple<Ts...> take(InputBytes& archive) {
    return std::tuple<Ts...>{take_value<std::remove_const_t<Ts>>(archive)...};  // left to right
  }
};

template <class T, std::size_t n>
struct StdValue<std::array<T, n>> {
  static constexpr bool known = true;
  using Values = std::array<T, n>;
  static void put(OutputBytes& archive, const Values& values) {
    for (const T& value : values) put_value(archive, value);
  }
  static Values take(InputBytes& archive) {
    if constexpr (std::is_default_constructible_v<Values> && !std::is_const_v<T>) {
      Values values;
      for (T& value : values) get_value(archive, value);
      return values;
    } else {
      return take_each(archive, std::make_index_sequence<n>());
    }
  }

 private:
  template <std::size_t... i>
  static Values take_each(InputBytes& archive, std::index_sequence<i...>) {
    return {{(static_cast<void>(i), take_value<std::remove_const_t<T>>(archive))...}};
  }
};

template <class T>
struct StdValue<std::optional<T>> {
  static constexpr bool known = true;
  static void put(OutputBytes& archive, const std::optional<T>& value) {
    put_value(archive, std::uint8_t{!value.has_value()});
    if (value) put_value(archive, *value);
  }
  static std::optional<T> take(InputBytes& archive) {
    std::optional<T> value;
    if (take_value<std::uint8_t>(archive) == 0)
      value.emplace(take_value<std::remove_const_t<T>>(archive));
    return value;
  }
};

template <class... Ts>
struct StdValue<std::variant<Ts...>> {
  static constexpr bool known = true;
  using Value = std::variant<Ts...>;
  static void put(OutputBytes& archive, const Value& value) {
    put_value(archive, static_cast<std::uint32_t>(value.index()));
    std::visit([&](const auto& held) { put_value(archive, held); }, value);
  }
  static Value take(InputBytes& archive) {
    return take_from<0>(archive, take_value<std::uint32_t>(archive));
  }

 private:
  template <std::size_t i>
  static Value take_from(InputBytes& archive, std::uint32_t index) {
    if constexpr (i < sizeof...(Ts)) {
      if (index != i) return take_from<i + 1>(archive, index);
      using Held = std::variant_alternative_t<i, Value>;
      return Value(std::in_place_index<i>, take_value<std::remove_const_t<Held>>(archive));
    } else {
      throw cereal::Exception("message names no alternative of a variant");
    }
  }
};

}  // namespace buddy::detail
