"""Formats a source by the library and by the command line, with options and a syntax error."""

import pathlib

import black
from click.testing import CliRunner

SOURCE = """
import os,sys
def f(a,b = 1,*args,c:int=2)->None:
  x = {  'a':1, "b":2 }; y = [1,2,
   3,]
  if not(a in x): return lambda q:q*2
class A( object ):
    '''doc'''
    z=very_long_function_name(argument_number_one, argument_number_two, argument_number_three, four)
"""
print(black.format_str(SOURCE, mode=black.Mode()))
print(black.format_str("x = 'a' if  y else 'b'", mode=black.Mode(string_normalization=False, line_length=10)))
try:
    black.format_str("def (:", mode=black.Mode())
except black.InvalidInput as error:
    print(error)
path = pathlib.Path("/tmp/source.py")
path.write_text("a=  [1 ,2]\nmatch a:\n  case [x,*_] : print( x )\n")
result = CliRunner().invoke(black.main, ["--workers=1", str(path)])
print(result.exit_code, path.read_text())
print(CliRunner().invoke(black.main, ["--check", "-q", str(path)]).exit_code)
