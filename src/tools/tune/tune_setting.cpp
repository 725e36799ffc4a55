#include "tools/tune/tune_setting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "arena/knobs.hpp"

namespace buddy::tools {
namespace {

constexpr std::array<std::uint32_t, 8> holds_us = {0, 10, 30, 100, 300, 1000, 3000, 10'000};

bool is_possible(const TuneSetting& setting) {
  return arena::check_knobs({.block_bytes = setting.block_bytes,
                             .ring_blocks = setting.ring_blocks,
                             .hold_us = setting.hold_us})
      .ok();
}

bool same_pieces(const TuneSetting& a, const TuneSetting& b) {
  return a.block_bytes == b.block_bytes && a.ring_blocks == b.ring_blocks;
}

/// The next longer and the next shorter hold.
std::vector<std::uint32_t> holds_around(std::uint32_t hold_us) {
  std::vector<std::uint32_t> around;
  const auto longer = std::upper_bound(holds_us.begin(), holds_us.end(), hold_us);
  if (longer != holds_us.end()) around.push_back(*longer);
  const auto not_shorter = std::lower_bound(holds_us.begin(), holds_us.end(), hold_us);
  if (not_shorter != holds_us.begin()) around.push_back(*(not_shorter - 1));
  return around;
}

}  // namespace

std::string options_text(const TuneSetting& setting, const TuneSetting& usual) {
  std::vector<std::string> words;
  if (!same_pieces(setting, usual)) {
    words.push_back(fmt::format("--block {} --ring {}", setting.block_bytes, setting.ring_blocks));
  }
  if (setting.workers != usual.workers)
    words.push_back(fmt::format("--workers {}", setting.workers));
  if (setting.hold_us != usual.hold_us) words.push_back(fmt::format("--hold {}", setting.hold_us));
  return fmt::format("{}", fmt::join(words, " "));
}

launch::JobOptions with_setting(launch::JobOptions job, const TuneSetting& setting,
                                const TuneSetting& usual) {
  if (!same_pieces(setting, usual)) {
    job.block_bytes = setting.block_bytes;
    job.ring_blocks = setting.ring_blocks;
  }
  if (setting.workers != usual.workers) job.workers = setting.workers;
  if (setting.hold_us != usual.hold_us) job.hold_us = setting.hold_us;
  return job;
}

std::vector<TuneSetting> neighbours(const TuneSetting& setting, const TuneBounds& bounds) {
  std::vector<TuneSetting> around;
  const auto add = [&](auto turn) {
    TuneSetting turned = setting;
    turn(turned);
    const bool is_new = std::find(around.begin(), around.end(), turned) == around.end();
    if (turned != setting && is_new && is_possible(turned)) around.push_back(turned);
  };
  if (bounds.block) {
    add([](TuneSetting& one) { one.block_bytes *= 2; });
    add([](TuneSetting& one) { one.block_bytes /= 2; });
  }
  if (bounds.ring) {
    add([](TuneSetting& one) { one.ring_blocks *= 2; });
    add([](TuneSetting& one) { one.ring_blocks /= 2; });
  }
  for (const int workers :
       {setting.workers + 1, 2 * setting.workers, setting.workers - 1, setting.workers / 2}) {
    if (workers < 1 || workers > bounds.most_workers) continue;
    add([&](TuneSetting& one) { one.workers = workers; });
  }
  if (!bounds.hold) return around;
  for (const std::uint32_t hold_us : holds_around(setting.hold_us)) {
    add([&](TuneSetting& one) { one.hold_us = hold_us; });
  }
  return around;
}

}  // namespace buddy::tools
