# stdin: "from stdin\n"
"""Shared memory, maps of files, temporary files, locks, paths and devices."""
import fcntl
import mmap
import os
import re
import shutil
import stat
import struct
import sys
import tempfile
from multiprocessing import shared_memory
from pathlib import Path
TOP = tempfile.mkdtemp()



def attempt(label, f):
    try:
        r = f()
        print(label, r)
    except BaseException as e:
        print(label, type(e).__name__, getattr(e, 'strerror', None) or str(e)[:120])
s = shared_memory.SharedMemory(create=True, size=100)
s.buf[:5] = b'hello'
t = shared_memory.SharedMemory(name=s.name)
print(bytes(t.buf[:5]), t.size >= 100, s.name.startswith('psm_'))
t.buf[0] = 72
print(bytes(s.buf[:5]))
attempt('exists', lambda: shared_memory.SharedMemory(name=s.name, create=True, size=10))
t.close()
s.close()
s.unlink()
attempt('gone', lambda: shared_memory.SharedMemory(name=s.name))
l = shared_memory.ShareableList([1, 'two', 3.0, None, b'five', True])
m = shared_memory.ShareableList(name=l.shm.name)
m[1] = 'TWO'
m[0] = 42
print(list(l), len(l), l.index(3.0), l.count(True), repr(l)[:30])
attempt('too long', lambda: l.__setitem__(1, 'x' * 50))
m.shm.close()
l.shm.close()
l.shm.unlink()
named = shared_memory.SharedMemory(name='mine-' + os.path.basename(TOP), create=True, size=4096, track=False)
named.buf[10] = 7
print(named.size, os.path.exists('/dev/shm/' + named.name))
named.close()
named.unlink()
attempt('zero', lambda: shared_memory.SharedMemory(create=True, size=0))

with open(TOP + '/m.bin', 'w+b') as f:
    f.write(b'0123456789' * 500)
    f.flush()
    with mmap.mmap(f.fileno(), 0) as mm:
        mm[0:4] = b'ABCD'
        mm.flush()
        mm.seek(5000 - 3)
        print(mm.read())
        mm.resize(8192)
        print(len(mm), os.fstat(f.fileno()).st_size)
    f.seek(0)
    print(f.read(6))
    with mmap.mmap(f.fileno(), 4096, offset=4096) as mm:
        print(len(mm), mm[:4])
    with mmap.mmap(f.fileno(), 10, access=mmap.ACCESS_COPY) as mm:
        mm[0] = 0
        f.seek(0)
        print(f.read(1), mm[0])
    with mmap.mmap(f.fileno(), 10, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE) as mm:
        mm[1] = 0
        f.seek(0)
        print(f.read(2))
    with mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ) as mm:
        print(re.search(b'9(0)', mm).span(), struct.unpack_from('<I', mm, 0), memoryview(mm)[:2].tobytes(), mm[10:0:-3], list(mm)[:3], b'ABCD' in mm if hasattr(mm, '__contains__') else None)
attempt('empty', lambda: mmap.mmap(os.open(TOP + '/e', os.O_CREAT | os.O_RDWR), 0))
attempt('badfd', lambda: mmap.mmap(999, 10))
a = mmap.mmap(-1, 30)
a.write(b'anon')
print(a[:6], a.closed)
a.close()
attempt('closed', lambda: a[0])
attempt('bigger', lambda: mmap.mmap(os.open(TOP + '/m.bin', os.O_RDONLY), 100000, prot=mmap.PROT_READ))
attempt('offset', lambda: mmap.mmap(-1, 10, offset=5))
attempt('rdonly', lambda: mmap.mmap(os.open(TOP + '/m.bin', os.O_RDONLY), 10))

for make in (tempfile.TemporaryFile, tempfile.NamedTemporaryFile, tempfile.SpooledTemporaryFile):
    with make() as f:
        f.write(b'x' * 10)
        f.seek(0)
        print(make.__name__, f.read(3), f.tell(), type(f).__name__)

with tempfile.NamedTemporaryFile('w+', suffix='.txt', prefix='pre', delete_on_close=False) as f:
    f.write('text')
    f.close()
    print(Path(f.name).read_text(), f.name.startswith('/tmp/pre'), os.path.exists(f.name))
print(os.path.exists(f.name))

with tempfile.NamedTemporaryFile(delete=False) as f:
    pass
print(oct(os.stat(f.name).st_mode), os.unlink(f.name))

with tempfile.SpooledTemporaryFile(max_size=5, mode='w+') as f:
    f.write('123456')
    print(f._rolled, f.fileno() >= 0)
    f.seek(0)
    print(f.read())

with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as d:
    (Path(d) / 'a/b').mkdir(parents=True)
    (Path(d) / 'a/b/c.txt').write_text('c')
    os.chmod(Path(d) / 'a', 320)
    print(oct(os.stat(d).st_mode))
print(os.path.exists(d), tempfile.gettempdir(), tempfile.gettempprefix(), tempfile.gettempdirb())
fd, name = tempfile.mkstemp(text=True)
os.write(fd, b'1')
os.close(fd)
os.remove(name)
d = tempfile.mkdtemp(prefix='zz', dir=TOP)
os.rmdir(d)
attempt('nodir', lambda: tempfile.mkstemp(dir=TOP + '/none'))
attempt('mktemp', lambda: tempfile.mktemp().startswith('/tmp/tmp'))

with open(TOP + '/lock', 'w') as f, open(TOP + '/lock', 'r+') as g:
    fcntl.flock(f, fcntl.LOCK_EX)
    attempt('second', lambda: fcntl.flock(g, fcntl.LOCK_EX | fcntl.LOCK_NB))
    fcntl.flock(f, fcntl.LOCK_UN)
    attempt('free', lambda: fcntl.flock(g, fcntl.LOCK_SH | fcntl.LOCK_NB))
    attempt('shared', lambda: fcntl.flock(f, fcntl.LOCK_SH | fcntl.LOCK_NB))
    attempt('up', lambda: fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB))
    fcntl.flock(g, fcntl.LOCK_UN)
    fcntl.flock(f, fcntl.LOCK_UN)
    attempt('lockf', lambda: fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB))
    attempt('lockf2', lambda: fcntl.lockf(g, fcntl.LOCK_EX | fcntl.LOCK_NB))
    print(fcntl.fcntl(f, fcntl.F_GETFD), fcntl.fcntl(f, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY)
    attempt('dupfd', lambda: fcntl.fcntl(f, fcntl.F_DUPFD, 100) >= 100)
    attempt('dupcx', lambda: fcntl.fcntl(f, fcntl.F_DUPFD_CLOEXEC, 50) >= 50)

with open(TOP + '/lock', 'w') as f:
    fcntl.flock(f, fcntl.LOCK_EX)

with open(TOP + '/lock', 'w') as g:
    attempt('after close', lambda: fcntl.flock(g, fcntl.LOCK_EX | fcntl.LOCK_NB))
p = Path(TOP + '/paths')
p.mkdir()
q = p / 'f.txt'
q.write_text('one\ntwo')
q2 = q.rename(p / 'g.txt')
(p / 'ln').symlink_to(q2)
(p / 'hard').hardlink_to(q2)
print(sorted((x.name for x in p.iterdir())), (p / 'ln').is_symlink(), (p / 'ln').resolve().name, (p / 'ln').readlink().name, q2.stat().st_nlink, (p / 'hard').samefile(q2))
q2.chmod(416)
print(oct(q2.stat().st_mode), q2.is_file(), q2.exists(), p.is_dir(), p.is_mount(), q2.stat().st_size)
print(sorted((str(x.relative_to(p)) for x in p.rglob('*.txt'))), list(p.glob('none*')), [(r.name, sorted(ds), sorted(fs)) for r, ds, fs in p.walk()])
q2.touch()
q2.unlink()
attempt('unlink', q2.unlink)
q2.unlink(missing_ok=True)
attempt('rmdir', p.rmdir)
attempt('mkdir', lambda: p.mkdir())
p.mkdir(exist_ok=True)
attempt('read', (p / 'ln').read_text)
print((p / 'ln').exists(), (p / 'ln').lstat().st_size > 0)
os.utime(p / 'hard', (1, 2.5))
print((p / 'hard').stat().st_mtime_ns, (p / 'hard').stat().st_atime)
shutil.copytree(p, TOP + '/copy', symlinks=True)
print(sorted(os.listdir(TOP + '/copy')))
shutil.rmtree(p)
shutil.move(TOP + '/copy', TOP + '/moved')
print(os.path.isdir(TOP + '/moved'))
shutil.rmtree(TOP + '/moved')
print(Path('/tmp/../tmp/./x').resolve(), Path('~').expanduser() == Path.home(), os.path.realpath('/tmp'))

with open(TOP + '/trunc', 'w+b') as f:
    f.write(b'abc')
    f.truncate(10)
    f.seek(0)
    print(f.read())
    os.ftruncate(f.fileno(), 1)
    print(os.path.getsize(TOP + '/trunc'))
os.truncate(TOP + '/trunc', 4)
print(Path(TOP + '/trunc').read_bytes())
attempt('excl', lambda: open(TOP + '/trunc', 'x'))
attempt('dir', lambda: open(TOP))
attempt('notdir', lambda: open(TOP + '/trunc/x'))
attempt('toolong', lambda: open(TOP + '/' + 'x' * 300, 'w'))

with open(TOP + '/app', 'a') as f:
    f.write('1')

with open(TOP + '/app', 'a+') as f:
    f.write('2')
    f.seek(0)
    print(f.read(), f.tell())
print(os.access(TOP + '/app', os.R_OK | os.W_OK), os.access(TOP + '/app', os.X_OK), stat.filemode(os.stat('/tmp').st_mode))
print(Path('/dev/null').read_bytes(), os.path.exists('/dev/fd/0'), open('/dev/zero', 'rb').read(3), len(open('/dev/urandom', 'rb').read(5)))
attempt('full', lambda: open('/dev/full', 'w').write('x' * 100000))
print(open('/dev/stdin').read())

with open(TOP + '/fdx', 'w+') as f:
    f.write('through')
    f.flush()
    with open(f'/dev/fd/{f.fileno()}') as g:
        print(g.read())
attempt('badfd', lambda: open('/dev/fd/999'))
print(stat.S_ISCHR(os.stat('/dev/null').st_mode), os.stat('/dev/null').st_size)
r, w = os.pipe()
os.write(w, b'piped')
print(os.read(r, 3), open(f'/dev/fd/{r}', 'rb', buffering=0).read(2))
sys.stdout.flush()
os.writev(1, [b'vector ', b'write\n'])
shutil.rmtree(TOP)
