#include "comm/session/kept_sessions.hpp"

#include <algorithm>
#include <array>
#include <buddy/detail/handler_table.hpp>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "arena/idle.hpp"
#include "base/affinity.hpp"
#include "comm/bootstrap/mpi_life.hpp"
#include "comm/session/leaving.hpp"

namespace buddy::comm {
namespace {

struct Kept {
  std::vector<std::unique_ptr<Session>> sessions;
  std::optional<BeforeFinalize> end;
  bool ended = false;  ///< MPI_Finalize has been called
};

/// Never destroyed: exit() without MPI_Finalize leaves it to the end of the process.
Kept& kept() {
  static Kept& all = *new Kept;
  return all;
}

bool on_main_thread() {
  int yes = 0;
  MPI_Is_thread_main(&yes);
  return yes != 0;
}

bool same_engines(const Settings& a, const Settings& b) {
  return a.placement == b.placement && a.fabric == b.fabric && a.link == b.link &&
         a.nodes == b.nodes && a.routing == b.routing && a.knobs == b.knobs &&
         a.job_dir == b.job_dir && a.key.words == b.key.words;
}

/// What all ranks were told when the session was made is still true of this one.
bool still_true(const Session& session) {
  return session.job.handlers == detail::handler_count() && session.job.self.cpus == allowed_cpus();
}

bool fits(Session& session, MPI_Comm mpi, const Settings& settings) {
  int same_ranks = MPI_UNEQUAL;
  MPI_Comm_compare(mpi, session.mpi, &same_ranks);
  if (same_ranks != MPI_CONGRUENT || !same_engines(session.settings, settings)) return false;
  return still_true(session) && session.connection->health().ok();
}

/// \return whether all ranks have the session \p id, which is not 0
bool all_have(MPI_Comm mpi, std::uint64_t id) {
  std::array<std::uint64_t, 2> least{id, ~id};
  MPI_Allreduce(MPI_IN_PLACE, least.data(), 2, MPI_UINT64_T, MPI_MIN, mpi);
  return id != 0 && least[0] == id && least[1] == ~id;
}

/// As the end of a communicator, but for its barrier: nothing is under way.
/// \return false if the others may never come
bool begin_leaving(Session& session) noexcept {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(session.mpi, &request);
  EngineConnection* const connection = session.connection.get();
  int all_came = 0;
  step_until(std::span(&connection, 1), [&] {
    MPI_Test(&request, &all_came, MPI_STATUS_IGNORE);
    return all_came != 0 || !connection->health().ok();
  });
  if (all_came == 0) return false;
  connection->leave();
  MPI_Comm_free(&session.mpi);
  return true;
}

/// All ranks of a session meet here. They may have others with other ranks: the order is the same
/// everywhere, or they would wait for each other for ever.
void end_all() noexcept {
  Kept& all = kept();
  all.ended = true;
  std::sort(all.sessions.begin(), all.sessions.end(),
            [](const auto& a, const auto& b) { return a->id() < b->id(); });
  std::vector<EngineConnection*> leaving;
  for (const auto& session : all.sessions) {
    if (begin_leaving(*session)) leaving.push_back(session->connection.get());
  }
  if (!wait_until_left(leaving, goodbye_limit_ns)) {
    std::fprintf(
        stderr,
        "buddy: sessions ended before peers had taken their goodbye (they did not within 2 s) "
        "see whether they are stopped\n");
  }
  all.sessions.clear();
}

}  // namespace

std::unique_ptr<Session> take_session(MPI_Comm mpi, const Settings* settings) {
  auto& sessions = kept().sessions;
  auto found = sessions.end();
  if (settings != nullptr && !sessions.empty() && on_main_thread()) {
    found = std::find_if(sessions.begin(), sessions.end(),
                         [&](const auto& each) { return fits(*each, mpi, *settings); });
  }
  if (!all_have(mpi, found == sessions.end() ? 0 : (*found)->id())) return nullptr;
  std::unique_ptr<Session> session = std::move(*found);
  sessions.erase(found);
  MPI_Comm_free(&session->mpi);
  return session;
}

bool can_keep_session(const Settings& settings) {
  if (!on_main_thread()) return false;
  return !kept().ended && kept().sessions.size() < static_cast<std::size_t>(settings.kept_sessions);
}

void keep_session(std::unique_ptr<Session> session, MPI_Comm mpi) {
  Kept& all = kept();
  if (!all.end) all.end.emplace(end_all);
  session->mpi = mpi;
  session->connection->sleep_at_most(arena::longest_sleep_ms);
  all.sessions.push_back(std::move(session));
}

}  // namespace buddy::comm
