"""A little of each of the standard library's most used modules, in one small job runner."""

import asyncio
import json
import logging
import re
import sys
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Literal, Protocol, TypedDict, get_type_hints

log = logging.getLogger("jobs")

DURATION = re.compile(r"(?:(?P<hours>\d+)h)?\s*(?:(?P<minutes>\d+)m)?")


class Row(TypedDict):
    """A job as it comes in."""

    name: str
    start: str
    takes: str


class Sink(Protocol):
    """Whatever takes results."""

    def put(self, job: "Job") -> None: ...


@dataclass(order=True, frozen=True)
class Job:
    """A job with its time."""

    start: datetime
    name: str = field(compare=False)
    takes: timedelta = field(compare=False, default=timedelta())
    state: Literal["new", "done", "failed"] = field(compare=False, default="new")

    @classmethod
    def from_row(cls, row: Row) -> "Job":
        """Reads a row; raises ValueError where it is none."""
        match = DURATION.fullmatch(row["takes"])
        if match is None or not match.group(0):
            raise ValueError(f"not a duration: {row['takes']!r}")
        parts = {unit: int(number) for unit, number in match.groupdict(default="0").items()}
        return cls(datetime.fromisoformat(row["start"]).astimezone(UTC), row["name"], timedelta(**parts))

    @property
    def end(self) -> datetime:
        """When the job ends."""
        return self.start + self.takes


class Memory:
    """A sink that keeps everything."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def put(self, job: Job) -> None:
        """Keeps one job."""
        self.jobs.append(job)


async def run(job: Job, sink: Sink) -> None:
    """Runs one job; names with a digit fail."""
    log.debug("start %s", job.name)
    await asyncio.sleep(0)
    state = "failed" if re.search(r"\d", job.name) else "done"
    if state == "failed":
        log.warning("%-8s failed after %s", job.name, job.takes)
    sink.put(replace(job, state=state))


async def run_all(jobs: list[Job]) -> list[Job]:
    """Runs all jobs side by side."""
    memory = Memory()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(run(job, memory))
    return sorted(memory.jobs)


def plain(value: Any) -> str:
    """JSON for what json does not know."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    raise TypeError(f"not serializable: {type(value).__name__}")


def main() -> int:
    """Reads rows as JSON, runs them, and prints the results as JSON."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        rows: list[Row] = json.load(sys.stdin)
        jobs = [Job.from_row(row) for row in rows]
    except ValueError as error:
        log.error("bad input: %s", error)
        return 1

    results = asyncio.run(run_all(jobs))
    print(json.dumps([asdict(job) for job in results], default=plain, indent=2, ensure_ascii=False))
    print("last end:", max(job.end for job in results).astimezone(timezone(timedelta(hours=-3.5))))
    print("leap day:", date(2024, 2, 28) + timedelta(days=1), datetime(2024, 2, 29).strftime("%A %j %U"))
    print("hints:", sorted(get_type_hints(Row)))
    return int(any(job.state == "failed" for job in results))


if __name__ == "__main__":
    sys.exit(main())
