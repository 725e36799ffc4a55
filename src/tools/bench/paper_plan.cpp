#include "tools/bench/paper_plan.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/available_memory.hpp"

namespace buddy::tools {

void add_paper_options(Parser app, PaperWords& words) {
  app.add_flag("--also", words.also, "of paper: run indexgather, bfs, permute and toposort, too");
  words.size_option =
      app.add_option(
             "--size",
             [&words](const std::string& text) -> std::string {
               auto size = parse_suite_size(text);
               if (!size.ok()) return size.status().message();
               words.size = size.value();
               return {};
             },
             "of paper: cache (small problems), memory (tables and matrices of up to 100 times "
             "the last-level cache per core) or bytes on a rank (default: cache)")
          .type_name("SIZE");
}

Result<PaperPlan> plan_paper(const PaperWords& words, const launch::JobPlan& job) {
  PaperPlan plan{.size = words.size, .entries = paper_suite()};
  if (words.also) {
    const auto& others = other_applications();
    plan.entries.insert(plan.entries.end(), others.begin(), others.end());
  }
  if (words.size.kind == SuiteSize::Kind::cache) return plan;
  const auto available = available_memory();
  if (!available) {
    return Status(ErrorCode::system,
                  "the memory that is available is not known (/proc/meminfo does not say it) use "
                  "--size cache");
  }
  plan.share = RankShare::of(job.ranks, std::max(static_cast<int>(job.hosts.size()), 1),
                             last_level_per_core(), *available);
  for (SuiteEntry& entry : plan.entries) {
    auto problem = size_problem(entry.workload, entry.growth, words.size, plan.share);
    if (!problem.ok()) return problem.status();
    entry.arguments = problem.value().arguments;
    plan.problems.push_back(std::move(problem.value()));
  }
  return plan;
}

Status check_without_paper(const PaperWords& words) {
  if (!words.also && !words.size_option.given()) return {};
  return {ErrorCode::invalid_argument,
          fmt::format("{} is for the paper's applications (other workloads have options of their "
                      "own) leave it out, or run: buddy bench paper",
                      words.also ? "--also" : "--size")};
}

std::string format_sizes(const PaperPlan& plan) {
  if (plan.problems.empty()) return {};
  const RankShare& share = plan.share;
  std::string text = fmt::format(
      "sizes of tables and matrices: at most {} times the last-level cache per core, which is "
      "{:.1f} "
      "MiB{}; a rank may take {:.0f} MiB of memory\n",
      enough_caches, static_cast<double>(share.cache.bytes) * 0x1p-20,
      share.cache.assumed ? " (assumed: this machine describes none)" : "",
      static_cast<double>(share.memory_bytes) * 0x1p-20);
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    text += fmt::format("  {:<12} {}\n", plan.entries[i].workload,
                        format_size(plan.problems[i], share));
  }
  return text + '\n';
}

}  // namespace buddy::tools
