#include "comm/observe/memory_map.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <string_view>

namespace buddy::comm {
namespace {

constexpr std::uint64_t lowest = std::uint64_t{1} << 32;
constexpr std::uint64_t end_of_user_space = std::uint64_t{1} << 47;

constexpr std::string_view of_object = "data or code of ";

/// \param path the last column of the map
std::string name_from(std::string_view path) {
  if (path.empty()) return "the heap or a thread's stack";
  if (path == "[heap]") return "the heap";
  if (path.substr(0, 6) == "[stack") return "the stack";
  return std::string(of_object) + std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace

void MemoryMap::read() {
  areas_.clear();
  std::ifstream file("/proc/self/maps");
  for (std::string line; std::getline(file, line);) {
    Area area{};
    std::string access(5, '\0');
    int path = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s %*s %*s %*s %n", &area.begin,
                    &area.end, access.data(), &path) != 3 ||
        access[0] != 'r') {
      continue;
    }
    const std::string_view column = std::string_view(line).substr(static_cast<std::size_t>(path));
    // Behind the file's part of an object lie its variables that begin as 0.
    const bool goes_on = column.empty() && !areas_.empty() && areas_.back().end == area.begin &&
                         areas_.back().name.substr(0, of_object.size()) == of_object;
    area.name = goes_on ? areas_.back().name : name_from(column);
    areas_.push_back(std::move(area));
  }
}

const MemoryMap::Area* MemoryMap::find(std::uint64_t address) const {
  const auto next =
      std::upper_bound(areas_.begin(), areas_.end(), address,
                       [](std::uint64_t value, const Area& area) { return value < area.begin; });
  if (next == areas_.begin()) return nullptr;
  const Area& area = *std::prev(next);
  return address < area.end ? &area : nullptr;
}

std::string MemoryMap::name_of(std::uint64_t address) {
  if (address < lowest || address >= end_of_user_space) return {};
  const Area* area = find(address);
  if (area == nullptr) {
    read();
    area = find(address);
  }
  return area == nullptr ? std::string() : area->name;
}

}  // namespace buddy::comm
