// Functions by loaded object and offset.
#include <elf.h>
#include <link.h>

#include <atomic>
#include <buddy/detail/codec.hpp>
#include <buddy/error.hpp>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "comm/endpoint/bad_message.hpp"

namespace buddy::detail {
namespace {

/// Executable memory of one loaded object.
struct Code {
  std::uint32_t module;
  std::uintptr_t base;
  std::uintptr_t begin;
  std::uintptr_t end;
  bool operator==(const Code&) const = default;
};
using LoadedCode = std::vector<Code>;

/// FNV-1a.
class Digest {
 public:
  void add(const void* data, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
      value_ = (value_ ^ static_cast<const unsigned char*>(data)[i]) * 0x01000193u;
    }
  }
  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 0x811c9dc5u;
};

/// Equal for the same file in any process, wherever and in whatever order it was loaded: its
/// segments, and its notes, which hold the linker's digest of all of it.
std::uint32_t identity_of(const dl_phdr_info& info) {
  Digest digest;
  for (std::size_t i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info.dlpi_phdr[i];
    if (header.p_type == PT_LOAD) {
      digest.add(&header.p_vaddr, sizeof header.p_vaddr);
      digest.add(&header.p_memsz, sizeof header.p_memsz);
      digest.add(&header.p_flags, sizeof header.p_flags);
    } else if (header.p_type == PT_NOTE) {
      digest.add(reinterpret_cast<const void*>(info.dlpi_addr + header.p_vaddr), header.p_memsz);
    }
  }
  return digest.value();
}

LoadedCode loaded_code() {
  struct Walk {
    LoadedCode code;
    std::map<std::uint32_t, std::uint32_t> copies;  ///< of one file: told apart by their order
  } walk;
  const auto visit = [](dl_phdr_info* info, std::size_t, void* data) {
    auto& state = *static_cast<Walk*>(data);
    const std::uint32_t identity = identity_of(*info);
    const std::uint32_t module = identity + state.copies[identity]++;
    for (std::size_t i = 0; i < info->dlpi_phnum; ++i) {
      const auto& header = info->dlpi_phdr[i];
      if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
      const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
      state.code.push_back({module, info->dlpi_addr, begin, begin + header.p_memsz});
    }
    return 0;
  };
  ::dl_iterate_phdr(visit, &walk);
  return walk.code;
}

/// What was loaded when somebody last looked; replaced as a whole, since other threads read it.
std::atomic<const LoadedCode*> known_code = nullptr;

const LoadedCode& look_again() {
  static std::mutex mutex;
  // Every list there was: readers may still hold one, and libraries are loaded seldom.
  static auto& lists = *new std::vector<std::unique_ptr<const LoadedCode>>;
  const std::lock_guard lock(mutex);
  auto now = std::make_unique<const LoadedCode>(loaded_code());
  if (lists.empty() || *lists.back() != *now) lists.push_back(std::move(now));
  // Pairs with the acquire of current_code(): the list is whole.
  known_code.store(lists.back().get(), std::memory_order_release);
  return *lists.back();
}

const LoadedCode& current_code() {
  const LoadedCode* const known = known_code.load(std::memory_order_acquire);
  return known == nullptr ? look_again() : *known;
}

const Code* code_at(const LoadedCode& loaded, std::uintptr_t address) {
  for (const Code& code : loaded) {
    if (address >= code.begin && address < code.end) return &code;
  }
  return nullptr;
}

/// \return 0 if there is no such function
std::uintptr_t address_of(const LoadedCode& loaded, FunctionRef ref) {
  for (const Code& code : loaded) {
    const std::uintptr_t address = code.base + ref.offset;
    if (code.module == ref.module && address >= code.begin && address < code.end) return address;
  }
  return 0;
}

[[noreturn]] void refuse(const char* call, const char* what) {
  throw Error(ErrorCode::invalid_argument,
              std::string(call) + " was given " + what + " pass a function or a lambda");
}

}  // namespace

FunctionRef encode_function(void (*function)(), const char* call) {
  if (function == nullptr) {
    refuse(call, "a null function pointer as its handler (no rank can call it)");
  }
  const auto address = reinterpret_cast<std::uintptr_t>(function);
  const Code* code = code_at(current_code(), address);
  if (code == nullptr) code = code_at(look_again(), address);
  if (code == nullptr) {
    refuse(call,
           "a handler that is no function of this program (its address is in no loaded object)");
  }
  const std::uintptr_t offset = address - code->base;
  if (offset > std::numeric_limits<std::uint32_t>::max()) {
    refuse(call, "a function that lies more than 4 GiB into its file (there is no room for that)");
  }
  return {code->module, static_cast<std::uint32_t>(offset)};
}

void (*decode_function(FunctionRef ref))() {
  std::uintptr_t address = address_of(current_code(), ref);
  if (address == 0) address = address_of(look_again(), ref);
  if (address == 0) {
    throw comm::BadMessage(
        ErrorCode::mismatch,
        "a message names a function that is not there (its rank has loaded a library, or a version "
        "of one, that this rank has not) load the same libraries on all ranks before they send");
  }
  return reinterpret_cast<void (*)()>(address);
}

}  // namespace buddy::detail
