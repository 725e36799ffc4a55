# Recipe for Spack. Copy it to packages/buddy/package.py of a repository of yours, which
# `spack repo add` knows, and set `url` to where your release lies (./dev dist packs one):
#   spack install --no-checksum buddy            all of Buddy
#   spack install --no-checksum buddy ~mpi       the command and the engine, for a DPU
from spack.package import *


class Buddy(CMakePackage):
    """Fire-and-forget messages between the ranks of an MPI program, aggregated, routed and delivered
    inside the ranks or by engine processes, on cores of their own or on a DPU."""

    url = "file:///opt/releases/buddy-0.2.0.tar.gz"

    license("MIT")

    version("0.2.0")

    variant("mpi", default=True, description="Library and workloads, and not engines alone")
    variant("html", default=True, description="Pages of --html, ready made in a release")
    variant("shared", default=True, description="A shared library", when="+mpi")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("mpi", when="+mpi")
    depends_on("cereal@1.3:")
    depends_on("ucx@1.13:")
    depends_on("libsodium@1.0.18:")
    depends_on("hwloc@2:")
    depends_on("fmt@9:")
    depends_on("cli11@2.3:", type="build")
    depends_on("nlohmann-json@3.11:", type="build")
    depends_on("zlib-api")

    generator("ninja")

    conflicts("%gcc@:10", msg="Buddy needs C++20: g++ 11 or newer")
    conflicts("%clang@:13", msg="Buddy needs C++20: clang 14 or newer")
    conflicts("platform=darwin", msg="Buddy runs on Linux")
    conflicts("platform=windows", msg="Buddy runs on Linux")

    def mpi_flavour(self):
        if self.spec.satisfies("~mpi"):
            return "none"
        for flavour in ("openmpi", "mpich"):
            if self.spec["mpi"].name == flavour:
                return flavour
        raise InstallError("Buddy runs on Open MPI or MPICH, not on " + self.spec["mpi"].name)

    def cmake_args(self):
        args = [
            self.define("BUDDY_TESTS", False),
            self.define("BUDDY_MPI", self.mpi_flavour()),
            self.define_from_variant("BUDDY_HTML", "html"),
        ]
        if self.spec.satisfies("+mpi"):
            args.append(self.define_from_variant("BUILD_SHARED_LIBS", "shared"))
            args.append(self.define("MPI_CXX_COMPILER", self.spec["mpi"].mpicxx))
        return args
