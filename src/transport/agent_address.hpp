// How an agent of the job is reached. Layout in docs/formats/handshake.md.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"

namespace buddy::transport {

/// As exchanged at start-up with the neighbours.
struct AgentAddress {
  std::string host;           ///< machine, from gethostname()
  std::string arena_path;     ///< of its inbound rings in /dev/shm; same machine only
  std::string ucx_address;    ///< UCX worker address bytes; empty without a network
  std::string watch_address;  ///< of its MachineWatch; empty where all agents are on one machine
  template <class Archive>
  void serialize(Archive& archive) {
    archive(host, arena_path, ucx_address, watch_address);
  }
};

/// Addresses of some agents: those that another one has channels to.
class AgentAddresses {
 public:
  AgentAddresses() = default;
  /// Of agents 0, 1, ...
  AgentAddresses(std::initializer_list<AgentAddress> addresses) {
    for (const AgentAddress& each : addresses) {
      add({static_cast<std::uint32_t>(all_.size())}, each);
    }
  }

  void add(AgentId agent, AgentAddress address) {
    all_.push_back({agent.value, std::move(address)});
  }
  /// \return nullptr if it is not known. Cost: a look at each
  const AgentAddress* find(AgentId agent) const noexcept {
    for (const One& each : all_) {
      if (each.agent == agent.value) return &each.address;
    }
    return nullptr;
  }
  /// \pre it is known
  const AgentAddress& of(AgentId agent) const noexcept { return *find(agent); }
  std::size_t size() const noexcept { return all_.size(); }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(all_);
  }

 private:
  struct One {
    std::uint32_t agent = 0;
    AgentAddress address;
    template <class Archive>
    void serialize(Archive& archive) {
      archive(agent, address);
    }
  };
  std::vector<One> all_;
};

}  // namespace buddy::transport
