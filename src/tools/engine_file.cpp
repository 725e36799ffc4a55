#include "tools/engine_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <set>
#include <string_view>

namespace buddy::tools {
namespace {

using predict::EngineDescription;

Status invalid(std::string_view why) {
  return {ErrorCode::invalid_argument,
          fmt::format("the engine's description is not usable ({}) see docs/formats/engine_json.md",
                      why)};
}

/// Reads members one by one and remembers the first that is wrong.
class Members {
 public:
  explicit Members(const Json& json) : json_(json) {}

  void text(const char* key, std::string& to) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_string()) return wrong(key, "is no text");
    to = found->get<std::string>();
  }
  void count(const char* key, int& to) {
    double number = to;
    positive(key, number);
    if (number < 1 || number > 1e6 || number != static_cast<int>(number)) {
      return wrong(key, "is no whole number from 1");
    }
    to = static_cast<int>(number);
  }
  void positive(const char* key, double& to) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_number() || found->get<double>() <= 0) return wrong(key, "is not above 0");
    to = found->get<double>();
  }
  void positive(const char* key, std::optional<double>& to) {
    const Json* found = find(key);
    if (found == nullptr || found->is_null()) return;
    double number = 0;
    positive(key, number);
    to = number;
  }
  void not_negative(const char* key, double& to) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_number() || found->get<double>() < 0) return wrong(key, "is below 0");
    to = found->get<double>();
  }
  /// After all members: what nobody asked for is a slip of the pen.
  Status status() {
    for (const auto& [key, value] : json_.items()) {
      if (known_.count(key) == 0) wrong(key.c_str(), "is not known");
    }
    return problem_.empty() ? Status() : invalid(problem_);
  }

 private:
  const Json* find(const char* key) {
    known_.insert(key);
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }
  void wrong(const char* key, const char* what) {
    if (problem_.empty()) problem_ = fmt::format("'{}' {}", key, what);
  }

  const Json& json_;
  std::set<std::string, std::less<>> known_ = {"schema"};
  std::string problem_;
};

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
  members.count("cores", engine.cores);
  members.count("workers", engine.workers);
  members.positive("speed", engine.speed);
  engine.network_speed = engine.speed;
  members.positive("network_speed", engine.network_speed);
  members.positive("memory_gb_per_s", engine.memory_gb_per_s);
  members.positive("dram_bytes_per_byte", engine.dram_bytes_per_byte);
  members.positive("link_gb_per_s", engine.link_gb_per_s);
  members.not_negative("link_latency_us", engine.link_latency_us);
  members.positive("wire_gb_per_s", engine.wire_gb_per_s);
  const Status complete = members.status();
  if (!complete.ok()) return complete;
  return engine;
}

Result<EngineDescription> choose_engine(const std::string& word) {
  if (const auto preset = predict::preset_engine(word)) return *preset;
  std::ifstream file(word);
  if (!file) {
    return Status(ErrorCode::invalid_argument,
                  fmt::format("there is no engine '{}' (x86 and bluefield3 are known, and there is "
                              "no such file) choose one, or describe yours in a file",
                              word));
  }
  return read_engine(Json::parse(file, nullptr, false));
}

}  // namespace buddy::tools
