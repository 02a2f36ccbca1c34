"""Runs six loads for the interpreter and measures each of them.

usage: loads.py [ROUNDS [LOAD...]]

A round runs each load once; the default is 3 rounds of all loads. The output has one line for each load: its
name and its best time in milliseconds. A wrong result ends the program.

All interpreters run this file. Neither their start nor the imports count.
"""

import json
import re
import sys
import time


def nbody(steps):
    """Computes with floats in lists: five bodies attract each other."""
    bodies = [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47],
        [4.84, -1.16, -0.10, 0.60, 2.81, -0.02, 0.037],
        [8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.011],
        [12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017],
        [15.37, -25.91, 0.17, 0.97, 0.59, -0.03, 0.002],
    ]
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1 :]]
    for _ in range(steps):
        for a, b in pairs:
            dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
            pull = 0.01 * (dx * dx + dy * dy + dz * dz) ** -1.5
            left, right = a[6] * pull, b[6] * pull
            a[3] -= dx * right
            a[4] -= dy * right
            a[5] -= dz * right
            b[3] += dx * left
            b[4] += dy * left
            b[5] += dz * left
        for body in bodies:
            body[0] += 0.01 * body[3]
            body[1] += 0.01 * body[4]
            body[2] += 0.01 * body[5]
    return round(sum(body[0] for body in bodies), 3)


def sieve(limit):
    """Uses small integers and list items."""
    prime = [True] * limit
    count = 0
    for number in range(2, limit):
        if prime[number]:
            count += 1
            multiple = number * number
            while multiple < limit:
                prime[multiple] = False
                multiple += number
    return count


def fib(n):
    """Calls a Python function."""
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def strings(count):
    """Makes, splits, joins and counts strings."""
    words = [f"word{number * 7919 % 1000}" for number in range(count)]
    seen = {}
    for word in " ".join(words).split():
        key = word.upper()[:6]
        seen[key] = seen.get(key, 0) + len(word)
    return sum(len(key) * seen[key] for key in sorted(seen))


def documents(count):
    """Writes and reads JSON."""
    rows = [
        {"id": n, "name": f"row {n}", "tags": ["a", "b\u00e9", None, True], "at": {"x": n / 4, "y": [n, n + 1]}}
        for n in range(count)
    ]
    back = json.loads(json.dumps(rows))
    back = json.loads(json.dumps(back, indent=1, sort_keys=True))
    return sum(row["at"]["y"][1] + len(row["name"]) for row in back)


def patterns(count):
    """Searches a log with regular expressions."""
    line = "2024-05-{:02} 12:{:02}:07 host{} app[{}]: GET /items/{}?q=a%20b HTTP/1.1 -> 20{} in {}ms\n"
    log = "".join(line.format(n % 28 + 1, n % 60, n % 7, n, n * 31 % 997, n % 6, n % 450) for n in range(count))
    request = re.compile(r"(\d{4}-\d\d-\d\d) [\d:]+ (?P<host>\w+) \w+\[\d+\]: GET (/\S*?)(?:\?(\S+))? HTTP/[\d.]+ -> (20[0-4])")
    total = sum(len(match["host"]) + len(match[3]) + len(match[4]) for match in request.finditer(log))
    masked = re.sub(r"\b\d+\b", lambda match: "#" * len(match[0]), log)
    return total + masked.count("#") + len(re.split(r"[\s?/\[\]]+", log))


LOADS = [
    ("nbody", nbody, 10000, -23.904),
    ("sieve", sieve, 300000, 25997),
    ("fib", fib, 27, 196418),
    ("strings", strings, 120000, 4954800),
    ("json", documents, 2500, 3145140),
    ("regex", patterns, 3000, 179275),
]


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    chosen = [row for row in LOADS if row[0] in sys.argv[2:] or len(sys.argv) < 3]
    best = {}
    for _ in range(rounds):
        for name, load, size, expected in chosen:
            start = time.perf_counter()
            result = load(size)
            taken = time.perf_counter() - start
            if result != expected:
                raise SystemExit(f"{name}: the result is {result}, not {expected}")
            best[name] = min(taken, best.get(name, taken))
    for name, taken in best.items():
        print(f"{name} {taken * 1000:.3f}")


if __name__ == "__main__":
    main()
