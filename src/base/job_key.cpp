#include "base/job_key.hpp"

#include <sys/random.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace buddy {

JobKey random_job_key() {
  JobKey key;
  if (getrandom(key.words.data(), sizeof key.words, 0) != sizeof key.words) std::abort();
  return key;
}

Result<JobKey> parse_job_key(std::string_view text) {
  JobKey key;
  const Status bad(ErrorCode::invalid_argument,
                   "the job key is not 32 hex digits (BUDDY_JOB_KEY is damaged) start the program "
                   "with `buddy run`");
  if (text.size() != 32) return bad;
  for (std::size_t i = 0; i < 2; ++i) {
    const char* first = text.data() + 16 * i;
    const auto [end, error] = std::from_chars(first, first + 16, key.words[i], 16);
    if (error != std::errc() || end != first + 16) return bad;
  }
  return key;
}

std::string to_string(const JobKey& key) {
  std::array<char, 33> text{};
  std::snprintf(text.data(), text.size(), "%016llx%016llx",
                static_cast<unsigned long long>(key.words[0]),
                static_cast<unsigned long long>(key.words[1]));
  return text.data();
}

}  // namespace buddy
