#include "launch/place.hpp"

namespace buddy::launch {

std::string to_string(Place place) {
  switch (place) {
    case Place::host: return "host";
    case Place::shared: return "shared";
    case Place::engine: return "engine";
    case Place::dpu: break;
  }
  return "dpu";
}

std::optional<Place> place_named(std::string_view name) {
  for (const Place place : all_places) {
    if (to_string(place) == name) return place;
  }
  return std::nullopt;
}

std::vector<std::string> names_of_places() {
  std::vector<std::string> names;
  for (const Place place : all_places) names.push_back(to_string(place));
  return names;
}

Placement placement_of(Place place) {
  return place == Place::host ? Placement::host : Placement::engine;
}

std::string to_string(Placement placement) {
  return placement == Placement::host ? "host" : "engine";
}

}  // namespace buddy::launch
