#include "tools/bench/small_problem.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "tools/bench/option_words.hpp"
#include "tools/command/sizes.hpp"

namespace buddy::tools {
namespace {

/// An option of a workload that takes a count.
struct Knob {
  std::string_view workload;
  std::string_view option;
  std::uint64_t otherwise;  ///< if it is not given
  std::uint64_t small;      ///< at most
  enum class Memory { kept, logarithm, proportional } memory = Memory::kept;  ///< that it sets
};
using Memory = Knob::Memory;

constexpr std::array knobs = {
    Knob{"histogram", "--updates", 16'777'216, 131'072},
    Knob{"indexgather", "--requests", 16'777'216, 131'072},
    Knob{"latency", "--rounds", 20'000, 1'000},
    Knob{"transport", "--particles", 100'000, 4'000},
    Knob{"transport", "--cycles", 6, 2},
    Knob{"histogram", "--rounds", 1, 1},
    Knob{"indexgather", "--rounds", 1, 1},
    Knob{"bfs", "--rounds", 1, 1},
    Knob{"triangles", "--rounds", 1, 1},
    Knob{"transport", "--rounds", 1, 1},
    Knob{"transpose", "--rounds", 32, 1},
    Knob{"permute", "--rounds", 8, 1},
    Knob{"toposort", "--rounds", 4, 1},
    Knob{"transpose", "--scale", 16, 12, Memory::logarithm},
    Knob{"bfs", "--scale", 16, 12, Memory::logarithm},
    Knob{"triangles", "--scale", 14, 10, Memory::logarithm},
    Knob{"sssp", "--rounds", 10, 1},
    Knob{"sssp", "--scale", 16, 12, Memory::logarithm},
    Knob{"permute", "--scale", 16, 12, Memory::logarithm},
    Knob{"toposort", "--scale", 16, 12, Memory::logarithm},
    Knob{"histogram", "--table", 1 << 20, 1 << 22, Memory::proportional},
    Knob{"indexgather", "--table", 1 << 20, 1 << 22, Memory::proportional},
    Knob{"transport", "--grid", 1 << 14, 1 << 18, Memory::proportional}};
constexpr Knob work_memory = {"", "--work-memory", 67'108'864, 0};

/// At most 64 times smaller, as far as that is not too large: in a cache that shrinks with the
/// problem, Buddy's own buffers, which do not, would miss too often.
std::uint64_t small_scale(std::uint64_t given, std::uint64_t small) {
  constexpr std::uint64_t shrunk = 6;
  constexpr std::uint64_t most_above = 4;
  return std::clamp(given - std::min(given, shrunk), small, small + most_above);
}

/// Value of an option as it stands, its default if it is not there; nothing if it is no count.
std::optional<std::uint64_t> value_of(std::span<const std::string> words, const Knob& knob) {
  const auto place = find_option(words, knob.option);
  if (!place) return knob.otherwise;
  const std::string_view text = std::string_view(words[place->word]).substr(place->offset);
  return knob.option == work_memory.option ? parse_bytes(text) : parse_count(text);
}

void set_value(std::vector<std::string>& words, const Knob& knob, std::uint64_t value) {
  set_option(words, knob.option, value, words.size());
}

bool has(std::span<const std::string> words, std::string_view option) {
  return find_option(words, option).has_value();
}

}  // namespace

SmallProblem smaller_problem(const std::string& workload,
                             const std::vector<std::string>& arguments) {
  SmallProblem problem{.arguments = arguments};
  const bool is_given = has(arguments, "--input");
  for (const Knob& knob : knobs) {
    if (knob.workload != workload || (is_given && knob.option != "--rounds")) continue;
    const auto given = value_of(arguments, knob);
    if (!given || *given <= knob.small) continue;
    if (knob.memory == Memory::proportional) {
      problem.cache_divisor = (*given + knob.small - 1) / knob.small;
      set_value(problem.arguments, knob, *given / problem.cache_divisor);
    } else if (knob.memory == Memory::logarithm) {
      const std::uint64_t small = small_scale(*given, knob.small);
      problem.cache_divisor = std::uint64_t{1} << std::min<std::uint64_t>(*given - small, 62);
      set_value(problem.arguments, knob, small);
    } else {
      set_value(problem.arguments, knob, knob.small);
      continue;
    }
    const auto work_bytes = value_of(arguments, work_memory);
    if (has(arguments, "--work") && work_bytes) {
      set_value(problem.arguments, work_memory,
                std::max<std::uint64_t>(*work_bytes / problem.cache_divisor, 64));
    }
  }
  return problem;
}

}  // namespace buddy::tools
