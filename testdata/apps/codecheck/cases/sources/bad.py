import os, json
from math import *
from subprocess import run as execute


def add(item, target=[], *, seen={}):
    if item == None:
        return eval("item")
    try:
        target.append(item.__class__.__bases__)
    except:
        pass
    return target


class Thing:
    async def go(self):
        """Goes."""
        return await execute(self)
