"""Modules of the standard library that are imported after what they use was patched."""
import os
import re
import time
import functools
import collections
import keyword

real = re.compile
compiled = []
re.compile = lambda pattern, flags=0: compiled.append(pattern) or real(pattern, flags)
collections.OrderedDict = dict
functools.lru_cache = lambda *arguments, **options: arguments[0] if arguments and callable(arguments[0]) else (lambda function: function)
keyword.kwlist.append("patched")
os.linesep = "LINESEP"
os.path.join = lambda *parts: "+".join(parts)
import string
import textwrap
import json.decoder
import shlex
import csv
import configparser

print(len(compiled) > 5, "LINESEP" in os.linesep)
print(os.path.join("a", "b"))
import fnmatch
import html.parser
import tokenize

fnmatch.fnmatch("a", "b*")
print(len(compiled), keyword.kwlist[-1], "patched" in keyword.kwlist)
print(type(json.decoder.JSONDecoder().decode("{}")).__name__, hasattr(fnmatch._compile_pattern, "cache_info"))
