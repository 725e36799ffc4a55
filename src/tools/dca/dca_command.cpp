// buddy bench dca: records what engines do to their buffers, and replays it in a cache model.
#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "base/affinity.hpp"
#include "launch/process/interruptible.hpp"
#include "launch/process/process.hpp"
#include "launch/process/signal_gate.hpp"
#include "tools/bench/bench_runner.hpp"
#include "tools/bench/paper_suite.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/bench/workload_options.hpp"
#include "tools/command/command.hpp"
#include "tools/command/slips.hpp"
#include "tools/dca/dca_options.hpp"
#include "tools/dca/dca_report.hpp"
#include "tools/report/json.hpp"
#include "tools/report/report_files.hpp"

namespace buddy::tools {
namespace {

namespace fs = std::filesystem;

struct DcaOptions {
  std::vector<std::string> workloads;
  std::string input;
  std::string trace;   ///< where traces go; empty: nowhere for long
  std::string replay;  ///< where traces are; empty: record some
  ReportFiles files;
  bool cross_check = false;
  CacheWords cache;
  std::vector<std::uint32_t> many_ranks = {16, 48};  ///< the paper's numbers of ranks a node
  launch::JobOptions job;
  std::vector<std::string> names;  ///< of all options
  std::vector<std::pair<std::string, Option>> of_jobs;
};

/// A folder for traces that nobody wants to keep.
class TemporaryFolder {
 public:
  TemporaryFolder() = default;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  /// It is made when it is first asked for.
  Result<std::string> path() {
    if (!path_.empty()) return path_;
    const char* named = std::getenv("TMPDIR");
    const std::string parent = named != nullptr && *named != '\0' ? named : "/tmp";
    std::string path = parent + "/buddy-dca-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
      return Status(ErrorCode::system,
                    fmt::format("cannot make a folder in {} ({}) set TMPDIR to a folder that this "
                                "user may write to",
                                parent, std::strerror(errno)));
    }
    return path_ = path;
  }

 private:
  std::string path_;  ///< empty: there is none
};

std::string own_folder() { return fs::path(launch::self_path()).parent_path().native(); }

/// The paper's applications, in sizes that are recorded and replayed in half a minute.
std::vector<SuiteEntry> dca_suite() {
  return {{"transport", {"--particles", "10k", "--cycles", "2"}, {}},
          {"transpose", {"--scale", "14", "--rounds", "1"}, {}},
          {"histogram", {"--updates", "1M"}, {}},
          {"indexgather", {"--requests", "1M"}, {}},
          {"bfs", {"--scale", "14", "--roots", "2"}, {}}};
}

/// The same sizes for a workload that was named, but for what \p chosen says; its own defaults last
/// long enough for a verdict, and a replay takes some hundred times as long. \pre sizes are pairs
/// of an option and its value
std::vector<std::string> sizes_of(const std::string& workload,
                                  const std::vector<std::string>& chosen) {
  const auto is_chosen = [&](const std::string& option) {
    return std::any_of(chosen.begin(), chosen.end(), [&](const std::string& word) {
      return word == option || word.starts_with(option + "=") ||
             (option == "--scale" && word.starts_with("--input"));
    });
  };
  std::vector<std::string> sizes;
  for (const SuiteEntry& entry : dca_suite()) {
    if (entry.workload != workload) continue;
    for (std::size_t i = 0; i + 1 < entry.arguments.size(); i += 2) {
      if (is_chosen(entry.arguments[i])) continue;
      sizes.insert(sizes.end(), {entry.arguments[i], entry.arguments[i + 1]});
    }
  }
  return sizes;
}

/// The workloads that were named, or the paper's.
Result<std::vector<BenchCase>> make_cases(const DcaOptions& options, const ExtraWords& words) {
  std::vector<std::string> common;
  if (!options.input.empty()) common = {"--input", options.input};
  common.insert(common.end(), words.unknown.begin(), words.unknown.end());
  common.insert(common.end(), words.after_dashes.begin(), words.after_dashes.end());
  std::vector<SuiteEntry> entries;
  for (const std::string& name : options.workloads) entries.push_back({name, {}, {}});
  if (entries.empty()) entries = installed(dca_suite(), own_folder());
  for (SuiteEntry& entry : entries) entry.arguments = sizes_of(entry.workload, common);
  std::vector<BenchCase> cases;
  for (SuiteEntry& entry : entries) {
    const auto path = find_workload(own_folder(), entry.workload);
    if (!path.ok()) return path.status();
    entry.arguments.insert(entry.arguments.begin(), path.value());
    entry.arguments.insert(entry.arguments.end(), common.begin(), common.end());
    cases.push_back({.workload = entry.workload,
                     .program = std::move(entry.arguments),
                     .contenders = {Contender::engine},
                     .repetition = {.pairs = 0},  // the warm-up is the run
                     .job = options.job});
  }
  if (!cases.empty()) return cases;
  return Status(ErrorCode::invalid_argument,
                fmt::format("there is no workload in {} (they are programs named buddy-*) build or "
                            "install the workloads",
                            own_folder()));
}

std::string cannot_trace(const std::string& folder, const std::string& why) {
  return fmt::format("cannot put traces into {} ({}) choose another folder", folder, why);
}

/// Makes the folder that the user names, but none above it; what is in it is not touched.
Status prepare_traces(const std::string& folder, const std::vector<BenchCase>& cases) {
  if (folder.empty()) return {};
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return {ErrorCode::system, cannot_trace(folder, error.message())};
  for (const BenchCase& bench : cases) {
    const std::string part = folder + "/" + bench.workload;
    if (!fs::exists(part, error) || (fs::is_directory(part, error) && fs::is_empty(part, error))) {
      continue;
    }
    return {ErrorCode::system,
            cannot_trace(part, error ? error.message() : std::string("something is there"))};
  }
  return {};
}

/// The state of one `buddy bench dca`.
class DcaBench {
 public:
  DcaBench(const DcaOptions& options, measure::CacheOptions cache) : options_(options) {
    study_.preset = options.cache.preset;
    study_.cache = std::move(cache);
  }

  /// Records and replays. \return exit code; what was replayed before a failure counts
  int record(const std::vector<BenchCase>& cases);
  /// Replays what lies in folders named after applications. \return exit code
  int replay();
  /// Prints and writes what came out. \param command that repeats it. \return exit code
  int report(const std::vector<std::string>& command);
  bool has_results() const { return !study_.results.empty(); }
  bool is_partial() const { return study_.partial; }

 private:
  /// Reads and replays traces. \return exit code; what was said if it is none of 0
  int take(const std::string& application, const std::string& folder);
  Status add(const std::string& application, const std::string& folder,
             const std::stop_token& stop);
  /// Says why it ends, and that what was replayed before is all that there is. \return exit code
  int end_early(const std::string& message, int exit_code);
  int check_model();
  /// Scales what was replayed to many ranks. \return exit code
  int scale();

  const DcaOptions& options_;
  TemporaryFolder scratch_;
  DcaStudy study_;
  measure::Trace longest_;  ///< for the cross-check
  std::optional<CrossCheck> check_;
};

Status DcaBench::add(const std::string& application, const std::string& folder,
                     const std::stop_token& stop) {
  auto traces = measure::read_traces(folder);
  if (!traces.ok()) return traces.status();
  if (Status status = study_.add(application, traces.value(), stop); !status.ok()) return status;
  if (!options_.cross_check) return {};
  for (measure::Trace& trace : traces.value()) {
    if (trace.events.size() > longest_.events.size()) longest_ = std::move(trace);
  }
  return {};
}

int DcaBench::take(const std::string& application, const std::string& folder) {
  Status status;
  const int number = launch::run_interruptible(
      [&](const std::stop_token& stop) { status = add(application, folder, stop); });
  if (number != 0) {
    const BenchFailure stopped = stopped_by(number);
    return end_early(stopped.message, stopped.exit_code);
  }
  return status.ok() ? 0 : complain("bench dca", status.message());
}

int DcaBench::end_early(const std::string& message, int exit_code) {
  study_.partial = has_results();
  return complain(
      "bench dca",
      message + (study_.partial ? " (what is reported is partial) start it again for the rest"
                                : " (nothing was measured) start it again"),
      exit_code);
}

int DcaBench::record(const std::vector<BenchCase>& cases) {
  const launch::SignalGate gate;  // or Ctrl-C between two runs would take everything along
  const Result<std::string> root =
      options_.trace.empty() ? scratch_.path() : Result<std::string>(options_.trace);
  if (!root.ok()) return complain("bench dca", root.status().message());
  Progress progress(static_cast<int>(cases.size()));
  for (const BenchCase& bench : cases) {
    const std::string folder = root.value() + "/" + bench.workload;
    std::error_code error;
    fs::create_directory(folder, error);
    if (error) return complain("bench dca", cannot_trace(folder, error.message()));
    setenv("BUDDY_TRACE", fs::absolute(folder).c_str(), 1);  // engines inherit it
    const BenchOutcome outcome = run_case(bench, launch::built_in_launcher(), progress);
    unsetenv("BUDDY_TRACE");
    progress.hide();
    if (outcome.failed) {
      if (options_.trace.empty()) fs::remove_all(folder, error);
      std::fputs(outcome.failure.output.c_str(), stderr);
      return end_early(outcome.failure.message, outcome.failure.exit_code);
    }
    if (const int failed = take(bench.workload, folder)) return failed;
    if (options_.trace.empty()) fs::remove_all(folder, error);
  }
  return 0;
}

int DcaBench::replay() {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator it(options_.replay, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code unknown;
    if (it->is_directory(unknown)) folders.push_back(it->path());
  }
  if (folders.empty()) {
    return complain(
        "bench dca",
        fmt::format("there is nothing to replay in {} ({}) record with --trace {}", options_.replay,
                    error ? error.message() : std::string("it has no folders"), options_.replay));
  }
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    if (const int failed = take(folder.filename().native(), folder.native())) return failed;
  }
  return 0;
}

int DcaBench::check_model() {
  const auto folder = scratch_.path();
  if (!folder.ok()) return complain("bench dca", "cross-check: " + folder.status().message());
  Status status;
  const int number = launch::run_interruptible([&](const std::stop_token& stop) {
    auto check = cross_check(longest_, study_.cache, folder.value(), launch::self_path(), stop);
    status = check.status();
    if (check.ok()) check_ = check.value();
  });
  if (number != 0) {
    check_.reset();
    const BenchFailure stopped = stopped_by(number);
    return complain("bench dca",
                    stopped.message + " (the cross-check was not made) start it again for it",
                    stopped.exit_code);
  }
  return status.ok() ? 0 : complain("bench dca", "cross-check: " + status.message());
}

int DcaBench::scale() {
  bool found = true;
  const int number = launch::run_interruptible(
      [&](const std::stop_token& stop) { found = study_.scale(options_.many_ranks, stop); });
  if (number != 0) {
    const BenchFailure stopped = stopped_by(number);
    return end_early(stopped.message, stopped.exit_code);
  }
  if (!found) {
    fmt::print(stderr,
               "note: engines with many ranks were left out: no trace is of an engine with one "
               "rank, and only those are scaled\n");
  }
  return 0;
}

int DcaBench::report(const std::vector<std::string>& command) {
  const int unscaled = options_.many_ranks.empty() || study_.partial ? 0 : scale();
  const int unchecked = options_.cross_check && !study_.partial ? check_model() : 0;
  std::FILE* out = options_.files.text();
  const Machine machine = describe_machine();
  fmt::print(out, "{}machine: {}, {}, {}\n", format_dca(study_, check_), machine.host_name,
             machine.cpu_model, machine.topology);
  const Status written = options_.files.write(dca_report(study_, check_, machine, command));
  if (!written.ok()) return complain("bench dca", written.message());
  if (unscaled != 0) return unscaled;
  if (unchecked != 0 || !check_ || check_->difference() <= cross_check_limit) return unchecked;
  return complain("bench dca",
                  "cachegrind does not agree with the model (they are more than 10 % apart) report "
                  "this, with the command line");
}

int run(const DcaOptions& options, const ExtraWords& words) {
  auto cache = cache_options(options.cache);
  if (!cache.ok()) return complain("bench dca", cache.status().message(), usage_error);
  const bool recorded = !options.replay.empty();
  if (recorded && !(options.workloads.empty() && words.unknown.empty() &&
                    words.after_dashes.empty() && options.input.empty())) {
    return complain("bench dca",
                    "a replay runs no workloads (--replay takes all that was recorded) leave "
                    "workloads and their options out",
                    usage_error);
  }
  const auto job_option = std::find_if(options.of_jobs.begin(), options.of_jobs.end(),
                                       [](const auto& one) { return one.second.given(); });
  if (recorded && job_option != options.of_jobs.end()) {
    return complain("bench dca",
                    fmt::format("{} means nothing for a replay (it starts no job) leave it out",
                                job_option->first),
                    usage_error);
  }
  const Status writable = options.files.check({options.input});
  if (!writable.ok()) return complain("bench dca", writable.message());
  DcaBench bench(options, std::move(cache.value()));
  if (recorded) {
    const int failed = bench.replay();
    const int reported = failed == 0 || bench.is_partial() ? bench.report(words.command) : 0;
    return failed != 0 ? failed : reported;
  }
  const auto plan = launch::plan_job(options.job, allowed_cpus());
  if (!plan.ok()) return complain("bench dca", plan.status().message(), usage_error);
  const auto cases = make_cases(options, words);
  if (!cases.ok()) return complain("bench dca", cases.status().message(), usage_error);
  const Status taken = check_workload_options(cases.value(), {"bench dca", options.names});
  if (!taken.ok()) return complain("bench dca", taken.message(), usage_error);
  const Status free = prepare_traces(options.trace, cases.value());
  if (!free.ok()) return complain("bench dca", free.message());
  say_direct("bench dca", {plan.value()});
  const int failed = bench.record(cases.value());
  const int reported = failed == 0 || bench.has_results() ? bench.report(words.command) : 0;
  return failed != 0 ? failed : reported;
}

}  // namespace

Command add_bench_dca_command(Parser bench) {
  auto options = std::make_shared<DcaOptions>();
  options->job.ranks = 2;
  options->job.nodes = 2;
  options->job.fabric = "ucx";
  Parser app = add_command(
      bench, {.name = "dca",
              .usage = "buddy bench dca [WORKLOAD...] [OPTIONS] [WORKLOAD OPTIONS]",
              .description = "what Direct Cache Access is worth to the engine, by a cache model"});
  app.add_option("workload", options->workloads, "workloads to trace (default: the paper's five)")
      .type_name("WORKLOAD");
  add_job_options(app, options->job);
  app.get_option("--ranks").description("ranks to start (default: 2)");
  app.get_option("--nodes").description("nodes to split the ranks into (default: 2)");
  app.get_option("--fabric").description("what carries messages between nodes (default: ucx)");
  app.add_option("--input", options->input, "file that the workloads read").type_name("FILE");
  add_cache_options(app, options->cache);
  app.add_option(
         "--many-ranks",
         [options](const std::string& text) {
           return take_rank_numbers(text, options->many_ranks);
         },
         "ranks of an engine that the traces are scaled to, or none (default: 16,48)")
      .type_name("LIST");
  app.add_flag("--cross-check", options->cross_check,
               "compare the model with cachegrind, which needs valgrind");
  app.add_option("--trace", options->trace, "where the traces go, and stay (default: nowhere)")
      .type_name("DIR");
  app.add_option("--replay", options->replay, "replay these traces instead of recording some")
      .type_name("DIR")
      .excludes(app.get_option("--trace"));
  add_report_options(app, options->files, "the report");
  app.footer(
      "Other options go to the workloads: see buddy-WORKLOAD --help.\n"
      "Example: record once, then try other caches\n"
      "  buddy bench dca histogram transpose --trace traces\n"
      "  buddy bench dca --replay traces --l3 4M --dca-ways 2");
  options->names = option_names(app);
  for (const char* name : {"--ranks", "--nodes", "--workers", "--fabric", "--routing",
                           "--host-cpus", "--engine-cpus"}) {
    options->of_jobs.emplace_back(name, app.get_option(name));
  }
  return {app, [options](const ExtraWords& words) { return run(*options, words); }};
}

}  // namespace buddy::tools
