/* An OpenSHMEM program for conveyors: items through one, the counts of them through memory of SHMEM. */
#include <convey.h>
#include <shmem.h>
#include <stdio.h>

int main(void) {
  static long sent_to_me = 0;
  long pulled = 0, next = 0, item;
  shmem_init();
  const int me = shmem_my_pe(), pes = shmem_n_pes();
  convey_t* c = convey_new(SIZE_MAX, 0, NULL, 0);
  if (c == NULL || convey_begin(c, sizeof(long), 0) != convey_OK) return 1;
  shmem_barrier_all();
  while (convey_advance(c, next == 10000) > 0) {
    for (; next < 10000 && convey_push(c, &next, (next + me) % pes) == convey_OK; ++next) {
      if (next % 100 == 0) shmem_long_atomic_add(&sent_to_me, 1, (int)((next + me) % pes));
    }
    while (convey_pull(c, &item, NULL) == convey_OK) pulled += item % 100 == 0;
  }
  shmem_barrier_all();
  convey_free(c);
  printf("PE %d: %s\n", me, pulled == sent_to_me ? "ok" : "wrong");
  fflush(stdout);
  shmem_barrier_all();
  shmem_finalize();
  return 0;
}
