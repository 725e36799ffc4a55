#include "launch/rank_place.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace buddy::launch {
namespace {

using Variables = std::map<std::string, std::string>;

Result<RankPlace> read(const Variables& set, const char* flavour = "openmpi") {
  return read_rank_place(flavour, [&](const char* name) {
    const auto found = set.find(name);
    return found == set.end() ? nullptr : found->second.c_str();
  });
}

void expect_place(const Variables& set, int rank, int index, int ranks,
                  const char* flavour = "openmpi") {
  const auto place = read(set, flavour);
  ASSERT_TRUE(place.ok()) << place.status().message();
  EXPECT_EQ(place.value().rank, rank);
  ASSERT_TRUE(place.value().on_machine.has_value());
  EXPECT_EQ(place.value().on_machine->index, index);
  EXPECT_EQ(place.value().on_machine->ranks, ranks);
}

void expect_refused(const Variables& set, const std::string& text) {
  const auto place = read(set);
  ASSERT_FALSE(place.ok()) << text;
  EXPECT_EQ(place.status().code(), ErrorCode::invalid_argument);
  EXPECT_NE(place.status().message().find(text), std::string::npos) << place.status().message();
}

const Variables open_mpi = {{"OMPI_COMM_WORLD_RANK", "5"},
                            {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                            {"OMPI_COMM_WORLD_LOCAL_SIZE", "4"}};
const Variables mpich = {{"PMI_RANK", "7"}, {"MPI_LOCALRANKID", "2"}, {"MPI_LOCALNRANKS", "3"}};

Variables slurm(const std::string& index, const std::string& ranks, const std::string& node) {
  return {{"SLURM_PROCID", "9"},
          {"SLURM_LOCALID", index},
          {"SLURM_STEP_TASKS_PER_NODE", ranks},
          {"SLURM_NODEID", node}};
}

Variables with(Variables set, const std::string& name, const std::string& value) {
  set[name] = value;
  return set;
}

Variables without(Variables set, const std::string& name) {
  set.erase(name);
  return set;
}

TEST(RankPlace, each_launcher_tells) {
  expect_place(open_mpi, 5, 1, 4);
  expect_place(mpich, 7, 2, 3);
  expect_place(slurm("1", "2", "0"), 9, 1, 2);
}

TEST(RankPlace, a_list_of_slurm_has_an_entry_for_each_node) {
  expect_place(slurm("3", "4(x2),3", "1"), 9, 3, 4);
  expect_place(slurm("2", "4(x2),3", "2"), 9, 2, 3);
  expect_place(slurm("4", "1,5", "1"), 9, 4, 5);
  expect_refused(slurm("3", "4(x2),3", "2"), "SLURM_LOCALID=3");
  expect_refused(slurm("0", "4(x2),3", "3"), "this is node 3");
  for (const char* list : {"", "4(x", "4(x0)", "(x2)", "a", "4;3", "0", "-1"}) {
    expect_refused(slurm("0", list, "0"), std::string("SLURM_STEP_TASKS_PER_NODE=") + list);
  }
}

TEST(RankPlace, none_is_known_without_a_launcher) {
  const auto place = read({});
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place.value().rank, 0);
  EXPECT_FALSE(place.value().on_machine.has_value());
}

TEST(RankPlace, an_index_and_a_number_of_two_launchers_are_no_pair) {
  expect_refused({{"OMPI_COMM_WORLD_LOCAL_RANK", "1"}, {"MPI_LOCALNRANKS", "4"}},
                 "OMPI_COMM_WORLD_LOCAL_SIZE is not set although OMPI_COMM_WORLD_LOCAL_RANK is");
  expect_refused({{"SLURM_LOCALID", "1"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "4"}},
                 "OMPI_COMM_WORLD_LOCAL_RANK is not set although OMPI_COMM_WORLD_LOCAL_SIZE is");
  expect_refused(without(mpich, "MPI_LOCALRANKID"), "MPI_LOCALRANKID is not set");
  expect_refused(without(slurm("1", "2", "0"), "SLURM_STEP_TASKS_PER_NODE"),
                 "SLURM_STEP_TASKS_PER_NODE is not set");
  expect_refused(without(slurm("1", "2", "0"), "SLURM_NODEID"), "SLURM_NODEID is not set");
}

TEST(RankPlace, what_cannot_be_is_refused_by_name) {
  for (const char* value : {"-5", "4", "x", "", "1x", " 1", "99999999999999999999"}) {
    expect_refused(with(open_mpi, "OMPI_COMM_WORLD_LOCAL_RANK", value),
                   std::string("OMPI_COMM_WORLD_LOCAL_RANK=") + value + " cannot be");
  }
  for (const char* value : {"0", "-1", "x", ""}) {
    expect_refused(with(open_mpi, "OMPI_COMM_WORLD_LOCAL_SIZE", value),
                   std::string("OMPI_COMM_WORLD_LOCAL_SIZE=") + value + " cannot be");
  }
  expect_refused(with(open_mpi, "OMPI_COMM_WORLD_RANK", "-1"), "OMPI_COMM_WORLD_RANK=-1");
}

TEST(RankPlace, the_launcher_of_this_build_counts_within_the_job_of_another) {
  Variables both = open_mpi;
  both.insert(mpich.begin(), mpich.end());
  expect_place(both, 5, 1, 4, "openmpi");
  expect_place(both, 7, 2, 3, "mpich");
}

}  // namespace
}  // namespace buddy::launch
