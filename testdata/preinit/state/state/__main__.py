import sys

from state import (
    alike,
    calls,
    clocks,
    containers,
    drawn,
    ends,
    environment,
    failures,
    folders,
    memory,
    modules,
    streams,
    suspended,
    world,
)

CHECKS = {}
for module in (
    alike,
    calls,
    clocks,
    containers,
    drawn,
    ends,
    environment,
    failures,
    folders,
    memory,
    modules,
    streams,
    suspended,
    world,
):
    for name, value in vars(module).items():
        if name.startswith("check_"):
            CHECKS[name.removeprefix("check_")] = value

sys.exit(CHECKS[sys.argv[1]]())
