// Connections that the listening process of a service passes on to the process of a job.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "engine/arrivals.hpp"

namespace buddy::engine {

/// The two ends of a way for connections: a pair of local sockets that keep packets apart.
struct HandoverPair {
  UniqueFd service;
  UniqueFd job;
};
/// Errors: system
Result<HandoverPair> make_handover();

/// Passes an admitted connection on, and gives it up here. Waits for nobody.
/// Errors: peer_died when the job's process has ended, system when it takes none.
Status hand_over(int service_end, transport::ControlSocket connection);

/// How many connections the job had taken when all of them had ended; nothing if it has not said
/// so since the last call. Who has handed over as many knows that the job is over.
std::optional<std::uint32_t> taken_when_all_had_gone(int service_end);

/// The job's end: it ends with the service, or when the service closes its end.
class Handover final : public Arrivals {
 public:
  explicit Handover(UniqueFd job_end) : fd_(std::move(job_end)) {}

  void watch(std::vector<pollfd>& polled) const override;
  std::vector<Admitted> take(std::span<const pollfd> ready) override;
  void all_have_gone() override;
  bool ended() const noexcept override { return ended_; }

 private:
  bool take_one(std::vector<Admitted>& admitted);

  UniqueFd fd_;
  std::uint32_t taken_ = 0;
  bool ended_ = false;
};

}  // namespace buddy::engine
