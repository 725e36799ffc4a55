/* A program for conveyors outside the tree, in C, that leaves MPI to Buddy: every PE sends an item to
   PE 0. */
#include <convey.h>
#include <stdio.h>

#ifndef BUDDY_CONVEY
#error "another convey.h comes first on the include path"
#endif

int main(void) {
  convey_t* c = convey_new(SIZE_MAX, 0, NULL, 0);
  const int item = 42;
  int pulled = 0, status, got;
  if (c == NULL || convey_begin(c, sizeof item, 0) != convey_OK) return 1;
  int pushed = 0;
  while ((status = convey_advance(c, pushed)) > 0) {
    if (!pushed) pushed = convey_push(c, &item, 0) == convey_OK;
    while (convey_pull(c, &got, NULL) == convey_OK) pulled += got == item;
  }
  if (status != convey_DONE) return 1;
  convey_free(c);
  if (pulled > 0) printf("convey consumer: %d PEs\n", pulled);
  return 0;
}
