#include "tools/bench/paper_suite.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "tools/bench/workload_list.hpp"

namespace buddy::tools {
namespace {

constexpr std::uint64_t table_bytes = std::uint64_t{512} << 20U;
const std::vector<std::string> once = {"--rounds", "1"};

/// A table of 8-byte entries. \param most that the option takes
Growth table(const char* option, Growth::Unit unit, std::vector<std::string> rest,
             std::uint64_t most) {
  return {.option = option,
          .unit = unit,
          .unit_bytes = 8,
          .own_memory = 1.25,
          .replicated_memory = 0,
          .most_bytes = table_bytes,
          .rest = std::move(rest),
          .most_value = most};
}

/// The paper's: flat random, 10 nonzeros a row; 8 bytes for each and for where the row begins.
/// \param own, \param replicated memory that runs were seen to take \param scale of the most rows
/// on a rank
Growth matrix(double own, double replicated, int scale, std::vector<std::string> rest) {
  constexpr std::uint64_t row_bytes = 88;
  rest.insert(rest.begin(), {"--graph", "flat", "--edgefactor", "10"});
  return {.option = "--scale",
          .unit = Growth::Unit::logarithm_of_all,
          .unit_bytes = row_bytes,
          .own_memory = own,
          .replicated_memory = replicated,
          .most_bytes = row_bytes << static_cast<unsigned>(scale),
          .rest = std::move(rest),
          .most_value = 30};
}

/// The paper's five cycles; every rank has the whole table.
Growth cross_sections() {
  return {.option = "--grid",
          .unit = Growth::Unit::per_rank,
          .unit_bytes = 64,
          .own_memory = 1.25,
          .replicated_memory = 0,
          .most_bytes = table_bytes,
          .rest = {"--cycles", "5"},
          .least_value = 2,
          .most_value = 1 << 24};
}

std::vector<SuiteEntry> chosen(const std::vector<SuiteEntry>& suite, const std::string& folder,
                               bool wanted) {
  std::vector<SuiteEntry> result;
  std::copy_if(suite.begin(), suite.end(), std::back_inserter(result), [&](const auto& entry) {
    return find_workload(folder, entry.workload).ok() == wanted;
  });
  return result;
}

}  // namespace

const std::vector<SuiteEntry>& paper_suite() {
  // The most communication that each of them can have; docs/workloads.md says what changes it.
  static const std::vector<SuiteEntry> suite = {
      {"transport", {}, "1.55", cross_sections()},
      {"transpose", {"--scale", "18", "--rounds", "4"}, "1.32", matrix(9, 0, 19, once)},
      {"histogram",
       {},
       "<= 1.05",
       table("--table", Growth::Unit::per_rank, {"--updates", "10M"}, std::uint64_t{1} << 40U)},
      {"triangles", {}, "<= 1.05", matrix(7, 3, 17, {})},
      {"sssp", {"--rounds", "5"}, "<= 1.05", matrix(8, 0.2, 18, once)}};
  return suite;
}

const std::vector<SuiteEntry>& other_applications() {
  static const std::vector<SuiteEntry> others = {
      {"indexgather",
       {},
       "-",
       table("--table", Growth::Unit::of_all, {"--requests", "10M"}, std::uint64_t{1} << 32U)},
      {"bfs", {}, "-", matrix(8, 0.2, 18, {"--roots", "1"})},
      {"permute", {}, "-", matrix(10, 0, 18, once)},
      {"toposort", {}, "-", matrix(6, 0.2, 17, once)}};
  return others;
}

std::vector<SuiteEntry> installed(const std::vector<SuiteEntry>& suite, const std::string& folder) {
  return chosen(suite, folder, true);
}

std::vector<SuiteEntry> missing(const std::vector<SuiteEntry>& suite, const std::string& folder) {
  return chosen(suite, folder, false);
}

}  // namespace buddy::tools
