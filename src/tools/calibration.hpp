// What the pieces of the message path cost on one machine, and the file that keeps it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "tools/json_fwd.hpp"
#include "tools/statistics.hpp"

namespace buddy::tools {

inline constexpr std::string_view calibration_schema = "buddy.calibration.v1";

/// Figures of one machine. What was not measured is empty.
/// Invariant: figures are positive, and min <= median <= max.
struct Calibration {
  JsonValue machine;                 ///< as in every report
  std::vector<std::string> command;  ///< that repeats it
  std::vector<int> cpus;             ///< where it was measured: one, or two

  std::optional<Spread> append_ns_per_message;
  std::optional<Spread> route_ns_per_record;
  std::optional<Spread> deliver_ns_per_record;
  std::optional<Spread> ring_send_ns_per_byte;
  std::optional<Spread> ring_receive_ns_per_byte;
  std::optional<Spread> network_ns_per_packet;  ///< both ends together
  std::optional<Spread> network_ns_per_byte;    ///< the same
  std::optional<Spread> wake_us;
  std::optional<Spread> core_distance_ns;

  Json to_json() const;
};

/// One of the figures.
struct Cost {
  std::string_view key;  ///< in the file; its end names the unit
  std::optional<Spread> Calibration::*figure;
  std::string_view unit;
  std::string_view text;  ///< what it is, for people
};

/// All figures, in the order of the file.
inline constexpr std::array<Cost, 9> costs = {{
    {"append_ns_per_message", &Calibration::append_ns_per_message, "ns/message",
     "append a message of 8 bytes to a block"},
    {"route_ns_per_record", &Calibration::route_ns_per_record, "ns/record",
     "route it to one of two next hops"},
    {"deliver_ns_per_record", &Calibration::deliver_ns_per_record, "ns/record",
     "deliver it to a handler that changes a cached table"},
    {"ring_send_ns_per_byte", &Calibration::ring_send_ns_per_byte, "ns/byte",
     "put a block into a ring that another core reads"},
    {"ring_receive_ns_per_byte", &Calibration::ring_receive_ns_per_byte, "ns/byte",
     "read a block that another core has written"},
    {"network_ns_per_packet", &Calibration::network_ns_per_packet, "ns/packet",
     "UCX over TCP loopback, both ends: per packet"},
    {"network_ns_per_byte", &Calibration::network_ns_per_byte, "ns/byte",
     "and for each of its bytes"},
    {"wake_us", &Calibration::wake_us, "us", "wake a thread that sleeps on the other core"},
    {"core_distance_ns", &Calibration::core_distance_ns, "ns",
     "a cache line to the other core and back"},
}};

/// Where `buddy calibrate` writes and `buddy predict` reads unless told otherwise:
/// buddy/calibration.json in $XDG_CACHE_HOME, else in ~/.cache.
/// Errors: system if there is no home directory.
Result<std::string> default_calibration_path();

/// Errors: invalid_argument if the file cannot be read or is no JSON, mismatch if it is of another
/// schema, corrupt if what it holds is no calibration.
Result<Calibration> read_calibration(const std::string& path);

/// The same of a document. \param path where it is from, for messages. Errors: mismatch, corrupt.
Result<Calibration> calibration_from_json(const Json& document, const std::string& path);

/// The calibration in the file \p named; if that is empty, the one that `buddy calibrate` writes,
/// or nothing if it is not there. Errors: those of read_calibration().
Result<std::optional<Calibration>> find_calibration(const std::string& named);

/// Replaces \p path in one step; "-" is stdout. Missing directories are made, 0700.
Status write_calibration(const Calibration& calibration, const std::string& path);

/// The figures as a table for people.
std::string format_calibration(const Calibration& calibration);

}  // namespace buddy::tools
