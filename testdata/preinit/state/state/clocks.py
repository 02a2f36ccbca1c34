"""Clocks at start, and what counts from a start."""
import datetime
import logging
import time

logging.basicConfig(format="%(levelname)s:%(name)s:%(module)s:%(lineno)d:%(message)s")
LOG = logging.getLogger("state.clocks")


def check_clocks():
    first = time.time(), time.time_ns(), time.monotonic(), time.perf_counter(), time.process_time()
    sum(range(100_000))
    second = time.time(), time.time_ns(), time.monotonic(), time.perf_counter(), time.process_time()
    print(all(one <= other for one, other in zip(first, second)), first[3] < second[3], first[4] < second[4])
    print(time.process_time() < 100, abs(datetime.datetime.now().timestamp() - time.time()) < 50)
    print(abs(time.time() - float(input())) < 500)
    record = LOG.makeRecord("x", logging.INFO, "file", 1, "text", (), None)
    print(0 <= record.relativeCreated < 100_000, abs(record.created - time.time()) < 50)


def check_logging():
    LOG.warning("to the handler of the import")
    LOG.info("not shown")
    logging.getLogger().setLevel(logging.DEBUG)
    LOG.debug("shown %d", 1)
    try:
        1 / 0
    except ZeroDivisionError:
        LOG.exception("caught")
