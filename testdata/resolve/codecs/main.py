ENCODING = "windows-1252"
"x".encode("Latin-1")
open("x", encoding=ENCODING)
"x".encode("no-such-codec")
def f(encoding="idna"):
    "x".encode(encoding)
