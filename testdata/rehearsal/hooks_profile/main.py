import sys

events = []


def profile(frame, event, argument):
    name = frame.f_code.co_filename.rpartition("/")[2]
    if name in ("main.py", "profiled.py") and not event.startswith("c_"):
        events.append((name, frame.f_code.co_name, event))


sys.setprofile(profile)
import profiled

before = list(events)
print("stop")
profiled.function()
sys.setprofile(None)
print(before)
print(events)
