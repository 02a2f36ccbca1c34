"""The command line: `python -m wordcount`."""

import sys

from wordcount.cli import main

sys.exit(main())
