#include "measure/cache/cache_geometry.hpp"

#include <algorithm>
#include <bit>

#include "base/small_files.hpp"

namespace buddy::measure {
namespace {

std::uint64_t number_in(const std::string& path) {
  return parse_number(read_small_file(path).value_or("")).value_or(0);
}

/// "32768K"
std::uint64_t size_in(const std::string& path) {
  std::string text = read_small_file(path).value_or("");
  int shift = 0;
  if (text.ends_with('K')) shift = 10;
  if (text.ends_with('M')) shift = 20;
  if (shift > 0) text.pop_back();
  const std::uint64_t number = parse_number(text).value_or(0);
  return number > most_cache_bytes ? number : number << shift;
}

}  // namespace

std::string CacheGeometry::text() const {
  return std::to_string(bytes) + "," + std::to_string(ways) + "," + std::to_string(line_bytes);
}

CacheGeometry CacheGeometry::divided_by(std::uint64_t divisor) const {
  const std::uint64_t least = ways * line_bytes;
  return fitting_geometry(std::max(bytes / std::max<std::uint64_t>(divisor, 1), least), ways,
                          line_bytes);
}

CacheGeometry fitting_geometry(std::uint64_t bytes, std::uint64_t ways, std::uint64_t line_bytes) {
  const std::uint64_t lines = bytes / line_bytes;
  const std::uint64_t sets = std::bit_floor(std::max<std::uint64_t>(lines / ways, 1));
  const std::uint64_t fitting_ways = lines / sets;
  return {sets * fitting_ways * line_bytes, fitting_ways, line_bytes};
}

Result<CacheGeometry> last_level_cache(const std::string& cpu) {
  std::uint64_t highest = 0;
  CacheGeometry cache;
  for (const std::string& name : names_in(cpu + "/cache")) {
    const std::string folder = cpu + "/cache/" + name;
    const std::uint64_t level = number_in(folder + "/level");
    if (level <= highest || read_small_file(folder + "/type") == "Instruction") continue;
    const std::uint64_t bytes = size_in(folder + "/size");
    const std::uint64_t line = number_in(folder + "/coherency_line_size");
    std::uint64_t ways = number_in(folder + "/ways_of_associativity");
    if (bytes == 0 || bytes > most_cache_bytes || line == 0 || bytes < line) continue;
    if (ways == 0 || ways > bytes / line) ways = 16;  // fully associative or not said
    if (bytes < ways * line) continue;
    highest = level;
    cache = fitting_geometry(bytes, ways, line);
  }
  if (highest > 0) return cache;
  return Status(ErrorCode::system, "the last-level cache is not known (" + cpu +
                                       "/cache does not describe it) say which one to simulate");
}

std::string_view to_string(CacheSource source) {
  switch (source) {
    case CacheSource::machine: return "machine";
    case CacheSource::assumed: return "assumed";
    case CacheSource::asked: break;
  }
  return "asked";
}

SimulatedCache cache_to_simulate(const std::optional<CacheGeometry>& asked,
                                 const std::string& cpu) {
  if (asked) return {*asked, CacheSource::asked};
  const auto described = last_level_cache(cpu);
  if (described.ok()) return {described.value(), CacheSource::machine};
  return {assumed_last_level, CacheSource::assumed};
}

}  // namespace buddy::measure
