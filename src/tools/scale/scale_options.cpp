// Options of `buddy bench scale`.
#include <fmt/core.h>

#include <array>
#include <charconv>
#include <functional>
#include <limits>
#include <string_view>

#include "arena/sizes.hpp"
#include "tools/command/knob_options.hpp"
#include "tools/command/nearest.hpp"
#include "tools/command/sizes.hpp"
#include "tools/scale/scale_check.hpp"
#include "tools/scale/scale_plan.hpp"
#include "wire/routes.hpp"

namespace buddy::tools {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::size_t from = 0;
  for (;;) {
    const std::size_t comma = text.find(',', from);
    words.push_back(text.substr(from, comma - from));
    if (comma == std::string::npos) return words;
    from = comma + 1;
  }
}

/// Counts with commas between. \return what is wrong, or nothing
std::string take_counts(const std::string& text, const char* what, std::uint64_t least,
                        std::uint64_t most, std::vector<std::uint64_t>& counts) {
  counts.clear();
  for (const std::string& word : split(text)) {
    const auto count = parse_count(word);
    if (!count || *count < least || *count > most) {
      return fmt::format(
          "'{}' is no number of {} ({} to {}, with commas between) write it like "
          "64,1024",
          word, what, least, most);
    }
    counts.push_back(*count);
  }
  return {};
}

template <class Choice>
std::string take_names(const std::string& text, const char* what,
                       const std::vector<Choice>& choices, const char* (*name_of)(Choice),
                       std::vector<Choice>& chosen) {
  std::vector<std::string> names;
  for (const Choice choice : choices) names.emplace_back(name_of(choice));
  chosen.clear();
  for (const std::string& word : split(text)) {
    const std::string unknown = check_choice(what, word, names);
    if (!unknown.empty()) return unknown;
    for (const Choice choice : choices) {
      if (word == name_of(choice)) chosen.push_back(choice);
    }
  }
  return {};
}

const char* name_of_routing(Routing routing) { return wire::to_string(routing).data(); }
const char* name_of_traffic(Traffic traffic) { return to_string(traffic); }

struct Cost {
  const char* name;
  std::function<void(ScaleModel&, double)> set;
};

std::uint64_t whole(double value) { return static_cast<std::uint64_t>(value); }

const std::array<Cost, 11>& costs() {
  static const std::array<Cost, 11> all = {{
      {"append", [](ScaleModel& model, double value) { model.append_ns = value; }},
      {"route", [](ScaleModel& model, double value) { model.route_ns = value; }},
      {"deliver", [](ScaleModel& model, double value) { model.deliver_ns = value; }},
      {"channel", [](ScaleModel& model, double value) { model.channel_ns = value; }},
      {"packet", [](ScaleModel& model, double value) { model.packet_ns = value; }},
      {"byte", [](ScaleModel& model, double value) { model.byte_ns = value; }},
      {"near-packet", [](ScaleModel& model, double value) { model.near_packet_ns = value; }},
      {"near-byte", [](ScaleModel& model, double value) { model.near_byte_ns = value; }},
      {"latency", [](ScaleModel& model, double value) { model.latency_ns = whole(value); }},
      {"near-latency",
       [](ScaleModel& model, double value) { model.near_latency_ns = whole(value); }},
      {"gbytes", [](ScaleModel& model, double value) { model.gbytes_per_s = value; }},
  }};
  return all;
}

std::string take_cost(const std::string& word, ScaleModel& model) {
  constexpr double most = 1e9;
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  std::vector<std::string> names;
  for (const Cost& cost : costs()) names.emplace_back(cost.name);
  const std::string unknown = check_choice("cost", name, names);
  if (!unknown.empty()) return unknown;
  const std::string_view text =
      equals == std::string::npos ? std::string_view() : std::string_view(word).substr(equals + 1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool may_be_zero = name != "gbytes";
  const bool in_range = value <= most && (may_be_zero ? value >= 0 : value > 0);
  if (error != std::errc() || end != text.data() + text.size() || !in_range) {
    return fmt::format("'{}' is no cost ({} up to 10^9) write it like packet=2000", word,
                       may_be_zero ? "0" : "more than 0");
  }
  for (const Cost& cost : costs()) {
    if (name == cost.name) cost.set(model, value);
  }
  return {};
}

}  // namespace

std::string take_costs(const std::string& text, ScaleModel& model) {
  for (const std::string& word : split(text)) {
    if (const std::string wrong = take_cost(word, model); !wrong.empty()) return wrong;
  }
  return {};
}

void add_scale_options(Parser app, ScaleOptions& options) {
  const auto all_of = [&](auto take) {
    return [&options, take](const std::string& text) -> std::string { return take(text, options); };
  };
  app.add_option("--agents", all_of([](const std::string& text, ScaleOptions& of) {
                   return take_counts(text, "agents", 2, arena::max_ranks, of.agents);
                 }),
                 "engines of a job: 2 to 65536, several with commas (default: 64,256,1024)")
      .type_name("COUNTS");
  app.add_option("--ranks-per-agent", options.ranks_per_agent,
                 "ranks of each engine; one steps its engine itself, more have cores of their own "
                 "(default: 1)")
      .range(1, 256)
      .type_name("COUNT");
  app.add_option("--nodes", options.nodes,
                 "nodes that the engines are spread over (default: one for each engine)")
      .range(1, arena::max_ranks)
      .type_name("COUNT");
  app.add_option("--routing", all_of([](const std::string& text, ScaleOptions& of) {
                   return take_names<Routing>(
                       text, "routing",
                       {Routing::direct, Routing::node, Routing::grid, Routing::automatic},
                       name_of_routing, of.routings);
                 }),
                 "how messages travel: direct, node, grid or auto, several with commas (default: "
                 "direct,grid)")
      .type_name("NAMES");
  app.add_option(
         "--traffic", all_of([](const std::string& text, ScaleOptions& of) {
           return take_names<Traffic>(text, "traffic",
                                      {Traffic::histogram, Traffic::skewed, Traffic::neighbour},
                                      name_of_traffic, of.traffics);
         }),
         "who sends to whom: histogram (all ranks alike), skewed (half of the messages to a "
         "tenth of the ranks) or neighbour (six ranks each) (default: all three)")
      .type_name("NAMES");
  app.add_option("--messages", all_of([](const std::string& text, ScaleOptions& of) {
                   return take_counts(text, "messages", 0, std::numeric_limits<std::int32_t>::max(),
                                      of.messages);
                 }),
                 "messages that each rank sends, several with commas (default: 1000)")
      .type_name("COUNTS");
  app.add_option("--payload", options.payload_bytes, "bytes of a message (default: 8)")
      .range(static_cast<int>(sizeof(Stamp)), static_cast<int>(arena::max_item_bytes))
      .type_name("BYTES");
  app.add_option("--seed", options.seed, "of all that is random: the same run again (default: 1)")
      .range(0, std::numeric_limits<int>::max())
      .type_name("NUMBER");
  add_knob_options(app, options.knobs);
  app.add_option("--costs", all_of([](const std::string& text, ScaleOptions& of) {
                   return take_costs(text, of.model);
                 }),
                 "what the machines take, like packet=2000,latency=1500, ns: append, route and "
                 "deliver of a message, channel of a look at one, packet and byte of each end, "
                 "near-packet and near-byte inside a node, latency and near-latency; gbytes that "
                 "leave a node in a second (default: as measured)")
      .type_name("KEY=VALUE,...");
}

}  // namespace buddy::tools
