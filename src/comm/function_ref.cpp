// Functions by loaded object and offset.
#include <link.h>

#include <buddy/detail/codec.hpp>
#include <buddy/error.hpp>
#include <string>
#include <vector>

namespace buddy::detail {
namespace {

/// Executable memory of one loaded object.
struct Code {
  std::uint32_t module;
  std::uintptr_t base;
  std::uintptr_t begin;
  std::uintptr_t end;
};

/// Objects in load order: the same in every process that runs the same binary.
std::vector<Code> loaded_code() {
  struct Walk {
    std::vector<Code> code;
    std::uint32_t module = 0;
  } walk;
  const auto visit = [](dl_phdr_info* info, std::size_t, void* data) {
    auto& state = *static_cast<Walk*>(data);
    for (std::size_t i = 0; i < info->dlpi_phnum; ++i) {
      const auto& header = info->dlpi_phdr[i];
      if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
      const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
      state.code.push_back({state.module, info->dlpi_addr, begin, begin + header.p_memsz});
    }
    ++state.module;
    return 0;
  };
  ::dl_iterate_phdr(visit, &walk);
  return walk.code;
}

/// Looked up once; again when a library was loaded since.
std::vector<Code>& known_code() {
  static std::vector<Code> code = loaded_code();
  return code;
}

const Code* find_code(std::uintptr_t address) {
  for (const Code& code : known_code()) {
    if (address >= code.begin && address < code.end) return &code;
  }
  return nullptr;
}

}  // namespace

FunctionRef encode_function(void (*function)(), const char* call) {
  if (function == nullptr) {
    throw Error(ErrorCode::invalid_argument,
                std::string(call) +
                    " was given a null function pointer as its handler (no rank can call it) pass "
                    "a function or a lambda");
  }
  const auto address = reinterpret_cast<std::uintptr_t>(function);
  const Code* code = find_code(address);
  if (code == nullptr) {
    known_code() = loaded_code();
    code = find_code(address);
  }
  if (code == nullptr) {
    throw Error(ErrorCode::invalid_argument,
                std::string(call) +
                    " was given a handler that is no function of this program (its address is in "
                    "no loaded object) pass a function or a lambda");
  }
  return {code->module, static_cast<std::uint32_t>(address - code->base)};
}

void (*decode_function(FunctionRef ref))() {
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (const Code& code : known_code()) {
      if (code.module != ref.module) continue;
      const std::uintptr_t address = code.base + ref.offset;
      if (address >= code.begin && address < code.end) {
        return reinterpret_cast<void (*)()>(address);
      }
    }
    known_code() = loaded_code();
  }
  throw Error(ErrorCode::mismatch,
              "a message names a function that is not there (ranks have loaded different "
              "libraries) start the same binary with the same libraries everywhere");
}

}  // namespace buddy::detail
