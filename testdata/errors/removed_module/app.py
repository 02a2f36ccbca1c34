import distutils.core
import asyncore
