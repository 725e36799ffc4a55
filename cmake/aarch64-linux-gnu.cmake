# Toolchain file: builds for aarch64, the Arm cores of a DPU, on another machine.
#   cmake --preset aarch64 -DBUDDY_SYSROOT=FOLDER
# BUDDY_SYSROOT is a Debian or Ubuntu of arm64 with the packages Buddy needs, or a copy of a DPU's
# file system; packaging/sysroot.sh makes one. Its programs run under qemu-user, if that is there.
# The compiler is g++; -DCMAKE_CXX_COMPILER=clang++-14 takes clang.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)

if(NOT BUDDY_SYSROOT)
  message(FATAL_ERROR "BUDDY_SYSROOT is not set (there is nothing of aarch64 to compile against) "
                      "use -DBUDDY_SYSROOT=FOLDER, or ./dev cross, which makes one")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BUDDY_SYSROOT)

if(NOT CMAKE_CXX_COMPILER)
  set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
endif()
set(CMAKE_CXX_COMPILER_TARGET aarch64-linux-gnu) # read by clang
set(CMAKE_SYSROOT ${BUDDY_SYSROOT})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${BUDDY_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
    ${BUDDY_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${BUDDY_SYSROOT}/usr/share/pkgconfig)

find_program(BUDDY_QEMU NAMES qemu-aarch64-static qemu-aarch64)
if(BUDDY_QEMU)
  # Near to the Cortex-A78AE of a BlueField-3: no SVE, whose loads qemu 7.2 gets wrong where pages are
  # larger than this machine's.
  set(CMAKE_CROSSCOMPILING_EMULATOR ${BUDDY_QEMU};-cpu;cortex-a76;-L;${BUDDY_SYSROOT})
endif()
