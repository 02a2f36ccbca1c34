"""Writes what a script has made into a page, between the marks `<!-- NAME -->` and `<!-- end -->`."""


def write(path, name, text):
    before, begin, rest = path.read_text(encoding="utf-8").partition(f"<!-- {name} -->")
    _, end, after = rest.partition("<!-- end -->")
    if not end:
        raise SystemExit(f"{path} lacks the marks <!-- {name} --> and <!-- end -->")
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
