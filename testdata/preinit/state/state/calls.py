"""Everyday modules, used at start after they were imported before."""
import argparse
import base64
import datetime
import json
import os
import re
import string
import subprocess
import typing
import urllib.parse
import zoneinfo


class Options(typing.TypedDict):
    name: str


PARSER = argparse.ArgumentParser(prog="state")
PARSER.add_argument("check")
PARSER.add_argument("--number", type=int, default=1)
TEMPLATE = string.Template("$who")
UTC = datetime.timezone.utc


def check_calls():
    print(PARSER.parse_args(), typing.get_type_hints(Options))
    print(json.dumps({"a": [1, 2.5, None]}, indent=1), json.loads('{"b": "\\u00e4"}'))
    print(re.sub(r"\d+", lambda match: str(int(match[0]) * 2), "1 and 22"), TEMPLATE.substitute(who="me"))
    print(datetime.datetime(2026, 3, 1, tzinfo=UTC).isoformat(), base64.b64encode(b"abc"), urllib.parse.quote("ä b"))
    print(datetime.datetime.fromtimestamp(0, UTC), datetime.date(2026, 3, 1).strftime("%A"))
    try:
        zoneinfo.ZoneInfo("No/Where")
    except zoneinfo.ZoneInfoNotFoundError as error:
        print(type(error).__name__)
    print(os.path.join("a", "b"), subprocess.list2cmdline(["a b", "c"]))


def check_usage():
    PARSER.parse_args(["x", "--number", "no"])
