# Buddy's examples, built against an installed Buddy: one program for each source in this folder.
cmake_minimum_required(VERSION 3.25)
project(buddy_examples LANGUAGES CXX)

find_package(buddy 0.1 REQUIRED)
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
foreach(source IN LISTS sources)
  cmake_path(GET source STEM name)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE buddy::buddy)
endforeach()
