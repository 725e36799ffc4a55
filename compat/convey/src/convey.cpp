// The functions of convey.h that work on a conveyor: no exception leaves them.
#include <convey.h>

#include <cstdio>
#include <exception>
#include <new>

#include "conveyor.hpp"
#include "errors.hpp"
#include "world.hpp"

using namespace buddy::convey;

namespace {

/// Prints what went wrong unless it was said before, and returns it.
int report(convey_t* c, const char* call, int result) noexcept {
  if (result >= 0 || !c->shall_print(result)) return result;
  const World* const world = World::current();
  const bool failed = result == error_comms && world != nullptr;
  std::fprintf(stderr, "buddy: PE %d, %s: %s%s%s\n", world == nullptr ? 0 : world->rank(), call,
               text_of(result), failed ? ": " : "", failed ? world->failure().c_str() : "");
  return result;
}

/// Runs what a call does. \return its result, or that of the job's failure
template <class Call>
int guarded(convey_t* c, const char* name, Call call) noexcept {
  if (c == nullptr) return error_null;
  World* const world = World::current();
  if (world == nullptr || world->failed()) return report(c, name, error_comms);
  try {
    return report(c, name, call());
  } catch (const std::bad_alloc&) {
    return report(c, name, error_alloc);
  } catch (const std::exception& error) {
    world->fail(error.what());
    return report(c, name, error_comms);
  }
}

bool no_plan(const convey_cargo_t* /*cargo*/, convey_layout_t* /*layout*/) { return false; }

}  // namespace

extern "C" {

const convey_codec_t convey_standard_codec = {"none", no_plan, nullptr, nullptr, nullptr, nullptr};

int convey_begin(convey_t* c, size_t item_bytes, size_t align) {
  return guarded(c, "convey_begin", [&] { return c->begin(item_bytes, align); });
}

int buddy_convey_push(convey_t* c, const void* item, int64_t pe) {
  return guarded(c, "convey_push", [&] { return c->push(item, pe); });
}

int convey_push(convey_t* c, const void* item, int64_t pe) {
  return buddy_convey_push(c, item, pe);
}

int convey_epush(convey_t* c, size_t bytes, const void* item, int64_t pe) {
  return guarded(c, "convey_epush", [&] { return c->epush(bytes, item, pe); });
}

int buddy_convey_pull(convey_t* c, void* item, int64_t* from) {
  return guarded(c, "convey_pull", [&] { return c->pull(item, from); });
}

int convey_pull(convey_t* c, void* item, int64_t* from) { return buddy_convey_pull(c, item, from); }

void* buddy_convey_apull(convey_t* c, int64_t* from) {
  void* item = nullptr;
  guarded(c, "convey_apull", [&] {
    item = c->apull(from);
    return convey_OK;
  });
  return item;
}

void* convey_apull(convey_t* c, int64_t* from) { return buddy_convey_apull(c, from); }

int convey_epull(convey_t* c, convey_item_t* result) {
  if (c != nullptr && result == nullptr) return report(c, "convey_epull", error_usage);
  return guarded(c, "convey_epull", [&] { return c->epull(*result); });
}

int convey_unpull(convey_t* c) {
  return guarded(c, "convey_unpull", [&] { return c->unpull(); });
}

int convey_advance(convey_t* c, bool done) {
  return guarded(c, "convey_advance", [&] { return c->advance(done); });
}

int convey_reset(convey_t* c) {
  return guarded(c, "convey_reset", [&] { return c->reset(); });
}

int convey_free(convey_t* c) {
  if (c == nullptr) return convey_OK;
  const World* const world = World::current();
  const bool working = world != nullptr && !world->failed();
  if (working && c->state() != State::dormant && c->state() != State::complete) {
    return report(c, "convey_free", error_state);
  }
  const bool failed = world != nullptr && world->failed();
  const int result = failed ? int{error_comms} : int{convey_OK};
  report(c, "convey_free", result);
  delete c;
  return result;
}

int convey_set_codec(convey_t* c, const convey_codec_t* codec, void* /*arg*/) {
  return guarded(c, "convey_set_codec", [&]() -> int {
    if (c->state() != State::dormant) return error_state;
    return codec != nullptr && codec->plan == nullptr ? convey_FAIL : convey_OK;
  });
}

size_t convey_item_size(convey_t* c) { return c == nullptr ? 0 : c->item_size(); }

uint64_t convey_features(convey_t* c) { return c == nullptr ? 0 : c->features(); }

int64_t convey_statistic(convey_t* c, int which) { return c == nullptr ? 0 : c->statistic(which); }

const char* convey_error_string(convey_t* /*c*/, int error) { return text_of(error); }

}  // extern "C"
