/* Conveyors on Buddy: messages that a program pushes to PEs and pulls when it likes.

   The names, enumerations and rules are those of bale 3.0's conveyors, so that programs written for
   them compile and run unchanged; the rest of this header is Buddy's. It is also Buddy's C interface.
   The manual is docs/convey.md. C11 or C++.

   Life of a conveyor: new -> dormant -begin-> working -advance(true)-> cleanup -> complete
   -reset-> dormant. new, begin, reset, free and set_codec are collective over all PEs, which are the
   ranks of MPI_COMM_WORLD. Negative results are errors; convey_error_string() explains them.
   Threads: the one that made the first conveyor. */
#ifndef BUDDY_CONVEY_H
#define BUDDY_CONVEY_H

/* Proves at compile time that this header is in use. */
#define BUDDY_CONVEY 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "convey_alc8r.h"
#include "convey_codec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Results that are no errors. */
enum convey_status {
  convey_DONE = 0, /* advance: complete */
  convey_FAIL = 0, /* push: full; pull: nothing there */
  convey_OK = 1,
  convey_NEAR = 2 /* advance: all has arrived, and some of it is still to be pulled */
};

/* Bits of convey_features(). */
enum convey_feature {
  convey_ELASTIC = 0x01, /* epush and epull */
  convey_STEADY = 0x02,  /* delivers without the end */
  convey_THRIFTY = 0x04  /* compresses: never here */
};

/* For convey_statistic(): since the last reset, or with CUMULATIVE added, since the conveyor was
   made. */
enum convey_statistic {
  convey_BEGINS = 0,
  convey_PUSHES,
  convey_PULLS,
  convey_UNPULLS,
  convey_ADVANCES,
  convey_COMMS, /* packs of items given to Buddy for other PEs */
  convey_SYNCS, /* collective agreements: one per begin */
  convey_BYTES, /* in those packs */
  convey_CUMULATIVE
};

/* Bits of the constructors' options. */
enum convey_option {
  convey_opt_RECKLESS = 0x01, /* no effect: the checks cost nothing that could be saved */
  convey_opt_DYNAMIC = 0x02,  /* memory is given back at every reset */
  convey_opt_QUIET = 0x04,    /* errors are returned and not printed */
  convey_opt_SCATTER = 0x08,  /* no effect */
  convey_opt_PROGRESS = 0x10, /* steady */
  convey_opt_ALERT = 0x20,    /* says once what has no effect here */
  convey_opt_COMPRESS = 0x40  /* no effect */
};
enum convey_expert_option {
  convey_opt_STANDARD = 0x100000, /* no effect */
  convey_opt_BLOCKING = 0x200000  /* no effect */
};

/* Largest alignment that pulled pointers can have. */
#define CONVEY_MAX_ALIGN (UINT64_C(64))

typedef struct conveyor convey_t;
typedef struct mpp_alltoall convey_mpp_a2a_t; /* only ever a pointer, not used */

/* What epull() gives: valid until the next pull or unpull. */
typedef struct {
  size_t bytes;
  void* data;
  int64_t from;
} convey_item_t;

extern const char convey_version[];

/* ---- constructors: NULL if the arguments are invalid or the job has failed ------------------- */

/* For items of one size. max_bytes, n_local and alloc are hints without effect. */
convey_t* convey_new(size_t max_bytes, size_t n_local, const convey_alc8r_t* alloc,
                     uint64_t options);
/* For items of any size up to item_bound bytes. */
convey_t* convey_new_elastic(size_t item_bound, size_t max_bytes, size_t n_local,
                             const convey_alc8r_t* alloc, uint64_t options);
/* The same for programs that chose a way to route. capacity, in bytes, limits the size of an item;
   all else is checked and has no effect. */
convey_t* convey_new_simple(size_t capacity, const convey_alc8r_t* alloc,
                            const convey_mpp_a2a_t* a2a, uint64_t options);
convey_t* convey_new_twohop(size_t capacity, size_t row_procs, const convey_alc8r_t* alloc,
                            uint64_t options);
convey_t* convey_new_tensor(size_t capacity, int order, size_t n_local, size_t n_buffers,
                            const convey_alc8r_t* alloc, uint64_t options);
convey_t* convey_new_etensor(size_t buffer_bytes, size_t monster_bytes, int order, size_t n_local,
                             size_t n_buffers, const convey_alc8r_t* alloc, uint64_t options);

/* ---- methods -------------------------------------------------------------------------------- */

/* Collective: dormant to working. An align that is no power of 2, does not divide item_bytes or is
   too large becomes the largest one that is allowed. */
int convey_begin(convey_t* c, size_t item_bytes, size_t align);
/* Working: declares with done that nothing will be pushed any more; true from then on. Moves
   messages. OK, NEAR or DONE. */
int convey_advance(convey_t* c, bool done);
/* Collective: complete to dormant. */
int convey_reset(convey_t* c);
/* Collective: complete or dormant. NULL is OK. */
int convey_free(convey_t* c);
/* Steps back before the item that was pulled last. */
int convey_unpull(convey_t* c);
/* Elastic conveyors only. */
int convey_epush(convey_t* c, size_t bytes, const void* item, int64_t pe);
int convey_epull(convey_t* c, convey_item_t* result);
/* Dormant: accepted without effect. */
int convey_set_codec(convey_t* c, const convey_codec_t* codec, void* arg);

size_t convey_item_size(convey_t* c); /* 0 if dormant */
uint64_t convey_features(convey_t* c);
int64_t convey_statistic(convey_t* c, int which); /* -1: there is no such statistic */
const char* convey_error_string(convey_t* c, int error);

/* ---- push and pull: what they do nearly always is compiled into the program ------------------- */

/* Not for programs: the first members of a conveyor. All pointers are null, and pes is 0, where the
   functions of the library have to look closer. */
struct buddy_convey_lane {
  char* next;  /* where the next item goes */
  char* limit; /* where none fits any more */
};
struct buddy_convey_fast {
  struct buddy_convey_lane* lanes; /* by PE */
  uint64_t pes;
  char* read;
  char* read_limit;
  uint64_t item_bytes;
  int64_t from; /* who pushed what lies between read and read_limit */
};

int buddy_convey_push(convey_t* c, const void* item, int64_t pe);
int buddy_convey_pull(convey_t* c, void* item, int64_t* from);
void* buddy_convey_apull(convey_t* c, int64_t* from);

#ifdef BUDDY_CONVEY_LIBRARY /* the library has them as functions, too, for other languages */
int convey_push(convey_t* c, const void* item, int64_t pe);
int convey_pull(convey_t* c, void* item, int64_t* from);
void* convey_apull(convey_t* c, int64_t* from);
#else

#define BUDDY_CONVEY_LIKELY(condition) __builtin_expect(!!(condition), 1)

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push /* g++ 12 warns of the sizes that the program's items do not have */
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif

/* Copies of the sizes that the program's own object may have, where the compiler knows it. */
#define BUDDY_CONVEY_COPY(to, from, bytes, object)                                    \
  do {                                                                                \
    const size_t buddy_room = __builtin_object_size(object, 0);                       \
    if (buddy_room >= 8 && bytes == 8) {                                              \
      __builtin_memcpy(to, from, 8);                                                  \
    } else if (buddy_room >= 16 && bytes == 16) {                                     \
      __builtin_memcpy(to, from, 16);                                                 \
    } else if (buddy_room >= 4 && bytes == 4) {                                       \
      __builtin_memcpy(to, from, 4);                                                  \
    } else if (buddy_room >= 64 && bytes == 64) {                                     \
      __builtin_memcpy(to, from, 64);                                                 \
    } else {                                                                          \
      __builtin_memcpy(to, from, bytes);                                              \
    }                                                                                 \
  } while (0)

/* Copies an item and sends it to a PE. OK, or FAIL if there is no room: advance, pull, try again. */
static inline int convey_push(convey_t* c, const void* item, int64_t pe) {
  struct buddy_convey_fast* fast = (struct buddy_convey_fast*)c;
  if (BUDDY_CONVEY_LIKELY(fast && item && (uint64_t)pe < fast->pes)) {
    struct buddy_convey_lane* lane = fast->lanes + pe;
    char* next = lane->next;
    if (BUDDY_CONVEY_LIKELY(next != lane->limit)) {
      const uint64_t bytes = fast->item_bytes;
      lane->next = next + bytes;
      BUDDY_CONVEY_COPY(next, item, bytes, item);
      return convey_OK;
    }
  }
  return buddy_convey_push(c, item, pe);
}

/* Copies the next item that has arrived, and tells who pushed it. from may be NULL. OK, or FAIL. */
static inline int convey_pull(convey_t* c, void* item, int64_t* from) {
  struct buddy_convey_fast* fast = (struct buddy_convey_fast*)c;
  if (BUDDY_CONVEY_LIKELY(fast && item && fast->read != fast->read_limit)) {
    const uint64_t bytes = fast->item_bytes;
    char* read = fast->read;
    fast->read = read + bytes;
    if (from) *from = fast->from;
    BUDDY_CONVEY_COPY(item, read, bytes, item);
    return convey_OK;
  }
  return buddy_convey_pull(c, item, from);
}

/* The same without a copy: an aligned pointer, valid until the next pull or unpull. NULL: none. */
static inline void* convey_apull(convey_t* c, int64_t* from) {
  struct buddy_convey_fast* fast = (struct buddy_convey_fast*)c;
  if (BUDDY_CONVEY_LIKELY(fast && fast->read != fast->read_limit)) {
    char* read = fast->read;
    fast->read = read + fast->item_bytes;
    if (from) *from = fast->from;
    return read;
  }
  return buddy_convey_apull(c, from);
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif

#ifdef __cplusplus
}
#endif

#endif
