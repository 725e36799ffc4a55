/* A histogram that is spread over all PEs, by a program that pulls. */
#include <convey.h>
#include <mpi.h>
#include <stdio.h>

enum { slots = 1000, updates = 10000 };

int main(int argc, char** argv) {
  int me, pes;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &me);
  MPI_Comm_size(MPI_COMM_WORLD, &pes);

  static long counts[slots]; /* this PE's part */
  convey_t* conveyor = convey_new(SIZE_MAX, 0, NULL, 0);
  if (conveyor == NULL || convey_begin(conveyor, sizeof(int), 0) < 0) return 1;

  int next = 0, status;
  while ((status = convey_advance(conveyor, next == updates)) > 0) {
    for (; next < updates; ++next) {
      const long where = (next * 7919L + me) % (slots * (long)pes);
      const int slot = (int)(where / pes);
      if (convey_push(conveyor, &slot, where % pes) != convey_OK) break; /* full: try again later */
    }
    const int* slot;
    while ((slot = convey_apull(conveyor, NULL)) != NULL) ++counts[*slot];
  }
  if (status < 0) {
    fprintf(stderr, "PE %d: %s\n", me, convey_error_string(conveyor, status));
    return 1;
  }
  convey_reset(conveyor);
  convey_free(conveyor);

  long mine = 0, all = 0;
  for (int i = 0; i < slots; ++i) mine += counts[i];
  MPI_Reduce(&mine, &all, 1, MPI_LONG, MPI_SUM, 0, MPI_COMM_WORLD);
  if (me == 0) printf("%ld updates on %d PEs\n", all, pes);
  MPI_Finalize();
  return all != (me == 0 ? (long)updates * pes : 0);
}
