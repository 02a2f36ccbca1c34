"""Looks for files and folders that are in some starts there, by a mount, and in others not."""
import configparser
import glob
import mimetypes
import os
import sys

NAMES = []
try:
    with open("/data/app.ini") as file:
        NAMES.append(file.read())
except FileNotFoundError as error:
    NAMES.append((error.errno, error.filename))
import shapes

PARSER = configparser.ConfigParser()
READ = PARSER.read(["/data/one.ini", os.path.expanduser("~/.config/two.ini")])
EXISTS = [os.path.exists("/data"), os.path.isdir("/data/sub"), os.path.isfile("/data/sub/x.txt")]
try:
    LISTED = sorted(os.listdir("/data/sub"))
except OSError as error:
    LISTED = repr(error)
FOUND = sorted(glob.glob("/data/*.ini"))
RELATIVE = os.path.exists("data/app.ini"), os.path.isfile(".//data/./app.ini")
TYPE = mimetypes.guess_type("a.reh")
try:
    ACCESS = os.access("/data/app.ini", os.R_OK), os.lstat("/data/app.ini").st_size
except OSError as error:
    ACCESS = type(error).__name__
sys.path.append("/data/modules")
try:
    import absent_extra
    EXTRA = absent_extra.WORD
except ImportError:
    EXTRA = None

print(NAMES, shapes.SIDES, READ, PARSER.sections())
print(EXISTS, LISTED, FOUND, RELATIVE, ACCESS, EXTRA)
print(TYPE)
if sys.argv[1:] == ["frozen"]:
    # It differs between the end of the rehearsal and the state that a start goes back to.
    import gc

    print(gc.get_freeze_count())
