"""Maps files of a folder, which the argument names, in every mode."""
import mmap,os,re,sys
def t(s,g=globals()):
    try: r=eval(s,g); print(s,'=>',re.sub('0x[0-9a-f]+','',repr(r))[:160])
    except BaseException as e: print(s,'!!',repr(e))
def st(s,g=globals()):
    try: exec(s,g); print(s,'ok')
    except BaseException as e: print(s,'!!',repr(e))
f=open(sys.argv[1]+'/mmapfile','w+b'); f.write(b"hello world\nsecond line\nlast"); f.flush(); fd=f.fileno()
m=mmap.mmap(fd,0)
for s in ("len(m)","m[0]","m[-1]","m[100]","m[2:5]","m[::2]","m[5:2]","m['a']","m.find(b'o')","m.find(b'o',5)","m.find(b'o',-3)","m.rfind(b'o')","m.find(b'zz')","m.read(3)","m.tell()","m.readline()","m.readline()","m.readline()","m.readline()","m.seek(0)","m.seek(-1)","m.seek(1000)","m.seek(-2,2)","m.read()","m.seek(0,9)","m.seek(2,1)","m.read_byte()","m.seek(0)","m.read_byte()","m.write(b'HE')","m.write_byte(65)","m.seek(27)","m.write(b'abc')","m.move(0,5,3)","m.move(0,50,3)","m.move(-1,0,1)","m[:10]","m.flush()","m.flush(0,5)","m.flush(0,4096)","m.flush(0,100)","m.size()","os.pread(fd,100,0)","m.resize(40)","len(m)","m.size()","os.pread(fd,100,0)","m.madvise(mmap.MADV_NORMAL)","m.closed","m","list(m)[:3]","b'he' in m","101 in m","b'w' in m","bytes(m)[:4]","bytes(memoryview(m)[:3])","m.seekable()","memoryview(m).readonly","hash(m)==hash(m)","m==m", "m.read(-1)","m.read(None)","m.read('a')","m.write_byte(300)", "m.write_byte('a')", "m.__sizeof__()>0", "m.find(b'')","m.rfind(b'')", "m.seek(0)", "m.tell()", "re.search(rb'w.', m)", "re.findall(rb'[a-z]+', m)", "m.find(b'l', 0, 100)", "m.rfind(b'l', 3, -2)", "os.pwrite(fd, b'XYZ', 3)", "m[:8]"): t(s)
for s in ("m[0]=65","m[0]=300","m[0]=b'a'","m[0:2]=b'xy'","m[0:2]=b'xyz'","m[::3]=b'x'*len(range(0,len(m),3))","del m[0]","m.resize(-1)","v=memoryview(m); m.close()","m.resize(50)","v[0]=77;v.release(); print(os.pread(fd,100,0)); m.close()","m[0]","len(m)","m.close()","m.closed","m.read()","m.tell()","print(m)", "memoryview(m)", "m.__enter__()"): st(s)
r=mmap.mmap(fd,0,access=mmap.ACCESS_READ)
for s in ("r[0]=1","r.write(b'a')","r.write_byte(1)","r.move(0,1,1)","r[0:1]=b'a'","r.resize(5)","memoryview(r)[0:1]","memoryview(r).readonly","r.flush()"): t(s) if '=' not in s else st(s)
c=mmap.mmap(fd,0,access=mmap.ACCESS_COPY); c[0]=33; print(c[:4], os.pread(fd,4,0))
with mmap.mmap(fd,0) as w:
    f.close(); w[0:4]=b'late'; w.flush()
with open(sys.argv[1]+'/mmapfile','rb') as g: print(g.read())
e=open(sys.argv[1]+'/empty','w+b'); t("mmap.mmap(e.fileno(),0)")
print(open(sys.argv[1]+'/empty','rb').read())
for s in ("mmap.mmap(-1,-5)","mmap.mmap(-1,10)","mmap.mmap(fd,1000000)","mmap.mmap(fd,5,offset=4096)","mmap.mmap(fd,0,access=7)","mmap.mmap(fd,0,prot=1,access=1)","mmap.mmap(fd,0,offset=-1)"):
    t(s) if not f.closed else None
