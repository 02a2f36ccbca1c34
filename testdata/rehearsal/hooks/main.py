"""Tracing, profiling and their like, set before an import."""
import sys
import threading

events = []
FILES = ("main.py", "traced.py")


def name_of(frame):
    return frame.f_code.co_filename.rpartition("/")[2]


def trace(frame, event, argument):
    if name_of(frame) in FILES:
        events.append((name_of(frame), frame.f_code.co_name, event, frame.f_lineno))
        return trace
    return None


sys.settrace(trace)
import traced

traced.function()
settled = sys.gettrace() is trace
print("stop")
traced.function()
sys.settrace(None)
print(settled, events)
events.clear()


def profile(frame, event, argument):
    if name_of(frame) in FILES and not event.startswith("c_"):
        events.append((name_of(frame), frame.f_code.co_name, event))


sys.setprofile(profile)
import traced_late

traced.function()
sys.setprofile(None)
print(events)
