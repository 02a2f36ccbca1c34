# stdin: "from the stream"
"""Files in the folder for temporary files: made, read, changed, listed, moved, linked, taken away."""
import errno
import glob
import os
import pathlib
import shutil
import sqlite3
import stat
import tempfile
import zipfile


def attempt(what, function, *arguments, **keywords):
    try:
        print(what, function(*arguments, **keywords))
    except OSError as error:
        print(what, type(error).__name__, errno.errorcode[error.errno], error.strerror)


with tempfile.TemporaryDirectory() as top:
    os.chdir(top)
    print(sorted(os.listdir()), oct(os.stat(top).st_mode), os.path.isdir("."))
    pathlib.Path("a.txt").write_text("one\ntwo\n")
    with open("a.txt", "r+") as file:
        file.seek(4)
        file.write("TWO")
        file.truncate()
    with open("a.txt", "a") as file:
        print(file.tell())
        file.write("\nthree")
    print(open("a.txt").read().split(), os.path.getsize("a.txt"), oct(os.stat("a.txt").st_mode))
    with open("sparse", "wb") as file:
        file.seek(10)
        file.write(b"x")
    print(open("sparse", "rb").read(), os.truncate("sparse", 3), open("sparse", "rb").read())
    attempt("x on one", open, "a.txt", "x")
    attempt("none", open, "none")
    attempt("below a file", open, "a.txt/b", "w")
    attempt("a folder", open, ".", "w")
    attempt("slash", open, "a.txt/")
    attempt("long", open, "n" * 300, "w")

    os.makedirs("d/e/f")
    attempt("again", os.mkdir, "d")
    attempt("full", os.rmdir, "d")
    attempt("not a folder", os.rmdir, "a.txt")
    attempt("unlink a folder", os.unlink, "d")
    attempt("into itself", os.rename, "d", "d/e/g")
    attempt("file over folder", os.rename, "a.txt", "d")
    attempt("folder over file", os.rename, "d", "a.txt")
    os.rename("d/e", "e")
    os.replace("sparse", "e/sparse")
    print([(where, sorted(folders), sorted(files)) for where, folders, files in sorted(os.walk("."))])
    print(sorted(glob.glob("**", recursive=True)))

    os.symlink("a.txt", "link")
    os.symlink("nowhere", "broken")
    os.symlink("loop", "loop")
    os.link("a.txt", "hard")
    print(os.readlink("link"), open("link").read() == open("hard").read(), os.stat("hard").st_nlink)
    print(os.path.islink("link"), os.path.exists("broken"), os.path.lexists("broken"), os.path.samefile("link", "hard"))
    attempt("loop", open, "loop")
    attempt("no link", os.readlink, "a.txt")
    print(stat.filemode(os.lstat("link").st_mode), os.path.realpath("link") == os.path.realpath("a.txt"))
    os.unlink("link")
    print(os.path.exists("a.txt"), os.stat("hard").st_nlink)

    os.utime("hard", (1000, 2000.5))
    print(os.stat("a.txt").st_atime, os.stat("a.txt").st_mtime)
    os.chmod("hard", 0o640)
    print(oct(os.stat("a.txt").st_mode), os.access("a.txt", os.W_OK), os.access("a.txt", os.X_OK))
    shutil.copy2("hard", "copy")
    print(os.stat("copy").st_mtime, oct(os.stat("copy").st_mode))
    old = os.umask(0o077)
    open("private", "w").close()
    os.umask(old)
    print(oct(os.stat("private").st_mode))

    file = open("gone", "w+")
    os.unlink("gone")
    file.write("still here")
    file.seek(0)
    print(file.read(), os.fstat(file.fileno()).st_nlink, os.path.exists("gone"))
    file.close()
    with os.scandir() as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                os.unlink(entry.name)
    print(sorted(os.listdir()))

    shutil.copytree("e", "copied")
    with zipfile.ZipFile("z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write("copied/sparse")
    shutil.rmtree("copied")
    print(zipfile.ZipFile("z.zip").read("copied/sparse"), os.path.exists("copied"))

    database = sqlite3.connect("data.sqlite")
    database.execute("pragma journal_mode=wal")
    database.execute("create table t (x)")
    with database:
        database.executemany("insert into t values (?)", [(n,) for n in range(1000)])
    database.close()
    print(sqlite3.connect("data.sqlite").execute("select sum(x) from t").fetchone())
    os.chdir("/")
print(os.path.exists(top))

with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
    file.write("named")
    file.flush()
    print(open(file.name).read(), oct(os.stat(file.name).st_mode), file.name.endswith(".txt"))
print(os.path.exists(file.name))
with tempfile.TemporaryFile() as file:
    file.write(b"no name")
    file.seek(0)
    print(file.read())
with tempfile.SpooledTemporaryFile(max_size=3) as file:
    file.write(b"rolls over")
    file.seek(0)
    print(file.read())
handle, name = tempfile.mkstemp()
os.write(handle, b"low")
print(os.pread(handle, 2, 1), os.lseek(handle, 0, os.SEEK_END), os.close(handle), os.unlink(name))

print(open("/dev/null").read() == "", open("/dev/null", "w").write("lost"), len(open("/dev/urandom", "rb").read(9)))
print(open("/dev/zero", "rb").read(2), os.path.exists("/dev/stdout"), stat.S_ISCHR(os.stat("/dev/null").st_mode))
with open("/dev/full", "wb", buffering=0) as file:
    attempt("full", file.write, b"x")
print(open("/dev/stdin").read(), flush=True)
with open("/dev/stdout", "w") as file:
    file.write("to the stream\n")
