// What a rank of a simulated job does: random sends, polls, waits and barriers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "comm/endpoint/engine_channel.hpp"
#include "sim/oracle.hpp"
#include "sim/rank.hpp"
#include "support/seeds.hpp"

namespace buddy::sim {

/// The same on all ranks.
struct Plan {
  std::uint32_t ranks = 1;
  std::uint32_t phases = 2;     ///< each ends with a barrier
  std::uint32_t actions = 10;   ///< of a rank in a phase, at most
  std::uint32_t burst = 20;     ///< messages sent in a row, at most
  std::uint32_t fan_out = 2;    ///< messages a handler sends, at most
  std::uint32_t depth = 2;      ///< handlers that handlers cause
  std::uint64_t budget = 3000;  ///< messages of the whole job
  std::uint32_t most_fixed_bytes = 100;
  std::uint32_t most_variable_bytes = 200;
  bool questions = true;         ///< ranks wait for answers
  std::uint64_t throw_odds = 0;  ///< one in so many handlers throws; 0: none
};

/// Where ranks meet outside of Buddy, and what they have done so far.
struct Meeting {
  Meeting(const Plan& plan, Oracle& judge)
      : oracle(judge),
        entered(plan.phases),
        left(plan.phases),
        gathered(plan.phases + 1),
        budget_left(plan.budget) {}
  Oracle& oracle;
  std::vector<std::uint32_t> entered;   ///< ranks that called barrier(), by phase
  std::vector<std::uint32_t> left;      ///< ranks that returned from it
  std::vector<std::uint32_t> gathered;  ///< ranks at an MPI barrier
  std::uint64_t budget_left;
};

/// One rank's part.
class Program final : public comm::Receiver {
 public:
  Program(const Plan& plan, std::uint32_t number, Meeting& meeting, test::Random& random);

  /// The whole program, up to where the communicator would be destroyed.
  void run(Rank& rank);

  bool accepts(std::uint32_t handler, std::uint32_t item_bytes) noexcept override;
  void run_fixed(std::uint32_t handler, const std::byte* items, std::uint32_t count,
                 std::uint32_t& done) override;
  void run_variable(std::uint32_t handler, std::span<const std::byte> payload) override;

 private:
  struct Kind {
    bool is_fixed;
    std::uint32_t bytes;  ///< at most, if not fixed
  };
  enum class Role { statement, question, answer };

  void act(bool may_ask);
  void send_burst();
  void send_random(std::uint32_t depth, Role role, std::uint32_t dest);
  void send(std::uint32_t handler, const Oracle::Message& message);
  void append(std::uint32_t handler, const Oracle::Message& message, std::uint32_t number);
  void ask();
  void meet(std::uint32_t place);
  void pass_barrier(std::uint32_t phase);
  void handle(std::uint32_t handler, std::span<const std::byte> payload);
  void answer(const Oracle::Message& question);
  template <class Call>
  void until_it_returns(Call call);

  const Plan& plan_;
  std::uint32_t number_;
  Meeting& meeting_;
  test::Random& random_;
  std::vector<Kind> kinds_;
  Rank* rank_ = nullptr;
  std::optional<std::uint32_t> being_sent_;  ///< by the program itself
  std::uint64_t answers_ = 0;
};

}  // namespace buddy::sim
