#include "tools/command/command.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "base/peer_timeout.hpp"
#include "launch/plan_routes.hpp"
#include "tools/command/knob_options.hpp"
#include "tools/command/nearest.hpp"

namespace buddy::tools {
namespace {

/// CLI11 does not know what belongs behind "--".
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) {}
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: " + usage_ + "\n";
  }

 private:
  std::string usage_;
};

}  // namespace

std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line += "\\n";
    } else {
      line += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? '?' : c;
    }
  }
  return line;
}

int complain(const std::string& command, const std::string& message, int exit_code) {
  fmt::print(stderr, "buddy {}: {}\n", command, one_line(message));
  return exit_code;
}

Parser add_command(Parser parent, const CommandTexts& texts) {
  CLI::App* app = parent.app().add_subcommand(texts.name, texts.description);
  app->formatter(std::make_shared<HelpFormatter>(texts.usage));
  return Parser(*app);
}

void add_job_options(Parser app, launch::JobOptions& options) {
  app.add_option("-n,--ranks", options.ranks, "ranks to start (default: one per host CPU)")
      .type_name("RANKS");
  app.add_option(
         "--nodes", options.nodes,
         "nodes to split the ranks of a machine into; each has an engine of its own (default: 1)")
      .type_name("N");
  app.add_option("--workers", options.workers, "threads of each engine process (default: 1)")
      .type_name("W");
  const auto take_fabric = [&options](const std::string& name) {
    static const std::vector<std::string> names = {"shm", "ucx"};
    options.fabric = name;
    return check_choice("fabric", name, names);
  };
  app.add_option("--fabric", take_fabric,
                 "what carries messages between nodes: shm or ucx (default: shm)")
      .type_name("FABRIC");
  const auto take_routing = [&options](const std::string& name) {
    static const std::vector<std::string> names = {"auto", "direct", "node", "grid"};
    options.routing = wire::parse_routing(name);
    return check_choice("routing", name, names);
  };
  app.add_option("--routing", take_routing,
                 "which engines messages pass: direct (none between), node (one of the other "
                 "node), grid (one of the other row), or auto (default: auto, by how many "
                 "engines there are)")
      .type_name("ROUTING");
  const auto take_link = [&options](const std::string& name) {
    static const std::vector<std::string> names = {"rings", "ucx"};
    options.link = name;
    return check_choice("link", name, names);
  };
  app.add_option("--link", take_link,
                 "what carries them between a rank and its engine: rings or ucx (default: rings on "
                 "one machine)")
      .type_name("LINK");
  app.add_option("--host-cpus", options.host_cpus,
                 "CPUs for the ranks, like 0,2-3 (default: all but the engines')")
      .type_name("LIST");
  app.add_option("--engine-cpus", options.engine_cpus,
                 "CPUs for the engines' threads (default: any)")
      .type_name("LIST");
  add_knob_options(app, options);
}

void say_direct(const std::string& command, const std::vector<launch::JobPlan>& plans) {
  for (const launch::JobPlan& plan : plans) {
    const std::string why = launch::why_direct(plan);
    if (why.empty()) continue;
    complain(command, why);
    return;
  }
}

void add_host_options(Parser app, launch::JobOptions& options) {
  app.add_option("--hosts", options.hosts,
                 "file that names the machines to start ranks on, one a line: NAME [slots=N]")
      .type_name("FILE");
  app.add_option("--peer-timeout", options.peer_timeout_s,
                 "seconds after which a machine that does not answer ends the job (default: 10)")
      .range(1, most_peer_timeout_s)
      .type_name("SECONDS");
  app.add_option("--engines", options.engines,
                 "file that names engines that run as services, one a line: HOST ADDRESS[:PORT]")
      .type_name("FILE");
  app.add_option("--key-file", options.key_file,
                 "file with the key of these engines, 32 hex digits (default: BUDDY_JOB_KEY)")
      .type_name("FILE");
}

Status use_services(launch::JobOptions& options) {
  if (options.engines.empty()) return {};
  if (options.placement_given && options.placement == launch::Place::host) {
    return {ErrorCode::invalid_argument,
            "--engines is for --placement engine (in host placement the ranks route themselves) "
            "leave one of them out"};
  }
  if (!options.placement_given) options.placement = launch::Place::engine;
  return {};
}

Status check_dram_on_hosts(const launch::JobOptions& options, bool measures) {
  if (options.hosts.empty() || !measures) return {};
  return {ErrorCode::invalid_argument,
          "memory traffic is that of one machine (--dram with --hosts) leave one of them out"};
}

Option add_placement_option(Parser app, launch::JobOptions& options) {
  const auto take = [&options](const std::string& name) -> std::string {
    const auto place = launch::place_named(name);
    options.placement = place.value_or(launch::Place::host);
    options.placement_given = true;
    return check_choice("placement", name, launch::names_of_places());
  };
  app.add_option("--dpu", options.dpu,
                 "what placement dpu emulates: bluefield3 (default), or "
                 "slowdown=X,latency_us=X,gbit=X")
      .type_name("DPU");
  return app
      .add_option(
          "--placement", take,
          "where messages are routed: host (in the ranks, default), or by a process per node: "
          "shared (on the ranks' CPUs), engine (on its own), dpu (the same, slowed down like a "
          "DPU)")
      .type_name("PLACEMENT");
}

}  // namespace buddy::tools
