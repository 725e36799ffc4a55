// Where a job's messages are routed, as the command line has it.
#pragma once

#include <array>
#include <buddy/comm_options.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace buddy::launch {

/// The places that are compared. To a rank, all but host are engine processes.
enum class Place {
  host,    ///< an engine inside each rank
  shared,  ///< an engine process per node, on the ranks' CPUs: the paper's baseline
  engine,  ///< an engine process per node, on CPUs of its own
  dpu,     ///< as engine, slowed down and farther away: an emulated DPU
};

inline constexpr std::array all_places = {Place::host, Place::shared, Place::engine, Place::dpu};

std::string to_string(Place place);
/// \return nothing for any other word
std::optional<Place> place_named(std::string_view name);
/// Names of all, in their order.
std::vector<std::string> names_of_places();

/// What the ranks are told.
Placement placement_of(Place place);
/// As the environment variable BUDDY_PLACEMENT has it.
std::string to_string(Placement placement);

}  // namespace buddy::launch
