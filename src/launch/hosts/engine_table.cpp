#include "launch/hosts/engine_table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/whole_file.hpp"
#include "base/whole_number.hpp"

namespace buddy::launch {
namespace {

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

/// "ADDRESS", "ADDRESS:PORT", "[IPV6]", "[IPV6]:PORT" or an IPv6 number alone.
std::optional<EngineEntry> parse_address(std::string_view text) {
  EngineEntry entry;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos) return std::nullopt;
    entry.address = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest[0] != ':') return std::nullopt;
    has_port = !rest.empty();
    port = has_port ? rest.substr(1) : rest;
  } else {
    const std::size_t colon = text.find(':');
    has_port = colon != text.npos && colon == text.rfind(':');
    entry.address = has_port ? text.substr(0, colon) : text;
    port = has_port ? text.substr(colon + 1) : std::string_view();
  }
  if (!is_host_name(entry.address)) return std::nullopt;
  if (!has_port) return entry;
  const auto number = parse_whole<std::uint16_t>(port);
  if (!number || *number == 0) return std::nullopt;
  entry.port = *number;
  return entry;
}

bool have_common_family(const std::vector<HostAddress>& one,
                        const std::vector<HostAddress>& other) {
  return std::any_of(one.begin(), one.end(), [&](const HostAddress& mine) {
    return std::any_of(other.begin(), other.end(),
                       [&](const HostAddress& its) { return mine.family() == its.family(); });
  });
}

std::string families_of(const std::vector<HostAddress>& addresses) {
  const bool six = std::any_of(addresses.begin(), addresses.end(),
                               [](const HostAddress& each) { return each.family() == AF_INET6; });
  return six ? "IPv6" : "IPv4";
}

}  // namespace

std::string EngineEntry::uri() const {
  return address.find(':') == std::string::npos ? fmt::format("tcp:{}:{}", address, port)
                                                : fmt::format("tcp:[{}]:{}", address, port);
}

Result<std::vector<EngineEntry>> parse_engine_table(std::string_view text,
                                                    const std::string& file) {
  std::vector<EngineEntry> engines;
  std::unordered_map<std::string, int> line_of;
  for (const FileLine& line : words_of_lines(text)) {
    auto entry = line.words.size() == 2 && is_host_name(line.words[0])
                     ? parse_address(line.words[1])
                     : std::nullopt;
    if (!entry) {
      std::string words;
      for (const std::string_view word : line.words)
        words += (words.empty() ? "" : " ") + std::string(word);
      return invalid(
          fmt::format("{}:{}: cannot take '{}' (it is not HOST ADDRESS[:PORT]) write "
                      "lines like: node1 10.0.0.1:{}",
                      file, line.number, words, default_engine_port));
    }
    entry->host = line.words[0];
    const auto [known, is_new] = line_of.emplace(entry->host, line.number);
    if (!is_new) {
      return invalid(
          fmt::format("{}:{}: {} is there twice (it is in line {}, too) name one engine "
                      "for each machine",
                      file, line.number, entry->host, known->second));
    }
    engines.push_back(std::move(*entry));
  }
  if (!engines.empty()) return engines;
  return invalid(fmt::format(
      "{} names no engine (it has no line but comments) write lines like: node1 10.0.0.1:{}", file,
      default_engine_port));
}

Result<std::vector<EngineEntry>> read_engine_table(const std::string& file) {
  errno = 0;
  const auto text = read_whole_file(file);
  if (text) return parse_engine_table(*text, file);
  return invalid(fmt::format("cannot read {} ({}) give the file with the engines of the machines",
                             file, std::strerror(errno != 0 ? errno : EIO)));
}

Result<std::vector<EngineEntry>> engines_for(const std::vector<std::string>& wanted,
                                             const std::vector<std::string>& known,
                                             const std::vector<EngineEntry>& table,
                                             const std::string& file) {
  const std::unordered_set<std::string> names(known.begin(), known.end());
  std::unordered_map<std::string, const EngineEntry*> engine_of;
  for (const EngineEntry& engine : table) {
    if (!names.contains(engine.host)) {
      return invalid(
          fmt::format("{} has an engine for {} (no machine of this job is called that) "
                      "write names as the file after --hosts does",
                      file, engine.host));
    }
    engine_of.emplace(engine.host, &engine);
  }
  std::vector<EngineEntry> engines;
  for (const std::string& host : wanted) {
    const auto found = engine_of.find(host);
    if (found == engine_of.end()) {
      return invalid(
          fmt::format("{} has no engine for {} (its ranks could not send anything) add a "
                      "line like: {} 10.0.0.1:{}",
                      file, host, host, default_engine_port));
    }
    engines.push_back(*found->second);
  }
  return engines;
}

Status check_engine_addresses(const std::vector<HostAddresses>& hosts,
                              const std::vector<EngineEntry>& engines) {
  for (std::size_t i = 0; i < engines.size(); ++i) {
    const auto addresses = resolve_host(engines[i].address);
    if (!addresses.ok()) {
      return invalid(
          fmt::format("the engine of {}: {}", engines[i].host, addresses.status().message()));
    }
    if (i >= hosts.size() || have_common_family(hosts[i].addresses, addresses.value())) continue;
    return invalid(
        fmt::format("{} cannot reach its engine at {} (that is {}, the machine has {} "
                    "only) give an address of that family",
                    hosts[i].name, engines[i].address, families_of(addresses.value()),
                    families_of(hosts[i].addresses)));
  }
  return {};
}

}  // namespace buddy::launch
