// Monte Carlo particle transport: fire-and-forget messages that carry work along, and an amount of
// work between two of them that can be chosen.
#include <fmt/core.h>

#include <algorithm>
#include <buddy/buddy.hpp>

#include "common/program.hpp"
#include "transport/options.hpp"
#include "transport/run.hpp"
#include "transport/verify.hpp"

namespace {

namespace transport = workloads::transport;
using transport::Event;

constexpr std::uint64_t small_slab_particles = 20'000;

/// The same code, carrier and domains on a problem whose answer theory knows.
transport::Options small_slab(transport::Options options) {
  options.particles = small_slab_particles;
  options.cycles = 1;
  options.work = 1;
  options.grid = 2;
  return options;
}

struct Runs {
  transport::Outcome outcome;
  transport::Outcome slab;
};

Runs run_both(const transport::Options& options, const transport::Problem& problem,
              const transport::Problem& slab, const transport::Decomposition& decomposition) {
  if (options.method == workloads::Method::alltoallv) {
    return {transport::run_alltoallv(MPI_COMM_WORLD, problem, decomposition, options.rounds),
            transport::run_alltoallv(MPI_COMM_WORLD, slab, decomposition, 1)};
  }
  buddy::Comm comm(MPI_COMM_WORLD);
  auto outcome = transport::run_buddy(comm, problem, decomposition, options.rounds);
  return {std::move(outcome), transport::run_buddy(comm, slab, decomposition, 1)};
}

void describe(const transport::Options& options, const transport::Problem& problem,
              const transport::Decomposition& decomposition, workloads::Details& details) {
  details["problem"] = options.kind == transport::Kind::slab ? "slab" : "core";
  details["particles"] = options.particles;
  details["mesh"] = options.mesh;
  details["domains"] = decomposition.shape();
  details["cycles"] = options.cycles;
  details["lookups_per_segment"] = options.work;
  details["table_bytes_per_rank"] = problem.cross_sections.bytes();
  details["albedo_percent"] = options.albedo_percent;
  details["batch"] = options.batch;
  details["seed"] = options.seed;
}

void describe(const transport::Outcome& outcome, workloads::Details& details) {
  const transport::Answer& answer = outcome.answer;
  details["answer_checksum"] = answer.checksum();
  details["answer"] = fmt::format("{:016x}", answer.checksum());  // the same in digits of 16
  details["particles_sent"] = outcome.sent;
  details["segments"] = answer.total(Event::segments);
  const double sent = static_cast<double>(std::max<std::uint64_t>(outcome.sent, 1));
  details["segments_per_message"] = static_cast<double>(answer.total(Event::segments)) / sent;
  details["collisions"] = answer.total(Event::scattered) + answer.total(Event::absorbed) +
                          answer.total(Event::fissioned);
  details["fissions"] = answer.total(Event::fissioned);
  details["absorbed"] = answer.total(Event::absorbed);
  details["escaped"] = answer.total(Event::escaped);
  details["sourced"] = answer.total(Event::sourced);
  details["split"] = answer.total(Event::split);
  details["rouletted"] = answer.total(Event::rouletted);
  details["census"] = answer.cycles.back()[Event::census];
}

void describe(const transport::SlabCheck& check, workloads::Details& details) {
  workloads::Details slab;
  slab["born"] = check.born;
  slab["escaped"] = check.escaped;
  slab["expected"] = check.expected;
  slab["sigmas"] = check.sigmas;
  details["slab"] = slab;
}

int body(int argc, char** argv) {
  transport::Options options;
  if (const auto exit_code = transport::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  const bool is_slab = options.kind == transport::Kind::slab;
  const auto problem = is_slab ? transport::make_slab(options) : transport::make_core(options);
  const auto slab = transport::make_slab(small_slab(options));
  const transport::Decomposition decomposition(
      problem.mesh, {.ranks = workloads::comm_size(MPI_COMM_WORLD),
                     .block_cells = static_cast<std::uint32_t>(options.block)});
  const Runs runs = run_both(options, problem, slab, decomposition);
  const auto check = transport::verify(MPI_COMM_WORLD, problem, decomposition, runs.outcome);
  const auto slab_check = transport::check_slab(is_slab ? runs.outcome.answer : runs.slab.answer);

  workloads::RunResult result = runs.outcome.result;
  result.workload = "transport";
  result.verified = check.correct() && slab_check.passed() && runs.slab.answer.balanced() &&
                    transport::check_slab(runs.slab.answer).passed();
  result.details["balanced"] = check.balanced;
  result.details["delivered"] = check.delivered;
  result.details["replayed"] = check.replayed;
  describe(options, problem, decomposition, result.details);
  describe(runs.outcome, result.details);
  describe(slab_check, result.details);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
