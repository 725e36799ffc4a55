# How every target is compiled, and the two kinds of library: layers, and libbuddy made of them.

add_library(buddy_flags INTERFACE)
target_compile_options(buddy_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion
                                             -Wshadow
                                             # g++ 12 finds overlaps in std::string's operator+
                                             $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(BUDDY_WERROR)
  # g++ 12 cries wolf about the standard library's own copies (PR 105329 and its kin): said, not fatal.
  target_compile_options(
    buddy_flags
    INTERFACE -Werror $<$<CXX_COMPILER_ID:GNU>:-Wno-error=array-bounds -Wno-error=stringop-overflow
              -Wno-error=stringop-overread -Wno-error=maybe-uninitialized>)
endif()
if(BUDDY_SANITIZE)
  target_compile_options(buddy_flags INTERFACE -fsanitize=${BUDDY_SANITIZE}
                                               -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(buddy_flags INTERFACE -fsanitize=${BUDDY_SANITIZE})
endif()
target_compile_definitions(buddy_flags INTERFACE BUDDY_CHECKED=$<BOOL:${BUDDY_CHECKED}>)
target_link_libraries(buddy_flags INTERFACE Threads::Threads)

# What the build knows and the command needs: flavour, launcher, version, names of workloads.
file(GLOB buddy_workloads CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/workloads
     ${PROJECT_SOURCE_DIR}/workloads/*/main.cpp)
list(TRANSFORM buddy_workloads REPLACE "/main.cpp$" "")
list(JOIN buddy_workloads " " buddy_workloads)
configure_file(${PROJECT_SOURCE_DIR}/cmake/buddy_config.hpp.in
               ${PROJECT_BINARY_DIR}/generated/buddy_config.hpp @ONLY)
add_library(buddy_config INTERFACE)
target_include_directories(buddy_config INTERFACE ${PROJECT_BINARY_DIR}/generated)

# Sources of a folder, found anew whenever a file comes or goes; no list to keep up to date.
function(buddy_glob out folder pattern)
  file(GLOB found CONFIGURE_DEPENDS ${folder}/${pattern})
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# The same with the folders in it; not those of programs, which are no part of a library or test.
function(buddy_glob_rooms out folder pattern)
  file(GLOB_RECURSE found CONFIGURE_DEPENDS ${folder}/${pattern})
  list(FILTER found EXCLUDE REGEX "^${folder}/(mpi|programs|ygm|convey)/")
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# buddy_add_layer(NAME [BELOW layer...] [LIBS target...])
# Static library buddy_NAME from src/NAME, which sees the layers named after BELOW and no others
# (test/checks/layers.sh checks the includes) and the public headers that need no MPI.
# A folder without sources becomes an interface library; one without files, too.
function(buddy_add_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "BELOW;LIBS")
  set(folder ${PROJECT_SOURCE_DIR}/src/${name})
  buddy_glob_rooms(sources ${folder} *.cpp)
  buddy_glob_rooms(headers ${folder} *.hpp)
  list(TRANSFORM arg_BELOW PREPEND buddy_)
  set(target buddy_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden
                                               VISIBILITY_INLINES_HIDDEN ON)
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE buddy_flags)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/src
                                                ${PROJECT_SOURCE_DIR}/include)
  if(headers)
    target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src
                                      FILES ${headers})
  endif()
  target_link_libraries(${target} ${scope} ${arg_BELOW} ${arg_LIBS})
endfunction()
