#include "base/job_id.hpp"

#include <sys/random.h>

#include <cstdint>
#include <cstdlib>

#include "base/whole_number.hpp"

namespace buddy {

JobId random_job_id() {
  JobId id;
  const auto size = static_cast<ssize_t>(id.bytes.size());
  if (getrandom(id.bytes.data(), id.bytes.size(), 0) != size) std::abort();
  return id;
}

Result<JobId> parse_job_id(std::string_view text) {
  JobId id;
  bool good = text.size() == 2 * id.bytes.size();
  for (std::size_t i = 0; good && i < id.bytes.size(); ++i) {
    const auto byte = parse_whole<std::uint8_t>(text.substr(2 * i, 2), 16);
    good = byte.has_value();
    if (good) id.bytes[i] = std::byte{*byte};
  }
  if (good) return id;
  return Status(ErrorCode::invalid_argument,
                "the job's id is not 32 hex digits (BUDDY_JOB_ID is damaged) start the program "
                "with `buddy run`, or leave the variable unset");
}

std::string to_string(const JobId& id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : id.bytes) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

}  // namespace buddy
