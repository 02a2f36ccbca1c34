"""Walks of folders with descriptors, and the numbers of threads."""
import os
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

with tempfile.TemporaryDirectory() as top:
    for folder in ("a/b", "a/c", "d"):
        os.makedirs(os.path.join(top, folder))
    for file in ("a/1.txt", "a/b/2.txt", "d/3.txt", "4.txt"):
        with open(os.path.join(top, file), "w") as out:
            out.write(file)
    os.symlink("a", os.path.join(top, "link"))
    os.symlink("nowhere", os.path.join(top, "broken"))
    for options in ({}, {"topdown": False}, {"follow_symlinks": True}):
        lines = []
        for path, folders, files, fd in os.fwalk(top, **options):
            sizes = [os.stat(file, dir_fd=fd).st_size for file in sorted(files) if file != "broken"]
            lines.append((os.path.relpath(path, top), sorted(folders), sorted(files), sizes))
            folders.sort()
        print(*lines if "topdown" not in options else sorted(lines), sep="\n")
    found = []
    for path, folders, files, fd in os.fwalk(os.fsencode(top)):
        folders[:] = [b"d"] if b"d" in folders else []
        found.append((os.path.relpath(path, os.fsencode(top)), sorted(files)))
    print(found)
    held = os.open(top, os.O_RDONLY)
    print([(path, sorted(files)) for path, _, files, _ in os.fwalk("a", dir_fd=held)][:1])
    os.close(held)
    for walk in (lambda: os.fwalk(os.path.join(top, "none")), lambda: os.fwalk(os.path.join(top, "4.txt"))):
        try:
            print([path for path, *_ in walk()])
        except OSError as error:
            print(type(error).__name__)

print(threading.get_native_id() == os.getpid() == threading.main_thread().native_id)
with ThreadPoolExecutor(1) as pool:
    print(pool.submit(threading.get_native_id).result() != threading.get_native_id())
