#include "measure/dram/dram_cachegrind.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "base/small_files.hpp"

namespace buddy::measure {
namespace {

Status unusable(const std::string& path, const std::string& why) {
  return {ErrorCode::corrupt, "cannot use " + path + " (" + why + ") see valgrind's messages"};
}

std::uint64_t* field_of(CacheMisses& misses, std::string_view event) {
  if (event == "Ir") return &misses.instructions;
  if (event == "ILmr") return &misses.instruction_misses;
  if (event == "DLmr") return &misses.read_misses;
  if (event == "DLmw") return &misses.write_misses;
  return nullptr;
}

std::vector<std::string_view> words_after_colon(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(line.substr(line.find(':') + 1), ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

/// Numbers stand in the order of the names; zeros at the end may be left out.
bool add_summary(const std::vector<std::string>& events, std::string_view line,
                 CacheMisses& misses) {
  const std::vector<std::string_view> numbers = words_after_colon(line);
  if (numbers.size() > events.size()) return false;
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const auto value = parse_number(numbers[k]);
    if (!value) return false;
    if (std::uint64_t* field = field_of(misses, events[k])) *field += *value;
  }
  return true;
}

}  // namespace

CacheMisses& CacheMisses::operator+=(const CacheMisses& other) noexcept {
  instructions += other.instructions;
  instruction_misses += other.instruction_misses;
  read_misses += other.read_misses;
  write_misses += other.write_misses;
  return *this;
}

std::string_view method_name(Counted counted) {
  return counted == Counted::process ? "cachegrind" : "callgrind, region";
}

Result<std::string> find_valgrind() {
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path == nullptr ? "/usr/bin:/bin" : path, ':')) {
    if (folder.empty()) continue;
    std::string candidate = std::string(folder) + "/valgrind";
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return Status(ErrorCode::system,
                "valgrind is not there (no such program in PATH) install it (Debian: `apt-get "
                "install valgrind`)");
}

std::vector<std::string> valgrind_words(const std::string& valgrind, Counted counted,
                                        const CacheGeometry& cache, const std::string& prefix) {
  // Threads take turns in order: a thread that spins would keep the others from running.
  // A rank may be a script that starts the program.
  // What is not named here valgrind takes from the processor, or gives up where it makes no sense.
  const std::string first = CacheGeometry{32768, 8, cache.line_bytes}.text();
  std::vector<std::string> words = {
      valgrind,        "--quiet",       "--fair-sched=try",    "--trace-children=yes",
      "--I1=" + first, "--D1=" + first, "--LL=" + cache.text()};
  if (counted == Counted::process) {
    words.insert(words.end(), {"--tool=cachegrind", "--cache-sim=yes",
                               "--cachegrind-out-file=" + prefix + "%p"});
  } else {
    words.insert(words.end(), {"--tool=callgrind", "--cache-sim=yes", "--collect-atstart=no",
                               "--callgrind-out-file=" + prefix + "%p"});
  }
  return words;
}

Result<CacheMisses> read_cache_misses(const std::string& path) {
  std::ifstream file(path);
  if (!file) return unusable(path, "it cannot be read");
  CacheMisses misses;
  std::vector<std::string> events;
  bool complete = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("events:")) {
      const auto names = words_after_colon(line);
      events.assign(names.begin(), names.end());
    } else if (line.starts_with("summary:")) {
      if (!add_summary(events, line, misses)) return unusable(path, "its summary makes no sense");
      complete = true;
    }
  }
  if (!complete) return unusable(path, "it has no summary");
  return misses;
}

Result<CacheMisses> sum_cache_misses(const std::string& folder, std::string_view prefix) {
  CacheMisses sum;
  bool found = false;
  for (const std::string& name : names_in(folder)) {
    if (!name.starts_with(prefix)) continue;
    const auto misses = read_cache_misses(folder + "/" + name);
    if (!misses.ok()) return misses.status();
    sum += misses.value();
    found = true;
  }
  if (!found) return unusable(folder + "/" + std::string(prefix) + "*", "there is no such file");
  return sum;
}

}  // namespace buddy::measure
