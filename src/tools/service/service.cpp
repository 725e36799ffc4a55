#include "tools/service/service.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <list>
#include <span>
#include <utility>
#include <vector>

#include "arena/job_dir.hpp"
#include "base/now_and_then.hpp"
#include "engine/reception.hpp"
#include "launch/process/process.hpp"
#include "launch/process/signal_gate.hpp"
#include "tools/service/port_file.hpp"

namespace buddy::tools {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int look_ms = 100;
/// How long a rank waits for the end of a job that is about to end, before it is refused.
constexpr auto queue_limit = std::chrono::seconds(1);
/// How long a job whose ranks have gone may take to say goodbye to other engines.
constexpr auto goodbye_limit = std::chrono::seconds(10);
constexpr auto stop_limit = std::chrono::seconds(5);

/// A log that cannot be written (its reader has ended, its disk is full) is no reason to end.
void say(const std::string& text) {
  const std::string line = "buddy engine: " + text + "\n";
  [[maybe_unused]] const int written = std::fputs(line.c_str(), stderr);
}

std::string name_of(const JobId& id) {
  return id == JobId() ? std::string("the job without an id") : "job " + to_string(id).substr(0, 8);
}

/// As many open files as the system allows, because a crowd at the door takes one for each.
/// \return how many strangers that leaves room for
std::size_t make_room_for_strangers() {
  constexpr rlim_t enough = 8192;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 128;
  if (limit.rlim_cur < enough) limit.rlim_cur = std::min(limit.rlim_max, enough);
  setrlimit(RLIMIT_NOFILE, &limit);
  return std::clamp<std::size_t>(limit.rlim_cur / 2, 1, 1024);
}

class Service {
 public:
  Service(const ServiceOptions& options, engine::Reception reception)
      : options_(options), reception_(std::move(reception)) {}

  void run();

 private:
  struct Leaving {
    JobProcess job;
    Clock::time_point kill_at;
  };
  struct Waiting {
    engine::Admitted rank;
    Clock::time_point refuse_at;
  };
  bool run_once();
  void reap();
  void retire_finished();
  std::size_t free_slot() const;
  bool place(engine::Admitted& rank);
  void serve_waiting();
  void refuse(engine::Admitted rank, const Status& why);
  void report_refused();
  void stop_all();

  const ServiceOptions& options_;
  launch::SignalGate gate_;
  engine::Reception reception_;
  std::list<JobProcess> jobs_;
  std::list<Leaving> leaving_;
  std::list<Waiting> waiting_;
  NowAndThen report_{1'000'000'000};
  engine::RefusedCounts reported_{};
};

void Service::run() {
  while (run_once()) {
  }
  report_refused();
  stop_all();
}

/// \return false when it is time to stop
bool Service::run_once() {
  std::vector<pollfd> polled;
  for (const JobProcess& job : jobs_) polled.push_back({job.fd(), POLLIN, 0});
  const std::size_t jobs = polled.size();
  reception_.watch(polled);
  const int signal = gate_.wait(look_ms, polled);
  if (launch::asks_to_stop(signal)) return false;
  reap();
  retire_finished();
  for (engine::Admitted& rank : reception_.take(std::span<const pollfd>(polled).subspan(jobs))) {
    waiting_.push_back({std::move(rank), Clock::now() + queue_limit});
  }
  serve_waiting();
  if (report_.due()) report_refused();
  return true;
}

void Service::reap() {
  bool untidy = false;
  const auto ended = [&](const JobProcess& job) {
    int status = 0;
    if (waitpid(job.pid(), &status, WNOHANG) != job.pid()) return false;
    const launch::ExitState state = launch::ExitState::from_wait(status);
    if (state.ok()) return true;
    untidy = true;
    say(fmt::format("{}: its process {} {} (its ranks get an error) see what it said",
                    name_of(job.id()), job.pid(), state.describe()));
    return true;
  };
  jobs_.remove_if(ended);
  leaving_.remove_if([&](const Leaving& each) { return ended(each.job); });
  for (const Leaving& each : leaving_) {
    if (Clock::now() > each.kill_at) kill(each.job.pid(), SIGKILL);
  }
  if (untidy) arena::remove_stale_job_dirs();
}

void Service::retire_finished() {
  for (auto job = jobs_.begin(); job != jobs_.end();) {
    if (!job->is_over()) {
      ++job;
      continue;
    }
    job->close();
    say(fmt::format("{}: all of its ranks have left", name_of(job->id())));
    leaving_.push_back({std::move(*job), Clock::now() + goodbye_limit});
    job = jobs_.erase(job);
  }
}

std::size_t Service::free_slot() const {
  std::size_t slot = 0;
  while (std::any_of(jobs_.begin(), jobs_.end(),
                     [&](const JobProcess& job) { return job.slot() == slot; })) {
    ++slot;
  }
  return slot;
}

/// \return false if there is no room for its job now
bool Service::place(engine::Admitted& rank) {
  auto job = std::find_if(jobs_.begin(), jobs_.end(),
                          [&](const JobProcess& each) { return each.id() == rank.job; });
  if (job == jobs_.end()) {
    if (jobs_.size() >= static_cast<std::size_t>(options_.max_jobs)) return false;
    auto started = JobProcess::start(rank.job, free_slot(), options_.job);
    if (!started.ok()) {
      say(fmt::format("{}: {}", name_of(rank.job), started.status().message()));
      refuse(std::move(rank), started.status());
      return true;
    }
    jobs_.push_back(std::move(started.value()));
    job = std::prev(jobs_.end());
    say(fmt::format("{}: served by process {} (job {} of at most {} at a time)", name_of(rank.job),
                    job->pid(), jobs_.size(), options_.max_jobs));
  }
  // If the job's process has ended, the connection ends with it, and the rank tries again.
  const Status given = job->hand_over(std::move(rank.socket));
  if (!given.ok()) say(fmt::format("{}: {}", name_of(job->id()), given.message()));
  return true;
}

void Service::serve_waiting() {
  const auto now = Clock::now();
  waiting_.remove_if([&](Waiting& each) {
    if (place(each.rank)) return true;
    if (now < each.refuse_at) return false;
    const Status full(ErrorCode::system,
                      fmt::format("the engine serves {} {} already (its limit) try again when one "
                                  "has ended, or start the engine with a larger --jobs",
                                  jobs_.size(), jobs_.size() == 1 ? "job" : "jobs"));
    say(fmt::format("{}: refused, as {} run already", name_of(each.rank.job), jobs_.size()));
    refuse(std::move(each.rank), full);
    return true;
  });
}

/// Its end of the connection has read everything, so the answer arrives although this one closes.
void Service::refuse(engine::Admitted rank, const Status& why) {
  [[maybe_unused]] const Status sent = rank.socket.post(transport::refusal_of(why));
}

void Service::report_refused() {
  const engine::RefusedCounts& counts = reception_.refused();
  if (counts == reported_) return;
  reported_ = counts;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    parts.push_back(fmt::format("{} {}", counts[i],
                                transport::describe(static_cast<transport::GreetingEnd>(i))));
  }
  say(fmt::format("greetings refused so far: {}", fmt::join(parts, ", ")));
}

void Service::stop_all() {
  waiting_.clear();
  for (JobProcess& job : jobs_) leaving_.push_back({std::move(job), Clock::now() + stop_limit});
  jobs_.clear();
  for (const Leaving& each : leaving_) kill(each.job.pid(), SIGTERM);
  while (!leaving_.empty()) {
    gate_.wait(look_ms);
    reap();
  }
}

}  // namespace

Status run_service(const ServiceOptions& options) {
  signal(SIGPIPE, SIG_IGN);  // of a log that nobody reads any more
  auto listener = transport::ControlListener::open(options.address, options.peer_timeout_s);
  if (!listener.ok()) return listener.status();
  const transport::ControlAddress address = listener.value().address();
  PortFile port_file(options.port_file);
  if (Status written = port_file.write(address.port); !written.ok()) return written;
  Service service(options, engine::Reception(std::move(listener.value()),
                                             {.key = options.job.key,
                                              .max_strangers = make_room_for_strangers()}));
  say(fmt::format("listens at {} for up to {} jobs at a time", to_string(address),
                  options.max_jobs));
  if (options.on_ready) options.on_ready();
  service.run();
  return {};
}

}  // namespace buddy::tools
