// Event traces in YGM's format. Stands in for YGM's header of this name, so that programs that
// write or read such traces themselves compile; ygm::comm on Buddy writes none.
#pragma once

#include <cereal/archives/binary.hpp>
#include <cereal/types/variant.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>
#include <variant>

namespace ygm::detail {

/// A message of async().
struct ygm_async_event {
  std::uint64_t event_id = 0;
  int to = 0;
  std::uint32_t message_size = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(event_id, to, message_size);
  }
};

struct mpi_send_event {
  std::uint64_t event_id = 0;
  int to = 0;
  std::uint32_t buffer_size = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(event_id, to, buffer_size);
  }
};

/// The end of the send whose event is \p start_id.
struct mpi_send_complete_event {
  std::uint64_t event_id = 0;
  std::uint64_t start_id = 0;
  std::uint32_t buffer_size = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(event_id, start_id, buffer_size);
  }
};

struct mpi_recv_event {
  std::uint64_t event_id = 0;
  int from = 0;
  std::uint32_t buffer_size = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(event_id, from, buffer_size);
  }
};

/// What a rank had sent and received when it came to a barrier, or left it.
struct barrier_event {
  std::uint64_t event_id = 0;
  std::uint64_t send_count = 0;
  std::uint64_t recv_count = 0;
  std::size_t pending_isend_bytes = 0;
  std::size_t send_local_buffer_bytes = 0;
  std::size_t send_remote_buffer_bytes = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(event_id, send_count, recv_count, pending_isend_bytes, send_local_buffer_bytes,
            send_remote_buffer_bytes);
  }
};
struct barrier_begin_event : barrier_event {};
struct barrier_end_event : barrier_event {};

/// An entry of a trace. The order of the alternatives is part of the format.
struct variant_event {
  std::variant<ygm_async_event, mpi_send_event, mpi_send_complete_event, mpi_recv_event,
               barrier_begin_event, barrier_end_event>
      data;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(data);
  }
};

/// Writes events to the file "trace_<rank>.bin" of a folder. Ids of events are different on all
/// ranks.
/// Threads: one.
class tracer {
 public:
  tracer(int comm_size, int rank, const std::string& folder)
      : size_(comm_size), rank_(rank), last_id_(rank - comm_size), folder_(folder) {}

  bool is_file_open() const { return file_.is_open(); }

  /// Rank 0 makes the folder; nothing happens on others. \return whether it is there
  bool create_directory() const {
    if (rank_ != 0) return true;
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    return !error || complain("cannot make the folder " + folder_ + " (" + error.message() + ")");
  }

  /// \return whether events can be written now
  bool open_file() {
    if (file_.is_open()) return true;
    const std::string path = folder_ + "/trace_" + std::to_string(rank_) + ".bin";
    file_.open(path, std::ios::binary);
    return file_.is_open() || complain("cannot write " + path + " (it cannot be opened)");
  }

  /// \return whether everything has been written
  bool close_file() {
    if (!file_.is_open()) return true;
    file_.close();
    return !file_.fail() || complain("a trace in " + folder_ + " is not whole (writing failed)");
  }

  int get_next_message_id() { return last_id_ += size_; }

  template <class Event>
  void log_event(const Event& event) {
    cereal::BinaryOutputArchive archive(file_);
    archive(variant_event{event});
  }

  void trace_ygm_async(std::uint64_t id, int dest, std::uint32_t bytes) {
    log_event(ygm_async_event{id, dest, bytes});
  }
  void trace_mpi_send(std::uint64_t id, int dest, std::uint32_t bytes) {
    log_event(mpi_send_event{id, dest, bytes});
  }
  void trace_mpi_send_complete(std::uint64_t id, std::uint64_t start_id, std::uint32_t bytes) {
    log_event(mpi_send_complete_event{id, start_id, bytes});
  }
  void trace_mpi_recv(std::uint64_t id, int from, std::uint32_t bytes) {
    log_event(mpi_recv_event{id, from, bytes});
  }
  void trace_barrier_begin(std::uint64_t id, std::uint64_t sent, std::uint64_t received,
                           std::size_t pending, std::size_t local, std::size_t remote) {
    log_event(barrier_begin_event{{id, sent, received, pending, local, remote}});
  }
  void trace_barrier_end(std::uint64_t id, std::uint64_t sent, std::uint64_t received,
                         std::size_t pending, std::size_t local, std::size_t remote) {
    log_event(barrier_end_event{{id, sent, received, pending, local, remote}});
  }

 private:
  /// \return false
  bool complain(const std::string& what) const {
    std::cerr << "buddy: rank " << rank_ << ": " << what << " name another folder" << std::endl;
    return false;
  }

  std::ofstream file_;
  int size_;
  int rank_;
  int last_id_;
  std::string folder_;
};

}  // namespace ygm::detail
