#include "arena/routing_choice.hpp"

#include <cstdlib>
#include <string>

#include "wire/routes.hpp"

namespace buddy::arena {

Result<std::optional<Routing>> routing_from_environment() {
  const char* value = std::getenv(routing_variable);
  if (value == nullptr || *value == '\0') return std::optional<Routing>();
  const auto routing = wire::parse_routing(value);
  if (routing) return routing;
  return Status(ErrorCode::invalid_argument,
                std::string(routing_variable) + "=" + value +
                    " means nothing (allowed are auto, direct, node and grid) correct the variable "
                    "or leave it unset");
}

}  // namespace buddy::arena
