# A submodule of what is no package.
import os.nothing
