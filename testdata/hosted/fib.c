/* fib(n), by definition: what a call costs. */
#include "hosted.h"

HOSTED(fib) uint32_t fib(uint32_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
