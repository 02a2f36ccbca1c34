"""Integrates, solves and prints."""

from sympy import (
    Eq,
    Integral,
    Matrix,
    Symbol,
    cos,
    diff,
    exp,
    integrate,
    latex,
    limit,
    oo,
    pi,
    pretty,
    simplify,
    sin,
    solve,
    sqrt,
    symbols,
)

x, y = symbols("x y")
n = Symbol("n", integer=True, positive=True)

print(integrate(x**2 * exp(x) * cos(x), x))
print(integrate(exp(-(x**2)), (x, -oo, oo)))
print(integrate(1 / (x**4 + 1), x))
print(diff(sin(x) * exp(x), x, 3))
print(limit(sin(x) / x, x, 0))
print(solve(Eq(x**3 - 6 * x**2 + 11 * x, 6), x))
print(simplify(sin(x) ** 2 + cos(x) ** 2))
print(Matrix([[2, 1], [1, 3]]).eigenvals())
print(sqrt(2).evalf(40), pi.evalf(30))
print(latex(Integral(sqrt(1 / x), (x, 1, y))))
print(pretty(Integral(x**2 / (1 + sqrt(x)), x), use_unicode=True))
