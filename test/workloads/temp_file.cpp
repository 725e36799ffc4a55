#include "workloads/temp_file.hpp"

#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace workloads::testing {

TempFile::TempFile(const std::string& name, std::string_view contents) {
  std::string folder = (std::filesystem::temp_directory_path() / "buddy-test-XXXXXX").string();
  EXPECT_NE(mkdtemp(folder.data()), nullptr);
  folder_ = folder;
  path_ = folder_ + '/' + name;
  std::ofstream(path_, std::ios::binary) << contents;
}

TempFile::~TempFile() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string gzip(std::string_view data) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8,
                         Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string packed(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string data_folder() {
  if (const char* chosen = std::getenv("BUDDY_DATA_DIR")) return chosen;
  const char* source = std::getenv("BUDDY_SOURCE_DIR");
  const std::string folder = std::string(source == nullptr ? "." : source) + "/../shared/data";
  return std::filesystem::is_directory(folder) ? folder : std::string();
}

}  // namespace workloads::testing
