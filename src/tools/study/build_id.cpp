#include "tools/study/build_id.hpp"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstddef>
#include <cstring>
#include <span>

namespace buddy::tools {
namespace {

constexpr std::size_t aligned(std::size_t bytes) { return (bytes + 3) & ~std::size_t{3}; }

/// The build's among the notes of one segment; empty if it is not there.
std::string find_in(std::span<const std::byte> notes) {
  ElfW(Nhdr) header{};
  while (notes.size() >= sizeof header) {
    std::memcpy(&header, notes.data(), sizeof header);
    const std::size_t begin = sizeof header + aligned(header.n_namesz);
    const std::size_t end = begin + aligned(header.n_descsz);
    if (end > notes.size()) return {};
    if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == sizeof "GNU" &&
        std::memcmp(notes.data() + sizeof header, "GNU", sizeof "GNU") == 0) {
      std::string text;
      for (const std::byte byte : notes.subspan(begin, header.n_descsz)) {
        text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
      }
      return text;
    }
    notes = notes.subspan(end);
  }
  return {};
}

/// The first object is the program itself. \return 1: no others
int look_at(dl_phdr_info* object, std::size_t, void* found) {
  for (const ElfW(Phdr) & part : std::span(object->dlpi_phdr, object->dlpi_phnum)) {
    if (part.p_type != PT_NOTE) continue;
    const auto address = object->dlpi_addr + part.p_vaddr;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers
    const auto* notes = reinterpret_cast<const std::byte*>(address);
    auto& text = *static_cast<std::string*>(found);
    if (text.empty()) text = find_in({notes, part.p_memsz});
  }
  return 1;
}

}  // namespace

std::string build_id() {
  std::string text;
  dl_iterate_phdr(look_at, &text);
  return text;
}

}  // namespace buddy::tools
