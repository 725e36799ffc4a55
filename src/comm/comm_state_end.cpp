// CommState: how a communicator ends, in order and otherwise.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>
#include <utility>

#include "comm/comm_state.hpp"
#include "comm/session/leaving.hpp"
#include "comm/thread_state.hpp"

namespace buddy::detail {
namespace {

/// In destructors and callbacks there is nobody to catch an exception.
void say(int rank, const std::string& text) {
  std::fprintf(stderr, "buddy: rank %d: %s\n", rank, text.c_str());
}

/// What is said once although several communicators may end in the same way.
void say_once(std::atomic<bool>& said, int rank, const std::string& text) {
  if (!said.exchange(true, std::memory_order_relaxed)) say(rank, text);
}

constexpr const char* after_finalize =
    "a communicator is used after MPI_Finalize (which has ended it) call MPI_Finalize after its "
    "last use";

}  // namespace

CommState::~CommState() {
  before_finalize_.reset();
  leave_thread();
  if (connection_ && !left_) {
    give_up(endpoint_ && endpoint_->failed()
                ? endpoint_->failure()
                : Status(ErrorCode::peer_died,
                         "rank " + std::to_string(rank_) +
                             " has given up its communicator (an exception or an earlier error "
                             "ended it) look at its output"));
  }
  endpoint_.reset();
  session_.reset();
}

void CommState::give_up(const Status& why) noexcept {
  if (std::exchange(given_up_, true)) return;
  const bool engine_knows = endpoint_ && endpoint_->notified_by_engine();
  if (endpoint_) endpoint_->end_with(why);
  connection_->abort(why, engine_knows);
  wait_until_left(comm::failure_limit_ns);
}

bool CommState::wait_until_left(std::uint64_t limit_ns) {
  const bool alone = !endpoint_ || in_the_middle();  // another one's frame may be at hand
  return comm::wait_until_left(std::span(&connection_, 1), limit_ns,
                               [&] { return !alone && keep_others_going(); });
}

/// In a destructor there is nobody to catch what handlers throw, and nobody else's messages may be
/// lost for it.
void CommState::barrier_without_exceptions() {
  constexpr int most_without_progress = 1000;  // more callbacks than a program has
  endpoint_->hold_handlers(false);
  std::uint64_t lost = 0;
  std::uint64_t handled = endpoint_->stats().messages_handled;
  for (int without_progress = 0;;) {
    std::string what = "of an unknown type";
    try {
      endpoint_->barrier();
      break;
    } catch (const std::exception& exception) {
      if (endpoint_->failed() || without_progress == most_without_progress) throw;
      what = exception.what();
    } catch (...) {
      if (without_progress == most_without_progress) throw;
    }
    const std::uint64_t handled_now = endpoint_->stats().messages_handled;
    without_progress = handled_now == handled ? without_progress + 1 : 0;
    handled = handled_now;
    if (lost++ != 0) continue;
    say(rank_, "an exception of a handler was lost: " + what +
                   " (the communicator was being destroyed) call barrier() before that and catch "
                   "it there");
  }
  if (lost > 1) say(rank_, "and " + std::to_string(lost - 1) + " more exceptions of handlers");
}

void CommState::leave_in_order() {
  watch_->set_leaving();
  barrier_without_exceptions();
  if (profiler_) profiler_->finish();
  if (all_can_keep_session()) {
    session_->counts = endpoint_->counts();
    comm::keep_session(std::move(session_), std::exchange(mpi_, MPI_COMM_NULL));
    left_ = true;
    return;
  }
  connection_->leave();
  if (!wait_until_left(comm::goodbye_limit_ns)) {
    say(rank_,
        "it left before its peers had taken its goodbye (they did not within 2 s) see whether "
        "they are stopped");
  }
  left_ = true;
  MPI_Comm_free(&mpi_);  // otherwise others may never come to free it
}

bool CommState::all_can_keep_session() {
  const bool mpi_ends = comm_.owns_mpi_ || mpi_has_ended_.load(std::memory_order_relaxed);
  auto all = std::make_shared<int>(!mpi_ends && comm::can_keep_session(settings_) ? 1 : 0);
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Iallreduce(MPI_IN_PLACE, all.get(), 1, MPI_INT, MPI_MIN, mpi_, &request);
  wait_for_mpi(request, all);
  return *all == 1;
}

bool CommState::leave() noexcept {
  if (left_ || given_up_) return left_;
  // Others may not be on their way to a barrier.
  if (std::uncaught_exceptions() > exceptions_at_start_) return false;
  if (in_the_middle()) {
    end_in_the_middle();
    return false;
  }
  const bool known = endpoint_->failed();
  std::string why = "an exception of an unknown type";
  try {
    if (!known) leave_in_order();
    return left_;
  } catch (const std::exception& exception) {
    why = exception.what();
  } catch (...) {
  }
  say(rank_, "its communicator could not be destroyed in order: " + why);
  return false;
}

bool CommState::in_the_middle() const noexcept {
  return comm_.user_code_ > 0 || endpoint_->in_handler();
}

void CommState::end_in_the_middle() noexcept {
  static std::atomic<bool> said = false;
  const std::string problem =
      "ended its communicator inside a handler or another call of Buddy's (exit() or the end of a "
      "Comm in a handler, a callback or a condition, where nothing may wait)";
  say_once(said, rank_, problem + " return from it first");
  give_up({ErrorCode::peer_died,
           "rank " + std::to_string(rank_) + " " + problem + " look at its output"});
  // Whoever destroyed it would return into what is no more.
  if (comm_.user_code_ > 0 && !comm::thread_state().ending) std::abort();
}

void CommState::finalize_begins() noexcept {
  static std::atomic<bool> said = false;
  say_once(said, rank_,
           "MPI_Finalize was called before the end of a communicator (which needs MPI to end) end "
           "every buddy::Comm before MPI_Finalize, and the one that called MPI_Init last");
  mpi_has_ended_.store(true, std::memory_order_relaxed);
  bool is_mine = false;
  for (const CommState* each = comm::thread_state().first; each != nullptr; each = each->next_) {
    is_mine = is_mine || each == this;
  }
  if (!is_mine) return;  // its own thread may be using it
  if (in_the_middle()) {
    give_up({ErrorCode::peer_died, "rank " + std::to_string(rank_) +
                                       " called MPI_Finalize inside a handler or another call of "
                                       "Buddy's (nothing may wait there) look at its output"});
  } else {
    leave();
  }
  endpoint_->end_with({ErrorCode::invalid_argument, after_finalize});
}

void CommState::expect_mpi() const {
  if (mpi_has_ended_.load(std::memory_order_relaxed)) {
    throw Error(ErrorCode::invalid_argument, after_finalize);
  }
}

}  // namespace buddy::detail
