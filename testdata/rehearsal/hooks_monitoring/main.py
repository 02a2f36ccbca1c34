import sys

events = []
monitoring = sys.monitoring
monitoring.use_tool_id(3, "own")


def start(code, offset):
    name = code.co_filename.rpartition("/")[2]
    if name in ("main.py", "monitored.py"):
        events.append((name, code.co_name))


monitoring.register_callback(3, monitoring.events.PY_START, start)
monitoring.register_callback(3, monitoring.events.LINE, lambda code, line: events.append(line) if code.co_filename.endswith("monitored.py") else None)
monitoring.set_events(3, monitoring.events.PY_START | monitoring.events.LINE)
import monitored

monitored.function()
print("stop")
monitored.function()
print(events)
monitoring.set_events(3, 0)
