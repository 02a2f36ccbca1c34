"""Limits and use of resources. Limits are kept, not enforced: the host decides. Time is the artifact's own, memory WebAssembly's."""
import time
from _operator import index as _index
from _structure import Structure

error = OSError
RLIM_INFINITY = -1
RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_RSS, RLIMIT_NPROC = range(7)
RLIMIT_NOFILE = RLIMIT_OFILE = 7
RLIMIT_MEMLOCK, RLIMIT_AS, RLIMIT_SIGPENDING, RLIMIT_MSGQUEUE, RLIMIT_NICE = 8, 9, 11, 12, 13
RLIMIT_RTPRIO, RLIMIT_RTTIME = 14, 15
RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD = 0, -1, 1
_PAGE = 4096

_limits = dict.fromkeys(range(16), (RLIM_INFINITY, RLIM_INFINITY))
_limits |= {
    RLIMIT_STACK: (1 << 20, 1 << 20),
    RLIMIT_CORE: (0, 0),
    RLIMIT_NOFILE: (1024, 1024),
    RLIMIT_NPROC: (1, 1),
    RLIMIT_AS: (1 << 32, 1 << 32),
    RLIMIT_MEMLOCK: (0, 0),
    RLIMIT_NICE: (0, 0),
    RLIMIT_RTPRIO: (0, 0),
}


class struct_rusage(Structure):
    fields = (
        "ru_utime", "ru_stime", "ru_maxrss", "ru_ixrss", "ru_idrss", "ru_isrss", "ru_minflt", "ru_majflt", "ru_nswap",
        "ru_inblock", "ru_oublock", "ru_msgsnd", "ru_msgrcv", "ru_nsignals", "ru_nvcsw", "ru_nivcsw",
    )


struct_rusage.publish(__name__)


def getpagesize():
    return _PAGE


def getrusage(who, /):
    if who not in (RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD):
        raise ValueError("invalid who parameter")
    spent = 0.0 if who == RUSAGE_CHILDREN else time.process_time()
    return struct_rusage((spent, 0.0) + (0,) * 14)


def getrlimit(resource, /):
    if not -1 << 31 <= resource < 1 << 31:
        raise OverflowError("Python int too large to convert to C int")
    if not 0 <= resource <= 15:
        raise ValueError("invalid resource specified")
    return _limits[resource]


def setrlimit(resource, limits, /):
    getrlimit(resource)
    limits = tuple(limits)
    if len(limits) != 2:
        raise ValueError("expected a tuple of 2 integers")
    soft, hard = map(_index, limits)
    if min(soft, hard) < RLIM_INFINITY:
        raise ValueError("Cannot convert negative int")
    above = float("inf")
    if (above if soft == -1 else soft) > (above if hard == -1 else hard):
        raise ValueError("current limit exceeds maximum limit")
    if (above if hard == -1 else hard) > (above if _limits[resource][1] == -1 else _limits[resource][1]):
        raise ValueError("not allowed to raise maximum limit")
    _limits[resource] = soft, hard


def prlimit(pid, resource, limits=None, /):
    import os

    if pid not in (0, os.getpid()):
        raise ProcessLookupError(3, "No such process")
    old = getrlimit(resource)
    if limits is not None:
        setrlimit(resource, limits)
    return old
