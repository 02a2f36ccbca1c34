#!/usr/bin/python
# vim: set fileencoding=windows-1252 :
price = "€ 5"
