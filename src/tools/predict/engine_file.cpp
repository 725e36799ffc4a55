#include "tools/predict/engine_file.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "tools/command/nearest.hpp"
#include "tools/predict/emulated_dpus.hpp"
#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"
#include "tools/report/json_numbers.hpp"

namespace buddy::tools {
namespace {

using predict::EngineDescription;

Status invalid(std::string_view why) {
  return {ErrorCode::invalid_argument,
          fmt::format("the engine's description is not usable ({}) see docs/formats/engine_json.md",
                      why)};
}

constexpr Range cores{1, 65536, true};
constexpr Range workers{1, 1024, true};
constexpr Range latency_us{0, 1e6};
constexpr Range traffic{0, 1000};
constexpr std::size_t most_text = 500;

/// Reads members one by one. Each keeps its value where nothing stands.
class Members {
 public:
  explicit Members(const Json& json) : json_(json) {}

  void text(const char* key, std::string& to) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_string()) return numbers_.complain(fmt::format("'{}' is no text", key));
    to = found->get<std::string>();
    const bool printable =
        std::none_of(to.begin(), to.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (!printable || to.size() > most_text) {
      numbers_.complain(fmt::format("'{}' is not one line of up to {} characters", key, most_text));
    }
  }
  void number(const char* key, double& to, const Range& range) {
    if (find(key) != nullptr) to = numbers_.required(json_, key, range);
  }
  void number(const char* key, std::optional<double>& to, const Range& range) {
    find(key);
    to = numbers_.optional(json_, key, range);
  }
  void count(const char* key, int& to, const Range& range) {
    if (find(key) != nullptr) to = static_cast<int>(numbers_.required(json_, key, range));
  }
  /// After all members: what nobody asked for is a slip of the pen.
  Status status() {
    for (const auto& [key, value] : json_.items()) {
      if (known_.count(key) == 0) numbers_.complain(fmt::format("{} is not known", shown(key)));
    }
    return numbers_.problem().empty() ? Status() : invalid(numbers_.problem());
  }

 private:
  const Json* find(const char* key) {
    known_.insert(key);
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }

  const Json& json_;
  std::set<std::string, std::less<>> known_ = {"schema"};
  NumberReader numbers_;
};

/// One emulated DPU, as --dpu of `buddy run` has it.
Result<EngineDescription> emulated(const std::string& word) {
  const auto dpus = parse_emulated_dpus(word, "--engine");
  if (!dpus.ok()) return dpus.status();
  if (dpus.value().size() == 1) return predict::emulated_engine(dpus.value().front());
  return Status(ErrorCode::invalid_argument,
                fmt::format("'{}' are {} engines (a prediction is for one) name one slowdown", word,
                            dpus.value().size()));
}

}  // namespace

Result<EngineDescription> read_engine(const Json& json) {
  if (!json.is_object()) return invalid("it is no JSON object");
  if (json.value("schema", Json()) != "buddy.engine.v1") {
    return invalid("its schema is not \"buddy.engine.v1\"");
  }
  EngineDescription engine;
  engine.name = "unnamed";
  engine.extrapolated = true;
  Members members(json);
  members.text("name", engine.name);
  members.text("text", engine.text);
  members.count("cores", engine.cores, cores);
  members.count("workers", engine.workers, workers);
  members.number("speed", engine.speed, ranges::factor);
  engine.network_speed = engine.speed;
  members.number("network_speed", engine.network_speed, ranges::factor);
  members.number("memory_gb_per_s", engine.memory_gb_per_s, ranges::gb_per_s);
  members.number("dram_bytes_per_byte", engine.dram_bytes_per_byte, traffic);
  members.number("link_gb_per_s", engine.link_gb_per_s, ranges::gb_per_s);
  members.number("link_latency_us", engine.link_latency_us, latency_us);
  members.number("wire_gb_per_s", engine.wire_gb_per_s, ranges::gb_per_s);
  const Status complete = members.status();
  if (!complete.ok()) return complete;
  return engine;
}

Result<EngineDescription> choose_engine(const std::string& word) {
  if (const auto preset = predict::preset_engine(word)) return *preset;
  if (describes_dpu(word) && access(word.c_str(), F_OK) != 0) return emulated(word);
  if (access(word.c_str(), F_OK) != 0) {
    static const std::vector<std::string> presets = {"x86", "bluefield3"};
    return Status(
        ErrorCode::invalid_argument,
        fmt::format("there is no engine '{}' (x86 and bluefield3 are known, and there is no such "
                    "file) {}",
                    word, advice(word, presets, "choose one, or describe yours in a file")));
  }
  const auto document = read_json_file(word, "choose x86 or bluefield3, or describe your engine");
  if (!document.ok()) return document.status();
  auto engine = read_engine(document.value());
  return engine.ok() ? engine : in_file(word, engine.status());
}

}  // namespace buddy::tools
