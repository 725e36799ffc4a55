# Debian packages, made by cpack: of a build with MPI `buddy`, which is all of it; of one without
# `buddy-engine`, for machines that run engines. One replaces the other: both bring the command.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Buddy authors <authors@buddy.invalid>")
set(CPACK_PACKAGE_VENDOR "The Buddy authors")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL aarch64)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
else()
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE amd64)
endif()

# The vendor of BlueField cards has UCX in a package `ucx`.
# Written out, because dpkg-shlibdeps asks this machine's packages, which are not those of a
# sysroot; packaging/try_package.sh finds what is missing.
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "libc6 (>= 2.36), libstdc++6 (>= 12), libfmt9, libhwloc15, libsodium23, libucx0 (>= 1.13) | ucx (>= 1.13)")
if(BUDDY_LIBSVM_INCLUDE AND BUDDY_LIBSVM_LIBRARY)
  string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", libsvm3")
endif()
if(TARGET buddy)
  set(CPACK_DEBIAN_PACKAGE_NAME buddy)
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "fire-and-forget messages for MPI programs")
  set(CPACK_PACKAGE_DESCRIPTION
      "Buddy aggregates, routes and delivers messages between the ranks of an MPI program: inside the
ranks, in engine processes on cores of their own, or on other machines such as DPUs. This package
has all of it: the C++ library, also for programs of YGM and of conveyors, the command, workloads to
measure with, and the engine's service.")
  string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", zlib1g, libcereal-dev")
  if(BUDDY_MPI STREQUAL openmpi)
    string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", openmpi-bin, libopenmpi-dev")
  else()
    string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", mpich, libmpich-dev")
  endif()
  set(CPACK_DEBIAN_PACKAGE_CONFLICTS buddy-engine)
  set(CPACK_DEBIAN_PACKAGE_REPLACES buddy-engine)
  set(CPACK_DEBIAN_PACKAGE_PROVIDES buddy-engine)
else()
  set(CPACK_DEBIAN_PACKAGE_NAME buddy-engine)
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "engine that routes messages of MPI programs")
  set(CPACK_PACKAGE_DESCRIPTION
      "Buddy's engine aggregates, routes and delivers messages between the ranks of MPI programs on
other machines. This package is for machines that run engines and no ranks, such as DPUs: the command
and the service buddy-engine, without MPI. The service is not started by installing it.")
  set(CPACK_DEBIAN_PACKAGE_CONFLICTS buddy)
endif()
include(CPack)
