# The API is declared by headers without export macros: what they declare is visible, because
# they are read first under default visibility; everything else in the library stays hidden.
get_target_property(comm_type buddy_comm TYPE)
if(NOT comm_type STREQUAL INTERFACE_LIBRARY)
  target_compile_options(buddy_comm
                         PRIVATE "SHELL:-include ${PROJECT_SOURCE_DIR}/cmake/visible_api.hpp")
endif()

# --- libbuddy: all layers a rank runs, in one library; the command and the tests link the layers.
add_library(buddy)
add_library(buddy::buddy ALIAS buddy)
foreach(layer base instrument wire arena transport engine comm)
  get_target_property(type buddy_${layer} TYPE)
  if(NOT type STREQUAL INTERFACE_LIBRARY)
    target_sources(buddy PRIVATE $<TARGET_OBJECTS:buddy_${layer}>)
  endif()
endforeach()
set_target_properties(
  buddy
  PROPERTIES LINKER_LANGUAGE CXX
             VERSION ${PROJECT_VERSION}
             SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
             EXPORT_NAME buddy)
file(GLOB_RECURSE public_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.hpp)
target_sources(buddy PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include
                            FILES ${public_headers})
target_compile_features(buddy PUBLIC cxx_std_20)
target_link_libraries(
  buddy
  PUBLIC MPI::MPI_CXX cereal::cereal
  PRIVATE $<BUILD_INTERFACE:buddy_flags> PkgConfig::UCX PkgConfig::SODIUM Threads::Threads)
