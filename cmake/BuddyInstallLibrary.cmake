# Installing the library: headers, libbuddy, package files for CMake and pkg-config.
include(CMakePackageConfigHelpers)

set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/buddy)

install(
  TARGETS buddy
  EXPORT buddy-targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET buddy_ygm) # in a folder of its own, which only those have in front who want it
  install(
    TARGETS buddy_ygm
    EXPORT buddy-targets
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/buddy-ygm)
endif()
if(TARGET buddy_convey) # the same: its headers have the names of bale's
  install(
    TARGETS buddy_convey
    EXPORT buddy-targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/buddy-convey)
endif()
install(
  EXPORT buddy-targets
  NAMESPACE buddy::
  DESTINATION ${config_folder})

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/packaging/buddy-config.cmake.in ${PROJECT_BINARY_DIR}/buddy-config.cmake
  INSTALL_DESTINATION ${config_folder})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/buddy-config-version.cmake
  VERSION ${PROJECT_VERSION}
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/buddy-config.cmake
              ${PROJECT_BINARY_DIR}/buddy-config-version.cmake DESTINATION ${config_folder})

# pkg-config: MPI's own .pc files differ between systems, so the flags found here are written out.
set(pc_cflags)
foreach(folder IN LISTS MPI_CXX_INCLUDE_DIRS)
  string(APPEND pc_cflags " -I${folder}")
endforeach()
set(pc_libs)
foreach(library IN LISTS MPI_CXX_LIBRARIES)
  if(NOT library MATCHES "mpi(ch)?_?cxx") # the C++ bindings of MPI-2 are not used
    string(APPEND pc_libs " ${library}")
  endif()
endforeach()
if(BUILD_SHARED_LIBS)
  set(pc_requires_private)
else()
  set(pc_requires_private "ucx, libsodium")
endif()
# The prefix is taken from where the file lies, so that an installed tree can be moved.
file(RELATIVE_PATH pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${PROJECT_SOURCE_DIR}/packaging/buddy.pc.in ${PROJECT_BINARY_DIR}/buddy.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/buddy.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(TARGET buddy_ygm)
  configure_file(${PROJECT_SOURCE_DIR}/packaging/buddy-ygm.pc.in
                 ${PROJECT_BINARY_DIR}/buddy-ygm.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/buddy-ygm.pc
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
if(TARGET buddy_convey)
  configure_file(${PROJECT_SOURCE_DIR}/packaging/buddy-convey.pc.in
                 ${PROJECT_BINARY_DIR}/buddy-convey.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/buddy-convey.pc
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
