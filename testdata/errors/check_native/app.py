import tkinter

from colour import _fast

print(tkinter, _fast)
