// Contracts: what must hold unless Buddy has a bug. Checked builds abort; others trust.
#pragma once

#include <cstdio>
#include <cstdlib>

#if defined(BUDDY_CHECKED) && BUDDY_CHECKED
#define BUDDY_EXPECT(condition)                                                             \
  do {                                                                                      \
    if (!(condition)) {                                                                     \
      std::fprintf(stderr, "%s:%d: broken contract: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                         \
    }                                                                                       \
  } while (false)
#else
#define BUDDY_EXPECT(condition) \
  do {                          \
    (void)sizeof(!(condition)); \
  } while (false)
#endif
