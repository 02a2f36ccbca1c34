"""Pages from templates: a package's, a dict's, with inheritance, macros, filters and errors."""

import sys

import jinja2
from jinja2 import DictLoader, Environment, PackageLoader, StrictUndefined, TemplateNotFound, select_autoescape


def main():
    env = Environment(
        loader=PackageLoader("site_pages"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n"],
    )
    env.install_null_translations()
    env.filters["stars"] = lambda number: "*" * number
    books = [
        {"title": "Dune", "author": "Herbert", "year": 1965, "rating": 5},
        {"title": "Emma", "author": "Austen", "year": 1815, "rating": 4},
        {"title": "Solaris", "author": "Lem & Co", "year": 1961, "rating": 5},
    ]
    print(env.get_template("books.html").render(books=books, user="<Ada>"))
    print(env.get_template("plain.txt").render(books=books))
    print(sorted(env.list_templates()))
    print(env.from_string("{{ 'a-b-c' | replace('-', '+') | title }} {{ [3, 1, 2] | sort | join(',') }}").render())
    print(env.from_string("{{ books | groupby('rating') | map('first') | list }}").render(books=books))
    print(env.from_string("{{ {'b': 1, 'a': [1, 2]} | tojson(indent=2) }}").render())

    loose = Environment(loader=DictLoader({"a": "{% set x = 1 %}{% do y.append(x) %}{{ y }}"}), extensions=["jinja2.ext.do"])
    print(loose.get_template("a").render(y=[0]))
    strict = Environment(undefined=StrictUndefined)
    for text in ["{{ missing }}", "{% for %}", "{{ 1 / 0 }}"]:
        try:
            strict.from_string(text).render()
        except (jinja2.TemplateError, ZeroDivisionError) as error:
            print(type(error).__name__, error)
    try:
        env.get_template("nowhere.html")
    except TemplateNotFound as error:
        print("not found:", error)
    print(sorted(jinja2.meta.find_undeclared_variables(env.parse("{{ a }}{% set b = c %}"))) if hasattr(jinja2, "meta") else sys.platform == "")


import jinja2.meta  # noqa: E402

main()
