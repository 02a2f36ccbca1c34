"""What `sysconfig.get_config_vars()` knows beyond the paths that it computes itself.

CPython's build writes this module from its Makefile, with the build machine's paths in it. This one holds
what a program at run time can ask for; there is no compiler and no installation that the rest could describe.
"""
build_time_vars = {
    "EXE": ".wasm",
    "EXT_SUFFIX": ".cpython-313-wasm32-wasi.so",
    "HOST_GNU_TYPE": "wasm32-unknown-wasip1",
    "INCLUDEPY": "/pywasm/include/python3.13",
    "LDVERSION": "3.13",
    "LIBDEST": "/pywasm/lib/python3.13",
    "LIBDIR": "/pywasm/lib",
    "MACHDEP": "wasi",
    "MULTIARCH": "wasm32-wasi",
    "PLATLIBDIR": "lib",
    "Py_DEBUG": 0,
    "Py_ENABLE_SHARED": 0,
    "Py_GIL_DISABLED": 0,
    "SHLIB_SUFFIX": ".so",
    "SIZEOF_LONG": 4,
    "SIZEOF_SIZE_T": 4,
    "SIZEOF_TIME_T": 8,
    "SIZEOF_VOID_P": 4,
    "SIZEOF_WCHAR_T": 4,
    "SOABI": "cpython-313-wasm32-wasi",
    "TZPATH": "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo",
    "VERSION": "3.13",
    "WITH_PYMALLOC": 1,
    "prefix": "/pywasm",
    "exec_prefix": "/pywasm",
}
