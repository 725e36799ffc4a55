#include "comm/observe/profiler.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

#include "base/run_delay.hpp"
#include "comm/observe/stats.hpp"
#include "instrument/stats_fields.hpp"

namespace buddy::comm {
namespace {

/// One clock for all communicators of a thread.
struct ThreadClock {
  ActivityClock clock;
  int users = 0;
};
thread_local ThreadClock thread_clock;

std::uint64_t ns_of(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(time.tv_usec) * 1000u;
}

std::uint64_t peak_memory_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

/// Communicators of a process have files of their own.
std::string file_name(std::uint32_t rank) {
  static std::atomic<int> made = 0;  // each thread may have communicators
  const std::string process = std::to_string(::getpid());
  return "/rank-" + std::to_string(rank) + "-" + process + "-" + std::to_string(made++) +
         ".profile";
}

}  // namespace

std::unique_ptr<Profiler> Profiler::create(ProfiledRank rank, Look look) {
  const char* folder = std::getenv("BUDDY_PROFILE_DIR");
  if (folder == nullptr || *folder == '\0') return nullptr;
  const std::string path = folder + file_name(rank.rank);
  return std::make_unique<Profiler>(path, std::move(rank), std::move(look));
}

Profiler::Profiler(std::string path, ProfiledRank rank, Look look)
    : path_(std::move(path)),
      rank_(std::move(rank)),
      look_(std::move(look)),
      simulated_(SimulatedRegion::create()) {
  if (thread_clock.users++ == 0) {
    thread_clock.clock = ActivityClock();
    activity_clock = &thread_clock.clock;
  }
  made_ = sample();
}

Profiler::~Profiler() {
  if (--thread_clock.users == 0) activity_clock = nullptr;
}

ProfileSample Profiler::sample() const {
  ProfileSample now;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  now.user_ns = ns_of(usage.ru_utime);
  now.system_ns = ns_of(usage.ru_stime);
  now.run_delay_ns = thread_run_delay_ns();
  look_(now);
  now.ticks = thread_clock.clock.read();
  now.ns = monotonic_ns();
  return now;
}

void Profiler::add(const ProfileSample& from, const ProfileSample& to) {
  sum_.ns += to.ns - from.ns;
  sum_.user_ns += to.user_ns - from.user_ns;
  sum_.system_ns += to.system_ns - from.system_ns;
  if (from.run_delay_ns && to.run_delay_ns) {
    sum_.run_delay_ns = sum_.run_delay_ns.value_or(0) + (*to.run_delay_ns - *from.run_delay_ns);
  }
  for (std::size_t i = 0; i < activity_count; ++i) sum_.ticks[i] += to.ticks[i] - from.ticks[i];
  for (std::size_t i = 0; i < counter_count; ++i) {
    sum_.counters[i] += to.counters[i] - from.counters[i];
  }
  const Stats grown = to.stats - from.stats;
  const std::uint64_t barriers = sum_.stats.barriers + grown.barriers;
  sum_.stats = detail::combine(sum_.stats, grown);
  sum_.stats.barriers = barriers;
  if (first_begin_ns_ == 0) first_begin_ns_ = from.ns;
  last_end_ns_ = to.ns;
}

void Profiler::begin() {
  marked_ = true;
  if (depth_++ != 0) return;
  begun_ = sample();
  if (simulated_) simulated_->begin();
}

void Profiler::end() {
  if (depth_ == 0 || --depth_ != 0) return;
  if (simulated_) simulated_->end();
  add(begun_, sample());
}

void Profiler::finish() {
  if (depth_ > 0) {
    depth_ = 1;
    end();
  } else if (!marked_) {
    add(made_, sample());
  }
  write();
}

std::array<std::uint64_t, activity_count> Profiler::activity_ns() const {
  std::uint64_t all_ticks = 0;
  for (const std::uint64_t ticks : sum_.ticks) all_ticks += ticks;
  const double ns_per_tick =
      all_ticks == 0 ? 0 : static_cast<double>(sum_.ns) / static_cast<double>(all_ticks);
  std::array<std::uint64_t, activity_count> spent{};
  for (std::size_t i = 0; i < activity_count; ++i) {
    spent[i] = static_cast<std::uint64_t>(static_cast<double>(sum_.ticks[i]) * ns_per_tick);
  }
  return spent;
}

void Profiler::write_rank(std::ostream& out) const {
  out << "format buddy.rank.v1\n"
      << "rank " << rank_.rank << "\nranks " << rank_.ranks << "\nnode " << rank_.node << "\nnodes "
      << rank_.nodes << "\nhost " << rank_.host << "\npid " << ::getpid() << "\nagent "
      << rank_.agent << "\nis_representative " << rank_.is_representative << "\nembedded "
      << rank_.embedded << "\nworkers " << rank_.workers << "\nfabric " << rank_.fabric
      << "\nrouting " << rank_.routing << "\nblock_capacity_bytes " << rank_.block_capacity_bytes
      << "\nring_blocks " << rank_.ring_blocks << "\nhold_us " << rank_.hold_us
      << "\npeak_memory_bytes " << peak_memory_bytes() << '\n';
}

void Profiler::write_region(std::ostream& out) const {
  out << "region_marked " << marked_ << "\nregion_begin_ns " << first_begin_ns_
      << "\nregion_end_ns " << last_end_ns_ << "\nwall_ns " << sum_.ns << "\nuser_ns "
      << sum_.user_ns << "\nsystem_ns " << sum_.system_ns << '\n';
  if (sum_.run_delay_ns) out << "run_delay_ns " << *sum_.run_delay_ns << '\n';
  const auto spent = activity_ns();
  for (std::size_t i = 0; i < activity_count; ++i) {
    out << "time_ns." << activity_names[i] << ' ' << spent[i] << '\n';
  }
  // CPU times of the process are above, those of engines among the counters.
  for_each_count([&](const char* name, auto member) {
    out << "stats." << name << ' ' << sum_.stats.*member << '\n';
  });
  for (std::size_t i = 0; i < counter_count; ++i) {
    out << "counter." << counter_names[i] << ' ' << sum_.counters[i] << '\n';
  }
}

void Profiler::write() const {
  std::ofstream file(path_);
  write_rank(file);
  write_region(file);
  file.close();
  if (file) return;
  std::fprintf(stderr,
               "buddy: rank %u: cannot write its profile to %s (%s) set BUDDY_PROFILE_DIR to a "
               "directory that can be written to\n",
               rank_.rank, path_.c_str(), std::strerror(errno));
}

}  // namespace buddy::comm
