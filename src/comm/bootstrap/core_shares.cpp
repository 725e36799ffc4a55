#include "comm/bootstrap/core_shares.hpp"

#include <map>

namespace buddy::comm {
namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

/// Gives parties CPUs, one each, as far as they go.
class Matching {
 public:
  explicit Matching(const std::vector<std::vector<std::int32_t>>& parties) : parties_(parties) {
    for (const auto& cpus : parties_) {
      for (const std::int32_t cpu : cpus) party_of_.emplace(cpu, nobody);
    }
  }

  /// Finds a CPU for \p party, for which others may move to other CPUs of theirs. If there is none,
  /// all that were asked to move are in \p asked.
  bool place(std::size_t party, std::vector<bool>& asked) {
    asked[party] = true;
    for (const std::int32_t cpu : parties_[party]) {
      if (party_of_[cpu] == nobody) {
        party_of_[cpu] = party;
        return true;
      }
    }
    for (const std::int32_t cpu : parties_[party]) {
      const std::size_t holder = party_of_[cpu];
      if (asked[holder] || !place(holder, asked)) continue;
      party_of_[cpu] = party;
      return true;
    }
    return false;
  }

 private:
  const std::vector<std::vector<std::int32_t>>& parties_;
  std::map<std::int32_t, std::size_t> party_of_;
};

}  // namespace

std::vector<bool> have_cores(const std::vector<std::vector<std::int32_t>>& parties) {
  Matching matching(parties);
  std::vector<bool> have(parties.size(), true);
  std::vector<std::size_t> unplaced;
  for (std::size_t party = 0; party < parties.size(); ++party) {
    std::vector<bool> asked(parties.size(), false);
    if (!matching.place(party, asked)) unplaced.push_back(party);
  }
  for (const std::size_t party : unplaced) {
    std::vector<bool> asked(parties.size(), false);
    matching.place(party, asked);  // there is no place: asks all that it shares with
    for (std::size_t other = 0; other < parties.size(); ++other) {
      if (asked[other]) have[other] = false;
    }
  }
  return have;
}

}  // namespace buddy::comm
