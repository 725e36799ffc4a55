// The communicators that an engine process serves.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include "base/unique_fd.hpp"
#include "engine/engine_instance.hpp"
#include "engine/server.hpp"
#include "engine/worker.hpp"
#include "transport/control/handshake.hpp"

namespace buddy::engine {

/// A rank of a session.
struct Member {
  std::uint64_t session = 0;
  AgentId agent;
  RankId rank;
};

/// Whether what a rank asks for makes sense in itself. Errors: corrupt
Status check_join(const transport::Join& join);

/// Makes agents as ranks join, hands them to workers when everybody has, and takes them back when
/// all of their ranks have left.
/// Threads: the control thread.
class Sessions {
 public:
  explicit Sessions(const ServerOptions& options);
  ~Sessions();
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  struct JoinedMember {
    Member member;
    transport::Joined answer;
  };
  /// The map of the job that a rank asks to join: what it brings (and takes out of the message), or
  /// what another one brought. The process holds it once. \pre check_join() is ok
  /// Errors: mismatch if nobody has brought one, or another one.
  Result<std::shared_ptr<const wire::JobMap>> map_for(transport::Join& join) const;
  /// \param map as map_for() said
  Result<JoinedMember> join(const transport::Join& join,
                            const std::shared_ptr<const wire::JobMap>& map,
                            const EngineInstance::Distance& distance);
  Status connect(const Member& member, const transport::Connect& connect);
  void unlink_names(const Member& member);
  void left(const Member& member);
  /// The rank ended without leaving: everybody in the session is told \p why.
  void died(const Member& member, const Status& why);
  /// Readable when an agent whose ranks have left is done with saying goodbye: call clear_away().
  int event_fd() const noexcept { return removed_.get(); }
  void clear_away();
  /// ok, or why the member's job has failed.
  Status failure_of(const Member& member) const;
  /// Looks whether the engine processes beside this one live, and other machines. Call every now
  /// and then.
  void look_after_peers();

 private:
  using Key = std::pair<std::uint64_t, std::uint32_t>;  ///< session, agent
  struct Session {
    std::shared_ptr<const wire::JobMap> map;
    std::vector<RankId> ranks;
    std::vector<bool> joined;  ///< by index in ranks
    std::unique_ptr<EngineInstance> agent;
    Worker* worker = nullptr;
    bool has_core = false;
    bool running = false;
    bool asked_to_connect = false;
    Status loss;  ///< of a rank that died before the agent ran
    std::size_t gone = 0;
  };
  Result<Session*> session_for(const transport::Join& join,
                               const std::shared_ptr<const wire::JobMap>& map);
  Worker& worker_of(const wire::JobMap& map, AgentId agent);
  void one_gone(const Member& member, Session& session);

  JobKey key_;
  int peer_timeout_s_;
  DpuWay way_;        ///< outlives the agents
  UniqueFd removed_;  ///< an eventfd
  std::map<Key, Session> sessions_;
  std::list<Session> leaving_;  ///< until their workers let go of them
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace buddy::engine
