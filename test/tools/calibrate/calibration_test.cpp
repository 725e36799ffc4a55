#include "tools/calibrate/calibration.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <cstdlib>

#include "base/affinity.hpp"
#include "support/markdown.hpp"
#include "support/sandbox.hpp"
#include "tools/report/json.hpp"
#include "tools/report/machine.hpp"

namespace buddy::tools {
namespace {

using Json = nlohmann::ordered_json;
using buddy::testing::Sandbox;

/// Every figure another one; the last one was not measured.
Calibration example() {
  Calibration calibration;
  calibration.machine = describe_machine().to_json();
  calibration.command = {"buddy", "calibrate", "--cpus", "0,1"};
  calibration.cpus = {0, 1};
  double value = 0.5;
  for (const measure::Cost& cost : measure::costs) {
    calibration.*cost.figure = measure::Spread{.median = value, .min = value / 3, .max = value * 2};
    value *= 7;
  }
  calibration.*measure::costs.back().figure = std::nullopt;
  return calibration;
}

/// A variable of the environment for the life of a test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  void set(const char* value) { value != nullptr ? setenv(name_, value, 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(CalibrationFile, is_read_as_it_was_written) {
  const Sandbox sandbox;
  const Calibration written = example();
  ASSERT_TRUE(write_calibration(written, sandbox.path("figures.json")).ok());
  const auto read = read_calibration(sandbox.path("figures.json"));
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read.value().to_json(), written.to_json());
  EXPECT_EQ(read.value().cpus, written.cpus);
  EXPECT_FALSE(read.value().core_distance_ns.has_value());
  ASSERT_TRUE(read.value().append_ns_per_message.has_value());
  EXPECT_EQ(read.value().append_ns_per_message->max, 1.0);
}

TEST(CalibrationFile, is_replaced_and_its_folders_are_made_for_this_user_alone) {
  const Sandbox sandbox;
  const Variable cache("XDG_CACHE_HOME", sandbox.path("cache").c_str());
  const std::string path = sandbox.path("cache") + "/buddy/calibration.json";
  ASSERT_TRUE(prepare_calibration_file(path).ok());
  ASSERT_TRUE(write_calibration({}, path).ok());
  ASSERT_TRUE(write_calibration(example(), path).ok());
  EXPECT_TRUE(read_calibration(path).ok());
  struct stat info {};
  ASSERT_EQ(stat(sandbox.path("cache/buddy").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0700u);
}

TEST(CalibrationFile, that_cannot_be_written_is_an_error_before_anything_is_measured) {
  const Sandbox sandbox;
  const std::string file = sandbox.file("file", "");
  for (const std::string& path :
       {sandbox.path(), file + "/calibration.json", sandbox.path("no/such/calibration.json"),
        std::string("/proc/x"), std::string("/dev/fd/77x")}) {
    for (const Status& status :
         {prepare_calibration_file(path), write_calibration(example(), path)}) {
      EXPECT_FALSE(status.ok()) << path;
      EXPECT_NE(status.message().find("--output"), std::string::npos) << status.message();
    }
  }
  EXPECT_FALSE(sandbox.has("no"));  // such folders are slips
  EXPECT_TRUE(write_calibration(example(), "/dev/null").ok());
}

TEST(CalibrationFile, that_is_not_there_or_no_file_is_an_error) {
  const Sandbox sandbox;
  for (const std::string& path : {sandbox.path("nowhere.json"), sandbox.path()}) {
    const auto read = read_calibration(path);
    ASSERT_FALSE(read.ok()) << path;
    EXPECT_EQ(read.status().code(), ErrorCode::invalid_argument);
    EXPECT_NE(read.status().message().find("buddy calibrate"), std::string::npos);
  }
}

TEST(CalibrationFile, that_is_something_else_is_refused) {
  const Sandbox sandbox;
  for (const char* text : {"", "nonsense", "[]", "{}", "null", "{\"schema\": 1}",
                           "{\"schema\":", "{\"schema\": \"buddy.calibration.v1\"}"}) {
    const auto read = read_calibration(sandbox.file("bad.json", text));
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_NE(read.status().message().find("buddy calibrate"), std::string::npos);
  }
}

TEST(CalibrationFile, of_another_version_is_refused) {
  const Sandbox sandbox;
  Json document = example().to_json();
  for (const char* schema : {"buddy.calibration.v2", "buddy.bench.v1", ""}) {
    document["schema"] = schema;
    const auto read = read_calibration(sandbox.file("other.json", document.dump()));
    ASSERT_FALSE(read.ok()) << schema;
    EXPECT_EQ(read.status().code(), ErrorCode::mismatch);
    EXPECT_NE(read.status().message().find(schema), std::string::npos);
  }
}

struct Damage {
  const char* pointer;  ///< of the value that is replaced
  Json value;
  const char* said;
};

TEST(CalibrationFile, with_damaged_values_is_refused) {
  const Sandbox sandbox;
  const Json good = {{"median", 2}, {"min", 1}, {"max", 3}};
  const Damage damages[] = {
      {"/machine", "mine", "machine"},
      {"/command", "buddy calibrate", "command"},
      {"/command/0", 1, "command"},
      {"/cpus", Json::array(), "cpus"},
      {"/cpus/0", 0.5, "cpus"},
      {"/costs", Json::array(), "costs"},
      {"/costs", {{"append_ns_per_message", good}}, "lacks route_ns_per_record"},
      {"/costs/wake_us", 40, "wake_us: neither"},
      {"/cpus/0", -1, "cpus"},
      {"/cpus/0", std::uint64_t{1} << 40, "cpus"},
      {"/costs/wake_us", Json::object(), "wake_us: 'median' is missing"},
      {"/costs/wake_us/median", "40", "wake_us: 'median'"},
      {"/costs/wake_us/median", nullptr, "wake_us: 'median'"},
      {"/costs/wake_us/min", 0, "wake_us: 'min'"},
      {"/costs/wake_us/min", 1e-320, "wake_us: 'min'"},
      {"/costs/wake_us/max", -1, "wake_us: 'max'"},
      {"/costs/wake_us/max", 1e300, "wake_us: 'max'"},
      {"/costs/wake_us", {{"median", 4}, {"min", 1}, {"max", 3}}, "not between"},
      {"/costs/wake_us", {{"median", 1}, {"min", 2}, {"max", 3}}, "not between"},
  };
  for (const Damage& damage : damages) {
    SCOPED_TRACE(damage.pointer + (" = " + damage.value.dump()));
    Json document = example().to_json();
    document[Json::json_pointer(damage.pointer)] = damage.value;
    const auto read = read_calibration(sandbox.file("damaged.json", document.dump()));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.status().code(), ErrorCode::corrupt);
    EXPECT_NE(read.status().message().find(damage.said), std::string::npos)
        << read.status().message();
  }
}

TEST(CalibrationFile, lies_in_the_users_cache) {
  Variable cache("XDG_CACHE_HOME", "/var/cache/me");
  Variable home("HOME", "/nobody");
  EXPECT_EQ(default_calibration_path().value(), "/var/cache/me/buddy/calibration.json");
  cache.set("relative/counts/as/not/set");
  EXPECT_EQ(default_calibration_path().value(), "/nobody/.cache/buddy/calibration.json");
  cache.set(nullptr);
  EXPECT_EQ(default_calibration_path().value(), "/nobody/.cache/buddy/calibration.json");
  home.set(nullptr);
  const auto of_password_file = default_calibration_path();
  if (of_password_file.ok()) {
    EXPECT_EQ(of_password_file.value()[0], '/');
  }
}

// Nothing can be found behind a name that is too long; others may not look into a folder.
TEST(CalibrationFile, where_nothing_can_be_seen_is_as_if_it_was_not_there) {
  const Variable cache("XDG_CACHE_HOME", ("/" + std::string(300, 'x')).c_str());
  const auto found = find_calibration({});
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_FALSE(found.value());
}

TEST(CalibrationTable, shows_all_figures_and_what_was_not_measured) {
  const std::string table = format_calibration(example());
  EXPECT_NE(table.find("CPU 0-1"), std::string::npos) << table;
  for (const measure::Cost& cost : measure::costs) {
    EXPECT_NE(table.find(cost.text), std::string::npos) << cost.key;
    EXPECT_NE(table.find(cost.unit), std::string::npos) << cost.key;
  }
  EXPECT_NE(table.find(" - "), std::string::npos) << table;
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

std::vector<std::string> documented(const std::string& section) {
  std::vector<std::string> keys;
  const buddy::testing::Page page("formats/calibration_json.md");
  for (const auto& row : buddy::testing::first_table(page.section(section))) {
    keys.push_back(row.at(0));
  }
  return keys;
}

TEST(CalibrationDocs, name_all_keys_and_units) {
  const Json document = example().to_json();
  EXPECT_EQ(documented("Calibration"), keys_of(document));
  EXPECT_EQ(documented("`costs`"), keys_of(document["costs"]));
}

}  // namespace
}  // namespace buddy::tools
