// Driver for fuzz targets where libFuzzer is not available: replays a corpus, then random
// mutations.
//
//   fuzz-NAME [--runs N] [--seed S] [FILE or FOLDER]...
//
// The seed is printed; the same seed and corpus give the same inputs. A failing input is the last
// one written to fuzz-last-input when the target aborts.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;
using Random = std::mt19937_64;

constexpr std::size_t max_input_bytes = 4096;

// What the signal handler saves: plain globals, because it may touch nothing else.
const std::uint8_t* running_data = nullptr;
std::size_t running_size = 0;

extern "C" void save_input_and_die(int signal) {
  const int fd = open("fuzz-last-input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd >= 0) {
    if (write(fd, running_data, running_size) < 0) _exit(3);
    close(fd);
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(const Input& input) {
  running_data = input.data();
  running_size = input.size();
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

std::size_t below(Random& random, std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
}

/// Overwrites up to 8 bytes with a number that sits on some edge.
void write_edge_value(Input& input, Random& random) {
  static constexpr std::array<std::uint64_t, 8> edges = {
      0, 1, 0x7f, 0xffff, 0x7fffffff, 0xffffffff, 0x7fffffffffffffff, 0xffffffffffffffff};
  const std::uint64_t value = edges[below(random, edges.size())] + below(random, 3) - 1;
  const std::size_t at = below(random, input.size());
  const std::size_t width = std::min(std::size_t{1} << below(random, 4), input.size() - at);
  std::memcpy(input.data() + at, &value, width);
}

void mutate_once(Input& input, Random& random) {
  if (input.empty()) input.resize(1 + below(random, 64));
  const std::size_t at = below(random, input.size());
  const auto offset = static_cast<std::ptrdiff_t>(at);
  switch (below(random, 6)) {
    case 0: input[at] ^= static_cast<std::uint8_t>(1U << below(random, 8)); break;
    case 1: input[at] = static_cast<std::uint8_t>(random()); break;
    case 2: write_edge_value(input, random); break;
    case 3:  // cut the tail off
      input.resize(at);
      break;
    case 4: {  // repeat a part
      const Input part(input.begin() + offset, input.end());
      input.insert(input.end(), part.begin(), part.end());
      break;
    }
    default: {  // put random bytes in
      Input fresh(1 + below(random, 16));
      for (std::uint8_t& byte : fresh) byte = static_cast<std::uint8_t>(random());
      input.insert(input.begin() + offset, fresh.begin(), fresh.end());
    }
  }
  if (input.size() > max_input_bytes) input.resize(max_input_bytes);
}

Input read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "%s cannot be read (missing or no permission) check the path\n",
                 path.c_str());
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<Input> read_corpus(const std::vector<std::string_view>& paths) {
  std::vector<std::filesystem::path> files;
  for (const std::string_view path : paths) {
    if (!std::filesystem::is_directory(path)) {
      files.emplace_back(path);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());  // the order of a folder is not reproducible
  std::vector<Input> corpus;
  corpus.reserve(files.size() + 1);
  for (const auto& file : files) corpus.push_back(read_file(file));
  return corpus;
}

std::uint64_t parse_number(const char* option, const char* text) {
  std::uint64_t value = 0;
  const char* end = text + std::strlen(text);
  if (std::from_chars(text, end, value).ptr != end || text == end) {
    std::fprintf(stderr, "%s %s (not a whole number) give digits\n", option, text);
    std::exit(2);
  }
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t runs = 100000;
  std::uint64_t seed = std::random_device{}();
  std::vector<std::string_view> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const bool is_option = argument == "--runs" || argument == "--seed";
    if (!is_option) {
      paths.push_back(argument);
    } else if (++i < argc) {
      (argument == "--runs" ? runs : seed) = parse_number(argv[i - 1], argv[i]);
    }
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    std::signal(signal, save_input_and_die);
  }

  std::vector<Input> corpus = read_corpus(paths);
  for (const Input& input : corpus) run(input);
  std::printf("replayed %zu inputs; %llu mutations from --seed %llu\n", corpus.size(),
              static_cast<unsigned long long>(runs), static_cast<unsigned long long>(seed));
  std::fflush(stdout);  // the seed must be known if the target aborts

  corpus.emplace_back();
  Random random(seed);
  for (std::uint64_t i = 0; i < runs; ++i) {
    Input input = corpus[below(random, corpus.size())];
    for (std::size_t edits = 1 + below(random, 8); edits > 0; --edits) mutate_once(input, random);
    run(input);
  }
  std::printf("done\n");
  return 0;
}
