"""Algebra, calculus, equations, matrices, series, number theory, printing and a lambdified function."""

from sympy import Eq, Function, Integral, Matrix, Rational, cos, diff, dsolve, expand, exp, factor, factorint, integrate, lambdify, latex, limit, oo, pi, pretty, series, simplify, sin, solve, sqrt, symbols, sympify

x, y, n = symbols("x y n")
print(expand((x + y) ** 3), factor(x**3 - 1), simplify(sin(x) ** 2 + cos(x) ** 2))
print(diff(sin(x) * exp(x), x), integrate(1 / (1 + x**2), x), integrate(exp(-(x**2)), (x, -oo, oo)))
print(solve(x**2 - 2, x), solve([x + y - 3, x - y - 1], [x, y]), limit(sin(x) / x, x, 0))
print(series(cos(x), x, 0, 6), Rational(1, 3) + Rational(1, 6), sqrt(8), pi.evalf(30))
matrix = Matrix([[2, 1], [1, 3]])
print(matrix.det(), matrix.inv(), matrix.eigenvals(), matrix.rref())
f = Function("f")
print(dsolve(Eq(f(x).diff(x), f(x)), f(x)), factorint(360), sympify("2*x + x**2").subs(x, 3))
print(latex(Integral(sqrt(x) / y, x)), pretty(x**2 / y, use_unicode=True))
print(lambdify((x, y), x**2 + y, "math")(3, 4), (x > 3).subs(x, 5))
