#include "comm/bootstrap/core_shares.hpp"

#include <unordered_map>
#include <utility>

namespace buddy::comm {
namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

/// Gives parties CPUs, one each, as far as they go.
/// A party that was asked for its CPU and finds no other one keeps it, and is not asked again: the
/// work is one look at each CPU of each party, and that again for each party that finds one.
class Matching {
 public:
  explicit Matching(const std::vector<std::vector<std::int32_t>>& parties)
      : parties_(parties), shares_(parties.size(), false) {
    for (const auto& cpus : parties_) {
      for (const std::int32_t cpu : cpus) party_of_.emplace(cpu, nobody);
    }
  }

  /// Finds a CPU for \p party, for which others may move to other CPUs of theirs. If there is none,
  /// it shares with all that were asked to move.
  void add(std::size_t party) {
    asked_ = shares_;
    if (!place(party)) shares_ = std::move(asked_);
  }
  const std::vector<bool>& shares() const noexcept { return shares_; }

 private:
  bool place(std::size_t party) {
    asked_[party] = true;
    for (const std::int32_t cpu : parties_[party]) {
      if (party_of_[cpu] == nobody) {
        party_of_[cpu] = party;
        return true;
      }
    }
    for (const std::int32_t cpu : parties_[party]) {
      const std::size_t holder = party_of_[cpu];
      if (asked_[holder] || !place(holder)) continue;
      party_of_[cpu] = party;
      return true;
    }
    return false;
  }

  const std::vector<std::vector<std::int32_t>>& parties_;
  std::unordered_map<std::int32_t, std::size_t> party_of_;
  std::vector<bool> asked_;   ///< by the party at hand, or found to share before
  std::vector<bool> shares_;  ///< has no core to itself
};

}  // namespace

std::vector<bool> have_cores(const std::vector<std::vector<std::int32_t>>& parties) {
  Matching matching(parties);
  for (std::size_t party = 0; party < parties.size(); ++party) matching.add(party);
  std::vector<bool> have = matching.shares();
  have.flip();
  return have;
}

}  // namespace buddy::comm
