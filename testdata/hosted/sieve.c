/* How many primes there are up to n, at most LIMIT: what loops and memory cost. */
#include "hosted.h"

enum { LIMIT = 10000000 };

static uint8_t composite[LIMIT + 1];

HOSTED(sieve) uint32_t sieve(uint32_t n) {
  if (n > LIMIT) return 0;
  uint32_t count = 0;
  for (uint32_t i = 2; i <= n; i++) composite[i] = 0;
  for (uint32_t i = 2; i <= n; i++) {
    if (composite[i]) continue;
    count++;
    for (uint64_t j = (uint64_t)i * i; j <= n; j += i) composite[j] = 1;
  }
  return count;
}
