#include "launch/report/report_message.hpp"

#include <algorithm>
#include <cstring>

namespace buddy::launch::report {
namespace {

/// Little-endian on every machine.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void operator()(std::uint32_t value) { number(value, 4); }
  void operator()(std::uint64_t value) { number(value, 8); }
  void operator()(const std::string& text) {
    number(text.size(), 4);
    out_ += text;
  }
  void operator()(const Bytes32& bytes) {
    out_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }

 private:
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xff);
  }

  std::string& out_;
};

/// Takes nothing that is not there.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}

  void operator()(std::uint32_t& value) { value = static_cast<std::uint32_t>(number(4)); }
  void operator()(std::uint64_t& value) { value = number(8); }
  void operator()(std::string& text) { text = take(number(4)); }
  void operator()(Bytes32& bytes) {
    const std::string_view from = take(bytes.size());
    if (whole_) std::memcpy(bytes.data(), from.data(), bytes.size());
  }
  /// Whether there was enough of everything, and not more.
  bool exact() const { return whole_ && in_.empty(); }

 private:
  std::string_view take(std::uint64_t bytes) {
    if (bytes > in_.size()) {
      whole_ = false;
      return {};
    }
    const std::string_view taken = in_.substr(0, bytes);
    in_.remove_prefix(bytes);
    return taken;
  }

  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    const std::string_view from = take(bytes);
    for (std::size_t i = 0; i < from.size(); ++i) {
      value |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
    }
    return value;
  }

  std::string_view in_;
  bool whole_ = true;
};

template <std::size_t kind = 0>
std::optional<Message> decode_as(std::uint32_t wanted, std::string_view content) {
  if constexpr (kind < std::variant_size_v<Message>) {
    if (wanted != kind) return decode_as<kind + 1>(wanted, content);
    std::variant_alternative_t<kind, Message> message;
    Reader reader(content);
    message.fields(reader);
    if (reader.exact()) return message;
  }
  return std::nullopt;
}

}  // namespace

std::string encode(Message message) {
  std::string content;
  Writer body(content);
  std::visit([&](auto& each) { each.fields(body); }, message);
  std::string all;
  Writer header(all);
  header(static_cast<std::uint32_t>(content.size()));
  header(static_cast<std::uint32_t>(message.index()));
  return all + content;
}

std::optional<Message> decode(std::uint32_t kind, std::string_view content) {
  return decode_as(kind, content);
}

}  // namespace buddy::launch::report
