// An engine as a service: jobs side by side and one after another, and what happens when one
// breaks.
#include "tools/service/service.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/bodies.hpp"
#include "support/child.hpp"
#include "tools/service/service_under_test.hpp"
#include "transport/control/greeting.hpp"

namespace buddy::testing {
namespace {

constexpr std::uint64_t second_ns = 1'000'000'000;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Service, jobs_side_by_side_have_processes_of_their_own) {
  ServiceUnderTest service;
  SmallJob one(service, 1);
  SmallJob two(service, 2);
  EXPECT_NE(one.engine, two.engine);
  EXPECT_EQ(service.jobs().size(), 2u);
  EXPECT_TRUE(one.works());
  EXPECT_TRUE(two.works());
  engine::FakeRank same_job(service.address(), 1);
  const auto welcome = same_job.greet(service_key, job_id(1));
  ASSERT_TRUE(welcome.ok());
  EXPECT_EQ(welcome.value().pid, static_cast<std::uint32_t>(one.engine));
}

TEST(Service, everything_of_a_job_goes_with_its_last_rank) {
  ServiceUnderTest service({"--jobs", "1"});
  for (unsigned round = 1; round <= 3; ++round) {
    SmallJob job(service, round);
    EXPECT_TRUE(job.works());
    job.leave();
    job.rank.hang_up();
    EXPECT_TRUE(eventually([&] { return !is_running(job.engine); }));
    EXPECT_TRUE(shm_of(job.engine).empty());
  }
  const Finished finished = service.end();
  EXPECT_EQ(finished.state.exit_code(), 0);
  EXPECT_TRUE(contains(finished.err, "all of its ranks have left")) << finished.err;
}

TEST(Service, one_job_more_is_refused_until_another_ends) {
  ServiceUnderTest service({"--jobs", "1"});
  SmallJob first(service, 1);
  engine::FakeRank more(service.address(), 0);
  const Status status = more.greet(service_key, job_id(2)).status();
  EXPECT_TRUE(contains(status.message(), "serves 1 job already")) << status.message();
  EXPECT_TRUE(first.works());
  first.leave();
  first.rank.hang_up();
  SmallJob next(service, 2);  // at once: it waits for the end of the other
  EXPECT_TRUE(next.works());
}

/// Shows the key, and is gone before anybody can answer.
void greet_and_vanish(const ServiceUnderTest& service, const JobId& job) {
  auto socket = transport::ControlSocket::connect(service.address(), 10);
  ASSERT_TRUE(socket.ok());
  transport::Hello hello;
  hello.job = job;
  hello.nonce = fresh_nonce();
  const auto challenge =
      transport::ask<transport::Challenge>(socket.value(), hello, engine::FakeRank::patience_ms);
  ASSERT_TRUE(challenge.ok());
  const NoncePair nonces{hello.nonce, challenge.value().nonce};
  const transport::Proof proof{prove_key(service_key, "control rank 4 " + to_string(job), nonces)};
  ASSERT_TRUE(socket.value().send(proof).ok());
  const linger at_once{1, 0};
  setsockopt(socket.value().fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

// Its job had no rank that was ever welcome, and ends all the same.
TEST(Service, a_rank_that_vanishes_at_the_door_leaves_no_job) {
  ServiceUnderTest service({"--jobs", "1"});
  for (unsigned round = 1; round <= 10; ++round) {
    greet_and_vanish(service, job_id(round));
    SmallJob next(service, 100 + round);
    EXPECT_TRUE(next.works());
    next.leave();
  }
  EXPECT_TRUE(eventually([&] { return service.jobs().empty(); }));
}

TEST(Service, a_killed_job_is_an_error_of_its_ranks_alone) {
  ServiceUnderTest service;
  SmallJob victim(service, 1);
  SmallJob witness(service, 2);
  const std::uint64_t before = monotonic_ns();
  kill(victim.engine, SIGKILL);
  EXPECT_EQ(victim.rank.socket().receive(20'000).status().code(), ErrorCode::peer_died);
  EXPECT_LT(monotonic_ns() - before, 2 * second_ns);
  EXPECT_TRUE(witness.works());
  EXPECT_TRUE(eventually([&] { return shm_of(victim.engine).empty(); }));
  SmallJob again(service, 1);
  EXPECT_TRUE(again.works());
  EXPECT_TRUE(witness.works());
  const Finished finished = service.end();
  EXPECT_TRUE(contains(finished.err, "was killed by signal 9")) << finished.err;
}

// Names in /dev/shm that a job has while its ranks find each other.
TEST(Service, a_job_killed_while_it_starts_leaves_nothing) {
  ServiceUnderTest service;
  engine::FakeRank rank(service.address(), 0);
  const auto welcome = rank.greet(service_key, job_id(1));
  ASSERT_TRUE(welcome.ok());
  ASSERT_TRUE(rank.join(1, job_of(2)));
  const auto engine = static_cast<pid_t>(welcome.value().pid);
  EXPECT_FALSE(shm_of(engine).empty());
  kill(engine, SIGKILL);
  EXPECT_TRUE(eventually([&] { return shm_of(engine).empty(); }));
}

TEST(Service, ends_in_good_order) {
  for (const int number : {SIGTERM, SIGINT}) {
    ServiceUnderTest service;
    SmallJob one(service, 1);
    SmallJob two(service, 2);
    const Finished finished = service.end(number);
    EXPECT_EQ(finished.state.exit_code(), 0) << finished.err;
    EXPECT_EQ(one.rank.socket().receive(20'000).status().code(), ErrorCode::peer_died);
    for (const pid_t engine : {one.engine, two.engine}) {
      EXPECT_FALSE(is_running(engine));
      EXPECT_TRUE(shm_of(engine).empty());
    }
    EXPECT_FALSE(service.has_port_file());
  }
}

TEST(Service, jobs_die_with_a_killed_service) {
  ServiceUnderTest service;
  SmallJob job(service, 1);
  service.end(SIGKILL);
  EXPECT_EQ(job.rank.socket().receive(20'000).status().code(), ErrorCode::peer_died);
  EXPECT_TRUE(eventually([&] { return !is_running(job.engine); }));
  EXPECT_TRUE(eventually([&] { return shm_of(job.engine).empty(); }));
}

// A job whose ranks have gone ends, even if its process is stopped.
TEST(Service, stopped_jobs_hold_nobody_up) {
  ServiceUnderTest service;
  SmallJob stopped(service, 1);
  kill(stopped.engine, SIGSTOP);
  SmallJob other(service, 2);
  EXPECT_TRUE(other.works());
  const Finished finished = service.end();
  EXPECT_EQ(finished.state.exit_code(), 0);
  EXPECT_FALSE(is_running(stopped.engine));
}

TEST(Service, limits_reach_the_rank_as_its_error) {
  ServiceUnderTest service({"--max-ranks", "2", "--max-memory", "3M"});
  engine::FakeRank many(service.address(), 0);
  ASSERT_TRUE(many.greet(service_key, job_id(1)).ok());
  const auto too_many = many.ask(many.join_message(1, job_of(3)));
  ASSERT_TRUE(too_many.ok());
  ASSERT_TRUE(std::holds_alternative<transport::Refusal>(too_many.value()));
  EXPECT_TRUE(contains(std::get<transport::Refusal>(too_many.value()).message, "--max-ranks"));
  engine::FakeRank large(service.address(), 0);
  ASSERT_TRUE(large.greet(service_key, job_id(2)).ok());
  wire::JobMap map = job_of(2);  // of a job with many nodes
  for (std::uint32_t node = 1; node < 40; ++node) {
    map.agent_of_rank.push_back(node);
    map.node_of_agent.push_back(node);
    map.machine_of_agent.push_back(0);
  }
  const auto too_large = large.ask(large.join_message(1, map));
  ASSERT_TRUE(too_large.ok());
  ASSERT_TRUE(std::holds_alternative<transport::Refusal>(too_large.value()));
  EXPECT_TRUE(contains(std::get<transport::Refusal>(too_large.value()).message, "--max-memory"));
  SmallJob fits(service, 3);
  EXPECT_TRUE(fits.works());
}

TEST(Service, a_thousand_silent_connections_disturb_nobody) {
  allow_many_files();
  ServiceUnderTest service;
  SmallJob running(service, 1);
  std::vector<transport::ControlSocket> crowd;
  for (int i = 0; i < 1000; ++i) {
    auto socket = transport::ControlSocket::connect(service.address(), 10);
    ASSERT_TRUE(socket.ok()) << socket.status().message();
    crowd.push_back(std::move(socket.value()));
  }
  const std::uint64_t before = monotonic_ns();
  SmallJob late(service, 2);
  EXPECT_LT(monotonic_ns() - before, 2 * second_ns);
  EXPECT_TRUE(late.works());
  EXPECT_TRUE(running.works());
}

TEST(Service, garbage_is_counted_and_disturbs_nobody) {
  ServiceUnderTest service;
  SmallJob running(service, 1);
  test::for_each_seed(200, [&](std::uint64_t seed) {
    test::Random random(seed);
    auto socket = transport::ControlSocket::connect(service.address(), 10);
    ASSERT_TRUE(socket.ok());
    test::Bytes bytes = test::random_bytes(random, 8 + random.below(5000));
    if (random.one_in(2)) {  // a header that could be
      wire::store(bytes.data(), static_cast<std::uint32_t>(bytes.size() - 8));
      wire::store(bytes.data() + 4, random.below(12));
    }
    send(socket.value().fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  });
  engine::FakeRank stranger(service.address(), 0);
  const JobKey other{{1, 2}};
  EXPECT_EQ(stranger.greet(other).status().code(), ErrorCode::mismatch);
  EXPECT_TRUE(running.works());
  SmallJob next(service, 2);
  EXPECT_TRUE(next.works());
  const Finished finished = service.end();
  EXPECT_TRUE(contains(finished.err, "malformed")) << finished.err;
  EXPECT_TRUE(contains(finished.err, "1 with another key")) << finished.err;
  EXPECT_FALSE(contains(finished.err, to_string(service_key))) << "nobody logs the key";
}

// Connections that come faster than anybody could read what they say.
TEST(Service, a_flood_disturbs_nobody) {
  ServiceUnderTest service;
  SmallJob running(service, 1);
  std::atomic<bool> enough{false};
  std::atomic<int> connections{0};
  std::thread flood([&] {
    for (unsigned i = 0; !enough.load(); ++i) {
      auto socket = transport::ControlSocket::connect(service.address(), 10);
      if (socket.ok() && i % 2 == 0) send(socket.value().fd(), "GET / HTTP", 10, MSG_NOSIGNAL);
      ++connections;
    }
  });
  for (unsigned number = 2; number < 12; ++number) {
    const std::uint64_t before = monotonic_ns();
    SmallJob next(service, number);
    EXPECT_LT(monotonic_ns() - before, 2 * second_ns);
    EXPECT_TRUE(next.works());
    EXPECT_TRUE(running.works());
    next.leave();
  }
  enough.store(true);
  flood.join();
  EXPECT_GT(connections.load(), 100);
  EXPECT_TRUE(running.works());
}

// Silence of a process is none of its machine: the kernel answers.
TEST(Service, a_stopped_rank_is_no_lost_machine) {
  ServiceUnderTest service({"--peer-timeout", "1"});
  const wire::JobMap map = job_of(2);
  engine::FakeRank witness(service.address(), 1);
  ASSERT_TRUE(witness.greet(service_key, job_id(1)).ok());
  ASSERT_TRUE(witness.join(1, map));
  const pid_t stopped = test::start_child([&] {
    engine::FakeRank rank(service.address(), 0);
    if (!rank.greet(service_key, job_id(1)).ok() || !rank.join(1, map)) return 1;
    if (!rank.gets<transport::Connected>(transport::Connect{{rank.agent()}})) return 2;
    raise(SIGSTOP);
    return rank.passes_barrier(1) ? 0 : 3;
  });
  int status = 0;
  ASSERT_EQ(waitpid(stopped, &status, WUNTRACED), stopped);
  ASSERT_TRUE(WIFSTOPPED(status)) << status;
  usleep(3'500'000);
  EXPECT_FALSE(witness.socket().hung_up());
  kill(stopped, SIGCONT);
  EXPECT_TRUE(witness.passes_barrier(1)) << "both are there";
  EXPECT_EQ(test::wait_for_child(stopped), 0);
}

TEST(Service, wrong_options_say_what_is_wrong) {
  const ServiceUnderTest service;
  const Sandbox sandbox;
  const std::string open_key = sandbox.file("open", to_string(service_key));
  const std::string taken = to_string(service.address());
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"tcp:127.0.0.1:70000"}, "up to 65535"},
      {{"udp:127.0.0.1"}, "neither unix: nor tcp:"},
      {{taken}, "in use"},
      {{"tcp:192.0.2.1:0"}, "address of this machine"},
      {{"tcp:127.0.0.1:0", "--device", "no-such-device"}, "no network device 'no-such-device'"},
      {{"tcp:127.0.0.1:0", "--key-file", open_key}, "other users"},
      {{"tcp:127.0.0.1:0", "--key-file", sandbox.path("none")}, "No such file"},
      {{"tcp:127.0.0.1:0", "--max-memory", "many"}, "no size"},
      {{"tcp:127.0.0.1:0", "--jobs", "0"}, "out of range"},
      {{"tcp:127.0.0.1:0", "--port-file", sandbox.path("no/folder")}, "--port-file"},
      {{"unix:" + sandbox.path("s"), "--jobs", "2"}, "--jobs is for services"},
      {{"unix:" + sandbox.path("s"), "--device", "lo"}, "--device is for services"},
      {{"unix:" + sandbox.path("s"), "--peer-timeout", "2"}, "--peer-timeout is for services"},
      {{"unix:" + sandbox.path("s"), "--port-file", sandbox.path("p")}, "--port-file is for"}};
  for (const auto& [options, message] : wrong) {
    std::vector<std::string> words = {buddy_command(), "engine", "--listen"};
    words.insert(words.end(), options.begin(), options.end());
    const Finished finished = run_command(words, {{"BUDDY_JOB_KEY", to_string(service_key)}});
    EXPECT_NE(finished.state.exit_code(), 0) << message;
    EXPECT_TRUE(contains(finished.err, message)) << finished.err;
  }
}

TEST(Service, takes_its_key_from_a_file) {
  const Sandbox sandbox;
  const std::string path = sandbox.file("key", "00000000000000010000000000000002\n");
  chmod(path.c_str(), 0600);
  const ServiceUnderTest service({"--key-file", path});
  engine::FakeRank rank(service.address(), 0);
  EXPECT_TRUE(rank.greet(JobKey{{1, 2}}).ok());
  engine::FakeRank wrong(service.address(), 0);
  EXPECT_FALSE(wrong.greet(service_key).ok()) << "the file counts more than the variable";
}

TEST(Service, takes_its_key_from_standard_input) {
  const std::string start = "echo KEY | exec " + buddy_command() +
                            " engine --listen tcp:127.0.0.1:0 --jobs 1 --key-file - --device no";
  const auto said = [&](const std::string& key) {
    std::string line = start;
    return run_command({"/bin/sh", "-c", line.replace(line.find("KEY"), 3, key)}).err;
  };
  EXPECT_TRUE(contains(said("1"), "32 hex digits"));
  const std::string good = said(to_string(service_key));  // goes on to the next mistake
  EXPECT_TRUE(contains(good, "no network device 'no'")) << good;
}

TEST(Service, starts_its_jobs_as_it_was_started) {
  const Sandbox sandbox;
  const std::string emulator = sandbox.script(
      "emulator", "echo \"$*\" >>" + sandbox.path("seen") + "; shift; exec \"$@\"\n");
  const ServiceUnderTest service({}, {{"BUDDY_EMULATOR", emulator + "  --switch "}});
  SmallJob job(service, 1);
  EXPECT_TRUE(job.works());
  EXPECT_TRUE(sandbox.read("seen").starts_with("--switch " + buddy_command() + " engine"))
      << sandbox.read("seen");
}

TEST(Service, its_engines_are_seen_by_stat) {
  const ServiceUnderTest service;
  SmallJob job(service, 1);
  const Finished finished = run_command({buddy_command(), "stat"});
  EXPECT_TRUE(contains(finished.out, std::to_string(job.engine))) << finished.out;
}

}  // namespace
}  // namespace buddy::testing
