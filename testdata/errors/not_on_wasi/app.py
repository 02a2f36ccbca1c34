import dbm.gnu
import tkinter
import winreg

print(dbm.gnu, tkinter, winreg)
