// Function pointers of libraries that ranks have loaded differently. What is expected:
// foreign_test.sh.
// usage: foreign one | other | order | caught
#include <dlfcn.h>
#include <unistd.h>

#include <buddy/buddy.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using Function = void (*)();

/// Two libraries of glibc's that nothing else loads, and a function of the first that does nothing
/// of note.
constexpr const char* first = "libthread_db.so.1";
constexpr const char* second = "libBrokenLocale.so.1";

void* load(const char* library) {
  void* const loaded = ::dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  if (loaded != nullptr) return loaded;
  std::fprintf(stderr, "%s\n", ::dlerror());
  std::_Exit(8);
}

Function function_of(void* library) {
  return reinterpret_cast<Function>(::dlsym(library, "td_init"));
}

int after = 0;

/// Thousands of messages from rank 0 that rank 1 cannot run.
void send(buddy::Comm& comm, Function function) {
  for (int i = 0; i < 5000; ++i) comm.async(1, function);
  comm.async_bcast([] { ++after; });
}

}  // namespace

int main(int argc, char** argv) {
  ::alarm(60);
  const std::string how = argc > 1 ? argv[1] : "";
  buddy::Comm comm(&argc, &argv);
  Function function = nullptr;
  if (comm.rank() == 0) {
    function = function_of(load(first));
    if (how == "order") load(second);
  } else if (how == "other") {
    load(second);
  } else if (how == "order") {
    load(second);
    load(first);
  }
  comm.control_barrier();
  if (how == "silent") {  // the destructor finds it
    if (comm.rank() == 0) send(comm, function);
    return 0;
  }
  try {
    if (comm.rank() == 0) send(comm, function);
    comm.barrier();
    std::printf("rank %d: %d messages after them\n", comm.rank(), after);
    return 0;
  } catch (const buddy::Error& error) {
    std::printf("code %d: %s\n", static_cast<int>(error.code()), error.what());
    std::fflush(stdout);
    if (how == "caught" && comm.rank() == 1) ::sleep(2);  // the others hear of it all the same
    return 7;
  }
}
