/* Memory that a program brings along for a conveyor. */
#ifndef BUDDY_CONVEY_ALC8R_H
#define BUDDY_CONVEY_ALC8R_H

#include <stddef.h>
#include <stdint.h>

/* Accepted by every constructor, never called: this library needs no symmetric memory. */
typedef struct convey_alc8r {
  void* alc8r; /* first argument of both functions */
  void* (*grab)(void* alc8r, size_t size, const char* tag, uint64_t value);
  void (*free)(void* alc8r, void* ptr);
} convey_alc8r_t;

#endif
