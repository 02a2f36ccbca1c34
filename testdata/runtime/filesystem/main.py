"""The read-only file system of an artifact, looked at in every way Python has.

Run with nothing mounted; then again with a host folder at /data that holds `in.txt` ("host\n"), and `mounted`
as the argument.
"""
import errno
import importlib.resources
import io
import os
import pathlib
import pkgutil
import shutil
import stat
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "data")


def fails(code, call, *args, **kwargs):
    try:
        result = call(*args, **kwargs)
    except OSError as error:
        assert error.errno == code, (call, args, errno.errorcode.get(error.errno), errno.errorcode[code])
    else:
        raise AssertionError(f"{call} {args} gave {result!r}")


def section(function):
    function()
    print("ok", function.__name__)


@section
def reading():
    path = os.path.join(DATA, "hello.txt")
    with open(path) as file:
        assert file.read() == "line one\nline two\n"
        assert file.seek(5) == 5 and file.readline() == "one\n"
    with open(path, "rb", buffering=0) as file:
        assert file.seek(-4, io.SEEK_END) == 14 and file.read() == b"two\n" and file.read() == b""
        assert file.tell() == 18 and file.seek(100) == 100 and file.read() == b""
        fails(errno.EINVAL, file.seek, -1, io.SEEK_SET)
        buffer = bytearray(4)
        file.seek(0)
        assert file.readinto(buffer) == 4 and buffer == b"line"
        assert not file.isatty() and file.readable() and not file.writable()
    assert open(os.path.join(DATA, "empty"), "rb").read() == b""
    assert open(os.path.join(DATA, "grüße.txt"), encoding="utf-8").read() == "grüße"
    with open(__file__ if os.path.exists(__file__) else __file__ + "c", "rb") as file:
        assert len(file.read()) == os.fstat(file.fileno()).st_size


@section
def descriptors():
    path = os.path.join(DATA, "hello.txt")
    fd = os.open(path, os.O_RDONLY)
    assert os.read(fd, 4) == b"line" and os.pread(fd, 3, 5) == b"one" and os.lseek(fd, 0, os.SEEK_CUR) == 4
    assert stat.S_ISREG(os.fstat(fd).st_mode) and os.fstat(fd).st_size == 18
    fails(errno.EBADF, os.write, fd, b"x")
    fails(errno.EINVAL, os.ftruncate, fd, 0)
    os.fsync(fd)
    os.close(fd)
    fails(errno.EBADF, os.read, fd, 1)
    fails(errno.EBADF, os.close, fd)
    fails(errno.EBADF, os.fstat, fd)
    fd = os.open(DATA, os.O_RDONLY)
    assert stat.S_ISDIR(os.fstat(fd).st_mode)
    fails(errno.EISDIR, os.read, fd, 1)
    inner = os.open("hello.txt", os.O_RDONLY, dir_fd=fd)
    assert os.read(inner, 4) == b"line"
    assert os.stat("sub", dir_fd=fd).st_mode & stat.S_IFDIR
    os.close(inner)
    os.close(fd)


@section
def many_descriptors():
    files = [open(os.path.join(DATA, "hello.txt"), "rb") for _ in range(2000)]
    assert all(file.read(4) == b"line" for file in files)
    numbers = {file.fileno() for file in files}
    assert len(numbers) == 2000
    for file in files:
        file.close()
    with open(os.path.join(DATA, "hello.txt")) as file:
        assert file.fileno() in numbers  # closed ones are used again


@section
def stats():
    file, folder = os.stat(os.path.join(DATA, "hello.txt")), os.stat(DATA)
    assert file.st_mode == stat.S_IFREG | 0o444 and folder.st_mode == stat.S_IFDIR | 0o555
    assert file.st_size == 18 and file.st_mtime == 315532800 and file.st_nlink == 1
    assert file.st_ino != folder.st_ino and file.st_dev == folder.st_dev
    assert os.path.samefile(DATA, os.path.join(DATA, "sub", ".."))
    assert not os.path.samefile(DATA, HERE)
    assert os.lstat(DATA) == folder
    assert os.path.isdir(DATA) and not os.path.isfile(DATA) and not os.path.islink(DATA)
    assert os.path.exists(DATA) and not os.path.exists(DATA + "x") and os.path.getsize(os.path.join(DATA, "empty")) == 0
    assert os.path.realpath(os.path.join(DATA, "sub", "..", "hello.txt")) == os.path.join(DATA, "hello.txt")
    assert os.access(DATA, os.R_OK | os.X_OK) and not os.access(DATA, os.W_OK)
    assert os.access(os.path.join(DATA, "hello.txt"), os.R_OK) and not os.access(DATA + "x", os.F_OK)
    assert os.path.isdir("/pywasm") and os.path.isdir("/pywasm/")


@section
def listing():
    assert sorted(os.listdir(DATA)) == ["empty", "grüße.txt", "hello.txt", "sub"]
    with os.scandir(DATA) as entries:
        kinds = {entry.name: (entry.is_dir(), entry.is_file(), entry.is_symlink()) for entry in entries}
    assert kinds["sub"] == (True, False, False) and kinds["empty"] == (False, True, False)
    with os.scandir(DATA) as entries:
        assert all(entry.inode() == os.stat(entry.path).st_ino for entry in entries)
    walked = [(os.path.relpath(top, DATA), sorted(dirs), sorted(files)) for top, dirs, files in os.walk(DATA)]
    assert walked == [
        (".", ["sub"], ["empty", "grüße.txt", "hello.txt"]),
        ("sub", ["deep"], []),
        (os.path.join("sub", "deep"), [], ["leaf.bin"]),
    ], walked
    assert sorted(p.name for p in pathlib.Path(DATA).rglob("*")) == [
        "deep", "empty", "grüße.txt", "hello.txt", "leaf.bin", "sub"]
    assert {"app", "lib", "etc"} <= set(os.listdir("/pywasm"))
    library = os.listdir(os.path.dirname(os.__file__))
    assert len(library) == len(set(library)) > 10  # more than one buffer of readdir
    fails(errno.ENOTDIR, os.listdir, os.path.join(DATA, "hello.txt"))
    fails(errno.ENOENT, os.listdir, os.path.join(DATA, "none"))


@section
def paths():
    for path in ("hello.txt", "./hello.txt", "sub/../hello.txt", "sub//deep/../..//hello.txt", "sub/./../hello.txt"):
        assert os.stat(os.path.join(DATA, path)).st_size == 18, path
    assert os.stat(DATA + "/").st_mode == os.stat(DATA + "/.").st_mode
    fails(errno.ENOTDIR, os.stat, os.path.join(DATA, "hello.txt/"))
    fails(errno.ENOTDIR, open, os.path.join(DATA, "hello.txt/x"))
    fails(errno.ENOTDIR, open, os.path.join(DATA, "hello.txt/../empty"))
    fails(errno.ENOENT, open, os.path.join(DATA, "none"))
    fails(errno.ENOENT, open, os.path.join(DATA, "none/x"))
    fails(errno.ENOENT, open, os.path.join(DATA, "x" * 5000))
    fails(errno.EISDIR, open, DATA)
    fails(errno.EINVAL, os.readlink, DATA)
    before = os.getcwd()
    os.chdir(DATA)
    assert os.getcwd() == DATA and open("hello.txt").read(4) == "line" and os.listdir("sub") == ["deep"]
    os.chdir("sub")
    assert open("../hello.txt").read(4) == "line" and os.listdir() == ["deep"]
    assert sorted(os.listdir("..")) == sorted(os.listdir(DATA))
    os.chdir(before)
    fails(errno.ENOTDIR, os.chdir, os.path.join(DATA, "hello.txt"))


@section
def writing():
    file, none = os.path.join(DATA, "hello.txt"), os.path.join(DATA, "new")
    for mode in ("w", "a", "r+", "w+b", "rb+"):
        fails(errno.EROFS, open, file, mode)
    fails(errno.EROFS, open, none, "w")
    fails(errno.EROFS, open, none, "a")
    fails(errno.EROFS, open, none, "x")
    fails(errno.ENOENT, open, none, "r+")
    fails(errno.EEXIST, open, file, "x")
    fails(errno.EISDIR, open, DATA, "w")
    fails(errno.ENOENT, open, none + "/y", "w")
    fails(errno.ENOTDIR, open, file + "/y", "w")
    fails(errno.EROFS, os.mkdir, none)
    fails(errno.EEXIST, os.mkdir, DATA)
    fails(errno.ENOENT, os.mkdir, none + "/y")
    fails(errno.EROFS, os.makedirs, none + "/y")
    os.makedirs(DATA, exist_ok=True)
    fails(errno.EROFS, os.unlink, file)
    fails(errno.EISDIR, os.unlink, DATA)
    fails(errno.ENOENT, os.unlink, none)
    fails(errno.EROFS, os.rmdir, DATA)
    fails(errno.ENOTDIR, os.rmdir, file)
    fails(errno.EROFS, os.rename, file, none)
    fails(errno.ENOENT, os.rename, none, file)
    fails(errno.EROFS, os.symlink, "hello.txt", none)
    fails(errno.EEXIST, os.symlink, "hello.txt", file)
    fails(errno.EROFS, os.link, file, none)
    fails(errno.EROFS, os.utime, file, (0, 0))
    fails(errno.EROFS, os.truncate, file, 0)
    fails(errno.EROFS, shutil.rmtree, os.path.join(DATA, "sub"))
    fails(errno.EROFS, pathlib.Path(none).write_text, "x")
    fails(errno.EROFS, pathlib.Path(none).touch)


@section
def top():
    assert os.path.isdir("/") and os.path.isdir(".") and os.getcwd() == "/"
    assert "pywasm" in os.listdir("/") and "pywasm" in os.listdir()
    assert os.stat("/pywasm/..").st_ino == os.stat("/").st_ino
    fails(errno.ENOENT, os.stat, "/none")
    fails(errno.ENOENT, os.stat, "none/x")
    if sys.argv[1:] == ["mounted"]:
        assert sorted(os.listdir("/")) == ["data", "dev", "etc", "pywasm", "root", "tmp"]
        assert all(entry.inode() == os.stat(entry.path).st_ino for entry in os.scandir("/"))
        root = os.open("/", os.O_RDONLY)
        assert os.stat("data/in.txt", dir_fd=root).st_size == 5
        os.close(root)
    fails(errno.EROFS, open, "/new", "w")
    fails(errno.EROFS, open, "new", "w")
    fails(errno.ENOENT, open, "new/x", "w")
    fails(errno.EROFS, os.mkdir, "/new")
    fails(errno.EEXIST, os.mkdir, "/pywasm")


@section
def owners():
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "file")
    open(path, "w").close()
    os.symlink("file", os.path.join(folder, "link"))
    owner = lambda path: (os.lstat(path).st_uid, os.lstat(path).st_gid)
    assert owner(path) == (0, 0)
    os.chown(path, 1000, 50)
    os.chown(path, -1, 7)
    os.lchown(os.path.join(folder, "link"), 9, 9)
    assert owner(path) == (1000, 7) and owner(os.path.join(folder, "link")) == (9, 9)
    with open(path) as file:
        os.fchown(file.fileno(), 3, -1)
        assert os.fstat(file.fileno()).st_uid == 3
    fails(errno.ENOENT, os.chown, path + "x", 1, 1)
    # Who unpacks an archive as root also becomes the owner of what is in it, and its modes and times stay.
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as file:
        entry = tarfile.TarInfo("below")
        entry.type, entry.mode, entry.mtime, entry.uid = tarfile.DIRTYPE, 0o700, 1041808783, 1000
        file.addfile(entry)
    archive.seek(0)
    with tarfile.open(fileobj=archive) as file:
        file.extractall(folder, filter="fully_trusted")
    state = os.stat(os.path.join(folder, "below"))
    assert (state.st_mode & 0o777, state.st_mtime, state.st_uid) == (0o700, 1041808783, 1000)


@section
def resources():
    import pack
    import pack.part

    assert pkgutil.get_data("pack", "config.json") == b'{"k": 1}'
    assert importlib.resources.files("pack").joinpath("config.json").read_text() == '{"k": 1}'
    with importlib.resources.as_file(importlib.resources.files(pack) / "config.json") as path:
        assert path.read_bytes() == b'{"k": 1}'
    assert [module.name for module in pkgutil.iter_modules(pack.__path__)] == ["part"]
    assert os.path.dirname(pack.part.here()) == os.path.join(HERE, "pack")


@section
def readiness():
    import select

    with open(os.path.join(DATA, "hello.txt"), "rb") as file:
        poll = select.poll()
        poll.register(file, select.POLLIN)
        assert poll.poll(10_000) == [(file.fileno(), select.POLLIN)]  # at once: a file is always ready
    assert dict(poll.poll(0)) == {next(iter(dict(poll.poll(0)))): select.POLLNVAL}


if sys.argv[1:] == ["mounted"]:
    @section
    def mounted():
        assert open("/data/in.txt").read() == "host\n"
        with open("/data/out.txt", "w") as file:
            file.write("from the guest\n")
        shutil.copyfile(os.path.join(DATA, "hello.txt"), "/data/copy.txt")
        assert open("/data/copy.txt").read() == open(os.path.join(DATA, "hello.txt")).read()
        assert {"in.txt", "out.txt", "copy.txt"} <= set(os.listdir("/data"))
        fails(errno.EXDEV, os.rename, os.path.join(DATA, "hello.txt"), "/data/moved")
        fails(errno.EXDEV, os.rename, "/data/in.txt", os.path.join(DATA, "moved"))
        fails(errno.EXDEV, os.link, "/data/in.txt", os.path.join(DATA, "moved"))
        with open("/data/in.txt") as file:
            try:
                os.lseek(file.fileno(), 0, 99)
            except OSError as error:
                assert error.errno == errno.EINVAL
            else:
                raise AssertionError
        assert open("/pywasm/../data/in.txt").read() == "host\n"  # out of the image and into the mounted folder
        with open("/pywasm/../data/up.txt", "w") as file:
            file.write("x")
        assert os.access("/data", os.W_OK)
        for name in ("out.txt", "copy.txt", "up.txt"):
            os.unlink("/data/" + name)
        assert os.listdir("/data") == ["in.txt"]
