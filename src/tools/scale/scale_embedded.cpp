// Host placement: a rank that steps its own engine, as comm::Endpoint does.
#include <utility>

#include "tools/scale/scale_actors.hpp"

namespace buddy::tools {
namespace {

class EmbeddedAgent final : public ScaleAgent, public ScaleActor {
 public:
  EmbeddedAgent(const ScaleSurroundings& around, const ScaleRanks& ranks, RankId rank,
                std::unique_ptr<ScaleEngine> engine, std::unique_ptr<ScaleRings> rings)
      : model_(around.job.model),
        rings_(std::move(rings)),
        engine_(std::move(engine)),
        link_(engine_->engine(), rings_->rank_end()),
        rank_(around.job, rank, link_, ranks.deliveries, ranks.scratch, around.sizes.block_bytes),
        all_ranks_{&rank_} {
    engine_->engine().allow_hold(false);
  }

  // ---- agent
  ScaleEngine& engine() noexcept override { return *engine_; }
  const ScaleEngine& engine() const noexcept override { return *engine_; }
  const std::vector<const ScaleRank*>& ranks() const noexcept override { return all_ranks_; }
  std::size_t link_bytes() const noexcept override { return rings_->memory().bytes().size(); }
  std::size_t resident_link_bytes() const override { return rings_->memory().resident_bytes(); }

  // ---- actor
  void spend(double ns) noexcept override { engine_->fabric().spend(ns); }
  std::uint64_t now_ns() const noexcept override { return engine_->fabric().now_ns(); }
  double take_spent_ns() noexcept override { return engine_->fabric().take_spent_ns(); }
  std::uint64_t looks_again_ns() const noexcept override { return engine_->looks_again_ns(); }
  bool step() override {
    const bool sent = rank_.sends();
    if (sent) spend(model_.append_ns * rank_.send_block());
    engine_->engine().allow_hold(sent);
    const std::uint32_t work = engine_->poll();
    engine_->engine().allow_hold(false);
    std::uint64_t messages = 0;
    const std::uint32_t frames = rank_.run_arrived(messages);
    spend(model_.deliver_ns * static_cast<double>(messages));
    if (work != 0 || frames != 0) return true;
    if (rank_.sends()) return rank_.has_room();
    return rank_.report();
  }

 private:
  const ScaleModel& model_;
  std::unique_ptr<ScaleRings> rings_;
  std::unique_ptr<ScaleEngine> engine_;
  engine::EmbeddedLink link_;
  ScaleRank rank_;
  std::vector<const ScaleRank*> all_ranks_;
};

}  // namespace

Result<std::unique_ptr<ScaleAgent>> make_embedded(const ScaleSurroundings& around,
                                                  const ScaleRanks& ranks, ScaleClock& clock,
                                                  AgentId self) {
  auto rings = ScaleRings::create(around.sizes.loopback_ring_bytes);
  if (!rings.ok()) return rings.status();
  auto engine = ScaleEngine::create(around, self, {&rings.value()->engine_end()});
  if (!engine.ok()) return engine.status();
  auto agent = std::make_unique<EmbeddedAgent>(around, ranks, RankId{self.value},
                                               std::move(engine.value()), std::move(rings.value()));
  clock.add(*agent);
  return std::unique_ptr<ScaleAgent>(std::move(agent));
}

}  // namespace buddy::tools
