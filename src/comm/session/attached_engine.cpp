// Engine placement: the rank is linked to an engine process.
#include <algorithm>
#include <utility>

#include "base/now_and_then.hpp"
#include "comm/session/engine_connection.hpp"
#include "engine/runner.hpp"
#include "transport/control/greeting.hpp"
#include "transport/delayed_channel.hpp"
#include "transport/link.hpp"
#include "wire/control.hpp"

namespace buddy::comm {
namespace {

constexpr int answer_ms = 60'000;
/// A rank in a handler asks so often whether the engine has said that the job has failed.
constexpr std::uint64_t refusal_interval_ns = 50'000'000;

std::uint32_t index_on_agent(const Job& job, std::uint32_t rank) {
  const auto ranks = job.map.ranks_of(job.map.agent_of(RankId{rank}));
  return static_cast<std::uint32_t>(std::find(ranks.begin(), ranks.end(), RankId{rank}) -
                                    ranks.begin());
}

/// By where the engine is, unless the user has chosen.
Result<transport::LinkKind> link_kind(const Settings& settings, const RankInfo& rank) {
  using transport::LinkKind;
  const bool here = rank.engine_machine == rank.machine;
  if (!settings.link) return here ? LinkKind::rings : LinkKind::network;
  if (*settings.link != LinkKind::rings || here) return *settings.link;
  return Status(ErrorCode::invalid_argument,
                "the link to the engine cannot be rings (the engine shares no memory with " +
                    rank.host + ") choose the link ucx, or leave the choice to Buddy");
}

class AttachedEngine final : public EngineConnection {
 public:
  AttachedEngine(transport::ControlSocket socket, std::unique_ptr<transport::RankLink> link,
                 transport::AgentAddress address, const Job& job, std::uint32_t rank)
      : socket_(std::move(socket)),
        link_(std::move(link)),
        address_(std::move(address)),
        runner_(job.ranks_have_cores ? arena::WaitPolicy::offloaded()
                                     : arena::WaitPolicy::shared()),
        engine_has_core_(job.engines_have_cores),
        name_("the engine of node " + std::to_string(job.map.node_of(RankId{rank}).value) + " on " +
              address_.host) {
    std::vector<arena::Doorbell*> doorbells;
    if (link_->doorbell() != nullptr) doorbells.push_back(link_->doorbell());
    runner_.watch({}, {socket_.fd(), link_->event_fd()}, std::move(doorbells),
                  [this] { return link_->arm(); });
    if (const RankInfo& self = job.self; self.link_is_delayed) {
      delayed_.emplace(link_->channel(), self.link_latency_ns, transport::DelayedChannel::Wires{});
      runner_.ask_for_arrivals([this] { return delayed_->in_flight(); });
    }
  }

  transport::Channel& channel() noexcept override {
    return delayed_ ? static_cast<transport::Channel&>(*delayed_) : link_->channel();
  }
  std::uint32_t step() noexcept override { return link_->progress(); }
  void flush_wakeups() noexcept override { channel().flush_wakeups(); }
  bool needs_no_progress() noexcept override { return channel().needs_no_progress(); }
  void busy() noexcept override { runner_.busy(); }
  void rest() noexcept override { runner_.rest(); }
  Status health() override {
    if (!runner_.health_is_due() || !status_.ok()) return status_;
    const Status why = socket_.why_hung_up();
    if (why.ok()) return status_;
    status_ = Status(ErrorCode::peer_died,
                     socket_.lost_machine()
                         ? name_ + ": " + why.message()
                         : name_ + " has ended (its connection broke) look at its output");
    return status_;
  }

  Status noted_failure() override {
    Status noted = link_->noted_failure();
    if (!noted.ok() || channel().shares_memory() || !look_.due()) return noted;
    return told_failure();
  }

  transport::AgentAddress address() const override { return address_; }
  Status connect(const transport::AgentAddresses& addresses, bool is_representative) override {
    if (!is_representative) return {};
    return transport::ask<transport::Connected>(socket_, transport::Connect{addresses}, answer_ms)
        .status();
  }
  void unlink_names(bool is_representative) override {
    if (is_representative) status_ = socket_.send(transport::UnlinkNames{});
    link_->unlink_names();
  }
  void leave() override {
    leaving_ = true;
    // A network's end would look like a death without it.
    if (channel().shares_memory()) return say_bye();
    last_word_kind_ = wire::FrameKind::goodbye;
    has_last_word_ = true;
  }
  /// The engine takes a closed connection without a Bye for the rank's end. It shall read before
  /// that why.
  void abort(const Status& why, bool engine_knows) noexcept override {
    if (engine_knows) return;
    last_word_ = wire::encode_failure(why);
    has_last_word_ = true;
  }
  bool has_left() override {
    if (!has_last_word_ || socket_.hung_up()) return true;
    if (!last_word_pushed_) {
      const wire::Push pushed = channel().try_push(last_word_kind_, 0, last_word_);
      if (pushed == wire::Push::full) return false;
      last_word_pushed_ = true;
      flush_wakeups();
      if (pushed == wire::Push::closed) return true;
    }
    if (!channel().drained()) return false;
    if (leaving_) say_bye();
    has_last_word_ = false;
    return true;
  }

  void sleep_at_most(int ms) override { runner_.sleep_at_most(ms); }
  const CounterTable& counters() const override { return link_->counters(); }
  std::uint64_t late_wakeups() const noexcept override { return runner_.sleep_counts().late; }
  arena::RankSlot& slot() override { return link_->slot(); }
  const std::atomic<std::uint32_t>& idle_word() const override {
    static const std::atomic<std::uint32_t> never{0};
    // An engine without a core of its own would be woken for every single message.
    return engine_has_core_ ? link_->idle_word() : never;
  }

 private:
  void say_bye() { status_ = socket_.send(transport::Bye{}); }
  /// What the engine has said on the control socket since it took the rank in.
  Status told_failure() {
    auto message = socket_.try_receive();
    if (!message.ok() || !message.value()) return {};
    const auto* refusal = std::get_if<transport::Refusal>(&*message.value());
    if (refusal == nullptr) return {};
    return transport::status_of(*refusal);
  }

  transport::ControlSocket socket_;
  std::unique_ptr<transport::RankLink> link_;
  std::optional<transport::DelayedChannel> delayed_;  ///< over the link's, to an emulated DPU
  transport::AgentAddress address_;
  engine::Runner runner_;
  bool engine_has_core_;
  std::string name_;
  Status status_;
  NowAndThen look_{refusal_interval_ns};
  bool leaving_ = false;
  bool has_last_word_ = false;
  bool last_word_pushed_ = false;
  wire::FrameKind last_word_kind_ = wire::FrameKind::failure;
  std::vector<std::byte> last_word_;  ///< of a rank that leaves in disorder: why
};

}  // namespace

Result<transport::ControlSocket> greet_engine(const Settings& settings, RankInfo& info) {
  transport::Greeting greeting{.engine = {},
                               .key = settings.key,
                               .job = settings.job_id,
                               .peer_timeout_s = settings.peer_timeout_s};
  if (settings.engine_address) {
    greeting.engine = *settings.engine_address;
  } else {
    greeting.engine = transport::ControlAddress::unix_socket(
        settings.job_dir + "/engine-" + std::to_string(info.node_on_machine) + ".sock");
  }
  auto greeted = transport::connect_and_greet(greeting);
  if (!greeted.ok()) return greeted.status();
  info.workers = greeted.value().welcome.workers;
  info.engine_cpus = greeted.value().welcome.cpus;
  info.engine_machine = greeted.value().welcome.machine;
  info.link_is_delayed = greeted.value().welcome.link_is_delayed;
  info.link_latency_ns = greeted.value().welcome.link_latency_ns;
  return std::move(greeted.value().socket);
}

Result<std::unique_ptr<EngineConnection>> make_attached_engine(transport::ControlSocket socket,
                                                               const Settings& settings,
                                                               const Job& job, std::uint32_t rank) {
  transport::RankLinkOptions options;
  options.rank = {rank};
  options.agent = job.map.agent_of(RankId{rank});
  options.index = index_on_agent(job, rank);
  options.key = settings.key;
  options.sizes = arena::sizes_for(wire::Routes(job.map), job.map.knobs);
  options.round_trip_ns = socket.round_trip_ns();
  const auto kind = link_kind(settings, job.self);
  if (!kind.ok()) return kind.status();
  auto link = transport::make_rank_link(kind.value(), options);
  if (!link.ok()) return link.status();
  transport::Join join{.session = job.session,
                       .rank = rank,
                       .agent = options.agent.value,
                       .map = {},
                       .link = link.value()->address(),
                       .engine_has_cores = job.engines_have_cores};
  if (options.index == 0) join.map = job.map;
  auto joined = transport::ask<transport::Joined>(socket, join, answer_ms);
  if (!joined.ok()) return joined.status();
  if (Status status = link.value()->connect(joined.value().link, joined.value().agent.host);
      !status.ok())
    return status;
  return std::unique_ptr<EngineConnection>(std::make_unique<AttachedEngine>(
      std::move(socket), std::move(link.value()), std::move(joined.value().agent), job, rank));
}

}  // namespace buddy::comm
