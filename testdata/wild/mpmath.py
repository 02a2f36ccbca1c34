"""Numbers of high precision: constants, functions, roots, integrals, matrices and intervals."""

from mpmath import findroot, gamma, inf, iv, matrix, mp, mpc, mpf, nsum, pi, polyroots, quad, sin, sqrt, zeta, identify, lu_solve, nstr, taylor, pslq, diff, exp, log

mp.dps = 40
print(pi, sqrt(2), mpf("0.1") + mpf("0.2"), exp(1))
print(gamma(mpf(1) / 3), zeta(3), sin(mpc(1, 2)))
print(nsum(lambda n: 1 / n**2, [1, inf]), quad(lambda x: exp(-(x**2)), [-inf, inf]) ** 2)
print(findroot(lambda x: x**3 - 2, 1.2), polyroots([1, 0, -2]))
print(lu_solve(matrix([[2, 1], [1, 3]]), matrix([3, 5])).T, matrix([[1, 2], [3, 4]]) ** -1)
print(nstr(taylor(sin, 0, 5), 5), diff(lambda x: log(x), 2), pslq([mpf(3), mpf(2)]))
mp.dps = 15
iv.dps = 15
print(iv.mpf([1, 2]) * iv.mpf("0.1"), identify(0.5), mp.mpf("1e500"), mp.nan, 1 / mp.mpf(3))
