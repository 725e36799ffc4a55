#include "tools/report/verdict_json.hpp"

#include "tools/report/json.hpp"

namespace buddy::tools {

Json json_of(const measure::Verdict& verdict) {
  return {{"outcome", measure::to_string(verdict.outcome)}, {"text", verdict.text}};
}

Json json_of(const measure::Doubts& doubts) {
  Json array = Json::array();
  for (const measure::Doubt& doubt : doubts) {
    array.push_back({{"kind", measure::to_string(doubt.kind)}, {"text", doubt.text}});
  }
  return array;
}

}  // namespace buddy::tools
