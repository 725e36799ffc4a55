/* Programs that pull: histogram and index gather over conveyors, timed. The same source compiles
   against any convey.h; -DPULL_SHMEM starts it by OpenSHMEM instead of MPI.
     pull [updates per PE] [table entries in all] [repetitions]
   Each line: kernel, items of all PEs per microsecond, nanoseconds per item and PE. */
#include <convey.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef PULL_SHMEM
#include <shmem.h>
#else
#include <mpi.h>
#endif

typedef struct {
  int64_t slot;
  int64_t rest[7];
} wide_t;

typedef struct {
  int64_t slot;
  int64_t value;
} request_t;

static int pe, pes;
static int64_t updates = 1 << 22, entries = 1 << 20, repetitions = 3;
static int64_t per_pe;   /* entries of the table on each PE */
static int64_t* table;   /* this PE's part */
static int64_t* targets; /* of the updates: slot << 20 | PE */
static int64_t* gathered;

static void start(int* argc, char*** argv) {
#ifdef PULL_SHMEM
  (void)argc, (void)argv;
  shmem_init();
  pe = shmem_my_pe();
  pes = shmem_n_pes();
#else
  MPI_Init(argc, argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &pe);
  MPI_Comm_size(MPI_COMM_WORLD, &pes);
#endif
}

static void barrier(void) {
#ifdef PULL_SHMEM
  shmem_barrier_all();
#else
  MPI_Barrier(MPI_COMM_WORLD);
#endif
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fail(const char* what) {
  fprintf(stderr, "PE %d: %s\n", pe, what);
  exit(1);
}

/* As bale's histogram calls them: everything checked, pull() copies. */
static void histogram_pull(convey_t* c) {
  int64_t i = 0, slot;
  while (convey_advance(c, i == updates)) {
    for (; i < updates; i++) {
      const int64_t item = targets[i] >> 20;
      if (!convey_push(c, &item, targets[i] & 0xfffff)) break;
    }
    while (convey_pull(c, &slot, NULL) == convey_OK) table[slot] += 1;
  }
}

static void histogram_apull(convey_t* c) {
  int64_t i = 0;
  const int64_t* slot;
  while (convey_advance(c, i == updates)) {
    for (; i < updates; i++) {
      const int64_t item = targets[i] >> 20;
      if (!convey_push(c, &item, targets[i] & 0xfffff)) break;
    }
    while ((slot = convey_apull(c, NULL)) != NULL) table[*slot] += 1;
  }
}

static void histogram_wide(convey_t* c) {
  int64_t i = 0;
  wide_t item;
  const wide_t* arrived;
  memset(&item, 0, sizeof item);
  while (convey_advance(c, i == updates)) {
    for (; i < updates; i++) {
      item.slot = targets[i] >> 20;
      if (!convey_push(c, &item, targets[i] & 0xfffff)) break;
    }
    while ((arrived = convey_apull(c, NULL)) != NULL) table[arrived->slot] += 1;
  }
}

static double histogram(void (*run)(convey_t*), size_t item_bytes, uint64_t options) {
  memset(table, 0, (size_t)per_pe * 8);
  convey_t* c = convey_new(SIZE_MAX, 0, NULL, options);
  if (c == NULL) fail("convey_new");
  if (convey_begin(c, item_bytes, 0) < 0) fail("convey_begin");
  barrier();
  double seconds = -now();
  run(c);
  barrier();
  seconds += now();
  convey_reset(c);
  convey_free(c);
  return seconds;
}

/* Two conveyors: requests that stay unanswered while the replies are full are put back. */
static double index_gather(uint64_t options) {
  for (int64_t i = 0; i < per_pe; i++) table[i] = i * pes + pe;
  convey_t* requests = convey_new(SIZE_MAX, 0, NULL, options | convey_opt_SCATTER);
  convey_t* replies = convey_new(SIZE_MAX, 0, NULL, options);
  if (requests == NULL || replies == NULL) fail("convey_new");
  convey_begin(requests, sizeof(request_t), 0);
  convey_begin(replies, sizeof(request_t), 0);
  barrier();
  double seconds = -now();
  int64_t i = 0, from;
  request_t item, arrived;
  int more;
  while (more = convey_advance(requests, i == updates),
         more | convey_advance(replies, !more)) {
    for (; i < updates; i++) {
      item.slot = i;
      item.value = targets[i] >> 20;
      if (!convey_push(requests, &item, targets[i] & 0xfffff)) break;
    }
    while (convey_pull(requests, &arrived, &from) == convey_OK) {
      item.slot = arrived.slot;
      item.value = table[arrived.value];
      if (!convey_push(replies, &item, from)) {
        convey_unpull(requests);
        break;
      }
    }
    while (convey_pull(replies, &arrived, NULL) == convey_OK) gathered[arrived.slot] = arrived.value;
  }
  barrier();
  seconds += now();
  for (i = 0; i < updates; i++) {
    if (gathered[i] != (targets[i] >> 20) * pes + (targets[i] & 0xfffff)) fail("a wrong answer");
  }
  convey_reset(requests);
  convey_reset(replies);
  convey_free(requests);
  convey_free(replies);
  return seconds;
}

static void check_histogram(void) {
  int64_t sum = 0;
  for (int64_t i = 0; i < per_pe; i++) sum += table[i];
  int64_t all = sum;
#ifdef PULL_SHMEM
  static long mine, total, work[SHMEM_REDUCE_MIN_WRKDATA_SIZE], sync[SHMEM_REDUCE_SYNC_SIZE];
  for (int i = 0; i < SHMEM_REDUCE_SYNC_SIZE; i++) sync[i] = SHMEM_SYNC_VALUE;
  mine = (long)sum;
  barrier();
  shmem_long_sum_to_all(&total, &mine, 1, 0, 0, pes, work, sync);
  barrier();
  all = total;
#else
  MPI_Allreduce(&sum, &all, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
#endif
  if (all != updates * pes) fail("items were lost");
}

static void report(const char* kernel, double seconds) {
  if (pe != 0) return;
  printf("%-16s %8.1f items/us %8.2f ns/item\n", kernel, (double)(updates * pes) * 1e-6 / seconds,
         seconds * 1e9 / (double)updates);
  fflush(stdout);
}

int main(int argc, char** argv) {
  start(&argc, &argv);
  if (argc > 1) updates = atoll(argv[1]);
  if (argc > 2) entries = atoll(argv[2]);
  if (argc > 3) repetitions = atoll(argv[3]);
  per_pe = (entries + pes - 1) / pes;
  table = calloc((size_t)per_pe, 8);
  targets = calloc((size_t)updates, 8);
  gathered = calloc((size_t)updates, 8);
  if (table == NULL || targets == NULL || gathered == NULL) fail("no memory");
  uint64_t random = 0x9e3779b97f4a7c15u * (uint64_t)(pe + 1);
  for (int64_t i = 0; i < updates; i++) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    const int64_t index = (int64_t)(random % (uint64_t)(per_pe * pes));
    targets[i] = (index / pes) << 20 | (index % pes);
  }
  for (int64_t r = 0; r < repetitions; r++) {
    report("histogram_pull", histogram(histogram_pull, 8, convey_opt_SCATTER));
    check_histogram();
    report("histogram_apull", histogram(histogram_apull, 8, convey_opt_SCATTER | convey_opt_RECKLESS));
    check_histogram();
    report("histogram_64", histogram(histogram_wide, 64, convey_opt_SCATTER | convey_opt_RECKLESS));
    check_histogram();
    report("index_gather", index_gather(0));
  }
#ifdef PULL_SHMEM
  shmem_finalize();
#else
  MPI_Finalize();
#endif
  return 0;
}
