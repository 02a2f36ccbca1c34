"""Arguments in, a table or JSON out."""

import argparse
import json
import sys
from pathlib import Path

from wordcount import __version__
from wordcount.words import Tally


def parser():
    """The command line as argparse knows it."""
    parser = argparse.ArgumentParser(
        prog="wordcount", description="Counts the words of text files."
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", help="file or folder; '-' is standard input")
    parser.add_argument("--top", type=int, default=5, metavar="N", help="how many words to list (default: %(default)s)")
    parser.add_argument("--min-length", type=int, default=1, metavar="N", help="leave shorter words out of the list")
    parser.add_argument("--glob", default="*.txt", help="which files of a folder (default: %(default)s)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--quiet", action="store_true", help="print the total only")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def files(paths, pattern):
    """The files meant by the arguments; folders are searched, in sorted order."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(path.rglob(pattern))
        else:
            yield path


def count(path):
    """The tally of one file."""
    tally = Tally()
    text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    tally.add(text)
    return tally


def row(name, tally):
    """One line of the table."""
    return f"{tally.lines:>7} {tally.words:>7} {tally.characters:>8}  {name}"


def main(argv=None):
    """Counts; returns 1 where a file could not be read."""
    options = parser().parse_args(argv)
    total, per_file, failed = Tally(), {}, False
    for path in files(options.paths or ["-"], options.glob):
        try:
            tally = count(path)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            print(f"wordcount: {path.as_posix()}: {reason}", file=sys.stderr)
            failed = True
            continue
        per_file[path.as_posix()] = tally
        total += tally

    top = total.top(options.top, options.min_length)
    if options.json:
        report = {
            "files": {
                name: {"lines": t.lines, "words": t.words, "characters": t.characters}
                for name, t in per_file.items()
            },
            "top": dict(top),
        }
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        if not options.quiet:
            for name, tally in per_file.items():
                print(row(name, tally))
        print(row("total", total))
        if not options.quiet:
            for word, number in top:
                print(f"{number:>7} {word}")
    return int(failed)
