#include "common/byte_source.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/seeds.hpp"
#include "workloads/temp_file.hpp"

namespace workloads {
namespace {

using testing::gzip;
using testing::input_error;
using testing::TempFile;

std::string read_all(const std::string& path, std::size_t step = 1000) {
  ByteSource source(path);
  std::string all;
  std::vector<char> piece(step);
  while (const std::size_t got = source.read(piece)) all.append(piece.data(), got);
  EXPECT_EQ(source.read(piece), 0U) << "the end stays the end";
  return all;
}

/// Digits that compress, but not to nothing.
std::string sample(std::size_t bytes, std::uint64_t seed = 1) {
  buddy::test::Random random(seed);
  std::string text(bytes, ' ');
  for (char& c : text) c = static_cast<char>('0' + random.below(10));
  return text;
}

TEST(ByteSource, plain_file_is_read_as_it_is) {
  const std::string text = sample(700000);
  const TempFile file("plain.txt", text);
  EXPECT_EQ(read_all(file.path()), text);
}

TEST(ByteSource, empty_file_has_no_bytes) {
  const TempFile file("empty.txt", "");
  EXPECT_EQ(read_all(file.path()), "");
}

TEST(ByteSource, gzip_is_recognised_by_content_and_decompressed) {
  const std::string text = sample(700000);
  const TempFile file("no-suffix", gzip(text));
  EXPECT_EQ(read_all(file.path(), 1), text);
  EXPECT_EQ(read_all(file.path(), 1 << 20), text);
}

TEST(ByteSource, highly_compressed_data_comes_out_whole) {
  const std::string text(5000000, '7');
  const TempFile file("sevens.gz", gzip(text));
  EXPECT_EQ(read_all(file.path()), text);
}

TEST(ByteSource, members_are_read_one_after_the_other) {
  const TempFile file("members.gz", gzip("first ") + gzip("") + gzip("second"));
  EXPECT_EQ(read_all(file.path()), "first second");
}

// gzread() returns what it has and no error when a file ends inside a member.
TEST(ByteSource, gzip_cut_anywhere_is_an_error) {
  const std::string whole = gzip(sample(300));
  for (std::size_t size = 2; size < whole.size(); ++size) {
    const TempFile file("cut.gz", whole.substr(0, size));
    const std::string error = input_error([&] { read_all(file.path()); });
    EXPECT_NE(error.find("truncated"), std::string::npos) << size << " bytes: " << error;
  }
}

TEST(ByteSource, second_member_cut_short_is_an_error) {
  const TempFile file("cut.gz", gzip("first") + gzip("second").substr(0, 12));
  const std::string error = input_error([&] { read_all(file.path()); });
  EXPECT_NE(error.find("truncated"), std::string::npos) << error;
}

TEST(ByteSource, flipped_bits_are_never_accepted_silently) {
  const std::string text = sample(2000);
  const std::string whole = gzip(text);
  buddy::test::for_each_seed(200, [&](std::uint64_t seed) {
    buddy::test::Random random(seed);
    std::string damaged = whole;
    char& byte = damaged[random.between(10, static_cast<std::uint32_t>(whole.size()) - 1)];
    byte = static_cast<char>(byte ^ (1 << random.below(8)));
    const TempFile file("damaged.gz", damaged);
    const std::string error = input_error([&] { read_all(file.path()); });
    EXPECT_NE(error.find("gzip"), std::string::npos) << error;
  });
}

TEST(ByteSource, trailing_bytes_behind_the_data_is_an_error) {
  const TempFile file("tail.gz", gzip("first") + "more");
  const std::string error = input_error([&] { read_all(file.path()); });
  EXPECT_NE(error.find("damaged"), std::string::npos) << error;
}

TEST(ByteSource, zeros_behind_the_data_are_padding) {
  const std::string whole = gzip("first ") + gzip("second");
  for (const std::size_t zeros : {1U, 2U, 511U, 700000U}) {
    const TempFile file("padded.gz", whole + std::string(zeros, '\0'));
    EXPECT_EQ(read_all(file.path()), "first second") << zeros;
  }
  const TempFile more("more.gz", whole + std::string(512, '\0') + gzip("third"));
  const std::string error = input_error([&] { read_all(more.path()); });
  EXPECT_NE(error.find("more data follow"), std::string::npos) << error;
}

TEST(ByteSource, names_what_cannot_be_opened_and_why) {
  const TempFile file("here.txt", "1 2\n");
  const std::string missing = file.path() + ".not";
  EXPECT_EQ(input_error([&] { ByteSource source(missing); }).find(missing + ": cannot open"), 0U);
  const std::string folder = std::filesystem::path(file.path()).parent_path().string();
  const std::string error = input_error([&] { ByteSource source(folder); });
  EXPECT_NE(error.find("is a directory"), std::string::npos) << error;
}

TEST(ByteSource, does_not_wait_for_a_writer_of_a_fifo) {
  const TempFile file("here.txt", "");
  const std::string fifo = file.path() + ".fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const std::string error = input_error([&] { ByteSource source(fifo); });
  EXPECT_NE(error.find("not a regular file"), std::string::npos) << error;
}

}  // namespace
}  // namespace workloads
