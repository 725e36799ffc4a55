// Engine placement: the rank is linked to an engine process.
#include <algorithm>
#include <utility>

#include "arena/counter_file.hpp"
#include "arena/doorbell.hpp"
#include "arena/job_dir.hpp"
#include "comm/session/engine_connection.hpp"
#include "engine/runner.hpp"
#include "transport/control/greeting.hpp"
#include "transport/rings/ring_link.hpp"
#include "wire/control.hpp"

namespace buddy::comm {
namespace {

constexpr int answer_ms = 60'000;

/// Everything an attached rank owns.
struct Parts {
  transport::ControlSocket socket;
  arena::JobDir directory;
  arena::Doorbell doorbell;
  std::unique_ptr<transport::RingLink> link;
  arena::ShmFile counters;
  transport::Joined joined;
};

std::size_t index_on_agent(const Job& job, std::uint32_t rank) {
  const auto ranks = job.map.ranks_of(job.map.agent_of(RankId{rank}));
  return static_cast<std::size_t>(std::find(ranks.begin(), ranks.end(), RankId{rank}) -
                                  ranks.begin());
}

class AttachedEngine final : public EngineConnection {
 public:
  AttachedEngine(Parts parts, const Job& job, std::uint32_t rank)
      : parts_(std::move(parts)),
        runner_(job.ranks_have_cores ? arena::WaitPolicy::offloaded()
                                     : arena::WaitPolicy::shared()),
        engine_has_core_(job.engines_have_cores),
        local_index_(index_on_agent(job, rank)),
        name_("the engine of node " + std::to_string(job.map.node_of(RankId{rank}).value) + " on " +
              job.ranks[rank].host) {
    runner_.watch({}, {parts_.socket.fd()}, {&parts_.doorbell});
  }

  transport::Channel& channel() noexcept override { return parts_.link->channel(); }
  std::uint32_t step() noexcept override { return 0; }
  void flush_wakeups() noexcept override { parts_.link->channel().flush_wakeups(); }
  bool needs_no_progress() noexcept override {
    return true;
  }  // the engine has a process of its own
  void busy() noexcept override { runner_.busy(); }
  void rest() noexcept override { runner_.rest(); }
  Status health() override {
    if (!runner_.health_is_due() || !status_.ok()) return status_;
    const Status why = parts_.socket.why_hung_up();
    if (why.ok()) return status_;
    status_ = Status(ErrorCode::peer_died,
                     parts_.socket.lost_machine()
                         ? name_ + ": " + why.message()
                         : name_ + " has ended (its connection broke) look at its output");
    return status_;
  }

  Status noted_failure() override { return arena::failure_note(parts_.counters.bytes()).read(); }

  transport::AgentAddress address() const override {
    return {parts_.joined.host, parts_.joined.arena_path, parts_.joined.ucx_address};
  }
  Status connect(const std::vector<transport::AgentAddress>& addresses,
                 bool is_representative) override {
    if (!is_representative) return {};
    transport::Connect connect;
    for (const transport::AgentAddress& agent : addresses) {
      connect.agents.push_back({{}, {}, agent.host, agent.arena_path, agent.ucx_address});
    }
    return transport::ask<transport::Connected>(parts_.socket, connect, answer_ms).status();
  }
  void unlink_names(bool is_representative) override {
    if (is_representative) status_ = parts_.socket.send(transport::UnlinkNames{});
    parts_.doorbell.unlink();
    [[maybe_unused]] const arena::JobDir gone = std::move(parts_.directory);
  }
  void leave() override { status_ = parts_.socket.send(transport::Bye{}); }
  /// The engine takes a closed connection without a Bye for the rank's end. It shall read before
  /// that why.
  void abort(const Status& why, bool engine_knows) noexcept override {
    if (!engine_knows) last_word_ = wire::encode_failure(why);
  }
  bool has_left() override {
    if (last_word_.empty() || parts_.socket.hung_up()) return true;
    if (!last_word_pushed_) {
      const wire::Push pushed = channel().try_push(wire::FrameKind::failure, 0, last_word_);
      if (pushed != wire::Push::ok) return pushed == wire::Push::closed;
      last_word_pushed_ = true;
      flush_wakeups();
    }
    return channel().drained();
  }

  void sleep_at_most(int ms) override { runner_.sleep_at_most(ms); }
  const CounterTable& counters() const override {
    return reinterpret_cast<const arena::CounterPage*>(parts_.counters.bytes().data())->table;
  }
  std::uint64_t late_wakeups() const noexcept override { return runner_.sleep_counts().late; }
  arena::RankSlot& slot() override {
    return arena::rank_slots(parts_.counters.bytes(), local_index_ + 1)[local_index_];
  }
  const std::atomic<std::uint32_t>& idle_word() const override {
    static const std::atomic<std::uint32_t> never{0};
    // An engine without a core of its own would be woken for every single message.
    return engine_has_core_ ? parts_.link->doorbell_sender().word() : never;
  }

 private:
  Parts parts_;
  engine::Runner runner_;
  bool engine_has_core_;
  std::size_t local_index_;  ///< among the ranks of its agent
  std::string name_;
  Status status_;
  std::vector<std::byte> last_word_;  ///< of a rank that leaves in disorder
  bool last_word_pushed_ = false;
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
  return std::move(greeted.value().socket);
}

Result<std::unique_ptr<EngineConnection>> make_attached_engine(transport::ControlSocket socket,
                                                               const Job& job, std::uint32_t rank) {
  auto directory = arena::JobDir::create();
  if (!directory.ok()) return directory.status();
  auto doorbell = arena::Doorbell::create(directory.value().path() + "/rank-" +
                                          std::to_string(rank) + ".doorbell");
  if (!doorbell.ok()) return doorbell.status();
  auto joined = transport::ask<transport::Joined>(
      socket,
      transport::Join{job.ranks[0].session, rank, job.map, doorbell.value().path(),
                      job.engines_have_cores},
      answer_ms);
  if (!joined.ok()) return joined.status();
  auto link =
      transport::RingLink::open(joined.value().link_path, joined.value().arena_path + ".doorbell",
                                arena::sizes_for(job.map.agents()));
  if (!link.ok()) return link.status();
  auto counters = arena::ShmFile::open(joined.value().counters_path,
                                       arena::counter_file_bytes(index_on_agent(job, rank) + 1));
  if (!counters.ok()) return counters.status();
  Parts parts{std::move(socket),       std::move(directory.value()), std::move(doorbell.value()),
              std::move(link.value()), std::move(counters.value()),  std::move(joined.value())};
  return std::unique_ptr<EngineConnection>(
      std::make_unique<AttachedEngine>(std::move(parts), job, rank));
}

}  // namespace buddy::comm
