#include "comm/comm_state.hpp"

#include <exception>
#include <mutex>
#include <string>
#include <utility>

#include "arena/idle.hpp"
#include "arena/job_dir.hpp"
#include "base/clock.hpp"
#include "base/machine_identity.hpp"
#include "base/standard_streams.hpp"
#include "comm/bootstrap/neighbour_addresses.hpp"
#include "comm/objects.hpp"
#include "comm/thread_state.hpp"
#include "instrument/activity.hpp"

namespace buddy::detail {

using comm::agree;

namespace {

/// Who sleeps in one communicator does not hear the doorbells of the others.
constexpr int shared_sleep_ms = 1;
/// A collective operation is tested for so long before the core is given to others, ns: about what
/// giving it to an engine and getting it back costs (docs/design/doorbells.md).
constexpr std::uint64_t keep_shared_core_ns = 2'000;
/// The job has a core for each of its processes; whether others want this one is asked so often.
constexpr std::uint64_t keep_own_core_ns = 100'000;

/// Not even the end of the process gives it back: MPI's own end may come later.
void keep_for_ever(const std::shared_ptr<void>& memory) {
  static std::mutex mutex;
  static auto& kept = *new std::vector<std::shared_ptr<void>>;
  const std::lock_guard lock(mutex);
  kept.push_back(memory);
}

}  // namespace

CommState::CommState(Comm& comm, MPI_Comm parent, const Options& options)
    : comm_(comm), exceptions_at_start_(std::uncaught_exceptions()) {
  throw_if_error(comm::check_parent(parent));
  if (comm::thread_state().in_handler) {
    throw Error(ErrorCode::invalid_argument,
                "a handler makes a communicator (that waits for the other ranks, and handlers must "
                "not wait) make it outside of handlers");
  }
  fill_standard_streams();
  MPI_Comm_dup(parent, &mpi_);
  MPI_Comm_rank(mpi_, &rank_);
  MPI_Comm_size(mpi_, &size_);
  auto settings = comm::read_settings(options);
  if (settings.ok()) settings_ = settings.value();
  session_ = comm::take_session(mpi_, settings.ok() ? &settings_ : nullptr);
  if (!session_) make_session(settings.status());
  use_session();
  if (settings_.check) {
    address_check_.emplace();
    endpoint_->see_all_messages();
  }
  cpu_at_start_ns_ = process_cpu_ns();
  start_profiler();
  before_finalize_.emplace([this] { finalize_begins(); });
}

void CommState::make_session(Status status) {
  throw_if_error(comm::check_ranks(static_cast<std::size_t>(size_)));
  session_ = std::make_unique<comm::Session>();
  session_->settings = settings_;
  // Collective: whatever the status is.
  const comm::MachineGroup group(mpi_, machine_identity());
  if (group.is_first()) arena::remove_stale_job_dirs();
  const comm::MachinePlace place = comm::find_place(mpi_, group);
  comm::RankInfo info;
  if (status.ok()) {
    auto described = comm::describe_rank(settings_, place, static_cast<std::uint32_t>(rank_));
    status = described.status();
    if (described.ok()) info = std::move(described.value());
  }
  if (status.ok() && settings_.placement == Placement::engine) {
    auto socket = comm::greet_engine(settings_, info);
    status = socket.status();
    if (socket.ok()) socket_ = std::move(socket.value());
  }
  throw_if_error(agree(mpi_, status));
  auto job = comm::assemble_job(mpi_, group, settings_, std::move(info));
  throw_if_error(job.status());
  session_->job = std::move(job.value());
  comm::say_if_direct(settings_, session_->job.map, rank_);
  connect();
}

void CommState::start_profiler() {
  comm::ProfiledRank rank;
  rank.rank = static_cast<std::uint32_t>(rank_);
  rank.ranks = static_cast<std::uint32_t>(size_);
  rank.node = job().map.node_of(RankId{rank.rank}).value;
  rank.nodes = nodes_;
  rank.host = job().self.host;
  rank.agent = job().map.agent_of(RankId{rank.rank}).value;
  rank.is_representative = is_representative_;
  rank.embedded = settings_.placement == Placement::host;
  rank.workers = job().self.workers;
  rank.fabric = job().map.carrier() == FabricKind::ucx ? "ucx" : "shm";
  rank.routing = wire::to_string(job().map.routing);
  rank.block_capacity_bytes = endpoint_->block_capacity_bytes();
  const arena::Sizes sizes = arena::sizes_for(wire::Routes(job().map), job().map.knobs);
  // Across a network the window follows distance and peers, unless somebody has chosen it.
  const bool by_distance = rank.fabric == "ucx" && sizes.window_bytes == 0;
  rank.ring_blocks = by_distance ? 0 : sizes.fabric_ring_bytes / sizes.block_bytes;
  rank.hold_us = job().map.knobs.hold_us;
  profiler_ = comm::Profiler::create(std::move(rank), [this](comm::ProfileSample& now) {
    now.stats = stats();
    for (std::size_t i = 0; i < counter_count; ++i) {
      now.counters[i] = connection_->counters().get(static_cast<Counter>(i));
    }
  });
}

Status CommState::make_connection() {
  const comm::Job& job = session_->job;
  const auto rank = static_cast<std::uint32_t>(rank_);
  auto made = settings_.placement == Placement::host
                  ? comm::make_embedded_engine(settings_, job, rank)
                  : comm::make_attached_engine(std::move(socket_), settings_, job, rank);
  if (made.ok()) session_->connection = std::move(made.value());
  return made.status();
}

void CommState::connect() {
  comm::Job& job = session_->job;
  const RankId self{static_cast<std::uint32_t>(rank_)};
  is_representative_ = job.map.is_representative(self);
  // Who speaks for an agent comes first: it brings the engine the map.
  for (const bool representatives : {true, false}) {
    Status made;
    if (is_representative_ == representatives) made = make_connection();
    throw_if_error(agree(mpi_, made));
    if (settings_.placement == Placement::host) break;  // all are
  }
  connection_ = session_->connection.get();
  const auto addresses = comm::exchange_addresses(mpi_, job.map, self, connection_->address());
  throw_if_error(agree(mpi_, connection_->connect(addresses, is_representative_)));
  connection_->unlink_names(is_representative_);
  job.machine = {};
}

void CommState::use_session() {
  const comm::Job& job = session_->job;
  const auto rank = static_cast<std::uint32_t>(rank_);
  connection_ = session_->connection.get();
  is_representative_ = job.map.is_representative(RankId{rank});
  nodes_ = job.map.nodes();
  for (std::uint32_t r = 0; r < job.map.ranks(); ++r) {
    if (job.map.node_of(RankId{r}) == job.map.node_of(RankId{rank})) {
      ranks_of_node_.push_back(static_cast<int>(r));
    }
  }
  for (std::size_t i = 0; i < counter_count; ++i) {
    counters_at_start_[i] = connection_->counters().get(static_cast<Counter>(i));
  }
  late_wakeups_at_start_ = connection_->late_wakeups();
  comm_.outbox_.idle = &connection_->idle_word();
  endpoint_ = std::make_unique<comm::Endpoint>(
      rank, comm_.outbox_, *connection_, static_cast<comm::Receiver&>(*this),
      arena::sizes_for(wire::Routes(job.map), job.map.knobs), settings_.collect_bytes,
      session_->counts);
  start_watch();
  join_thread();
}

void CommState::start_watch() {
  constexpr std::uint64_t second_ns = 1'000'000'000;
  comm::WaitWatch::Options options;
  options.rank = static_cast<std::uint32_t>(rank_);
  options.ranks = static_cast<std::uint32_t>(size_);
  options.barriers_before = endpoint_->passed();
  options.notice_ns = static_cast<std::uint64_t>(settings_.notice_seconds) * second_ns;
  options.hang_ns = static_cast<std::uint64_t>(settings_.hang_seconds) * second_ns;
  options.say = [](const std::string& text) { std::fprintf(stderr, "buddy: %s\n", text.c_str()); };
  watch_ = std::make_unique<comm::WaitWatch>(std::move(options), connection_->slot());
  endpoint_->watch_waits(*watch_);
}

void CommState::join_thread() {
  comm::ThreadState& thread = comm::thread_state();
  comm::watch_end_of_thread();
  endpoint_->share_thread(thread.in_handler, [this] { return keep_others_going(); });
  next_ = std::exchange(thread.first, this);
  if (next_ == nullptr) return;
  for (CommState* each = this; each != nullptr; each = each->next_) {
    each->connection_->sleep_at_most(shared_sleep_ms);
  }
}

void CommState::leave_thread() {
  comm::ThreadState& thread = comm::thread_state();
  for (CommState** at = &thread.first; *at != nullptr; at = &(*at)->next_) {
    if (*at != this) continue;
    *at = next_;
    break;
  }
  if (thread.first != nullptr && thread.first->next_ == nullptr) {
    thread.first->connection_->sleep_at_most(arena::longest_sleep_ms);
  }
}

bool CommState::keep_others_going() {
  bool moved = false;
  for (CommState* each = comm::thread_state().first; each != nullptr; each = each->next_) {
    if (each == this || each->endpoint_->failed()) continue;
    try {
      moved = each->endpoint_->progress_without_running() || moved;
    } catch (const Error&) {
      // It has failed: its own next call says so.
    }
  }
  return moved;
}

int CommState::node() const noexcept {
  return static_cast<int>(job().map.node_of(RankId{static_cast<std::uint32_t>(rank_)}).value);
}

int CommState::workers() const noexcept { return static_cast<int>(job().self.workers); }

void CommState::expect_collective() const {
  if (endpoint_->in_handler()) {
    throw Error(ErrorCode::invalid_argument,
                "a handler called a collective operation (handlers must not wait) call it outside "
                "of handlers");
  }
  expect_mpi();
  throw_if_error(endpoint_->failure());  // the other ranks may never come to it
}

std::uint32_t CommState::agree_on_handle_block() {
  const auto all_reduce = [this](std::uint32_t value, MPI_Op op) {
    auto memory = std::make_shared<std::uint32_t>(value);
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Iallreduce(MPI_IN_PLACE, memory.get(), 1, MPI_UINT32_T, op, mpi_, &request);
    wait_for_mpi(request, memory);
    return *memory;
  };
  for (;;) {
    const std::uint32_t block = all_reduce(next_free_block(), MPI_MAX);
    if (block >= max_handle_blocks) {
      throw Error(ErrorCode::no_memory,
                  "no more handles can be made (a process has 2^32 of them) make them once, not in "
                  "each round");
    }
    // Another thread's communicator may be doing the same, and win on some ranks.
    const std::uint32_t taken = take_block(block) ? 1 : 0;
    if (all_reduce(taken, MPI_MIN) == 1) return block;
  }
}

std::uint32_t CommState::next_handle() {
  expect_collective();
  if (next_handle_ == end_of_handles_) {
    next_handle_ = agree_on_handle_block() * handles_in_block;
    end_of_handles_ = next_handle_ + handles_in_block;
  }
  return next_handle_++;
}

void CommState::before_barrier(std::function<void()> callback) {
  endpoint_->before_barrier([this, callback = std::move(callback)] {
    const UserCode scope(comm_.user_code_);
    callback();
  });
}

void CommState::wait_for_mpi(MPI_Request& request, const std::shared_ptr<void>& memory,
                             MPI_Status* status) {
  const ActivityScope scope(Activity::mpi);
  const comm::WaitScope waiting(watch_.get(), wire::Where::collective, endpoint_->passed());
  int done = 0;
  const std::uint64_t keep_core_ns =
      job().ranks_have_cores ? keep_own_core_ns : keep_shared_core_ns;
  std::uint64_t keep_core_until_ns = monotonic_ns() + keep_core_ns;
  try {
    for (;;) {
      MPI_Test(&request, &done, status);
      if (done != 0) return;
      if (endpoint_->in_handler()) {
        endpoint_->progress_in_handler();  // the frame at hand is not done: no other can be taken
      } else {
        endpoint_->progress_without_handlers();
        keep_others_going();
      }
      if (monotonic_ns() < keep_core_until_ns) continue;
      yielder_.yield();
      keep_core_until_ns = monotonic_ns() + keep_core_ns;
    }
  } catch (const Error&) {
    // The program may go on without us, and MPI may still complete the operation.
    if (memory) keep_for_ever(memory);
    throw;
  }
}

bool CommState::accepts(std::uint32_t handler, std::uint32_t item_bytes) noexcept {
  const HandlerEntry* entry = find_handler(handler);
  if (entry == nullptr) return false;
  return entry->is_fixed ? entry->item_bytes == item_bytes : item_bytes == wire::variable_items;
}

void CommState::run_fixed(std::uint32_t handler, const std::byte* items, std::uint32_t count,
                          std::uint32_t& done) {
  const UserCode scope(comm_.user_code_);
  find_handler(handler)->run_fixed(comm_, items, count, done);
}

void CommState::run_variable(std::uint32_t handler, std::span<const std::byte> payload) {
  const UserCode scope(comm_.user_code_);
  find_handler(handler)->run_variable(comm_, payload);
}

std::uint64_t CommState::counted(Counter counter) const {
  return connection_->counters().get(counter) -
         counters_at_start_[static_cast<std::size_t>(counter)];
}

Stats CommState::stats() {
  Stats stats = endpoint_->stats();
  stats.waves = counted(Counter::waves);
  stats.wire_bytes = counted(Counter::wire_bytes);
  stats.remote_payload_bytes = counted(Counter::remote_payload_bytes);
  stats.routed_records = counted(Counter::records_routed);
  stats.along_records = counted(Counter::records_along);
  stats.across_records = counted(Counter::records_across);
  stats.forwarded_records = counted(Counter::records_forwarded);
  stats.engine_stalls = counted(Counter::stalls);
  stats.rejected_frames = counted(Counter::rejected_frames);
  stats.engine_late_wakeups = counted(Counter::late_wakeups);
  stats.late_wakeups = connection_->late_wakeups() - late_wakeups_at_start_;
  stats.engine_cpu_seconds = static_cast<double>(counted(Counter::cpu_ns)) * 1e-9;
  stats.engine_spin_seconds = static_cast<double>(counted(Counter::spin_ns)) * 1e-9;
  stats.host_cpu_seconds = static_cast<double>(process_cpu_ns() - cpu_at_start_ns_) * 1e-9;
  return stats;
}

}  // namespace buddy::detail
