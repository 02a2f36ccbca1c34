"""The same functions in Python."""


def fib(n):
    """fib(n), by definition."""
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def sieve(n):
    """How many primes there are up to n."""
    composite = bytearray(n + 1)
    count = 0
    for i in range(2, n + 1):
        if composite[i]:
            continue
        count += 1
        for j in range(i * i, n + 1, i):
            composite[j] = 1
    return count
