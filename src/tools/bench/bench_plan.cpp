#include "tools/bench/bench_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "launch/plan_routes.hpp"
#include "tools/command/nearest.hpp"

namespace buddy::tools {
namespace {

constexpr std::array all_contenders = {Contender::host, Contender::shared, Contender::engine,
                                       Contender::dpu,  Contender::remote, Contender::alltoallv};

std::optional<Contender> contender_named(std::string_view name) {
  for (const Contender contender : all_contenders) {
    if (to_string(contender) == name) return contender;
  }
  return std::nullopt;
}

std::vector<std::string> names_of_all() {
  std::vector<std::string> names;
  for (const Contender contender : all_contenders) names.push_back(to_string(contender));
  return names;
}

}  // namespace

std::string to_string(Contender contender) {
  switch (contender) {
    case Contender::host: return "host";
    case Contender::shared: return "shared";
    case Contender::engine: return "engine";
    case Contender::dpu: return "dpu";
    case Contender::remote: return "remote";
    case Contender::alltoallv: break;
  }
  return "alltoallv";
}

Result<std::vector<Contender>> parse_contenders(std::string_view list) {
  std::vector<Contender> contenders;
  for (std::string_view rest = list;;) {
    const std::string_view name = rest.substr(0, rest.find(','));
    const auto contender = contender_named(name);
    const std::string unknown = check_choice("placement", name, names_of_all());
    if (!contender) {
      return Status(ErrorCode::invalid_argument, fmt::format("--compare: {}", unknown));
    }
    if (std::find(contenders.begin(), contenders.end(), *contender) != contenders.end()) {
      return Status(
          ErrorCode::invalid_argument,
          fmt::format("cannot compare {} with itself ('{}' names it twice) name each once", name,
                      list));
    }
    contenders.push_back(*contender);
    if (name.size() == rest.size()) return contenders;
    rest.remove_prefix(name.size() + 1);
  }
}

launch::Place place_of(Contender contender) {
  switch (contender) {
    case Contender::shared: return launch::Place::shared;
    case Contender::engine:
    case Contender::remote: return launch::Place::engine;
    case Contender::dpu: return launch::Place::dpu;
    case Contender::host:
    case Contender::alltoallv: break;
  }
  return launch::Place::host;
}

launch::JobOptions options_of(Contender contender, const launch::JobOptions& options) {
  launch::JobOptions own = options;
  own.placement = place_of(contender);
  if (contender == Contender::remote) own.link = "ucx";
  return own;
}

Result<std::vector<launch::JobPlan>> plans_of(const std::vector<Contender>& contenders,
                                              const launch::JobOptions& options,
                                              const std::vector<int>& allowed_cpus) {
  std::vector<launch::JobPlan> plans;
  for (const Contender contender : contenders) {
    auto plan = launch::plan_job(options_of(contender, options), allowed_cpus);
    if (!plan.ok()) return plan.status();
    plans.push_back(std::move(plan.value()));
  }
  return plans;
}

std::string format_routing(const std::vector<Contender>& contenders,
                           const std::vector<launch::JobPlan>& plans) {
  std::map<std::string_view, std::vector<std::string>> contenders_of;
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    if (contenders[i] == Contender::alltoallv) continue;
    const Routing routing = launch::planned_map(plans[i]).routing;
    contenders_of[wire::to_string(routing)].push_back(to_string(contenders[i]));
  }
  std::string text;
  for (const auto& [routing, names] : contenders_of) {
    if (routing == wire::to_string(Routing::direct)) continue;
    text += fmt::format(", routing {}", routing);
    if (contenders_of.size() > 1) text += fmt::format(" ({})", fmt::join(names, ", "));
  }
  return text;
}

std::string format_places(const std::vector<Contender>& contenders) {
  const bool shares =
      std::find(contenders.begin(), contenders.end(), Contender::shared) != contenders.end();
  return shares ? "; engines of shared run on the ranks' CPUs" : "";
}

std::vector<Step> plan_turn(const std::vector<Contender>& contenders, int pair) {
  std::vector<Step> steps;
  for (const Contender contender : contenders) {
    steps.push_back({.contender = contender, .pair = pair});
  }
  if (pair != Step::warm_up && pair % 2 == 1) std::reverse(steps.begin(), steps.end());
  return steps;
}

bool is_offloaded(Contender contender) {
  return launch::placement_of(place_of(contender)) == Placement::engine;
}

}  // namespace buddy::tools
