#include "tools/study/message_costs.hpp"

#include <algorithm>

#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

bool is_positive(const Json& value) { return value.is_number() && value.get<double>() > 0; }

}  // namespace

double MessageCosts::expected_speedup(double slowdown) const {
  return (rank_ns + engine_ns) / std::max(rank_ns, slowdown * engine_ns);
}

std::vector<MessageCosts> message_costs(const Json& programs) {
  std::vector<MessageCosts> all;
  for (const Json& program : programs) {
    const std::string name = program["program"];
    if (find_costs(all, name)) continue;  // the first step that measured it counts
    for (const Json& place : program["places"]) {
      if (place["place"] != "shared" || !is_positive(place["messages"]) ||
          !is_positive(place["host_cpu_seconds"]) || !is_positive(place["engine_cpu_seconds"])) {
        continue;
      }
      const double ns = 1e9 / place["messages"].get<double>();
      all.push_back({name, place["host_cpu_seconds"].get<double>() * ns,
                     place["engine_cpu_seconds"].get<double>() * ns});
    }
  }
  return all;
}

std::optional<MessageCosts> find_costs(const std::vector<MessageCosts>& all,
                                       const std::string& program) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.program == program; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace buddy::tools
