#include "launch/hosts/host_reports.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "launch/hosts/host_addresses.hpp"
#include "launch/process/cpu_list.hpp"

namespace buddy::launch {
namespace {

void write_file(const std::string& path, const std::string& bytes) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  std::size_t done = 0;
  while (fd && done < bytes.size()) {
    const ssize_t written = write(fd.get(), bytes.data() + done, bytes.size() - done);
    if (written <= 0) return;  // what is missing is found by who reads it
    done += static_cast<std::size_t>(written);
  }
}

/// A name within a folder, and not of the folder or one above it.
bool is_file_name(const std::string& name) {
  return !name.empty() && name.size() < 256 && name[0] != '.' &&
         name.find('/') == std::string::npos && name.find('\0') == std::string::npos;
}

}  // namespace

Result<HostReports> HostReports::open(const JobPlan& plan, const JobKey& key, Files files) {
  const auto hosts = resolve_hosts(plan.hosts);
  if (!hosts.ok()) return hosts.status();
  const Status reachable = check_engine_addresses(hosts.value(), plan.services);
  if (!reachable.ok()) return reachable;
  auto listener = ReportListener::open(
      {.key = key, .ranks = plan.ranks, .peer_timeout_s = plan.peer_timeout_s});
  if (!listener.ok()) return listener.status();
  auto addresses = addresses_towards(hosts.value(), listener.value().port());
  if (!addresses.ok()) return addresses.status();
  return HostReports(plan, std::move(listener.value()), std::move(addresses.value()),
                     std::move(files));
}

HostReports::HostReports(const JobPlan& plan, ReportListener listener, std::string addresses,
                         Files files)
    : plan_(plan),
      listener_(std::move(listener)),
      addresses_(std::move(addresses)),
      files_(std::move(files)),
      hosts_(plan.hosts.size()) {
  for (std::size_t host = 0; host < plan.hosts.size(); ++host) {
    for (int i = 0; i < plan.hosts[host].ranks; ++i) ranks_.push_back({.host = host});
  }
}

std::optional<report::Welcome> HostReports::admit(const report::Join& join) {
  if (join.rank >= ranks_.size() || ranks_[join.rank].joined) return std::nullopt;
  Rank& rank = ranks_[join.rank];
  const HostShare& host = plan_.hosts[rank.host];
  // Engines and CPUs are given out by machine: ranks have to be where they were planned.
  if (join.local_ranks != static_cast<std::uint32_t>(host.ranks) ||
      join.local_index + static_cast<std::uint32_t>(host.first_rank) != join.rank) {
    fail(
        {.message = fmt::format(
             "the launcher has put rank {} somewhere else than on {} (it is number {} of {} on its "
             "machine) leave out variables and files that make the launcher map ranks",
             join.rank, host.name, join.local_index, join.local_ranks)});
    return std::nullopt;
  }
  rank.joined = rank.connected = true;
  ++hosts_[rank.host].joined;
  ++connected_;
  report::Welcome welcome{
      .host = host.name,
      .host_cpus = format_cpu_list(plan_.host_cpus),
      .engine_cpus = format_cpu_list(plan_.engine_cpus),
      .engines = static_cast<std::uint32_t>(plan_.engines()),
      .workers = static_cast<std::uint32_t>(plan_.workers),
      .placement = to_string(plan_.placement),
      .dpu = plan_.dpu ? to_string(*plan_.dpu) : std::string(),
      .engine_address = plan_.services.empty() ? "" : plan_.services[rank.host].uri(),
      .wants_result = files_.result.empty() ? 0u : 1u,
      .wants_profile = files_.profiles.empty() ? 0u : 1u};
  return welcome;
}

void HostReports::heard(std::uint32_t rank, report::Message message) {
  if (const auto* started = std::get_if<report::Started>(&message)) {
    constexpr std::uint32_t most = 1'000'000;
    hosts_[ranks_[rank].host].cpus = static_cast<int>(std::min(started->host_cpus, most));
    hosts_[ranks_[rank].host].engine_cpus = static_cast<int>(std::min(started->engine_cpus, most));
    if (ending_) listener_.send(rank, order_);
  } else if (const auto* failed = std::get_if<report::Failed>(&message)) {
    note_failure(rank, *failed);
  } else if (const auto* engine = std::get_if<report::EngineFailed>(&message)) {
    note_engine_failure(rank, *engine);
  } else if (const auto* usage = std::get_if<report::EngineEnded>(&message)) {
    note_engine_end(rank, *usage);
  } else if (const auto* file = std::get_if<report::File>(&message)) {
    keep(*file);
  } else if (std::holds_alternative<report::Ended>(message)) {
    note_end(rank);
  }
}

void HostReports::lost(std::uint32_t number, ReportStream::State how) {
  Rank& rank = ranks_[number];
  rank.connected = false;
  --connected_;
  if (how == ReportStream::State::vanished) {
    fail({.message = fmt::format("{} has vanished (it has not answered for {} s) look at the "
                                 "machine and its network",
                                 host_name_of(number), plan_.peer_timeout_s),
          .machine_vanished = true});
  } else if (!rank.ended) {
    fail({.message = fmt::format("rank {} on {} is lost (the connection to who watches it broke) "
                                 "see messages above",
                                 number, host_name_of(number)),
          .final = false,
          .connection_lost = true});
  }
  note_end(number);
}

/// The first of a machine goes last: it ends the engines, and removes what is there.
void HostReports::note_end(std::uint32_t number) {
  Rank& rank = ranks_[number];
  if (rank.ended) return;
  rank.ended = true;
  Host& host = hosts_[rank.host];
  const HostShare& share = plan_.hosts[rank.host];
  const auto first = static_cast<std::uint32_t>(share.first_rank);
  ++host.ended;
  if (number != first) listener_.send(number, report::Finish{});
  if (ranks_[first].ended && host.ended == std::max(host.joined, ending_ ? 0 : share.ranks)) {
    listener_.send(first, report::Finish{});
  }
}

void HostReports::fail(JobFailure failure) {
  // Who has vanished is the cause, whoever else has told of it before.
  if (failure_ && (failure_->final || !failure.machine_vanished)) return;
  failure_ = std::move(failure);
}

void HostReports::note_failure(std::uint32_t rank, const report::Failed& failed) {
  const ExitState state{.code = static_cast<int>(failed.code),
                        .signal = static_cast<int>(failed.signal)};
  if (!failed.why.empty()) {
    return fail({.message = fmt::format("{}: {}", host_name_of(rank), failed.why)});
  }
  fail({.exit_code = state.exit_code() != 0 ? state.exit_code() : 1,
        .message =
            fmt::format("the program failed (rank {} on {}, process {}, {}) see its messages above",
                        rank, host_name_of(rank), failed.pid, state.describe()),
        .final = false});
}

void HostReports::note_engine_failure(std::uint32_t rank, const report::EngineFailed& failed) {
  const ExitState state{.code = static_cast<int>(failed.code),
                        .signal = static_cast<int>(failed.signal)};
  // An engine that gives up because a rank crashed is not the cause.
  if (state.signal == 0 && failure_) return;
  fail(
      {.message = fmt::format("the engine of node {} of {} failed (process {} {}) see its messages "
                              "above, and run again",
                              failed.node, host_name_of(rank), failed.pid, state.describe())});
}

void HostReports::note_engine_end(std::uint32_t rank, const report::EngineEnded& ended) {
  if (engines_.size() >= hosts_.size() * static_cast<std::size_t>(plan_.engines())) return;
  EngineUsage usage{
      .node = static_cast<int>(ranks_[rank].host) * plan_.engines() + static_cast<int>(ended.node),
      .pid = static_cast<pid_t>(ended.pid),
      .user_seconds = static_cast<double>(ended.user_us) * 1e-6,
      .system_seconds = static_cast<double>(ended.system_us) * 1e-6,
      .peak_memory_bytes = ended.peak_memory_bytes};
  if (ended.run_delay_ns != report::EngineEnded::unknown) {
    usage.run_delay_seconds = static_cast<double>(ended.run_delay_ns) * 1e-9;
  }
  engines_.push_back(usage);
}

void HostReports::keep(const report::File& file) {
  if (file.purpose == report::File::result && !files_.result.empty()) {
    write_file(files_.result, file.bytes);
  }
  if (file.purpose == report::File::profile && !files_.profiles.empty() &&
      is_file_name(file.name)) {
    write_file(files_.profiles + '/' + file.name, file.bytes);
  }
}

std::optional<std::string> HostReports::missing_host() const {
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    if (hosts_[host].joined < plan_.hosts[host].ranks) return plan_.hosts[host].name;
  }
  return std::nullopt;
}

void HostReports::end(int signal, int grace_ms) {
  ending_ = true;
  order_ = {static_cast<std::uint32_t>(signal), static_cast<std::uint32_t>(grace_ms)};
  for (std::uint32_t rank = 0; rank < ranks_.size(); ++rank) {
    if (ranks_[rank].connected) listener_.send(rank, order_);
  }
  // Of a machine where not all have come, nobody waits for the others.
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    const auto first = static_cast<std::uint32_t>(plan_.hosts[host].first_rank);
    if (ranks_[first].ended && hosts_[host].ended == hosts_[host].joined) {
      listener_.send(first, report::Finish{});
    }
  }
}

const std::string& HostReports::host_name_of(std::uint32_t rank) const {
  return plan_.hosts[ranks_[rank].host].name;
}

int HostReports::host_cpus_in_use() const noexcept {
  int sum = 0;
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    sum += std::min(plan_.hosts[host].ranks, hosts_[host].cpus);
  }
  return sum;
}

int HostReports::engine_cpus_in_use() const noexcept {
  int sum = 0;
  for (const Host& host : hosts_) {
    const int threads = plan_.engines() * plan_.workers;
    sum += host.engine_cpus > 0 ? std::min(threads, host.engine_cpus) : threads;
  }
  return sum;
}

}  // namespace buddy::launch
