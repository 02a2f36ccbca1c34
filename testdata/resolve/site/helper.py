def f(license):
    return license
