// Serialisation of arguments that are not trivially copyable: cereal over plain byte vectors.
#pragma once

#include <array>
#include <bit>
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
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace buddy {

/// cereal archive that appends native-endian bytes to a vector.
class OutputBytes : public cereal::OutputArchive<OutputBytes, cereal::AllowEmptyClassElision> {
 public:
  explicit OutputBytes(std::vector<std::byte>& out) : OutputArchive(this), out_(out) {}

  void save_bytes(const void* data, std::size_t size) {
    if (size == 0) return;
    const std::size_t before = out_.size();
    out_.resize(before + size);
    std::memcpy(out_.data() + before, data, size);
  }

 private:
  std::vector<std::byte>& out_;
};

/// cereal archive that reads what OutputBytes wrote.
/// Throws cereal::Exception when the bytes end early.
class InputBytes : public cereal::InputArchive<InputBytes, cereal::AllowEmptyClassElision> {
 public:
  explicit InputBytes(std::span<const std::byte> in) : InputArchive(this), in_(in) {}

  void load_bytes(void* data, std::size_t size) {
    if (size > in_.size()) throw cereal::Exception("message ends early");
    if (size != 0) std::memcpy(data, in_.data(), size);
    in_ = in_.subspan(size);
  }

  std::size_t remaining() const noexcept { return in_.size(); }

 private:
  std::span<const std::byte> in_;
};

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
/// A container's size comes before its elements, and memory for them is taken at once: damaged
/// bytes must not claim more than there are. Only elements without bytes may be more, to a limit.
template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(InputBytes& archive, cereal::SizeTag<T>& tag) {
  constexpr std::size_t most_without_bytes = 1u << 16;
  archive(tag.size);
  if (tag.size > archive.remaining() && tag.size > most_without_bytes) {
    throw cereal::Exception("message ends early");
  }
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(OutputBytes& archive, const cereal::BinaryData<T>& data) {
  archive.save_bytes(data.data, static_cast<std::size_t>(data.size));
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(InputBytes& archive, cereal::BinaryData<T>& data) {
  archive.load_bytes(data.data, static_cast<std::size_t>(data.size));
}

namespace detail {
/// Archives that ask what cereal can serialise without what is added below for Buddy's own.
class ProbeOutput : public cereal::OutputArchive<ProbeOutput, cereal::AllowEmptyClassElision> {
 public:
  ProbeOutput() : OutputArchive(this) {}
};
class ProbeInput : public cereal::InputArchive<ProbeInput, cereal::AllowEmptyClassElision> {
 public:
  ProbeInput() : InputArchive(this) {}
};
template <class Archive>
concept Probe = std::is_same_v<Archive, ProbeOutput> || std::is_same_v<Archive, ProbeInput>;
template <Probe Archive, class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(Archive&, cereal::NameValuePair<T>&);
template <Probe Archive, class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(Archive&, cereal::SizeTag<T>&);
template <Probe Archive, class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(Archive&, cereal::BinaryData<T>&);
}  // namespace detail

/// Types whose bytes are their value: no serialize() needed.
template <class T>
concept PlainStruct = std::is_trivially_copyable_v<T> && std::is_class_v<T> &&
                      !cereal::traits::is_output_serializable<T, detail::ProbeOutput>::value &&
                      !cereal::traits::is_input_serializable<T, detail::ProbeInput>::value;

/// Inside of containers, pairs and user types, too. Empty ones take no bytes there.
/// The archive is a template parameter so that it is looked at first: whether T is a PlainStruct
/// is asked with another archive, and must not come back here.
template <std::same_as<OutputBytes> Archive, PlainStruct T>
  requires(!std::is_empty_v<T>)
void CEREAL_SAVE_FUNCTION_NAME(Archive& archive, const T& value) {
  archive.save_bytes(&value, sizeof value);
}
template <std::same_as<InputBytes> Archive, PlainStruct T>
  requires(!std::is_empty_v<T>)
void CEREAL_LOAD_FUNCTION_NAME(Archive& archive, T& value) {
  archive.load_bytes(&value, sizeof value);
}

/// Vectors of plain structs go as one piece.
template <PlainStruct T, class A>
void CEREAL_SAVE_FUNCTION_NAME(OutputBytes& archive, const std::vector<T, A>& values) {
  archive(cereal::make_size_tag(static_cast<cereal::size_type>(values.size())));
  archive.save_bytes(values.data(), values.size() * sizeof(T));
}
template <PlainStruct T, class A>
void CEREAL_LOAD_FUNCTION_NAME(InputBytes& archive, std::vector<T, A>& values) {
  cereal::size_type size = 0;
  archive(cereal::make_size_tag(size));
  if (size > archive.remaining() / sizeof(T)) throw cereal::Exception("message ends early");
  values.resize(static_cast<std::size_t>(size));
  archive.load_bytes(values.data(), values.size() * sizeof(T));
}

/// Writes one value: plain structs as bytes, all else through cereal.
template <class T>
void put_value(OutputBytes& archive, const T& value) {
  if constexpr (PlainStruct<T>) {
    archive.save_bytes(&value, sizeof value);
  } else {
    archive(value);
  }
}
template <class T>
void get_value(InputBytes& archive, T& value) {
  if constexpr (PlainStruct<T>) {
    archive.load_bytes(&value, sizeof value);
  } else {
    archive(value);
  }
}
/// The next value; plain structs need no default constructor.
template <class T>
T take_value(InputBytes& archive) {
  if constexpr (PlainStruct<T>) {
    std::array<std::byte, sizeof(T)> raw{};
    archive.load_bytes(raw.data(), raw.size());
    return std::bit_cast<T>(raw);
  } else {
    T value{};
    archive(value);
    return value;
  }
}

}  // namespace buddy

CEREAL_REGISTER_ARCHIVE(buddy::OutputBytes)
CEREAL_REGISTER_ARCHIVE(buddy::InputBytes)
CEREAL_SETUP_ARCHIVE_TRAITS(buddy::InputBytes, buddy::OutputBytes)
