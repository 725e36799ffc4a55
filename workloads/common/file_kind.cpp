#include "common/file_kind.hpp"

#include <fmt/core.h>

#include <array>
#include <span>
#include <string_view>

#include "common/byte_source.hpp"
#include "common/input_error.hpp"

namespace workloads {
namespace {

using namespace std::string_view_literals;

struct FileKind {
  std::size_t offset;
  std::string_view bytes;
  std::string_view text;  ///< "FILE is ..."
};

constexpr std::array<FileKind, 6> kinds = {{
    {257, "ustar"sv, "a tar archive (it may hold several files) unpack it (tar xf) and name one"},
    {0, "PK\x03\x04"sv, "a zip archive (it may hold several files) unpack it (unzip) and name one"},
    {0, "7z\xbc\xaf\x27\x1c"sv, "a 7z archive (it may hold several files) unpack it and name one"},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     "compressed by xz (gzip alone is read) decompress it (unxz)"},
    {0, "BZh"sv, "compressed by bzip2 (gzip alone is read) decompress it (bunzip2)"},
    {0, "\x28\xb5\x2f\xfd"sv, "compressed by zstd (gzip alone is read) decompress it (unzstd)"},
}};

}  // namespace

void refuse_other_files(const std::string& path) {
  std::array<char, 512> block{};
  std::size_t filled = 0;
  ByteSource source(path);
  while (filled < block.size()) {
    const std::size_t got = source.read(std::span(block).subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  const std::string_view begin(block.data(), filled);
  for (const FileKind& kind : kinds) {
    if (begin.size() > kind.offset && begin.substr(kind.offset).starts_with(kind.bytes)) {
      throw InputError(path, fmt::format("is {}", kind.text));
    }
  }
}

}  // namespace workloads
