from __main__ import log, one

log.append(f"matched {one}")
