"""Gives a program the builtins that `site` adds, without the rest of what it does: there is no installation to look at.

Imported at the start of an artifact whose program names one of them.
"""
import site

site.setquit()
site.setcopyright()
site.sethelper()
