#include "tools/command/slips.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

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

/// The words of \p app that stand for themselves, as many as it takes at most.
int most_words(const CLI::App& app) {
  int sum = 0;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) sum += option->get_expected_max();
  }
  return sum;
}

std::string type_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

bool is_help(const std::string& word) { return word == "-h" || word == "--help"; }
bool is_version(const std::string& word) {
  return word == "-v" || word == "-V" || word == "--version";
}

/// Walks along a line, as far as it is understood.
class Walk {
 public:
  Walk(CLI::App& root, const std::vector<std::string>& words) : app_(&root), words_(words) {}

  std::optional<Slip> run() {
    for (; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      if (is_help(word) || (command_.empty() && is_version(word))) return std::nullopt;
      auto slip = is_option(word) ? take_option(word) : take_word(word);
      if (slip) return slip;
    }
    return missing();
  }

  const std::string& command() const { return command_; }

 private:
  template <class... Values>
  Slip slip(fmt::format_string<Values...> format, Values&&... values) const {
    return {command_, fmt::format(format, std::forward<Values>(values)...)};
  }

  Slip unknown_option(const std::string& word) const {
    const std::string name = word.substr(0, word.find('='));
    return slip("there is no option '{}' (see buddy{}{} --help) {}", name,
                command_.empty() ? "" : " ", command_,
                advice(name, option_names(Parser(*app_)), "leave it out"));
  }

  std::optional<Slip> take_option(const std::string& word) {
    const CLI::Option* option = option_of(*app_, word);
    // "-nodes" is no "-n" with a value.
    const bool lacks_dash = !word.starts_with("--") && word.size() > 2 &&
                            app_->get_option_no_throw("-" + word) != nullptr;
    if (option == nullptr || lacks_dash) return unknown_option(word);
    const std::string name =
        word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
    if (const auto wrong = take_once(*option, name)) return wrong;
    const bool takes_value = option->get_expected_max() > 0;
    if (!takes_value && holds_value(word)) {
      return slip("{} takes no value ('{}' does not belong there) write {} alone", name,
                  word.substr(name.size()), name);
    }
    if (!takes_value || (holds_value(word) && !word.ends_with('='))) return std::nullopt;
    if (at_ + 1 >= words_.size() || is_option(words_[at_ + 1]) || holds_value(word)) {
      return slip("the value of {0} is missing (it takes one) write it like {0} {1}", name,
                  type_of(*option));
    }
    ++at_;
    while (option->get_expected_max() > 1 && at_ + 1 < words_.size() &&
           !is_option(words_[at_ + 1])) {
      ++at_;
    }
    return std::nullopt;
  }

  std::optional<Slip> take_once(const CLI::Option& option, const std::string& name) {
    const auto is_excluded = [&](const CLI::Option* other) {
      return option.get_excludes().count(const_cast<CLI::Option*>(other)) > 0;
    };
    const auto other = std::find_if(given_.begin(), given_.end(), is_excluded);
    if (other != given_.end()) {
      return slip("{} excludes {} (they contradict each other) leave one of them out", name,
                  (*other)->get_name());
    }
    const bool is_new = std::find(given_.begin(), given_.end(), &option) == given_.end();
    if (!is_new && option.get_expected_max() < 2) {
      return slip("{} is given twice ({}) leave one of them out", name,
                  option.get_expected_max() > 0 ? "one value can count" : "once is enough");
    }
    given_.push_back(&option);
    return std::nullopt;
  }

  std::optional<Slip> take_word(const std::string& word) {
    const auto names = command_names(*app_);
    const bool is_command = std::find(names.begin(), names.end(), word) != names.end();
    if (is_command && (words_taken_ > 0 || !given_.empty())) {
      return slip(
          "'{0}' stands behind other words (it is a command with options of its own) "
          "write it first, like: buddy {1} {0}",
          word, command_);
    }
    if (is_command) {
      app_ = app_->get_subcommand(word);
      command_ += (command_.empty() ? "" : " ") + word;
      return std::nullopt;
    }
    if (command_.empty()) {
      // "version" is an option.
      const std::string otherwise =
          advice("--" + word, option_names(Parser(*app_)), "choose one of them");
      return slip("there is no command '{}' (see those that exist: buddy --help) {}", word,
                  advice(word, names, otherwise));
    }
    const int most = most_words(*app_);
    if (++words_taken_ <= most) return std::nullopt;
    if (command_ == "run" || command_ == "profile") {
      return slip(
          "'{0}' stands among the options (a program and its arguments follow two dashes) "
          "write the program after --, like: buddy {1} -- {0}",
          word, command_);
    }
    return slip("'{}' is too much (this command takes {}) leave it out", word,
                most == 0 ? "options only" : "one word and options");
  }

  /// What the whole line lacks.
  std::optional<Slip> missing() const {
    if (command_.empty()) {
      return slip("there is no command (none is named) choose one of those in buddy --help");
    }
    int words = words_taken_;
    for (const CLI::Option* option : app_->get_options()) {
      if (!option->get_required()) continue;
      const bool is_word = option->get_positional();
      const bool is_there =
          is_word ? words-- > 0 : std::find(given_.begin(), given_.end(), option) != given_.end();
      if (is_there) continue;
      const std::string type = type_of(*option);
      const std::string what = is_word ? type : option->get_name() + " " + type;
      return slip("{} is missing (this command needs it) write it like: buddy {} {}",
                  is_word ? type : option->get_name(), command_, what);
    }
    return std::nullopt;
  }

  CLI::App* app_;
  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  std::string command_;
  int words_taken_ = 0;
  std::vector<const CLI::Option*> given_;  ///< of app_
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

std::optional<Slip> find_help_slip(Parser root, const std::vector<std::string>& words) {
  CLI::App* app = &root.app();
  std::string command = "buddy";
  for (const std::string& word : words) {
    const auto names = command_names(*app);
    if (std::find(names.begin(), names.end(), word) == names.end()) {
      return Slip{"help", fmt::format("{} has no command '{}' (see those that exist: {} --help) {}",
                                      command, word, command,
                                      names.empty() ? "leave it out"
                                                    : advice(word, names, "choose one of them"))};
    }
    app = app->get_subcommand(word);
    command += ' ' + word;
  }
  return std::nullopt;
}

std::string command_in(Parser root, const std::vector<std::string>& own) {
  Walk walk(root.app(), own);
  [[maybe_unused]] const auto slip = walk.run();
  return walk.command();
}

}  // namespace buddy::tools
