// cereal archives over plain byte vectors, in which every value is written by put_value().
#pragma once

#include <buddy/detail/own_functions.hpp>
#include <buddy/detail/ties.hpp>
#include <cereal/cereal.hpp>
#include <cereal/types/array.hpp>
#include <cereal/types/chrono.hpp>
#include <cereal/types/complex.hpp>
#include <cereal/types/deque.hpp>
#include <cereal/types/list.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/memory.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/set.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/tuple.hpp>
#include <cereal/types/unordered_map.hpp>
#include <cereal/types/unordered_set.hpp>
#include <cereal/types/utility.hpp>
#include <cereal/types/variant.hpp>
#include <cereal/types/vector.hpp>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace buddy {

class OutputBytes;
class InputBytes;

/// Writes one value, the same way wherever it stands: as an argument, in a container, in a
/// serialize(). Types whose bytes are their value go as their bytes, all else through cereal.
template <class T>
void put_value(OutputBytes& archive, const T& value);
/// Reads into \p value what put_value() wrote.
template <class T>
void get_value(InputBytes& archive, T& value);
/// The same for a T that need not exist before.
template <class T>
T take_value(InputBytes& archive);

namespace detail {
/// What functions written for cereal pass to an archive around a value.
template <class T>
inline constexpr bool is_name_value_pair = false;
template <class T>
inline constexpr bool is_name_value_pair<cereal::NameValuePair<T>> = true;
template <class T>
inline constexpr bool is_wrapper_of_cereal = is_name_value_pair<T>;
template <class T>
inline constexpr bool is_wrapper_of_cereal<cereal::SizeTag<T>> = true;
template <class T>
inline constexpr bool is_wrapper_of_cereal<cereal::BinaryData<T>> = true;
template <class T>
inline constexpr bool is_wrapper_of_cereal<cereal::DeferredData<T>> = true;
template <class T>
inline constexpr bool is_wrapper_of_cereal<cereal::base_class<T>> = true;
template <class T>
inline constexpr bool is_wrapper_of_cereal<cereal::virtual_base_class<T>> = true;
template <class K, class V>
inline constexpr bool is_wrapper_of_cereal<cereal::MapItem<K, V>> = true;
template <class T>
inline constexpr bool is_wrapper_of_cereal<cereal::memory_detail::PtrWrapper<T>> = true;
template <class A, class T>
inline constexpr bool
    is_wrapper_of_cereal<cereal::memory_detail::LoadAndConstructLoadWrapper<A, T>> = true;
}  // namespace detail

/// cereal archive that appends native-endian bytes to a vector.
class OutputBytes : public cereal::OutputArchive<OutputBytes, cereal::AllowEmptyClassElision> {
 public:
  explicit OutputBytes(std::vector<std::byte>& out) : OutputArchive(this), out_(out) {}

  template <class... Ts>
  OutputBytes& operator()(Ts&&... each) {
    (put(each), ...);
    return *this;
  }
  template <class T>
  OutputBytes& operator&(T&& value) {
    return (*this)(value);
  }
  template <class T>
  OutputBytes& operator<<(T&& value) {
    return (*this)(value);
  }

  void save_bytes(const void* data, std::size_t size) {
    if (size == 0) return;
    const std::size_t before = out_.size();
    out_.resize(before + size);
    std::memcpy(out_.data() + before, data, size);
  }
  /// By the functions that cereal finds for T.
  template <class T>
  void save_by_cereal(const T& value) {
    OutputArchive::operator()(value);
  }

 private:
  template <class T>
  void put(const T& value) {
    if constexpr (detail::is_name_value_pair<T>) {
      put(value.value);
    } else if constexpr (detail::is_wrapper_of_cereal<T>) {
      save_by_cereal(value);
    } else {
      put_value(*this, value);
    }
  }

  std::vector<std::byte>& out_;
};

/// cereal archive that reads what OutputBytes wrote.
/// Throws cereal::Exception when the bytes end early.
class InputBytes : public cereal::InputArchive<InputBytes, cereal::AllowEmptyClassElision> {
 public:
  explicit InputBytes(std::span<const std::byte> in) : InputArchive(this), in_(in) {}

  template <class... Ts>
  InputBytes& operator()(Ts&&... each) {
    (get(each), ...);
    return *this;
  }
  template <class T>
  InputBytes& operator&(T&& value) {
    return (*this)(value);
  }
  template <class T>
  InputBytes& operator>>(T&& value) {
    return (*this)(value);
  }

  void load_bytes(void* data, std::size_t size) {
    if (size > in_.size()) throw cereal::Exception("message ends early");
    if (size != 0) std::memcpy(data, in_.data(), size);
    in_ = in_.subspan(size);
  }
  /// By the functions that cereal finds for T.
  template <class T>
  void load_by_cereal(T& value) {
    InputArchive::operator()(value);
  }
  /// A number of elements, each of which takes at least \p element_bytes. Memory for them is taken
  /// at once: damaged bytes must not claim more than there are. Only elements without bytes may be
  /// more, to a limit.
  std::size_t take_size(std::size_t element_bytes) {
    constexpr std::size_t most_without_bytes = 1u << 16;
    std::uint64_t size = 0;
    load_bytes(&size, sizeof size);
    if (size > remaining() / element_bytes && (element_bytes > 1 || size > most_without_bytes)) {
      throw cereal::Exception("message ends early");
    }
    return static_cast<std::size_t>(size);
  }

  std::size_t remaining() const noexcept { return in_.size(); }

 private:
  template <class T>
  void get(T& value) {
    if constexpr (detail::is_name_value_pair<std::remove_const_t<T>>) {
      get(value.value);
    } else if constexpr (detail::is_wrapper_of_cereal<std::remove_const_t<T>>) {
      load_by_cereal(value);
    } else {
      get_value(*this, value);
    }
  }

  std::span<const std::byte> in_;
};

// ---- what cereal's own functions ask of an archive ------------------------------------------

template <class T>
  requires std::is_arithmetic_v<T>
void CEREAL_SAVE_FUNCTION_NAME(OutputBytes& archive, const T& value) {
  archive.save_bytes(&value, sizeof value);
}

template <class T>
  requires std::is_arithmetic_v<T>
void CEREAL_LOAD_FUNCTION_NAME(InputBytes& archive, T& value) {
  archive.load_bytes(&value, sizeof value);
}

template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(OutputBytes& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}
template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(InputBytes& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}
template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(OutputBytes& archive, cereal::SizeTag<T>& tag) {
  archive(tag.size);
}
template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(InputBytes& archive, cereal::SizeTag<T>& tag) {
  tag.size = archive.take_size(1);
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(OutputBytes& archive, const cereal::BinaryData<T>& data) {
  archive.save_bytes(data.data, static_cast<std::size_t>(data.size));
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(InputBytes& archive, cereal::BinaryData<T>& data) {
  archive.load_bytes(data.data, static_cast<std::size_t>(data.size));
}

/// Plain structs that cereal comes upon by itself, as a base class for one.
template <class T>
concept PlainStruct =
    std::is_class_v<T> && !std::is_empty_v<T> && detail::by_bytes<T> &&
    !detail::PartsOf<T>::known && !detail::is_wrapper_of_cereal<T> && !detail::has_own_functions<T>;
template <std::same_as<OutputBytes> Archive, PlainStruct T>
void CEREAL_SAVE_FUNCTION_NAME(Archive& archive, const T& value) {
  archive.save_bytes(&value, sizeof value);
}
template <std::same_as<InputBytes> Archive, PlainStruct T>
void CEREAL_LOAD_FUNCTION_NAME(Archive& archive, T& value) {
  archive.load_bytes(&value, sizeof value);
}

}  // namespace buddy

CEREAL_REGISTER_ARCHIVE(buddy::OutputBytes)
CEREAL_REGISTER_ARCHIVE(buddy::InputBytes)
CEREAL_SETUP_ARCHIVE_TRAITS(buddy::InputBytes, buddy::OutputBytes)
