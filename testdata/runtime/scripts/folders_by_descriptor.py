# Folders by a descriptor, modes and owners below one, the path of a socket, OpenSSL's log of keys.
import os
import pathlib
import shutil
import socket
import ssl
import stat
import tempfile


def attempt(call, *args, **named):
    try:
        print("done", call(*args, **named))
    except (OSError, TypeError, NotImplementedError) as error:
        print(type(error).__name__, getattr(error, "errno", None), getattr(error, "strerror", error), type(getattr(error, "filename", None)).__name__)


print(os.listdir in os.supports_fd, os.scandir in os.supports_fd, os.chown in os.supports_dir_fd)
print(shutil.rmtree.avoids_symlink_attacks)
top = tempfile.mkdtemp()
os.makedirs(f"{top}/a/b")
for name in ("x", "a/y", "a/b/z"):
    pathlib.Path(top, name).write_text(name)
os.symlink("a", f"{top}/link")
folder = os.open(top, os.O_RDONLY)
print(sorted(os.listdir(folder)), sorted(os.listdir(folder)))
with os.scandir(folder) as entries:
    for entry in sorted(entries, key=lambda entry: entry.name):
        print(entry.name, entry.path, entry.is_dir(), entry.is_file(), entry.is_symlink(), entry.stat().st_size > 0)
print(sorted((path.removeprefix(top), sorted(folders), sorted(files), stat.S_ISDIR(os.fstat(fd).st_mode))
             for path, folders, files, fd in os.fwalk(top)))
print([(path, sorted(files)) for path, _, files, _ in os.fwalk("a", topdown=False, dir_fd=folder)])
file = os.open(f"{top}/x", os.O_RDONLY)
attempt(os.listdir, file)
attempt(os.scandir, file)
attempt(os.listdir, 987654)
attempt(os.scandir, 987654)

os.chmod("x", 0o600, dir_fd=folder)
print(oct(os.stat("x", dir_fd=folder).st_mode))
attempt(os.chmod, "none", 0o600, dir_fd=folder)
attempt(os.chmod, "x", 0o600, dir_fd=file)
os.chown("a/y", 0, 0, dir_fd=folder)
os.chown("link", -1, -1, dir_fd=folder, follow_symlinks=False)
attempt(os.chown, "none", 0, 0, dir_fd=folder)
attempt(os.chmod, "x", 0o600, dir_fd="y")
os.chmod(f"{top}/x", 0o640, dir_fd=folder)
print(oct(os.stat(file).st_mode))

path = pathlib.Path(top, "socket")
with socket.socket(socket.AF_UNIX) as server:
    server.bind(str(path))
    print(path.is_socket(), path.is_file(), path.exists(), stat.filemode(path.stat().st_mode)[0])
    attempt(open, path)
    with os.scandir(top) as entries:
        print([entry.is_file() for entry in entries if entry.name == "socket"])
print(path.is_socket())
path.unlink()

log = pathlib.Path(top, "keys")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
print(context.keylog_filename)
context.keylog_filename = str(log)
print(context.keylog_filename == str(log), log.read_text())
context.keylog_filename = None
context.keylog_filename = str(log)
print(log.read_text().count("\n"))
try:
    context.keylog_filename = f"{top}/none/keys"
except OSError as error:
    print(type(error).__name__)
os.close(folder)
shutil.rmtree(top)
print(os.path.exists(top))
