#include "measure/dram/perf_pmu.hpp"

#include <cstdlib>

#include "base/small_files.hpp"

namespace buddy::measure {
namespace {

constexpr double mebibyte = 1 << 20;

/// Puts the lowest bits of \p value at the bits named by "0-7" or "32"; takes them off \p value.
bool place_bits(std::string_view range, std::uint64_t& value, std::uint64_t& word) {
  const std::vector<int> bits = parse_numbers(range);
  for (const int bit : bits) {
    if (bit > 63) return false;
    word |= (value & 1) << bit;
    value >>= 1;
  }
  return !bits.empty();
}

std::uint64_t* word_of(PerfConfig& config, std::string_view name) {
  if (name == "config") return &config.config;
  if (name == "config1") return &config.config1;
  if (name == "config2") return &config.config2;
  return nullptr;
}

}  // namespace

PerfPmu::PerfPmu(std::string folder, std::string name)
    : folder_(std::move(folder)), name_(std::move(name)) {}

Status PerfPmu::unusable(const std::string& why) const {
  return {ErrorCode::corrupt, "cannot use the counters of " + folder_ + " (" + why +
                                  ") update the kernel, or choose another method"};
}

std::vector<int> PerfPmu::cpus() const {
  return parse_numbers(read_small_file(folder_ + "/cpumask").value_or(""));
}

std::vector<std::string> PerfPmu::event_names() const {
  std::vector<std::string> names;
  for (std::string& name : names_in(folder_ + "/events")) {
    if (name.find('.') == std::string::npos) names.push_back(std::move(name));
  }
  return names;
}

/// A format is like "config:0-7,32-35": where the bits of the field go, lowest first.
Status PerfPmu::place(const std::string& field, std::uint64_t value, PerfConfig& config) const {
  const auto format = read_small_file(folder_ + "/format/" + field);
  if (!format) return unusable("format/" + field + " cannot be read");
  const std::size_t colon = format->find(':');
  std::uint64_t* word = word_of(config, std::string_view(*format).substr(0, colon));
  if (colon == std::string::npos || word == nullptr) {
    return unusable("format/" + field + " says '" + *format + "'");
  }
  for (const std::string_view range : split(std::string_view(*format).substr(colon + 1), ',')) {
    if (!place_bits(range, value, *word)) {
      return unusable("format/" + field + " says '" + *format + "'");
    }
  }
  if (value == 0) return {};
  return unusable("format/" + field + " has too few bits for its value");
}

Result<PerfEvent> PerfPmu::event_of(const std::string& label, const Terms& terms) const {
  PerfEvent event;
  event.name = name_ + "/" + label;
  const auto type = parse_number(read_small_file(folder_ + "/type").value_or(""));
  if (!type) return unusable("its file `type` is no number");
  event.type = static_cast<std::uint32_t>(*type);
  event.cpus = cpus();
  if (event.cpus.empty()) return unusable("its file `cpumask` names no CPU");
  for (const auto& [field, value] : terms) {
    const Status placed = place(field, value, event.config);
    if (!placed.ok()) return placed;
  }
  return event;
}

Result<PerfEvent> PerfPmu::named_event(const std::string& event) const {
  const std::string file = folder_ + "/events/" + event;
  const auto text = read_small_file(file);
  if (!text) return unusable("events/" + event + " cannot be read");
  Terms terms;
  for (const std::string_view term : split(*text, ',')) {
    const std::size_t equals = term.find('=');
    // A term without a value is a flag.
    const auto value = equals == std::string_view::npos ? std::optional<std::uint64_t>(1)
                                                        : parse_number(term.substr(equals + 1));
    if (!value) return unusable("events/" + event + " says '" + *text + "'");
    terms.emplace_back(term.substr(0, equals), *value);
  }
  auto made = event_of(event, terms);
  if (!made.ok()) return made;
  const auto scale = read_small_file(file + ".scale");
  const auto unit = read_small_file(file + ".unit");
  if (!scale && !unit) return made;  // one cache line
  char* end = nullptr;
  const double factor = scale ? std::strtod(scale->c_str(), &end) : 0;
  if (factor <= 0 || *end != '\0' || unit.value_or("") != "MiB") {
    return unusable("events/" + event + " counts " + scale.value_or("?") + " " +
                    unit.value_or("of something"));
  }
  made.value().bytes_per_count = factor * mebibyte;
  return made;
}

std::vector<PerfPmu> pmus_named(const std::string& devices, std::string_view prefix) {
  std::vector<PerfPmu> found;
  for (const std::string& name : names_in(devices)) {
    if (name.starts_with(prefix)) found.emplace_back(devices + "/" + name, name);
  }
  return found;
}

}  // namespace buddy::measure
