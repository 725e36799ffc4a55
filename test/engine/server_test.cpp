// An engine process in a thread, and ranks that behave well, badly, or not at all.
#include "engine/server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <future>
#include <string>
#include <thread>

#include "arena/counter_file.hpp"
#include "engine/fake_rank.hpp"
#include "support/bodies.hpp"
#include "support/scratch.hpp"
#include "transport/rings/ring_ends.hpp"

namespace buddy::engine {
namespace {

constexpr JobKey key{{0x0123456789abcdef, 0x0fedcba987654321}};

/// So many ranks behind one agent.
wire::JobMap one_agent(std::uint32_t ranks) {
  wire::JobMap map;
  map.agent_of_rank.assign(ranks, 0);
  map.node_of_agent = {0};
  map.machine_of_agent = {0};
  return map;
}

/// Two nodes on one machine, a rank each; the engine under test plays both.
wire::JobMap two_agents() {
  wire::JobMap map;
  map.agent_of_rank = {0, 1};
  map.node_of_agent = {0, 0};
  map.machine_of_agent = {0, 0};
  return map;
}

/// Job directories of this process, its ranks' included.
std::size_t job_directories() {
  const std::string mine =
      "buddy-" + std::to_string(::getuid()) + "-" + std::to_string(::getpid()) + "-";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/dev/shm")) {
    if (entry.path().filename().native().starts_with(mine)) ++count;
  }
  return count;
}

class Server : public testing::Test {
 protected:
  void SetUp() override {
    listen_.socket_path = scratch_ / "engine.sock";
    options_.workers = 2;
    options_.key = key;
    start();
  }
  void start() {
    std::promise<void> ready;
    listen_.on_ready = [&ready] { ready.set_value(); };
    thread_ = std::thread([this] { result_ = run_server(options_, listen_, stop_); });
    ready.get_future().wait();
    listen_.on_ready = nullptr;
  }
  void TearDown() override {
    if (thread_.joinable()) {
      expect_alive();
      end();
    }
    EXPECT_TRUE(result_.ok()) << result_.message();
    EXPECT_FALSE(std::filesystem::exists(listen_.socket_path));
    EXPECT_EQ(job_directories(), 0u) << "something is left in /dev/shm";
  }
  void end() {
    stop_.store(true);
    thread_.join();
  }

  FakeRank connect(std::uint32_t rank) { return {listen_.socket_path, rank}; }
  FakeRank greeted(std::uint32_t rank) {
    FakeRank fake = connect(rank);
    EXPECT_TRUE(fake.hello(key));
    return fake;
  }

  /// A whole short life of a communicator of one rank.
  void expect_alive() {
    FakeRank rank = greeted(0);
    ASSERT_TRUE(rank.join(++session_, one_agent(1)));
    ASSERT_TRUE(rank.gets<transport::Connected>(transport::Connect{{rank.agent()}}));
    ASSERT_TRUE(rank.socket().send(transport::UnlinkNames{}).ok());
    ASSERT_TRUE(rank.passes_barrier(1));
    ASSERT_TRUE(rank.passes_barrier(2));
    ASSERT_TRUE(rank.socket().send(transport::Bye{}).ok());
    EXPECT_EQ(rank.socket().receive(FakeRank::patience_ms).status().code(), ErrorCode::peer_died);
  }
  /// Refused for the reason given.
  static void expect_refusal(const Result<transport::Message>& answer, ErrorCode code) {
    ASSERT_TRUE(answer.ok()) << answer.status().message();
    const auto* refusal = std::get_if<transport::Refusal>(&answer.value());
    ASSERT_NE(refusal, nullptr) << "kind " << answer.value().index();
    EXPECT_EQ(static_cast<ErrorCode>(refusal->code), code) << refusal->message;
    EXPECT_FALSE(refusal->message.empty());
  }
  /// Waits until only so many job directories are there.
  static void expect_directories(std::size_t count) {
    const std::uint64_t deadline = monotonic_ns() + 20'000'000'000;
    while (job_directories() != count && monotonic_ns() < deadline) ::usleep(1000);
    EXPECT_EQ(job_directories(), count);
  }

  test::Scratch scratch_;
  ServerOptions options_;
  ListenOptions listen_;
  std::atomic<bool> stop_{false};
  Status result_;
  std::thread thread_;
  std::uint64_t session_ = 1000;
};

TEST_F(Server, serves_and_stops) {
  expect_alive();
  expect_alive();
}

TEST_F(Server, refuses_a_wrong_key_and_does_not_tell_its_own) {
  FakeRank rank = connect(0);
  const auto challenge = rank.ask(transport::Hello{});
  ASSERT_TRUE(challenge.ok() && std::holds_alternative<transport::Challenge>(challenge.value()));
  const auto answer = rank.ask(transport::Proof{fresh_nonce()});
  expect_refusal(answer, ErrorCode::mismatch);
  const std::string& text = std::get<transport::Refusal>(answer.value()).message;
  EXPECT_EQ(text.find(to_string(key)), std::string::npos);
  EXPECT_EQ(rank.socket().receive(FakeRank::patience_ms).status().code(), ErrorCode::peer_died);
}

TEST_F(Server, refuses_another_version) {
  FakeRank rank = connect(0);
  transport::Hello hello;
  hello.version = transport::handshake_version + 1;
  expect_refusal(rank.ask(hello), ErrorCode::mismatch);
}

TEST_F(Server, refuses_another_kind_of_machine) {
  FakeRank rank = connect(0);
  transport::Hello hello;
  hello.machine = 0x4c450808;
  expect_refusal(rank.ask(hello), ErrorCode::mismatch);
}

// What one side has proved is no proof of the other, nor of another conversation.
TEST_F(Server, takes_no_proof_twice) {
  transport::Hello hello;
  hello.nonce = fresh_nonce();
  FakeRank reflecting = connect(0);
  const auto challenge = reflecting.ask(hello);
  ASSERT_TRUE(challenge.ok());
  const auto& heard = std::get<transport::Challenge>(challenge.value());
  expect_refusal(reflecting.ask(transport::Proof{heard.proof}), ErrorCode::mismatch);
  FakeRank replaying = connect(0);
  const auto other = replaying.ask(hello);
  ASSERT_TRUE(other.ok());
  EXPECT_NE(std::get<transport::Challenge>(other.value()).nonce, heard.nonce);
  EXPECT_NE(std::get<transport::Challenge>(other.value()).proof, heard.proof);
}

// Ranks see nothing of the other jobs of a service: they may believe that the cores are theirs.
TEST_F(Server, does_not_spin_on_cores_that_it_shares) {
  std::array<std::uint64_t, 2> spun_ns{};
  for (const bool shares : {false, true}) {
    end();
    stop_.store(false);
    options_.shares_cores = shares;
    start();
    FakeRank rank = greeted(0);
    transport::Join join = rank.join_message(++session_, one_agent(1));
    join.engine_has_cores = true;
    ASSERT_TRUE(rank.join(join));
    ASSERT_TRUE(rank.gets<transport::Connected>(transport::Connect{{rank.agent()}}));
    for (std::uint64_t epoch = 1; epoch <= 50; ++epoch) {
      ASSERT_TRUE(rank.passes_barrier(epoch));
      ::usleep(2000);
    }
    spun_ns[shares ? 1 : 0] = rank.link().counters().get(Counter::spin_ns);
  }
  EXPECT_LT(2 * spun_ns[1], spun_ns[0]) << "it takes the core from other jobs";
}

TEST_F(Server, limits_ranks_and_memory_of_a_job) {
  end();
  stop_.store(false);
  options_.limits = {.max_ranks = 2, .max_memory_bytes = 2 * agent_memory_bytes(one_agent(1), {0})};
  start();
  FakeRank three = greeted(0);
  expect_refusal(three.ask(three.join_message(++session_, one_agent(3))),
                 ErrorCode::invalid_argument);
  FakeRank wide = greeted(0);
  ASSERT_TRUE(wide.join(++session_, one_agent(1)));
  FakeRank second = greeted(0);
  ASSERT_TRUE(second.join(++session_, one_agent(1)));
  FakeRank third = greeted(0);
  expect_refusal(third.ask(third.join_message(++session_, one_agent(1))), ErrorCode::no_memory);
  second.hang_up();  // gives its memory back
  for (int attempts = 1000;; --attempts) {
    FakeRank again = greeted(0);
    const auto answer = again.ask(again.join_message(++session_, one_agent(1)));
    ASSERT_TRUE(answer.ok());
    if (std::holds_alternative<transport::Joined>(answer.value())) break;
    ASSERT_GT(attempts, 0);
    ::usleep(1000);
  }
  wide.hang_up();
}

TEST_F(Server, cuts_off_who_does_not_say_hello) {
  EXPECT_TRUE(connect(0).is_cut_off(connect(0).join_message(1, one_agent(1))));
  EXPECT_TRUE(connect(0).is_cut_off(transport::Connect{}));
  EXPECT_TRUE(connect(0).is_cut_off(transport::UnlinkNames{}));
  EXPECT_TRUE(connect(0).is_cut_off(transport::Bye{}));
  EXPECT_TRUE(connect(0).is_cut_off(transport::Proof{}));
}

TEST_F(Server, cuts_off_who_speaks_out_of_turn) {
  EXPECT_TRUE(greeted(0).is_cut_off(transport::Hello{}));
  EXPECT_TRUE(greeted(0).is_cut_off(transport::Proof{}));
  EXPECT_TRUE(greeted(0).is_cut_off(transport::Challenge{}));
  EXPECT_TRUE(greeted(0).is_cut_off(transport::Connect{}));
  EXPECT_TRUE(greeted(0).is_cut_off(transport::UnlinkNames{}));
  EXPECT_TRUE(greeted(0).is_cut_off(transport::Welcome{}));
  EXPECT_TRUE(greeted(0).is_cut_off(transport::Joined{}));
  EXPECT_TRUE(greeted(0).is_cut_off(transport::Refusal{}));
  FakeRank twice = greeted(0);
  ASSERT_TRUE(twice.join(1, one_agent(1)));
  EXPECT_TRUE(twice.is_cut_off(twice.join_message(1, one_agent(1))));
}

TEST_F(Server, survives_random_bytes) {
  test::Random random(1);
  for (int i = 0; i < 200; ++i) {
    FakeRank rank = random.one_in(2) ? connect(0) : greeted(0);
    test::Bytes bytes = test::random_bytes(random, 1 + random.below(200));
    if (random.one_in(2)) bytes.resize(std::max<std::size_t>(bytes.size(), 8));
    if (bytes.size() >= 8 && random.one_in(2)) {  // a header that could be
      wire::store(bytes.data(), static_cast<std::uint32_t>(bytes.size() - 8));
      wire::store(bytes.data() + 4, random.below(12));
    }
    ::send(rank.socket().fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (random.one_in(2)) rank.hang_up();
  }
}

TEST_F(Server, refuses_oversized_messages) {
  FakeRank rank = greeted(0);
  test::Bytes head(8);
  wire::store(head.data(), std::uint32_t{17u << 20});
  wire::store(head.data() + 4, std::uint32_t{2});
  ASSERT_EQ(::send(rank.socket().fd(), head.data(), head.size(), MSG_NOSIGNAL), 8);
  EXPECT_EQ(rank.socket().receive(FakeRank::patience_ms).status().code(), ErrorCode::peer_died);
}

TEST_F(Server, refuses_maps_that_make_no_sense) {
  wire::JobMap map = one_agent(1);
  map.agent_of_rank[0] = 5;
  FakeRank lost = greeted(0);
  expect_refusal(lost.ask(lost.join_message(1, map)), ErrorCode::corrupt);
  FakeRank outside = greeted(7);
  expect_refusal(outside.ask(outside.join_message(1, one_agent(2))), ErrorCode::corrupt);
  FakeRank empty = greeted(0);
  expect_refusal(empty.ask(empty.join_message(1, {})), ErrorCode::corrupt);
}

TEST_F(Server, refuses_the_second_of_two_equal_ranks) {
  FakeRank one = greeted(0);
  FakeRank same = greeted(0);
  ASSERT_TRUE(one.join(1, one_agent(2)));
  expect_refusal(same.ask(same.join_message(1, one_agent(2))), ErrorCode::mismatch);
}

TEST_F(Server, refuses_a_second_rank_with_another_map) {
  FakeRank one = greeted(0);
  FakeRank other = greeted(5);
  FakeRank of_another_agent = greeted(1);
  ASSERT_TRUE(one.join(1, one_agent(2)));
  expect_refusal(other.ask(other.join_message(1, one_agent(6))), ErrorCode::mismatch);
  expect_refusal(of_another_agent.ask(of_another_agent.join_message(1, two_agents())),
                 ErrorCode::mismatch);
}

// Only one rank of an agent brings the map.
TEST_F(Server, later_ranks_join_without_a_map) {
  FakeRank one = greeted(0);
  FakeRank two = greeted(1);
  ASSERT_TRUE(one.join(1, one_agent(2)));
  ASSERT_TRUE(two.join(two.later_join_message(1, {0})));
  ASSERT_TRUE(one.gets<transport::Connected>(transport::Connect{{one.agent()}}));
  for (FakeRank* rank : {&one, &two}) {
    ASSERT_TRUE(
        rank->push(wire::FrameKind::report, wire::bytes_of(wire::BarrierReport{1, 0, 0, 0})));
  }
  EXPECT_EQ(one.pull().first, wire::FrameKind::release);
  EXPECT_EQ(two.pull().first, wire::FrameKind::release);
  ASSERT_TRUE(one.socket().send(transport::UnlinkNames{}).ok());
}

TEST_F(Server, refuses_a_rank_without_a_map_where_nobody_has_brought_one) {
  FakeRank unknown = greeted(1);
  expect_refusal(unknown.ask(unknown.later_join_message(1, {0})), ErrorCode::mismatch);
  FakeRank one = greeted(0);
  ASSERT_TRUE(one.join(1, two_agents()));
  FakeRank early = greeted(1);
  expect_refusal(early.ask(early.later_join_message(1, {1})), ErrorCode::mismatch);
  FakeRank elsewhere = greeted(1);
  expect_refusal(elsewhere.ask(elsewhere.later_join_message(1, {0})), ErrorCode::mismatch);
  FakeRank outside = greeted(7);
  expect_refusal(outside.ask(outside.later_join_message(1, {0})), ErrorCode::mismatch);
  FakeRank wrong_agent = greeted(1);
  transport::Join join = wrong_agent.join_message(1, two_agents());
  join.agent = 0;
  expect_refusal(wrong_agent.ask(join), ErrorCode::corrupt);
}

// The one that brought the map ends before the others have come: its agent goes with it.
TEST_F(Server, a_job_ends_with_the_only_rank_that_has_joined) {
  FakeRank one = greeted(0);
  ASSERT_TRUE(one.join(1, one_agent(2)));
  one.hang_up();
  expect_directories(1);  // the rank's own
  FakeRank two = greeted(1);
  expect_refusal(two.ask(two.later_join_message(1, {0})), ErrorCode::mismatch);
}

// They count as those that bring a map: memory is given back by the last.
TEST_F(Server, limits_count_ranks_that_join_without_a_map) {
  end();
  stop_.store(false);
  options_.limits = {.max_memory_bytes = agent_memory_bytes(one_agent(2), {0})};
  start();
  FakeRank one = greeted(0);
  FakeRank two = greeted(1);
  ASSERT_TRUE(one.join(++session_, one_agent(2)));
  ASSERT_TRUE(two.join(two.later_join_message(session_, {0})));
  one.hang_up();
  ::usleep(200'000);  // the engine has noticed
  FakeRank other = greeted(0);
  expect_refusal(other.ask(other.join_message(++session_, one_agent(1))), ErrorCode::no_memory);
  two.hang_up();          // what follows every test finds room
  expect_directories(3);  // the ranks' own
}

// A doorbell that cannot be opened: the rank is told, and its agent does not stay behind.
TEST_F(Server, a_failed_join_leaves_nothing_behind) {
  FakeRank rank = greeted(0);
  transport::Join join = rank.join_message(1, one_agent(1));
  join.link = transport::ring_address({scratch_ / "no.doorbell", {}, {}});
  expect_refusal(rank.ask(join), ErrorCode::peer_died);
  expect_directories(1);  // the rank's own
}

TEST_F(Server, refuses_to_connect_before_all_have_joined) {
  FakeRank one = greeted(0);
  ASSERT_TRUE(one.join(1, one_agent(2)));
  expect_refusal(one.ask(transport::Connect{{one.agent()}}), ErrorCode::mismatch);
}

TEST_F(Server, refuses_to_connect_to_agents_that_are_not_there) {
  FakeRank one = greeted(0);
  FakeRank two = greeted(1);
  ASSERT_TRUE(one.join(1, two_agents()));
  ASSERT_TRUE(two.join(1, two_agents()));
  transport::AgentAddress wrong = two.agent();
  wrong.arena_path = scratch_ / "no-arena";
  expect_refusal(one.ask(transport::Connect{{one.agent(), wrong}}), ErrorCode::peer_died);
  expect_refusal(two.ask(transport::Connect{}), ErrorCode::mismatch);  // too few
}

// Wherever a rank stops, its files go, and the next one is served.
TEST_F(Server, ranks_may_vanish_at_any_moment) {
  for (int step = 0; step < 6; ++step) {
    {
      FakeRank rank = connect(0);
      if (step > 0) {
        ASSERT_TRUE(rank.hello(key));
      }
      if (step > 1) {
        ASSERT_TRUE(rank.join(++session_, one_agent(1)));
      }
      if (step > 2) {
        ASSERT_TRUE(rank.gets<transport::Connected>(transport::Connect{{rank.agent()}}));
      }
      if (step > 3) {
        ASSERT_TRUE(rank.socket().send(transport::UnlinkNames{}).ok());
      }
      if (step > 4) {
        ASSERT_TRUE(rank.passes_barrier(1));
      }
      rank.hang_up();
    }
    expect_directories(0);
    expect_alive();
  }
}

/// Connections that say nothing by themselves.
std::vector<transport::ControlSocket> connections(const std::string& path, std::size_t count) {
  std::vector<transport::ControlSocket> all;
  for (std::size_t i = 0; i < count; ++i) {
    auto socket =
        transport::ControlSocket::connect(transport::ControlAddress::unix_socket(path), 0);
    EXPECT_TRUE(socket.ok()) << socket.status().message();
    if (socket.ok()) all.push_back(std::move(socket.value()));
  }
  return all;
}

TEST_F(Server, half_a_message_holds_nobody_up) {
  FakeRank slow = connect(0);
  const test::Bytes half(5);
  ASSERT_EQ(::send(slow.socket().fd(), half.data(), half.size(), MSG_NOSIGNAL), 5);
  FakeRank silent_later = greeted(0);
  ASSERT_EQ(::send(silent_later.socket().fd(), half.data(), half.size(), MSG_NOSIGNAL), 5);
  const std::uint64_t before = monotonic_ns();
  expect_alive();
  EXPECT_LT(monotonic_ns() - before, 1'900'000'000u);
}

// Greetings byte by byte, each of which held the others up for two seconds.
TEST_F(Server, greetings_are_read_all_at_once) {
  auto dribblers = connections(listen_.socket_path, 60);
  const auto bytes = transport::encode(transport::Hello{});
  std::atomic<bool> enough{false};
  std::thread dribble([&] {
    for (std::size_t i = 0; i + 1 < bytes.size() && !enough.load(); ++i) {
      for (const auto& socket : dribblers) ::send(socket.fd(), &bytes[i], 1, MSG_NOSIGNAL);
      ::usleep(50'000);
    }
  });
  const std::uint64_t before = monotonic_ns();
  for (int i = 0; i < 5; ++i) expect_alive();
  EXPECT_LT(monotonic_ns() - before, 10'000'000'000u);
  enough.store(true);
  dribble.join();
}

// More silent connections than the engine keeps: those that have had their time make room.
TEST_F(Server, a_crowd_of_silent_connections_lets_ranks_in) {
  const auto crowd = connections(listen_.socket_path, 300);
  const std::uint64_t before = monotonic_ns();
  expect_alive();
  EXPECT_LT(monotonic_ns() - before, 10'000'000'000u);
}

// Answers that nobody reads: the engine kept on sending and heard of nothing else.
TEST_F(Server, who_reads_no_answers_holds_nobody_up) {
  FakeRank deaf = connect(0);
  const auto bytes = transport::encode(transport::Hello{});
  std::thread flood([&] {
    for (int i = 0; i < 1'000'000; ++i) {
      if (::send(deaf.socket().fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return;
    }
  });
  expect_alive();
  expect_alive();
  flood.join();  // ends because the engine cuts off who greets twice
  expect_alive();
}

TEST_F(Server, connections_that_do_not_greet_end) {
  end();
  stop_.store(false);
  listen_.greeting_limit_ms = 200;
  start();
  FakeRank patient = greeted(0);
  FakeRank silent = connect(0);
  FakeRank half = connect(0);
  const test::Bytes some(9);
  ASSERT_EQ(::send(half.socket().fd(), some.data(), some.size(), MSG_NOSIGNAL), 9);
  EXPECT_EQ(silent.socket().receive(FakeRank::patience_ms).status().code(), ErrorCode::peer_died);
  EXPECT_EQ(half.socket().receive(FakeRank::patience_ms).status().code(), ErrorCode::peer_died);
  ::usleep(400'000);
  EXPECT_TRUE(patient.join(++session_, one_agent(1))) << "who has shown the key may take his time";
}

// Two agents of one engine: messages and barriers pass between them.
TEST_F(Server, joins_two_agents) {
  FakeRank one = greeted(0);
  FakeRank two = greeted(1);
  ASSERT_TRUE(one.join(1, two_agents()));
  ASSERT_TRUE(two.join(1, two_agents()));
  const transport::Connect all{{one.agent(), two.agent()}};
  ASSERT_TRUE(one.gets<transport::Connected>(all));
  ASSERT_TRUE(two.gets<transport::Connected>(all));
  ASSERT_TRUE(one.socket().send(transport::UnlinkNames{}).ok());
  ASSERT_TRUE(two.socket().send(transport::UnlinkNames{}).ok());
  expect_directories(2);  // those of the fake ranks, which do not unlink them

  test::Block block(256, wire::Form::routed);
  ASSERT_TRUE(test::append(*block, {1, 9, true, test::Bytes(8, std::byte{7})}));
  ASSERT_TRUE(one.push(wire::FrameKind::routed, block->finish()));
  const auto [kind, body] = two.pull();
  EXPECT_EQ(kind, wire::FrameKind::final);
  EXPECT_EQ(test::read_letters(body, wire::Form::final),
            (std::vector<test::Letter>{{0, 9, true, test::Bytes(8, std::byte{7})}}));

  const wire::BarrierReport sent{1, 1, 0, 0};
  const wire::BarrierReport handled{1, 0, 1, 1};
  ASSERT_TRUE(one.push(wire::FrameKind::report, wire::bytes_of(sent)));
  ASSERT_TRUE(two.push(wire::FrameKind::report, wire::bytes_of(handled)));
  EXPECT_EQ(one.pull().first, wire::FrameKind::release);
  EXPECT_EQ(two.pull().first, wire::FrameKind::release);
  ASSERT_TRUE(one.socket().send(transport::Bye{}).ok());
  ASSERT_TRUE(two.socket().send(transport::Bye{}).ok());
}

// A rank that dies is an error for the others within 2 seconds, with its name.
TEST_F(Server, tells_the_others_of_a_death) {
  for (const bool same_agent : {true, false}) {
    const wire::JobMap map = same_agent ? one_agent(2) : two_agents();
    FakeRank victim = greeted(0);
    FakeRank witness = greeted(1);
    ASSERT_TRUE(victim.join(++session_, map));
    ASSERT_TRUE(witness.join(session_, map));
    const transport::Connect all = same_agent
                                       ? transport::Connect{{victim.agent()}}
                                       : transport::Connect{{victim.agent(), witness.agent()}};
    ASSERT_TRUE(victim.gets<transport::Connected>(all));
    if (!same_agent) {
      ASSERT_TRUE(witness.gets<transport::Connected>(all));
    }
    const auto counters =
        arena::ShmFile::open(transport::ring_paths(witness.joined().link).value().counters,
                             arena::counter_file_bytes(1));
    ASSERT_TRUE(counters.ok());
    const std::uint64_t before = monotonic_ns();
    victim.hang_up();
    const auto [kind, body] = witness.pull();
    EXPECT_LT(monotonic_ns() - before, 2'000'000'000u);
    ASSERT_EQ(kind, wire::FrameKind::failure);
    const Status status = wire::decode_failure(body);
    EXPECT_EQ(status.code(), ErrorCode::peer_died);
    EXPECT_NE(status.message().find("rank 0"), std::string::npos) << status.message();
    EXPECT_EQ(arena::failure_note(counters.value().bytes()).read().message(), status.message());
  }
}

// Malformed on a link is counted, the offender cut off and told, and the engine goes on.
TEST_F(Server, disconnects_senders_of_malformed_input) {
  FakeRank rank = greeted(0);
  ASSERT_TRUE(rank.join(1, one_agent(1)));
  ASSERT_TRUE(rank.gets<transport::Connected>(transport::Connect{{rank.agent()}}));
  const auto counters = arena::ShmFile::open(
      transport::ring_paths(rank.joined().link).value().counters, sizeof(arena::CounterPage));
  ASSERT_TRUE(counters.ok());
  ASSERT_TRUE(rank.push(wire::FrameKind::routed, test::Bytes(100, std::byte{0xff})));
  const auto [kind, body] = rank.pull();
  ASSERT_EQ(kind, wire::FrameKind::failure);
  EXPECT_EQ(wire::decode_failure(body).code(), ErrorCode::corrupt);
  const auto& page = *reinterpret_cast<const arena::CounterPage*>(counters.value().bytes().data());
  EXPECT_EQ(page.table.get(Counter::rejected_frames), 1u);
}

TEST_F(Server, stops_with_ranks_in_every_state) {
  FakeRank silent = connect(0);
  FakeRank polite = greeted(0);
  FakeRank joined = greeted(0);
  ASSERT_TRUE(joined.join(1, one_agent(2)));
  FakeRank running = greeted(0);
  ASSERT_TRUE(running.join(2, one_agent(1)));
  ASSERT_TRUE(running.gets<transport::Connected>(transport::Connect{{running.agent()}}));
  ASSERT_TRUE(running.passes_barrier(1));
  end();
  EXPECT_EQ(running.socket().receive(FakeRank::patience_ms).status().code(), ErrorCode::peer_died);
  expect_directories(4);  // the fake ranks' own
}

TEST(ServerStart, errors_say_what_to_do) {
  const test::Scratch scratch;
  ListenOptions listen;
  listen.socket_path = scratch / "no/such/folder/engine.sock";
  const std::atomic<bool> stop{true};
  const Status status = run_server({}, listen, stop);
  EXPECT_EQ(status.code(), ErrorCode::system);
  EXPECT_NE(status.message().find(listen.socket_path), std::string::npos);
}

}  // namespace
}  // namespace buddy::engine
