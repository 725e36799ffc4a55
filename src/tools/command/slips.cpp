#include "tools/command/slips.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "tools/command/command_line.hpp"
#include "tools/command/nearest.hpp"

namespace buddy::tools {
namespace {

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(one->get_name());
  }
  return names;
}

bool has_positionals(const CLI::App& app) {
  const auto options = app.get_options();
  return std::any_of(options.begin(), options.end(),
                     [](const CLI::Option* option) { return option->get_positional(); });
}

/// Walks along a line, as far as it is understood.
class Walk {
 public:
  Walk(CLI::App& root, const std::vector<std::string>& words) : app_(&root), words_(words) {}

  std::optional<Slip> run() {
    for (; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      if (word == "-h" || word == "--help") return std::nullopt;
      const auto slip = is_option(word) ? take_option(word) : take_word(word);
      if (slip) return slip;
    }
    return std::nullopt;
  }

 private:
  std::optional<Slip> take_option(const std::string& word) {
    const CLI::Option* option = option_of(*app_, word);
    if (option == nullptr) {
      const std::string name = word.substr(0, word.find('='));
      return Slip{command_, fmt::format("there is no option '{}' (see buddy{} --help) {}", name,
                                        command_.empty() ? "" : " " + command_,
                                        advice(name, option_names(Parser(*app_)), "leave it out"))};
    }
    if (option->get_expected_min() == 0 || holds_value(word)) return std::nullopt;
    ++at_;
    while (option->get_expected_max() > 1 && at_ + 1 < words_.size() &&
           !is_option(words_[at_ + 1])) {
      ++at_;
    }
    return std::nullopt;
  }

  std::optional<Slip> take_word(const std::string& word) {
    const auto names = command_names(*app_);
    if (!took_words_ && std::find(names.begin(), names.end(), word) != names.end()) {
      app_ = app_->get_subcommand(word);
      command_ += (command_.empty() ? "" : " ") + word;
      return std::nullopt;
    }
    took_words_ = true;
    if (command_.empty()) {
      return Slip{{},
                  fmt::format("there is no command '{}' (see those that exist: buddy --help) {}",
                              word, advice(word, names, "choose one of them"))};
    }
    if (has_positionals(*app_)) return std::nullopt;
    if (command_ == "run" || command_ == "profile") {
      return Slip{command_,
                  fmt::format("'{0}' stands among the options (a program and its arguments follow "
                              "two dashes) write the program after --, like: buddy {1} -- {0}",
                              word, command_)};
    }
    return Slip{command_, fmt::format("'{}' is too much (this command takes options only) leave it "
                                      "out",
                                      word)};
  }

  CLI::App* app_;
  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  std::string command_;
  bool took_words_ = false;
};

}  // namespace

std::vector<std::string> option_names(Parser app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.app().get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::optional<Slip> find_slip(Parser root, const std::vector<std::string>& own) {
  return Walk(root.app(), own).run();
}

}  // namespace buddy::tools
