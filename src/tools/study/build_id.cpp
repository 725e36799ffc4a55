#include "tools/study/build_id.hpp"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

#include "tools/bench/workload_list.hpp"

namespace buddy::tools {
namespace {

namespace fs = std::filesystem;

/// Notes of programs are some tens of bytes.
constexpr std::size_t most_note_bytes = 64 << 10;

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

/// \return whether all of \p bytes were there
bool read_at(std::ifstream& file, std::uint64_t offset, std::span<std::byte> bytes) {
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return file.good();
}

/// Symbolic links of a library are not it.
void add_libraries(const fs::path& folder, std::vector<fs::path>& files) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().native();
    std::error_code unknown;
    const bool is_library = name.starts_with("libbuddy") && name.find(".so") != std::string::npos;
    if (is_library && !it->is_symlink(unknown)) files.push_back(it->path());
  }
}

/// Folders where libraries of programs in \p folder may be: lib, and what is in it.
std::vector<fs::path> library_folders(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (const char* name : {"lib", "lib64"}) {
    const fs::path lib = folder.parent_path() / name;
    folders.push_back(lib);
    std::error_code error;
    for (fs::directory_iterator it(lib, error), end; !error && it != end; it.increment(error)) {
      std::error_code unknown;
      if (it->is_directory(unknown)) folders.push_back(it->path());
    }
  }
  return folders;
}

/// FNV-1a, 64 bits: tells builds apart, and protects nothing.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

}  // namespace

std::string build_id_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  ElfW(Ehdr) header{};
  if (!read_at(in, 0, std::as_writable_bytes(std::span(&header, 1)))) return {};
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_phentsize != sizeof(ElfW(Phdr))) {
    return {};
  }
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) part{};
    const std::uint64_t at = header.e_phoff + i * sizeof part;
    if (!read_at(in, at, std::as_writable_bytes(std::span(&part, 1)))) return {};
    if (part.p_type != PT_NOTE || part.p_filesz > most_note_bytes) continue;
    std::vector<std::byte> notes(part.p_filesz);
    if (!read_at(in, part.p_offset, notes)) return {};
    std::string found = find_in(notes);
    if (!found.empty()) return found;
  }
  return {};
}

std::string build_id(const std::string& folder) {
  const fs::path here(folder);
  const std::string command = build_id_of(here / "buddy");
  if (command.empty()) return {};
  std::vector<fs::path> files;
  for (const std::string& name : list_workloads(folder)) {
    if (is_own_workload(name)) files.push_back(here / ("buddy-" + name));
  }
  for (const fs::path& libraries : library_folders(here)) add_libraries(libraries, files);
  std::sort(files.begin(), files.end());
  std::string all = command;
  for (const fs::path& file : files) {
    all += fmt::format(" {} {}", file.filename().native(), build_id_of(file));
  }
  return fmt::format("{:016x}", hash_of(all));
}

}  // namespace buddy::tools
