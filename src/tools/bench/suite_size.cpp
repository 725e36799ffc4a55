#include "tools/bench/suite_size.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>

#include "tools/command/nearest.hpp"
#include "tools/command/sizes.hpp"

namespace buddy::tools {
namespace {

std::string mebibytes(double bytes) {
  return bytes >= 10 * 0x1p20 ? fmt::format("{:.0f} MiB", bytes * 0x1p-20)
                              : fmt::format("{:.1f} MiB", bytes * 0x1p-20);
}

/// Like "128 bytes", "1024 MiB".
std::string in_words(std::uint64_t bytes) {
  if (bytes < (std::uint64_t{1} << 20U)) return fmt::format("{} bytes", bytes);
  return mebibytes(static_cast<double>(bytes));
}

double memory_per_byte(const Growth& growth, int ranks) {
  return growth.own_memory + growth.replicated_memory * ranks;
}

/// The largest number that the option takes for at most \p bytes on a rank.
std::uint64_t option_value(const Growth& growth, std::uint64_t bytes, int ranks) {
  const std::uint64_t on_rank = std::max<std::uint64_t>(bytes / growth.unit_bytes, 1);
  if (growth.unit == Growth::Unit::per_rank) return on_rank;
  const std::uint64_t all = bytes * static_cast<std::uint64_t>(ranks) / growth.unit_bytes;
  if (growth.unit == Growth::Unit::of_all) return std::max<std::uint64_t>(all, 1);
  return std::max<std::uint64_t>(static_cast<std::uint64_t>(std::bit_width(all)), 2) - 1;
}

std::uint64_t bytes_of(const Growth& growth, std::uint64_t value, int ranks) {
  if (growth.unit == Growth::Unit::per_rank) return value * growth.unit_bytes;
  const std::uint64_t all =
      growth.unit == Growth::Unit::of_all ? value : std::uint64_t{1} << std::min(value, 40UL);
  return all * growth.unit_bytes / static_cast<std::uint64_t>(ranks);
}

/// What the option of a workload does not take would be refused by a name that nobody has typed.
Status check_asked(const std::string& workload, const Growth& growth, const SuiteSize& size,
                   int ranks) {
  const std::uint64_t least = bytes_of(growth, growth.least_value, ranks);
  const std::uint64_t most = bytes_of(growth, growth.most_value, ranks);
  if (size.bytes >= least && size.bytes <= most) return {};
  return {ErrorCode::invalid_argument,
          fmt::format("--size {}: {} cannot be so {} (its tables or matrices take {} to {} on each "
                      "of {} ranks) choose a size between them",
                      size.text(), workload, size.bytes < least ? "small" : "large",
                      in_words(least), in_words(most), ranks)};
}

}  // namespace

std::string SuiteSize::text() const {
  switch (kind) {
    case Kind::cache: return "cache";
    case Kind::memory: return "memory";
    case Kind::bytes: break;
  }
  return std::to_string(bytes);
}

Result<SuiteSize> parse_suite_size(std::string_view text) {
  if (text == "cache") return SuiteSize{};
  if (text == "memory") return SuiteSize{.kind = SuiteSize::Kind::memory};
  const auto bytes = parse_bytes(text);
  if (bytes && *bytes > 0 && *bytes <= std::uint64_t{1} << 48U) {
    return SuiteSize{.kind = SuiteSize::Kind::bytes, .bytes = *bytes};
  }
  static const std::array<std::string, 2> words = {"cache", "memory"};
  return Status(ErrorCode::invalid_argument,
                fmt::format("--size: '{}' is no size (there are cache, memory, and bytes on a "
                            "rank, like 256M) {}",
                            text, advice(text, words, "use one of them")));
}

RankShare RankShare::of(int ranks, int machines, const CoreCache& cache, std::uint64_t available) {
  const int here = (ranks + machines - 1) / machines;
  return {ranks, cache, available / 2 / static_cast<std::uint64_t>(std::max(here, 1))};
}

std::string to_string(SizeLimit limit) {
  switch (limit) {
    case SizeLimit::cache: return "cache";
    case SizeLimit::memory: return "memory";
    case SizeLimit::time: return "time";
    case SizeLimit::asked: break;
  }
  return "asked";
}

Result<SizedProblem> size_problem(const std::string& workload, const Growth& growth,
                                  const SuiteSize& size, const RankShare& share) {
  const double per_byte = memory_per_byte(growth, share.ranks);
  const auto fitting =
      static_cast<std::uint64_t>(static_cast<double>(share.memory_bytes) / per_byte);
  SizedProblem problem{.arguments = growth.rest};
  std::uint64_t bytes = size.bytes;
  if (size.kind == SuiteSize::Kind::memory) {
    bytes = enough_caches * share.cache.bytes;
    problem.limit = SizeLimit::cache;
    if (growth.most_bytes < bytes) problem.limit = SizeLimit::time;
    bytes = std::min(bytes, growth.most_bytes);
    if (fitting < bytes) problem.limit = SizeLimit::memory;
    bytes = std::min(bytes, fitting);
  } else if (bytes > fitting) {
    return Status(
        ErrorCode::invalid_argument,
        fmt::format("--size {}: {} does not fit the memory (each of {} ranks would take {}, half "
                    "of what is available allows {}) use a smaller size, or --size memory",
                    size.text(), workload, share.ranks,
                    mebibytes(static_cast<double>(bytes) * per_byte),
                    mebibytes(static_cast<double>(share.memory_bytes))));
  } else if (Status possible = check_asked(workload, growth, size, share.ranks); !possible.ok()) {
    return possible;
  }
  const std::uint64_t value =
      std::clamp(option_value(growth, bytes, share.ranks), growth.least_value, growth.most_value);
  problem.arguments.insert(problem.arguments.end(), {growth.option, std::to_string(value)});
  problem.bytes_per_rank = bytes_of(growth, value, share.ranks);
  return problem;
}

std::string format_size(const SizedProblem& problem, const RankShare& share) {
  const auto bytes = static_cast<double>(problem.bytes_per_rank);
  const char* why = "as asked";
  if (problem.limit == SizeLimit::cache) why = "the cache decides: more changes nothing";
  if (problem.limit == SizeLimit::memory) why = "memory decides: there is no more";
  if (problem.limit == SizeLimit::time) why = "time decides: a run takes some seconds";
  return fmt::format("{:>8} a rank, {:.1f} times the cache per core ({})", mebibytes(bytes),
                     bytes / static_cast<double>(std::max<std::uint64_t>(share.cache.bytes, 1)),
                     why);
}

}  // namespace buddy::tools
