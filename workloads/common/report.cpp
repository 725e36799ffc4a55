#include "common/report.hpp"

#include <fmt/core.h>
#include <sys/resource.h>

#include <buddy/buddy.hpp>
#include <cstdlib>
#include <string_view>

#include "common/program.hpp"
#include "common/result_file.hpp"

namespace workloads {
namespace {

Details to_json(const RunResult& result) {
  Details json;
  json["workload"] = result.workload;
  json["placement"] = result.placement;
  json["emulated"] = result.is_emulated();
  json["fabric"] = result.fabric;
  json["routing"] = result.routing;
  json["ranks"] = result.ranks;
  json["nodes"] = result.nodes;
  json["workers"] = result.workers;
  json["seconds"] = result.seconds;
  json["messages"] = result.messages;
  json["payload_bytes"] = result.payload_bytes;
  json["wire_bytes"] = result.wire_bytes;
  json["host_cpu_seconds"] = result.host_cpu_seconds;
  json["host_run_delay_seconds"] = result.host_run_delay_seconds;
  json["engine_cpu_seconds"] = result.engine_cpu_seconds;
  json["verified"] = result.verified;
  json["details"] = result.details;
  return json;
}

/// \return what went wrong, or nothing
std::string write_json(const RunResult& result) {
  const char* path = std::getenv("BUDDY_RESULT_FILE");
  if (path == nullptr || *path == '\0') return {};
  const std::string why = write_result(path, to_json(result).text() + '\n');
  if (why.empty()) return {};
  return fmt::format("{}: cannot write the result ({}) set BUDDY_RESULT_FILE to a writable path",
                     path, why);
}

void print_line(const RunResult& result) {
  const double messages = static_cast<double>(result.messages);
  const double rate = result.seconds > 0 ? messages / result.seconds / result.ranks : 0.0;
  const bool forwards = result.routing == "node" || result.routing == "grid";
  const std::string routing = forwards ? ", routing " + result.routing : "";
  fmt::print("{}: {} {}, {} over {}{}: {} messages in {:.4f} s, {:.2f} M/s per rank, {}\n",
             result.workload, result.ranks, result.ranks == 1 ? "rank" : "ranks",
             result.placement + (result.is_emulated() ? " (an emulation)" : ""), result.fabric,
             routing, result.messages, result.seconds, rate * 1e-6,
             result.verified ? "verified" : "WRONG ANSWER");
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

const char* name_of(buddy::Routing routing) {
  switch (routing) {
    case buddy::Routing::node: return "node";
    case buddy::Routing::grid: return "grid";
    case buddy::Routing::automatic:
    case buddy::Routing::direct: break;
  }
  return "direct";
}

int count_machines(MPI_Comm comm) {
  MPI_Comm machine = MPI_COMM_NULL;
  MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  const std::uint64_t is_first = comm_rank(machine) == 0 ? 1 : 0;
  MPI_Comm_free(&machine);
  return static_cast<int>(sum_over_ranks(is_first, comm));
}

/// As it was typed: ranks know engine processes alone, which may be on their own CPUs or emulate a
/// DPU.
std::string placement_of(const buddy::Comm& comm) {
  if (comm.placement() == buddy::Placement::host) return "host";
  const char* place = std::getenv("BUDDY_PLACE");
  const std::string_view typed = place == nullptr ? "" : place;
  return typed == "shared" || typed == placement_dpu ? std::string(typed) : "engine";
}

}  // namespace

RunResult describe_run(const buddy::Comm& comm) {
  RunResult result;
  result.placement = placement_of(comm);
  result.fabric = comm.fabric() == buddy::FabricKind::ucx ? "ucx" : "shm";
  result.routing = name_of(comm.routing());
  result.ranks = comm.size();
  result.nodes = comm.nodes();
  result.workers = comm.workers();
  return result;
}

RunResult describe_run(MPI_Comm comm) {
  RunResult result;
  result.placement = "alltoallv";
  result.fabric = "mpi";
  result.routing = "mpi";
  result.ranks = comm_size(comm);
  result.nodes = count_machines(comm);
  return result;
}

void add_stats(RunResult& result, const buddy::Stats& stats) {
  result.messages = stats.messages_sent;
  result.payload_bytes = stats.payload_bytes;
  result.wire_bytes = stats.wire_bytes;
  result.host_cpu_seconds = stats.host_cpu_seconds;
  result.engine_cpu_seconds = stats.engine_cpu_seconds;
  result.details["engine_spin_seconds"] = stats.engine_spin_seconds;
  result.details["blocks_sent"] = stats.blocks_sent;
  result.details["stalls"] = stats.stalls;
  result.details["engine_stalls"] = stats.engine_stalls;
  result.details["routed_records"] = stats.routed_records;
  result.details["along_records"] = stats.along_records;
  result.details["across_records"] = stats.across_records;
  result.details["forwarded_records"] = stats.forwarded_records;
}

int report(RunResult result, MPI_Comm comm) {
  std::string problem;
  if (comm_rank(comm) == 0) {
    print_line(result);
    problem = write_json(result);
  }
  agree(comm, problem);
  if (result.verified) return 0;
  throw JobError(
      "the answer is wrong (messages were lost, repeated, changed or misdelivered) report this "
      "with the command line");
}

double process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

double max_over_ranks(double value, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, comm);
  return value;
}

double sum_over_ranks(double value, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm);
  return value;
}

std::uint64_t sum_over_ranks(std::uint64_t value, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_UINT64_T, MPI_SUM, comm);
  return value;
}

}  // namespace workloads
