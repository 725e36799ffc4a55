// The command line of a workload program. What parses it is a library whose headers take longer to
// compile than the rest of a program, so one file sees them.
#pragma once

#include <mpi.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace workloads {

/// First arguments with which a program says what it takes, without MPI, and does nothing else:
/// --list-options prints each option with what its argument is, --check-options parses the rest.
/// For `buddy bench`, which asks before it launches anything, and for completion in a shell.
bool asks_about_options(int argc, char** argv);

/// An option that was added.
class Option {
 public:
  explicit Option(CLI::Option* option) noexcept : option_(option) {}
  /// It is wrong to give both.
  void excludes(const Option& other);

 private:
  CLI::Option* option_;
};

struct OptionTexts {
  std::string name;  ///< as in "--updates"
  std::string type;  ///< what its argument is, as in "COUNT"
  std::string help;
  std::string default_value{};  ///< as the help shows it
};

/// The options of a program. What they set must outlive the parsing.
class CommandLine {
 public:
  struct Texts {
    std::string program;
    std::string description;
    std::string examples;
  };
  /// Takes the argument of an option. \return what is wrong with it, or nothing
  using Setter = std::function<std::string(const std::string& argument)>;

  explicit CommandLine(const Texts& texts);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Option add(const OptionTexts& texts, Setter set);
  /// Adds an option without an argument, which makes \p value false.
  void add_switch_off(const std::string& name, const std::string& help, bool& value);

  /// Adds a check of all values together. \param problem says what is wrong, or nothing: the same
  /// on every rank
  void add_check(std::function<std::string()> problem);
  /// Adds one that reads files: it is for programs that only check their options, where one process
  /// looks. Others find out when they read them.
  void add_file_check(std::function<std::string()> problem);

  /// Parses on every rank of \p comm; rank 0 prints the help or what is wrong.
  /// MPI is not used, and the program ends here, where asks_about_options().
  /// \return the exit code if the program ends here
  std::optional<int> parse(int argc, char** argv, MPI_Comm comm);

 private:
  void list_options() const;
  /// Parses \p words. \return what is wrong, or nothing \param path of the program
  std::string read(const std::vector<std::string>& words, std::string_view path, bool asked);

  std::unique_ptr<CLI::App> app_;
  std::vector<std::function<std::string()>> checks_;
  std::vector<std::function<std::string()>> file_checks_;
};

}  // namespace workloads
