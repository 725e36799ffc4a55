#include "comm/observe/address_check.hpp"

#include <cxxabi.h>

#include <buddy/error.hpp>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <typeinfo>

namespace buddy::comm {
namespace {

constexpr std::size_t captures = 0;  ///< else the number of an argument, from 1

std::string readable(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return name == nullptr ? type.name() : name.get();
}

[[noreturn]] void refuse(const detail::HandlerEntry& entry, std::size_t argument,
                         std::size_t offset, const std::string& target) {
  std::string carrier = "its captures";
  if (argument != captures) {
    carrier = "argument " + std::to_string(argument) + " (" +
              readable(*entry.arguments[argument - 1].type) + ")";
  }
  throw Error(ErrorCode::invalid_argument,
              "a message for the handler " + readable(*entry.captures.type) +
                  " carries an address of this process (the word at offset " +
                  std::to_string(offset) + " of " + carrier + " points into " + target +
                  ", which means nothing on another rank) capture values or a buddy::Handle "
                  "instead of [&], [this] and pointers");
}

}  // namespace

void AddressCheck::look(std::uint32_t handler, std::span<const std::byte> payload) {
  const detail::HandlerEntry* entry = detail::find_handler(handler);
  if (entry == nullptr) return;
  for (std::size_t i = 0; i <= entry->arguments.size(); ++i) look_at(handler, *entry, i, payload);
}

void AddressCheck::look_at(std::uint32_t handler, const detail::HandlerEntry& entry,
                           std::size_t argument, std::span<const std::byte> payload) {
  const detail::ObjectBytes& object =
      argument == captures ? entry.captures : entry.arguments[argument - 1];
  for (std::size_t at = 0; at + 8 <= object.bytes; at += 8) {
    const std::size_t offset = object.offset + at;
    std::uint64_t word = 0;
    std::memcpy(&word, payload.data() + offset, 8);
    if (word == 0) continue;
    bool& innocent = innocent_[{handler, offset}];
    if (innocent) continue;
    const std::string target = memory_.name_of(word);
    if (!target.empty()) refuse(entry, argument, at, target);
    innocent = true;
  }
}

}  // namespace buddy::comm
