// What is costly about a communicator, and outlives it for the next one of the same ranks.
#pragma once

#include <buddy/detail/mpi.hpp>
#include <cstdint>
#include <memory>

#include "comm/bootstrap/bootstrap.hpp"
#include "comm/bootstrap/settings.hpp"
#include "comm/endpoint/endpoint.hpp"
#include "comm/session/engine_connection.hpp"

namespace buddy::comm {

/// Connected engines, without what a program sees of them. All ranks have the same one.
struct Session {
  Settings settings;  ///< what they were when it was made
  Job job;            ///< the engine connection refers to it
  std::unique_ptr<EngineConnection> connection;
  EndpointCounts counts;         ///< what its engine has been told
  MPI_Comm mpi = MPI_COMM_NULL;  ///< while it is kept: the ranks it belongs to
  std::uint64_t id() const { return job.session; }
};

/// Sessions that no communicator uses: making one costs milliseconds, and programs make and destroy
/// communicators of the same ranks again and again. A session is kept at the end of its
/// communicator, when all messages have been handled; its ranks say goodbye in MPI_Finalize.
/// Invariant: a session is kept by all of its ranks or by none.
/// Threads: the one that initialised MPI. On others nothing is kept.

/// Collective over \p mpi. Takes out the session for these ranks and settings, if all ranks have
/// it. \param settings nullptr if this rank has none: then nobody gets a session
std::unique_ptr<Session> take_session(MPI_Comm mpi, const Settings* settings);

/// Whether this rank has room for one more.
bool can_keep_session(const Settings& settings);

/// Keeps \p session; all its ranks do. \param mpi of these ranks, becomes the session's
void keep_session(std::unique_ptr<Session> session, MPI_Comm mpi);

}  // namespace buddy::comm
