#include "launch/rank_place.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "base/whole_number.hpp"

namespace buddy::launch {
namespace {

/// Names of a launcher's variables.
struct Variables {
  std::string_view flavour;
  const char* rank;   ///< of the job
  const char* index;  ///< among the ranks of the machine
  const char* ranks;  ///< of the machine
  const char* node;   ///< if set, `ranks` is a list like 4(x2),3 and this is the place in it
};

constexpr std::array<Variables, 3> launchers = {
    {{"openmpi", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE",
      nullptr},
     {"mpich", "PMI_RANK", "MPI_LOCALRANKID", "MPI_LOCALNRANKS", nullptr},
     {"slurm", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE", "SLURM_NODEID"}}};

constexpr int most = std::numeric_limits<int>::max();

Status wrong(const char* name, std::string_view value, const std::string& allowed) {
  return {ErrorCode::invalid_argument,
          fmt::format("{}={} cannot be (launchers set it to {}) do not set it by hand", name, value,
                      allowed)};
}

Result<int> read_number(const char* name, std::string_view text, int least, int largest) {
  const auto number = parse_whole<int>(text);
  if (number && *number >= least && *number <= largest) return *number;
  return wrong(name, text,
               largest == most ? fmt::format("a whole number from {}", least)
                               : fmt::format("a whole number from {} to {}", least, largest));
}

/// Entry \p wanted of a list such as 4(x2),3, which means 4,4,3.
std::optional<int> entry_of(std::string_view list, int wanted) {
  while (!list.empty()) {
    std::string_view entry = list.substr(0, list.find(','));
    list.remove_prefix(std::min(entry.size() + 1, list.size()));
    int times = 1;
    if (const auto open = entry.find("(x"); open != entry.npos && entry.ends_with(')')) {
      times = parse_whole<int>(entry.substr(open + 2, entry.size() - open - 3)).value_or(0);
      entry = entry.substr(0, open);
    }
    const auto value = parse_whole<int>(entry);
    if (!value || times < 1) return std::nullopt;
    if (wanted < times) return value;
    wanted -= times;
  }
  return std::nullopt;
}

/// One launcher's variables, all of which have to be there.
class Reader {
 public:
  Reader(const Variables& names, const FindVariable& find) : names_(names), find_(find) {}

  bool any() const { return find_(names_.index) != nullptr || find_(names_.ranks) != nullptr; }

  Result<LocalPlace> local_place() const {
    for (const char* name : {names_.index, names_.ranks, names_.node}) {
      if (name != nullptr && find_(name) == nullptr) return missing(name);
    }
    const auto ranks = ranks_of_machine();
    if (!ranks.ok()) return ranks.status();
    const auto index = read_number(names_.index, find_(names_.index), 0, ranks.value() - 1);
    if (!index.ok()) return index.status();
    return LocalPlace{index.value(), ranks.value()};
  }

 private:
  Status missing(const char* name) const {
    const char* other = find_(names_.index) != nullptr ? names_.index : names_.ranks;
    return {ErrorCode::invalid_argument,
            fmt::format("{} is not set although {} is (launchers set both) "
                        "pass on all of the launcher's variables, or none",
                        name, other)};
  }

  Result<int> ranks_of_machine() const {
    const std::string_view text = find_(names_.ranks);
    if (names_.node == nullptr) return read_number(names_.ranks, text, 1, most);
    const auto node = read_number(names_.node, find_(names_.node), 0, most);
    if (!node.ok()) return node.status();
    const auto ranks = entry_of(text, node.value());
    if (ranks && *ranks >= 1) return *ranks;
    return wrong(
        names_.ranks, text,
        fmt::format("the number of ranks of each node, and this is node {}", node.value()));
  }

  const Variables& names_;
  const FindVariable& find_;
};

}  // namespace

Result<RankPlace> read_rank_place(std::string_view flavour, const FindVariable& find) {
  auto order = launchers;
  std::stable_partition(order.begin(), order.end(),
                        [&](const Variables& each) { return each.flavour == flavour; });
  RankPlace place;
  for (const Variables& names : order) {
    const char* text = find(names.rank);
    if (text == nullptr) continue;
    const auto rank = read_number(names.rank, text, 0, most);
    if (!rank.ok()) return rank.status();
    place.rank = rank.value();
    break;
  }
  for (const Variables& names : order) {
    const Reader reader(names, find);
    if (!reader.any()) continue;
    const auto local = reader.local_place();
    if (!local.ok()) return local.status();
    place.on_machine = local.value();
    break;
  }
  return place;
}

}  // namespace buddy::launch
