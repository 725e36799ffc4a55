// Engine placement: an engine and its ranks, with a core each.
#include <utility>

#include "tools/scale/scale_actors.hpp"

namespace buddy::tools {
namespace {

class RankActor final : public ScaleActor {
 public:
  RankActor(const ScaleSurroundings& around, const ScaleRanks& ranks, RankId self,
            ScaleLinkEnd& link)
      : network_(around.network),
        model_(around.job.model),
        rank_(around.job, self, link, ranks.deliveries, ranks.scratch, around.sizes.block_bytes) {}
  const ScaleRank& rank() const noexcept { return rank_; }

  void spend(double ns) noexcept override { spent_ns_ += ns; }
  std::uint64_t now_ns() const noexcept override {
    return network_.now_ns() + static_cast<std::uint64_t>(spent_ns_);
  }
  double take_spent_ns() noexcept override { return std::exchange(spent_ns_, 0); }
  bool step() override {
    bool worked = rank_.sends() && rank_.has_room();
    if (rank_.sends()) {
      spend(model_.append_ns * rank_.send_block());
      worked = worked || rank_.has_room();
    }
    std::uint64_t messages = 0;
    worked = rank_.run_arrived(messages) != 0 || worked;
    spend(model_.deliver_ns * static_cast<double>(messages));
    return worked || (!rank_.sends() && rank_.report());
  }

 private:
  const transport::SimNetwork& network_;
  const ScaleModel& model_;
  ScaleRank rank_;
  double spent_ns_ = 0;
};

/// A rank, its link and both ends of it.
struct LinkedRank {
  std::unique_ptr<ScaleRings> rings;
  std::unique_ptr<ScaleLinkEnd> rank_end;
  std::unique_ptr<ScaleLinkEnd> engine_end;
  std::unique_ptr<RankActor> actor;
};

class EngineActor final : public SeparateAgent, public ScaleActor {
 public:
  EngineActor(std::unique_ptr<ScaleEngine> engine, std::vector<LinkedRank> ranks)
      : ranks_(std::move(ranks)), engine_(std::move(engine)) {
    for (const LinkedRank& each : ranks_) all_ranks_.push_back(&each.actor->rank());
  }

  // ---- agent
  ScaleEngine& engine() noexcept override { return *engine_; }
  const ScaleEngine& engine() const noexcept override { return *engine_; }
  const std::vector<const ScaleRank*>& ranks() const noexcept override { return all_ranks_; }
  std::size_t link_bytes() const noexcept override {
    std::size_t bytes = 0;
    for (const LinkedRank& each : ranks_) bytes += each.rings->memory().bytes().size();
    return bytes;
  }
  std::size_t resident_link_bytes() const override {
    std::size_t bytes = 0;
    for (const LinkedRank& each : ranks_) bytes += each.rings->memory().resident_bytes();
    return bytes;
  }
  void start_ranks(ScaleClock& clock) override {
    for (LinkedRank& each : ranks_) {
      each.rank_end->connect(*each.actor, number_);
      each.engine_end->connect(*this, clock.add(*each.actor));
    }
  }
  void set_number(std::uint32_t number) { number_ = number; }

  // ---- actor
  void spend(double ns) noexcept override { engine_->fabric().spend(ns); }
  std::uint64_t now_ns() const noexcept override { return engine_->fabric().now_ns(); }
  double take_spent_ns() noexcept override { return engine_->fabric().take_spent_ns(); }
  std::uint64_t looks_again_ns() const noexcept override { return engine_->looks_again_ns(); }
  bool step() override { return engine_->poll() != 0; }

 private:
  std::uint32_t number_ = 0;  ///< of this actor
  std::vector<LinkedRank> ranks_;
  std::unique_ptr<ScaleEngine> engine_;
  std::vector<const ScaleRank*> all_ranks_;
};

}  // namespace

Result<std::unique_ptr<SeparateAgent>> make_separate(const ScaleSurroundings& around,
                                                     const ScaleRanks& ranks, ScaleClock& clock,
                                                     AgentId self) {
  std::vector<LinkedRank> linked;
  std::vector<transport::Channel*> links;
  for (const RankId rank : around.map->ranks_of(self)) {
    LinkedRank made;
    auto rings = ScaleRings::create(around.sizes.link_ring_bytes);
    if (!rings.ok()) return rings.status();
    made.rings = std::move(rings.value());
    made.rank_end = std::make_unique<ScaleLinkEnd>(made.rings->rank_end(), around.job.model, clock);
    made.engine_end =
        std::make_unique<ScaleLinkEnd>(made.rings->engine_end(), around.job.model, clock);
    made.actor = std::make_unique<RankActor>(around, ranks, rank, *made.rank_end);
    links.push_back(made.engine_end.get());
    linked.push_back(std::move(made));
  }
  auto engine = ScaleEngine::create(around, self, std::move(links));
  if (!engine.ok()) return engine.status();
  auto agent = std::make_unique<EngineActor>(std::move(engine.value()), std::move(linked));
  agent->set_number(clock.add(*agent));
  return std::unique_ptr<SeparateAgent>(std::move(agent));
}

}  // namespace buddy::tools
