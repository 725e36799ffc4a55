#include "transport/rings/ring_ends.hpp"

#include <buddy/serialize.hpp>
#include <exception>
#include <utility>
#include <vector>

#include "arena/counter_file.hpp"
#include "arena/job_dir.hpp"
#include "transport/rings/ring_link.hpp"

namespace buddy::transport {

LinkAddress ring_address(const RingPaths& paths) {
  std::vector<std::byte> bytes;
  OutputBytes archive(bytes);
  archive.save_by_cereal(paths);
  return {LinkKind::rings, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
}

Result<RingPaths> ring_paths(const LinkAddress& address) {
  const Status damaged(ErrorCode::corrupt,
                       "the other end of a link is not known (its address is damaged, or that of a "
                       "network) use the same Buddy everywhere");
  if (address.kind != LinkKind::rings) return damaged;
  try {
    InputBytes archive(std::as_bytes(std::span(address.bytes)));
    RingPaths paths;
    archive.load_by_cereal(paths);
    if (archive.remaining() != 0) return damaged;
    return paths;
  } catch (const std::exception&) {
    return damaged;
  }
}

namespace {

class RingRankLink final : public RankLink {
 public:
  RingRankLink(const RankLinkOptions& options, arena::JobDir directory, arena::Doorbell doorbell)
      : options_(options), directory_(std::move(directory)), doorbell_(std::move(doorbell)) {}

  LinkAddress address() const override { return ring_address({doorbell_.path(), {}, {}}); }
  Status connect(const LinkAddress& engine, const std::string& /*engine_host*/) override {
    const auto paths = ring_paths(engine);
    if (!paths.ok()) return paths.status();
    auto rings = RingLink::open(paths.value().link, paths.value().doorbell, options_.sizes);
    if (!rings.ok()) return rings.status();
    auto counters =
        arena::ShmFile::open(paths.value().counters, arena::counter_file_bytes(options_.index + 1));
    if (!counters.ok()) return counters.status();
    rings_ = std::move(rings.value());
    counters_.emplace(std::move(counters.value()));
    return {};
  }

  Channel& channel() noexcept override { return rings_->channel(); }
  arena::Doorbell* doorbell() noexcept override { return &doorbell_; }
  const CounterTable& counters() const noexcept override {
    return reinterpret_cast<const arena::CounterPage*>(counters_->bytes().data())->table;
  }
  arena::RankSlot& slot() noexcept override {
    return arena::rank_slots(counters_->bytes(), options_.index + 1)[options_.index];
  }
  const std::atomic<std::uint32_t>& idle_word() const noexcept override {
    return rings_->doorbell_sender().word();
  }
  Status noted_failure() const override { return arena::failure_note(counters_->bytes()).read(); }
  void unlink_names() noexcept override {
    doorbell_.unlink();
    [[maybe_unused]] const arena::JobDir gone = std::move(directory_);
  }

 private:
  RankLinkOptions options_;
  arena::JobDir directory_;
  arena::Doorbell doorbell_;
  std::unique_ptr<RingLink> rings_;
  std::optional<arena::ShmFile> counters_;
};

class RingEngineLink final : public EngineLink {
 public:
  RingEngineLink(const EngineLinkOptions& options, std::unique_ptr<RingLink> rings)
      : address_(ring_address({options.doorbell_path, rings->path(), options.counters_path})),
        rings_(std::move(rings)) {}

  LinkAddress address() const override { return address_; }
  Channel* channel(Transport* /*network*/) noexcept override { return &rings_->channel(); }

 private:
  LinkAddress address_;
  std::unique_ptr<RingLink> rings_;
};

}  // namespace

Result<std::unique_ptr<RankLink>> make_ring_rank_link(const RankLinkOptions& options) {
  auto directory = arena::JobDir::create();
  if (!directory.ok()) return directory.status();
  auto doorbell = arena::Doorbell::create(directory.value().path() + "/rank-" +
                                          std::to_string(options.rank.value) + ".doorbell");
  if (!doorbell.ok()) return doorbell.status();
  return std::unique_ptr<RankLink>(std::make_unique<RingRankLink>(
      options, std::move(directory.value()), std::move(doorbell.value())));
}

Result<std::unique_ptr<EngineLink>> make_ring_engine_link(const LinkAddress& rank,
                                                          const EngineLinkOptions& options) {
  const auto paths = ring_paths(rank);
  if (!paths.ok()) return paths.status();
  auto rings = RingLink::create(options.path, paths.value().doorbell, options.sizes);
  if (!rings.ok()) return rings.status();
  return std::unique_ptr<EngineLink>(
      std::make_unique<RingEngineLink>(options, std::move(rings.value())));
}

}  // namespace buddy::transport
