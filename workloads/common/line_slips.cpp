#include "common/line_slips.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "common/nearest.hpp"

namespace workloads {
namespace {

using Words = std::vector<std::string>;

/// "-x" and "--xyz", but not "-5" and "-".
bool is_option(const std::string& word) {
  if (word.size() < 2 || word[0] != '-') return false;
  return word[1] == '-' || std::isalpha(static_cast<unsigned char>(word[1])) != 0;
}

Words names_of(const std::vector<KnownOption>& known) {
  Words names;
  for (const KnownOption& option : known) names.push_back(option.name);
  return names;
}

/// Walks along a line, as far as it is right.
class Walk {
 public:
  Walk(const Words& words, const std::vector<KnownOption>& known, std::string_view path)
      : words_(words), known_(known), path_(path) {}

  std::string run() {
    for (; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      const std::string slip = is_option(word) ? take_option(word) : about_word(word);
      if (!slip.empty()) return slip;
    }
    return {};
  }

 private:
  const KnownOption* find(std::string_view name) const {
    const auto found = std::find_if(known_.begin(), known_.end(),
                                    [&](const KnownOption& one) { return one.name == name; });
    return found == known_.end() ? nullptr : &*found;
  }

  std::string about_word(const std::string& word) const {
    return fmt::format("'{}' stands alone (this program takes options only) {}", word,
                       advice("--" + word, names_of(known_), "leave it out"));
  }

  std::string take_option(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const KnownOption* option = find(name);
    if (option == nullptr) {
      return fmt::format("there is no option '{}' (see {} --help) {}", name, path_,
                         advice(name, names_of(known_), "leave it out"));
    }
    if (!given_.insert(name).second) {
      return fmt::format("{} is given twice ({}) leave one of them out", name,
                         option->type.empty() ? "once is enough" : "one value can count");
    }
    for (const std::string& other : option->excludes) {
      if (given_.count(other) == 0) continue;
      return fmt::format("{} excludes {} (they contradict each other) leave one of them out", name,
                         other);
    }
    return take_value(*option, word, equals);
  }

  std::string take_value(const KnownOption& option, const std::string& word, std::size_t equals) {
    const bool holds_value = equals != std::string::npos;
    if (option.type.empty()) {
      if (!holds_value) return {};
      return fmt::format("{} takes no value ('{}' follows it) leave that out", option.name,
                         word.substr(equals));
    }
    if (holds_value && equals + 1 < word.size()) return {};
    if (!holds_value && at_ + 1 < words_.size() && !is_option(words_[at_ + 1])) {
      ++at_;
      return {};
    }
    return fmt::format("the value of {0} is missing (it takes one) write it like {0} {1}",
                       option.name, option.type);
  }

  const Words& words_;
  const std::vector<KnownOption>& known_;
  std::string_view path_;
  std::size_t at_ = 0;
  std::set<std::string> given_;
};

}  // namespace

std::string find_slip(const std::vector<std::string>& words, const std::vector<KnownOption>& known,
                      std::string_view path) {
  return Walk(words, known, path).run();
}

std::string advice(std::string_view word, const std::vector<std::string>& candidates,
                   std::string_view otherwise) {
  const std::string meant = nearest(word, candidates);
  return meant.empty() ? std::string(otherwise) : fmt::format("did you mean '{}'?", meant);
}

}  // namespace workloads
