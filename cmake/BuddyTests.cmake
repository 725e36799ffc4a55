# Functions for test/ and bench/: unit tests, programs run under MPI, fuzz targets, scripts.
# Labels: quick (seconds, one process), mpi (ranks), slow (benchmarks, installing, fuzzing).
include(GoogleTest)

# Open MPI as root and with more ranks than cores; strict sanitizers; numbers as scripts read them.
set(BUDDY_TEST_ENVIRONMENT
    LC_ALL=C
    OMPI_ALLOW_RUN_AS_ROOT=1
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    OMPI_MCA_rmaps_base_oversubscribe=1
    OMPI_MCA_hwloc_base_binding_policy=none
    OMPI_MCA_mpi_yield_when_idle=1 # ranks that wait inside MPI would keep the cores to themselves
    ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
    UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/tsan.supp:halt_on_error=1:second_deadlock_stack=1"
    BUDDY_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}
    BUDDY_SOURCE_DIR=${PROJECT_SOURCE_DIR}
    BUDDY_MPIEXEC=${MPIEXEC_EXECUTABLE})
if(BUDDY_SANITIZE MATCHES "thread")
  # UCX's memory hooks call ThreadSanitizer from threads that it has already forgotten.
  list(APPEND BUDDY_TEST_ENVIRONMENT UCX_MEM_MMAP_HOOK_MODE=none)
endif()
if(BUDDY_MPI STREQUAL openmpi)
  set(BUDDY_MPIEXEC_FLAGS --oversubscribe --bind-to none)
else()
  set(BUDDY_MPIEXEC_FLAGS)
endif()

# Before a command that starts MPI by itself.
set(BUDDY_SESSION_FOLDER bash ${PROJECT_SOURCE_DIR}/test/support/session_folder.sh)

# MPI leaks memory from modules that it unloads, so leaks of ranks cannot be told from its own; the
# unit tests look for leaks.
set(BUDDY_MPI_TEST_ENVIRONMENT ${BUDDY_TEST_ENVIRONMENT})
list(TRANSFORM BUDDY_MPI_TEST_ENVIRONMENT REPLACE "^ASAN_OPTIONS=" "ASAN_OPTIONS=detect_leaks=0:")
# Predictions do not depend on whether this user has calibrated the machine.
list(APPEND BUDDY_MPI_TEST_ENVIRONMENT XDG_CACHE_HOME=${PROJECT_BINARY_DIR}/no_cache)

# Value of a comment "// key: a b c" near the top of a source, or the default.
function(buddy_comment_list out source key default)
  file(STRINGS ${source} lines REGEX "^// ${key}: " LIMIT_COUNT 1)
  if(lines)
    string(REGEX REPLACE "^// ${key}: +" "" value "${lines}")
    separate_arguments(value)
  else()
    set(value ${default})
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  set(${out} ${value} PARENT_SCOPE)
endfunction()

# All unit tests and the programs they start, for builds that run nothing else.
add_custom_target(unit_tests)
if(TARGET workloads)
  add_dependencies(unit_tests workloads)
endif()
if(TARGET buddy_command)
  add_dependencies(unit_tests buddy_command)
endif()

# Those of the layers that run concurrently or read foreign bytes, and the fuzz targets: for builds
# that look for races, or with another compiler.
add_custom_target(core_tests)

# buddy_add_unit_tests(NAME FOLDER target...): bin/test/NAME_test from all sources below FOLDER, linked
# with the targets; every TEST in it becomes one ctest.
function(buddy_add_unit_tests name folder)
  buddy_glob_rooms(sources ${folder} *.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test ${sources})
  add_dependencies(unit_tests ${name}_test)
  if(NOT name MATCHES "^(tools|workloads|launch|measure|predict)$")
    add_dependencies(core_tests ${name}_test)
  endif()
  set_target_properties(${name}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                                ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/test)
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/test)
  target_link_libraries(${name}_test PRIVATE ${ARGN} buddy_test_support GTest::gtest_main rapidcheck
                                             rapidcheck_gtest buddy_flags)
  gtest_discover_tests(
    ${name}_test
    NO_PRETTY_VALUES
    TEST_PREFIX ${name}.
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    TEST_LIST ${name}_tests
    PROPERTIES LABELS quick TIMEOUT 300)
  # Not as one of the properties above: a list falls apart there, and only its first variable is set.
  set(script ${CMAKE_CURRENT_BINARY_DIR}/${name}_environment.cmake)
  set(environment "${BUDDY_TEST_ENVIRONMENT}")
  if(name STREQUAL workloads)  # they call MPI
    set(environment "${BUDDY_MPI_TEST_ENVIRONMENT}")
  endif()
  file(WRITE ${script} "set_tests_properties(\${${name}_tests} PROPERTIES ENVIRONMENT "
                       "[==[${environment}]==])\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
endfunction()

# buddy_add_mpi_test(SOURCE [FOLDER name] target...): bin/test/NAME, or bin/FOLDER/NAME with tests
# called FOLDER.NAME instead of mpi.NAME, from one source whose main() prints what fails and exits non-zero. It runs once per rank number and variant, which its comments may name:
#   // ranks: 1 2 4
#   // variants: host engine:2:shm host:2:ucx:1:grid     placement[:nodes[:fabric[:workers[:routing]]]]
#   // timeout: 120                                         seconds
#   // labels: mpi slow
# Variant "host" alone runs under the MPI launcher itself, all others through `buddy run`.
function(buddy_add_mpi_test source)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER" "")
  cmake_path(GET source STEM name)
  if(arg_FOLDER)
    set(folder ${arg_FOLDER})
    set(group ${arg_FOLDER})
    set(default_ranks 1 4)
    set(default_variants host engine:2 shared dpu host:2:shm:1:node host:2:ucx:1:grid)
  else()
    set(folder test)
    set(group mpi)
    set(default_ranks 1 2 4)
    set(default_variants host engine engine:2:shm engine:2:ucx shared dpu host:1:shm:1:grid)
  endif()
  set(target ${group}_${name})
  buddy_comment_list(all_ranks ${source} ranks "${default_ranks}")
  buddy_comment_list(variants ${source} variants "${default_variants}")
  buddy_comment_list(timeout ${source} timeout 120)
  buddy_comment_list(labels ${source} labels mpi)
  list(GET all_ranks -1 last_ranks)
  add_executable(${target} ${source})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY
                                             ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${folder})
  target_link_libraries(${target} PRIVATE ${arg_UNPARSED_ARGUMENTS} buddy_flags)
  foreach(variant IN LISTS variants)
    string(REPLACE ":" ";" parts ${variant})
    list(GET parts 0 placement)
    set(command $<TARGET_FILE:buddy_command> run --placement ${placement})
    set(nodes 1)
    list(LENGTH parts count)
    if(count GREATER 1)
      list(GET parts 1 nodes)
      list(APPEND command --nodes ${nodes})
    endif()
    if(count GREATER 2)
      list(GET parts 2 fabric)
      list(APPEND command --fabric ${fabric})
    endif()
    if(count GREATER 3)
      list(GET parts 3 workers)
      list(APPEND command --workers ${workers})
    endif()
    if(count GREATER 4)
      list(GET parts 4 routing)
      list(APPEND command --routing ${routing})
    endif()
    foreach(ranks IN LISTS all_ranks)
      if(ranks LESS nodes)
        continue()
      endif()
      # Engines on the ranks' CPUs, and slower ones, are those of the others, and a grid of one row
      # is none: once each will do.
      if((variant MATCHES "^(shared|dpu)" OR count GREATER 4) AND NOT ranks EQUAL last_ranks)
        continue()
      endif()
      if(variant STREQUAL host)
        set(line ${BUDDY_SESSION_FOLDER} ${MPIEXEC_EXECUTABLE} ${BUDDY_MPIEXEC_FLAGS} -n ${ranks})
      elseif(TARGET buddy_command)
        set(line ${command} -n ${ranks} --)
      else()
        continue()
      endif()
      string(REPLACE ":" "-" test_name ${group}.${name}.${variant}.n${ranks})
      add_test(NAME ${test_name} COMMAND ${line} $<TARGET_FILE:${target}>)
      set_tests_properties(
        ${test_name} PROPERTIES LABELS "${labels}" TIMEOUT ${timeout} PROCESSORS ${ranks}
                                ENVIRONMENT "${BUDDY_MPI_TEST_ENVIRONMENT}")
    endforeach()
  endforeach()
endfunction()

# buddy_add_test_program(SOURCE target...): bin/test/NAME for scripts to run.
function(buddy_add_test_program source)
  cmake_path(GET source STEM name)
  add_executable(program_${name} ${source})
  set_target_properties(program_${name} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY
                                                   ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/test)
  target_include_directories(program_${name} PRIVATE ${PROJECT_SOURCE_DIR}/test)
  target_link_libraries(program_${name} PRIVATE ${ARGN} buddy_test_support_headers buddy_flags)
endfunction()

# buddy_add_script_test(SOURCE LABEL): runs NAME_test.sh with bash; it finds the programs under
# $BUDDY_BIN_DIR, the sources under $BUDDY_SOURCE_DIR and the launcher as $BUDDY_MPIEXEC.
# A comment "# timeout: 120" changes the 300 seconds it is given.
function(buddy_add_script_test source label)
  cmake_path(GET source STEM name)
  string(REGEX REPLACE "^.*/test/([^/]+)/.*$" "\\1" folder ${source})
  string(REGEX REPLACE "_test$" "" name ${name})
  file(STRINGS ${source} lines REGEX "^# timeout: [0-9]+" LIMIT_COUNT 1)
  string(REGEX MATCH "[0-9]+" timeout "${lines};300")
  add_test(NAME ${folder}.${name} COMMAND ${BUDDY_SESSION_FOLDER} bash ${source})
  set_tests_properties(
    ${folder}.${name}
    PROPERTIES LABELS ${label} TIMEOUT ${timeout} PROCESSORS 2 WORKING_DIRECTORY
               ${PROJECT_BINARY_DIR} ENVIRONMENT "${BUDDY_MPI_TEST_ENVIRONMENT}")
endfunction()

# buddy_add_fuzz_target(SOURCE target...): bin/fuzz-NAME from a source with LLVMFuzzerTestOneInput.
# With libFuzzer where the build is instrumented for it (preset clang), else with our driver, which
# replays fuzz/corpus/NAME and then random mutations of it from a printed seed.
function(buddy_add_fuzz_target source)
  cmake_path(GET source STEM name)
  string(REPLACE "_" "-" dashed ${name})
  set(corpus ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
  add_executable(fuzz-${dashed} ${source})
  add_dependencies(core_tests fuzz-${dashed})
  target_include_directories(fuzz-${dashed} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/test)
  target_link_libraries(fuzz-${dashed} PRIVATE ${ARGN} buddy_flags)
  if(BUDDY_SANITIZE MATCHES "fuzzer-no-link")
    target_link_options(fuzz-${dashed} PRIVATE -fsanitize=fuzzer)
    # libFuzzer adds what it finds to its first folder, so that is one of the build's.
    set(found ${PROJECT_BINARY_DIR}/fuzz/${name})
    file(MAKE_DIRECTORY ${found})
    set(arguments -runs=200000 -max_total_time=20 -timeout=5 -print_final_stats=1
                  -artifact_prefix=${found}- ${found})
  else()
    target_sources(fuzz-${dashed} PRIVATE ${PROJECT_SOURCE_DIR}/test/fuzz_main.cpp)
    set(arguments)
  endif()
  if(IS_DIRECTORY ${corpus})
    list(APPEND arguments ${corpus})
  endif()
  add_test(NAME fuzz.${dashed} COMMAND fuzz-${dashed} ${arguments})
  set_tests_properties(fuzz.${dashed} PROPERTIES LABELS "slow;fuzz" TIMEOUT 180
                                                 ENVIRONMENT "${BUDDY_TEST_ENVIRONMENT}")
endfunction()
