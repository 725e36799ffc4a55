// What the command knows of the ranks and machines of a job on several machines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/job_key.hpp"
#include "base/status.hpp"
#include "launch/engine_usage.hpp"
#include "launch/job_plan.hpp"
#include "launch/report/report_listener.hpp"

namespace buddy::launch {

/// Why a job has to end.
struct JobFailure {
  int exit_code = 1;
  std::string message;
  /// Nothing else is the cause. Otherwise what is found out in the next seconds may be: a rank that
  /// fails because a machine has vanished tells of it before the kernel does.
  bool final = true;
  bool machine_vanished = false;
  bool connection_lost = false;  ///< nothing is known but that; the launcher may have gone
};

/// Listens to those who watch the ranks, and judges what they say. Threads: one.
class HostReports final : public ReportReader {
 public:
  /// Places for files that ranks write for the command; empty: it wants none.
  struct Files {
    std::string result;
    std::string profiles;  ///< folder
  };
  /// Errors: invalid_argument and system, of resolve_hosts(), addresses_towards() and
  /// ReportListener::open().
  static Result<HostReports> open(const JobPlan& plan, const JobKey& key, Files files);
  HostReports(const JobPlan& plan, ReportListener listener, std::string addresses, Files files);

  /// For those who watch ranks: where to connect to.
  const std::string& addresses() const noexcept { return addresses_; }
  int fd() const noexcept { return listener_.fd(); }
  /// Reads what has arrived, without waiting.
  void step() { listener_.step(*this); }

  const std::optional<JobFailure>& failure() const noexcept { return failure_; }
  /// A machine of which not all ranks have reported yet; none if all have.
  std::optional<std::string> missing_host() const;
  /// Everybody who is to end the job is told so. \param grace_ms after which programs are killed
  void end(int signal, int grace_ms);
  /// Whether everybody who has reported has gone since.
  bool all_gone() const noexcept { return connected_ == 0; }

  const std::vector<EngineUsage>& engines() const noexcept { return engines_; }
  /// CPUs of the ranks, and of the engines, that they can keep busy.
  int host_cpus_in_use() const noexcept;
  int engine_cpus_in_use() const noexcept;

  // ReportReader
  std::optional<report::Welcome> admit(const report::Join& join) override;
  void heard(std::uint32_t rank, report::Message message) override;
  void lost(std::uint32_t rank, ReportStream::State how) override;

 private:
  struct Rank {
    std::size_t host = 0;
    bool joined = false;
    bool connected = false;
    bool ended = false;  ///< it has said everything, or cannot any more
  };
  struct Host {
    int joined = 0;
    int ended = 0;
    int cpus = 0;
    int engine_cpus = 0;
  };

  void fail(JobFailure failure);
  void note_failure(std::uint32_t rank, const report::Failed& failed);
  void note_engine_failure(std::uint32_t rank, const report::EngineFailed& failed);
  void note_engine_end(std::uint32_t rank, const report::EngineEnded& ended);
  void keep(const report::File& file);
  void note_end(std::uint32_t rank);
  const std::string& host_name_of(std::uint32_t rank) const;

  JobPlan plan_;
  ReportListener listener_;
  std::string addresses_;
  Files files_;
  std::vector<Rank> ranks_;
  std::vector<Host> hosts_;
  int connected_ = 0;
  bool ending_ = false;
  report::End order_{};
  std::optional<JobFailure> failure_;
  std::vector<EngineUsage> engines_;
};

}  // namespace buddy::launch
