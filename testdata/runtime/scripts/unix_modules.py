"""pwd, grp, resource, fcntl, termios, syslog, readline, curses, mmap: what programs do with them where there is no terminal."""
import curses, curses.ascii, curses.panel, fcntl, grp, mmap, os, pwd, re, readline, resource, struct, sys, syslog, termios, tty


def shows(function, *arguments):
    try:
        print(function.__name__, function(*arguments))
    except Exception as error:
        print(function.__name__, type(error).__name__, isinstance(error, OSError), getattr(error, "strerror", None) or error.args[-1])


user = pwd.getpwuid(pwd.getpwall()[0].pw_uid)
print(user == pwd.getpwnam(user.pw_name), user[0] == user.pw_name, len(user), type(user).__name__, user.n_fields)
for function, argument in ((pwd.getpwuid, 54321), (pwd.getpwnam, "no such user"), (pwd.getpwnam, 3), (pwd.getpwuid, "x"),
                           (grp.getgrgid, 54321), (grp.getgrnam, "no such group"), (grp.getgrgid, "x")):
    shows(function, argument)
group = grp.getgrgid(user.pw_gid)
print(group == grp.getgrnam(group.gr_name), group.gr_gid == user.pw_gid, os.path.expanduser("~" + user.pw_name) == user.pw_dir)
print(len(resource.getrlimit(resource.RLIMIT_NOFILE)), resource.getrusage(resource.RUSAGE_SELF).ru_utime >= 0, resource.getpagesize())
shows(resource.getrlimit, 99)
shows(resource.getrusage, 5)
shows(resource.setrlimit, resource.RLIMIT_NOFILE, (5, 3))
shows(resource.setrlimit, resource.RLIMIT_NOFILE, (1, 2, 3))
with open(__file__) as file:
    print(fcntl.flock(file, fcntl.LOCK_SH), fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB), fcntl.lockf(file, fcntl.LOCK_UN))
    print(fcntl.fcntl(file, fcntl.F_GETFL) & os.O_WRONLY, fcntl.fcntl(file, fcntl.F_GETFD) & fcntl.FD_CLOEXEC)
    shows(fcntl.ioctl, file, termios.TIOCGWINSZ, b"12345678")
    shows(fcntl.flock, file, 0)
    shows(termios.tcgetattr, file)
    shows(tty.setraw, file)
    shows(termios.tcsetattr, file, termios.TCSANOW, [1])
shows(fcntl.flock, 99, fcntl.LOCK_EX)
shows(fcntl.fcntl, "a", 1)
shows(fcntl.fcntl, -1, 1)
shows(termios.tcgetattr, 99)
print(syslog.LOG_UPTO(3), syslog.LOG_MASK(3), syslog.setlogmask(3), syslog.setlogmask(0))
readline.add_history("one")
readline.add_history("two")
readline.replace_history_item(0, "zero")
print(readline.get_current_history_length(), readline.get_history_item(1), readline.get_history_item(3), readline.get_line_buffer())
readline.set_completer_delims(" ")
readline.parse_and_bind("tab: complete")
print(readline.get_completer_delims(), readline.get_completer(), readline.get_history_length())
shows(readline.remove_history_item, 5)
shows(readline.read_history_file, "/nonexistent/history")
print(curses.KEY_UP, curses.A_BOLD, curses.ascii.ctrl("a"))
shows(curses.panel.top_panel)
shows(curses.unctrl, 1)
shows(curses.newwin, 3, 4)
print(issubclass(curses.error, Exception), curses.COLOR_RED)

with mmap.mmap(-1, 10) as memory:
    memory.write(b"abcdef")
    memory[0:2] = b"XY"
    memory[9] = 33
    print(memory[:], memory.tell(), memory.find(b"c", 0), memory.rfind(b"e"), memory.seek(-2, 2), memory.read(), len(memory))
    print(re.search(rb"c.", memory), struct.unpack_from("<H", memory, 0), bytes(memoryview(memory)[2:4]), list(memory)[:2])
    memory.move(0, 2, 3)
    print(memory.size if memory.closed else memory[:6], memory.flush(), memory.seekable())
    view = memoryview(memory)
    for wrong in (memory.close, lambda: memory[99], lambda: memory.seek(99), lambda: memory.read_byte() or memory.resize(20)):
        try:
            print(wrong())
        except Exception as error:
            print(type(error).__name__, error)
    view.release()
print(memory, memory.closed)
try:
    memory[0]
except ValueError as error:
    print(error)
with open(__file__, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory:
    print(memory.readline(), memory.readline()[:6], memory.size() == len(memory) == os.fstat(file.fileno()).st_size)
    print(memory[:3], memory.find(b"import"), memoryview(memory).readonly)
    try:
        memory[0] = 1
    except TypeError as error:
        print(error)
