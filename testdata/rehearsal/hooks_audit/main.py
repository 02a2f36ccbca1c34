import sys

heard = []
listening = True


def hook(event, arguments):
    if listening and event in ("import", "exec", "compile", "sys._getframe", "object.__setattr__", "code.__new__", "own.event", "sys.settrace", "gc.get_objects", "function.__new__"):
        heard.append((event, arguments[0] if event in ("import", "own.event") else None))


sys.addaudithook(hook)
sys.audit("own.event", 1)
import audited

print("stop")
sys.audit("own.event", 2)
import audited_late

listening = False
print([item for item in heard if item[0] not in ("compile", "exec", "import") or item[1]])
