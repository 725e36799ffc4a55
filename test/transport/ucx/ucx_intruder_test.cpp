// What comes from the network and is not what a healthy peer sends.
#include <ucp/api/ucp.h>

#include <cstring>
#include <deque>

#include "transport/ucx/ucx_endpoint.hpp"
#include "transport/ucx/ucx_packet.hpp"
#include "transport/ucx/ucx_test_pair.hpp"
#include "transport/ucx/ucx_token.hpp"
#include "transport/ucx/ucx_worker.hpp"

namespace buddy::transport::test {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

void forget(void* request, ucs_status_t /*status*/, void* /*argument*/) {
  ucp_request_free(request);
}

/// Somebody with a UCX of his own who knows an agent's address.
class Intruder {
 public:
  explicit Intruder(UcxTransport& target)
      : target_(target), worker_(std::move(UcxWorker::create().value())) {
    // UCX 1.13.1 crashes on a message for which there is no receiver.
    EXPECT_TRUE(worker_->receive(&drop, nullptr).ok());
    EXPECT_EQ(endpoint_.open(worker_->get(), unseal_address(target_address_), &ignore, nullptr),
              UCS_OK);
  }
  ~Intruder() {
    endpoint_.close();
    step_until([&] { return endpoint_.closed(); });
  }
  Intruder(const Intruder&) = delete;
  Intruder& operator=(const Intruder&) = delete;

  std::string address() const { return worker_->address(); }

  /// Sends and waits until the target has refused or taken it.
  void send(const std::vector<std::byte>& bytes) {
    const UcxStats before = target_.stats();
    keep_.push_back(bytes);
    EXPECT_NE(endpoint_.send(keep_.back(), &forget, nullptr), UcxEndpoint::Sent::failed);
    EXPECT_TRUE(step_until([&] {
      const UcxStats& now = target_.stats();
      return now.rejected != before.rejected || now.packets_in != before.packets_in;
    }));
  }
  /// By another protocol than Buddy's.
  void send_other(unsigned flags, std::span<const std::byte> header,
                  const std::vector<std::byte>& bytes, ucp_ep_h raw) {
    const UcxStats before = target_.stats();
    keep_.push_back(bytes);
    ucp_request_param_t params{};
    params.op_attr_mask = UCP_OP_ATTR_FIELD_FLAGS | UCP_OP_ATTR_FIELD_CALLBACK;
    params.flags = flags;
    params.cb.send = &forget;
    (void)ucp_am_send_nbx(raw, packet_am_id, header.data(), header.size(), keep_.back().data(),
                          keep_.back().size(), &params);
    EXPECT_TRUE(step_until([&] { return target_.stats().rejected != before.rejected; }));
  }
  template <class Condition>
  bool step_until(Condition condition) {
    const std::uint64_t deadline = monotonic_ns() + patience_ns;
    while (!condition()) {
      if (monotonic_ns() > deadline) return false;
      worker_->progress();
      target_.progress();
    }
    return true;
  }
  ucp_worker_h worker() { return worker_->get(); }

 private:
  static ucs_status_t drop(void* /*argument*/, const void* /*header*/,
                           std::size_t /*header_length*/, void* /*data*/, std::size_t /*length*/,
                           const ucp_am_recv_param_t* /*param*/) {
    return UCS_OK;
  }
  static void ignore(void* /*argument*/, ucp_ep_h /*endpoint*/, ucs_status_t /*status*/) {}

  UcxTransport& target_;
  std::string target_address_ = target_.address();
  std::deque<std::vector<std::byte>> keep_;
  std::unique_ptr<UcxWorker> worker_;
  UcxEndpoint endpoint_;
};

/// A packet as agent 0 sends it to agent 1 first.
PacketHeader good_header(std::size_t payload_bytes) {
  PacketHeader header{};
  header.magic = packet_magic;
  header.version = packet_version;
  header.source = 0;
  header.destination = 1;
  header.token = peer_token(job_key, {0}, {1});
  header.payload_bytes = static_cast<std::uint32_t>(payload_bytes);
  header.window_bytes = 1 << 22;
  return header;
}

std::vector<std::byte> packet(const PacketHeader& header, std::span<const std::byte> payload = {}) {
  std::vector<std::byte> bytes(sizeof header + payload.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  if (!payload.empty()) std::memcpy(bytes.data() + sizeof header, payload.data(), payload.size());
  return bytes;
}

std::vector<std::byte> one_frame(FrameKind kind = FrameKind::routed) {
  const wire::FrameHeader header{16, kind, 0, 1};
  std::vector<std::byte> payload(32);
  std::memcpy(payload.data(), &header, sizeof header);
  return payload;
}

// Strangers are counted and do no harm, whatever they send.
TEST(UcxIntruder, strangers_are_counted_and_ignored) {
  Agents agents(2);
  {
    Intruder stranger(agents[1]);
    std::uint64_t sent = 0;
    const auto expect_refused = [&](const std::vector<std::byte>& bytes) {
      stranger.send(bytes);
      EXPECT_EQ(agents[1].stats().rejected, ++sent);
    };
    expect_refused({});
    expect_refused(pattern(47, 1));
    expect_refused(pattern(48, 1));
    expect_refused(pattern(300'000, 1));
    PacketHeader header = good_header(32);
    header.token ^= 1;
    expect_refused(packet(header, one_frame()));
    header = good_header(32);
    header.magic ^= 1;
    expect_refused(packet(header, one_frame()));
    header = good_header(32);
    header.source = 5;
    expect_refused(packet(header, one_frame()));
    header.source = 0xffffffff;
    expect_refused(packet(header, one_frame()));
    header = good_header(32);
    header.destination = 2;
    expect_refused(packet(header, one_frame()));
    for (unsigned seed = 1; seed <= 200; ++seed) {
      SCOPED_TRACE(testing::Message() << "seed " << seed);
      expect_refused(pattern(seed * 37 % 3000, seed));
    }
    EXPECT_EQ(agents[1].take_unauthenticated(), sent);
    EXPECT_EQ(agents[1].take_unauthenticated(), 0U);
  }
  const auto body = pattern(1000, 9);
  ASSERT_TRUE(agents.push(0, 1, body)) << "the real agents do not notice";
  Frame frame;
  ASSERT_TRUE(agents.receive(1, 0, frame));
  EXPECT_TRUE(same(frame.body, body));
}

TEST(UcxIntruder, other_protocols_are_counted_and_ignored) {
  Agents agents(2);
  Intruder stranger(agents[1]);
  ucp_ep_params_t params{};
  const std::string sealed = agents[1].address();
  params.field_mask = UCP_EP_PARAM_FIELD_REMOTE_ADDRESS;
  params.address = reinterpret_cast<const ucp_address_t*>(unseal_address(sealed).data());
  ucp_ep_h raw = nullptr;
  ASSERT_EQ(ucp_ep_create(stranger.worker(), &params, &raw), UCS_OK);
  const auto good = packet(good_header(32), one_frame());
  stranger.send_other(UCP_AM_SEND_FLAG_RNDV, {}, good, raw);
  stranger.send_other(UCP_AM_SEND_FLAG_EAGER, std::span(good).first(16), good, raw);
  EXPECT_EQ(agents[1].stats().rejected, 2u);
  ucp_request_param_t force{};
  force.op_attr_mask = UCP_OP_ATTR_FIELD_FLAGS;
  force.flags = UCP_EP_CLOSE_FLAG_FORCE;
  void* closing = ucp_ep_close_nbx(raw, &force);
  if (UCS_PTR_IS_PTR(closing)) {
    stranger.step_until([&] { return ucp_request_check_status(closing) != UCS_INPROGRESS; });
    ucp_request_free(closing);
  }
}

struct Damage {
  const char* name;
  ErrorCode code;
  void (*apply)(PacketHeader& header, std::vector<std::byte>& payload);
};

class UcxDamage : public testing::TestWithParam<Damage> {};

// An agent of the job that sends damaged packets is disconnected; everything else lives on.
TEST_P(UcxDamage, disconnects_the_offender_only) {
  auto target = make_fabric();
  auto bystander = make_fabric();
  Intruder offender(*target);
  ASSERT_TRUE(
      target->connect({1}, job_key, {{{0}, offender.address()}, {{2}, bystander->address()}}).ok());
  ASSERT_TRUE(bystander->connect({2}, job_key, {{{1}, target->address()}}).ok());
  auto payload = one_frame();
  PacketHeader header = good_header(payload.size());
  offender.send(packet(header, payload));
  EXPECT_EQ(target->stats().rejected, 0u);
  header.sequence = 1;
  GetParam().apply(header, payload);
  offender.send(packet(header, payload));
  EXPECT_EQ(target->stats().rejected, 1u);
  transport::Channel& channel = *target->channel({0});
  EXPECT_EQ(channel.status().code(), GetParam().code) << channel.status().message();
  Frame frame;
  ASSERT_EQ(channel.peek(frame), Peek::ready) << "what came before was sound";
  channel.release();
  EXPECT_EQ(channel.peek(frame), Peek::broken);
  EXPECT_EQ(channel.try_push(FrameKind::routed, 0, {}), Push::closed);

  ASSERT_EQ(bystander->channel({1})->try_push(FrameKind::routed, 0, one_frame()), Push::ok);
  EXPECT_TRUE(offender.step_until([&] {
    bystander->progress();
    return target->channel({2})->peek(frame) == Peek::ready;
  }));
}

constexpr Damage damages[] = {
    {"version", ErrorCode::mismatch, [](PacketHeader& h, auto&) { ++h.version; }},
    {"reserved", ErrorCode::corrupt, [](PacketHeader& h, auto&) { h.reserved = 1; }},
    {"lost", ErrorCode::corrupt, [](PacketHeader& h, auto&) { h.sequence = 2; }},
    {"doubled", ErrorCode::corrupt, [](PacketHeader& h, auto&) { h.sequence = 0; }},
    {"released", ErrorCode::corrupt, [](PacketHeader& h, auto&) { h.released = 4096; }},
    {"size", ErrorCode::corrupt, [](PacketHeader& h, auto&) { h.payload_bytes += 1; }},
    {"window", ErrorCode::corrupt, [](PacketHeader& h, auto&) { h.window_bytes -= 1; }},
    {"frame_kind", ErrorCode::corrupt,
     [](PacketHeader&, std::vector<std::byte>& p) { p[4] = std::byte{77}; }},
    {"frame_size", ErrorCode::corrupt,
     [](PacketHeader&, std::vector<std::byte>& p) { p[0] = std::byte{17}; }},
    {"too_large", ErrorCode::corrupt,
     [](PacketHeader& h, std::vector<std::byte>& p) {
       p.resize(2u << 20);
       h.payload_bytes = static_cast<std::uint32_t>(p.size());
     }},
};
INSTANTIATE_TEST_SUITE_P(, UcxDamage, testing::ValuesIn(damages),
                         [](const auto& damage) { return std::string(damage.param.name); });

TEST(UcxIntruder, agents_of_another_job_hear_nothing) {
  const JobKey other_key{{job_key.words[0], job_key.words[1] ^ 1}};
  auto one = make_fabric();
  auto two = make_fabric();
  ASSERT_TRUE(one->connect({0}, job_key, {{{1}, two->address()}}).ok());
  ASSERT_TRUE(two->connect({1}, other_key, {{{0}, one->address()}}).ok());
  ASSERT_EQ(one->channel({1})->try_push(FrameKind::routed, 0, pattern(100, 1)), Push::ok);
  const std::uint64_t deadline = monotonic_ns() + patience_ns;
  while (two->stats().rejected == 0 && monotonic_ns() < deadline) one->progress(), two->progress();
  EXPECT_EQ(two->stats().rejected, 1u);
  Frame frame;
  EXPECT_EQ(two->channel({0})->peek(frame), Peek::empty);
  EXPECT_TRUE(two->channel({0})->status().ok()) << "anybody could have sent that";
}

}  // namespace
}  // namespace buddy::transport::test
