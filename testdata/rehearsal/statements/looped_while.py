from __main__ import log

log.append("looped while")
