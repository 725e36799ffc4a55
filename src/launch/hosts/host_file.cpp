#include "launch/hosts/host_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <unordered_map>

#include "arena/sizes.hpp"
#include "base/whole_file.hpp"
#include "base/whole_number.hpp"

namespace buddy::launch {
namespace {

constexpr std::string_view slots_word = "slots=";

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

Result<HostEntry> parse_line(const FileLine& line, const std::string& file) {
  const auto wrong = [&](std::string_view what, std::string_view why) {
    return invalid(fmt::format("{}:{}: cannot take '{}' ({}) write lines like: node1 slots=4", file,
                               line.number, what, why));
  };
  if (!is_host_name(line.words[0])) return wrong(line.words[0], "not the name of a machine");
  HostEntry entry{.name = std::string(line.words[0])};
  for (std::size_t i = 1; i < line.words.size(); ++i) {
    const std::string_view word = line.words[i];
    if (!word.starts_with(slots_word)) {
      return wrong(word, "only slots=N may follow the name");
    }
    if (entry.slots) return wrong(word, "the number of slots is there twice");
    const auto slots = parse_whole<int>(word.substr(slots_word.size()));
    if (!slots || *slots < 1 || *slots > arena::max_ranks) {
      return wrong(word, fmt::format("slots are a whole number from 1 to {}", arena::max_ranks));
    }
    entry.slots = slots;
  }
  return entry;
}

}  // namespace

bool is_host_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 && name[0] != '-' &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == ':' || c == '%';
         });
}

std::vector<FileLine> words_of_lines(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  std::vector<FileLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line = line.substr(0, line.find('#'));
    FileLine words{.number = number, .words = {}};
    for (;;) {
      line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
      if (line.empty()) break;
      words.words.push_back(line.substr(0, line.find_first_of(blanks)));
      line.remove_prefix(words.words.back().size());
    }
    if (!words.words.empty()) lines.push_back(std::move(words));
  }
  return lines;
}

Result<std::vector<HostEntry>> parse_host_file(std::string_view text, const std::string& file) {
  std::vector<HostEntry> hosts;
  std::unordered_map<std::string, int> line_of;
  for (const FileLine& line : words_of_lines(text)) {
    auto entry = parse_line(line, file);
    if (!entry.ok()) return entry.status();
    const auto [known, is_new] = line_of.emplace(entry.value().name, line.number);
    if (!is_new) {
      return invalid(
          fmt::format("{}:{}: {} is there twice (it is in line {}, too) name each machine once, "
                      "with slots=N for several ranks",
                      file, line.number, entry.value().name, known->second));
    }
    hosts.push_back(std::move(entry.value()));
  }
  if (!hosts.empty()) return hosts;
  return invalid(
      fmt::format("{} names no machine (it has no line but comments) write one name a line", file));
}

Result<std::vector<HostEntry>> read_host_file(const std::string& file) {
  errno = 0;
  const auto text = read_whole_file(file);
  if (text) return parse_host_file(*text, file);
  return invalid(fmt::format("cannot read {} ({}) give the file with the names of the machines",
                             file, std::strerror(errno != 0 ? errno : EIO)));
}

namespace {

struct Slots {
  std::int64_t sum = 0;
  int hosts_without = 0;
};

Slots count_slots(const std::vector<HostEntry>& hosts) {
  Slots count;
  for (const HostEntry& host : hosts) {
    count.sum += host.slots.value_or(0);
    if (!host.slots) ++count.hosts_without;
  }
  return count;
}

}  // namespace

Result<std::vector<HostShare>> share_ranks(const std::vector<HostEntry>& hosts,
                                           std::optional<int> ranks, const std::string& file) {
  const Slots count = count_slots(hosts);
  const std::int64_t wanted = ranks ? *ranks : count.sum + count.hosts_without;
  if (wanted < 1 || wanted > arena::max_ranks) {
    return invalid(fmt::format("cannot start {} ranks (1 to {} are allowed) choose another -n",
                               wanted, arena::max_ranks));
  }
  if (count.hosts_without == 0 && wanted > count.sum) {
    return invalid(
        fmt::format("cannot start {} ranks (the machines of {} have {} slots) use -n 1 "
                    "to {}, or give them more slots",
                    wanted, file, count.sum, count.sum));
  }
  const int others = static_cast<int>(std::max<std::int64_t>(wanted - count.sum, 0));
  std::vector<HostShare> shares;
  int first = 0;
  int index = 0;  // among the machines without slots
  for (const HostEntry& host : hosts) {
    int share = 0;
    if (host.slots) {
      share = std::min(*host.slots, static_cast<int>(wanted) - first);
    } else {
      const std::int64_t before = std::int64_t{others} * index / count.hosts_without;
      ++index;
      share = static_cast<int>(std::int64_t{others} * index / count.hosts_without - before);
    }
    if (share > 0) shares.push_back({.name = host.name, .first_rank = first, .ranks = share});
    first += std::max(share, 0);
  }
  return shares;
}

}  // namespace buddy::launch
