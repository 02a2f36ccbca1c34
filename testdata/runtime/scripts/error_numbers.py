# Errors have Linux's numbers and words, wherever they come from.
import errno
import io
import math
import os
import tempfile
import time
import traceback

for number in range(-1, 140):
    print(number, errno.errorcode.get(number), os.strerror(number))
print([name for name in dir(errno) if name[0] == "E"])

folder = tempfile.mkdtemp()

def attempt(function, *arguments):
    try:
        print(function.__name__, function(*arguments))
    except OSError as error:
        print(function.__name__, type(error).__name__, str(error).replace(folder, "FOLDER"), error.errno)

os.mkdir(folder + "/full")
with open(folder + "/full/file", "w") as file:
    file.write("text")
attempt(open, folder + "/absent")
attempt(open, folder + "/full")
attempt(open, folder + "/full/file/below")
attempt(os.mkdir, folder + "/full")
attempt(os.rmdir, folder + "/full")
attempt(os.rmdir, folder + "/full/file")
attempt(os.unlink, folder + "/absent")
attempt(os.listdir, folder + "/full/file")
attempt(os.rename, folder + "/absent", folder + "/new")
attempt(os.link, folder + "/absent", folder + "/new")
attempt(os.symlink, "a", folder + "/full")
attempt(os.readlink, folder + "/full")
attempt(os.stat, folder + "/absent")
attempt(os.chdir, folder + "/absent")
attempt(os.close, 700)
attempt(os.read, 700, 1)
attempt(os.lseek, 700, 0, 0)
attempt(os.dup, 700)
attempt(os.fstat, 700)
attempt(open, folder + "/" + "n" * 300)
attempt(os.kill, 4_000_000, 0)
attempt(os.waitpid, -1, 0)
attempt(os.open, folder + "/full/file", os.O_CREAT | os.O_EXCL)
reader, writer = os.pipe()
attempt(os.write, reader, b"x")
attempt(os.read, writer, 1)
os.close(reader)
attempt(os.write, writer, b"x")
os.set_blocking(writer, False)
try:
    with io.open(folder + "/full/file") as file:
        file.write("x")
except OSError as error:
    print(type(error).__name__, error, error.errno)
for number in (errno.ENOENT, errno.EAGAIN, errno.EPIPE, errno.ESHUTDOWN, errno.ECHILD, errno.EPERM, errno.ETIMEDOUT):
    print(number, type(OSError(number, "text")).__name__)
for function, argument in ((math.exp, 1000.0), (math.log, 0.0), (math.sqrt, -1.0), (float, "1e400"), (int, "9" * 40)):
    try:
        print(function(argument))
    except (OverflowError, ValueError) as error:
        print(type(error).__name__, error)
try:
    2.0**10000
except OverflowError as error:
    print(error, error.args)
time.sleep(0)
try:
    os.path.join("a", None)
except TypeError:
    traceback.print_exc()
try:
    os.makedirs(folder + "/full/file/below")
except OSError as error:
    print("".join(traceback.format_exception(error)).replace(folder, "FOLDER"))
