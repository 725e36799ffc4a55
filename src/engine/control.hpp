// The handshake as the engine process sees it: one message of one rank at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/job_limits.hpp"
#include "engine/server.hpp"
#include "engine/sessions.hpp"
#include "transport/control/control_socket.hpp"

namespace buddy::engine {

/// An admitted connection, from its Welcome to its Bye.
struct Client {
  explicit Client(transport::ControlSocket connection);

  transport::ControlSocket socket;
  bool ending = false;  ///< closed as soon as the last answer has been read
  std::uint64_t ending_since_ns = 0;
  std::unique_ptr<Member> member{};  ///< once it has joined a session
  bool knows_failure = false;        ///< of its job
};

/// Answers clients. Waits for none of them: what has not come whole is left for later.
/// Threads: the control thread.
class Control {
 public:
  explicit Control(const ServerOptions& options);

  /// Tells it once why its job has failed, if that is so: a rank in a handler takes no frames.
  void tell_failure(Client& client);
  /// Tells a new client about this engine. \return false if the connection is over
  bool welcome(Client& client);
  /// Takes the client's next message, if it has come whole. \return false if the connection is over
  bool serve(Client& client);
  /// Sends what it has not read yet. \return false if the connection is over
  bool flush(Client& client);

  /// Those of the sessions: see there.
  int removed_fd() const noexcept { return sessions_.event_fd(); }
  void clear_away() { sessions_.clear_away(); }
  void look_after_peers() { sessions_.look_after_peers(); }

 private:
  void lost(Client& client);
  void forget(Client& client);
  bool refuse(Client& client, const Status& why);

  bool on(Client& client, transport::Join& join);
  bool on(Client& client, const transport::Connect& connect);
  bool on(Client& client, const transport::UnlinkNames&);
  bool on(Client& client, const transport::Bye&);
  /// All other messages are for ranks.
  template <class Other>
  bool on(Client&, const Other&) {
    return false;
  }

  const ServerOptions& options_;
  Sessions sessions_;
  JobBudget budget_;
  std::vector<std::int32_t> cpus_;
};

}  // namespace buddy::engine
