import os

import jinja2


def render():
    return jinja2.Template(os.sep)
