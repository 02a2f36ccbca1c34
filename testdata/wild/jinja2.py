"""Inheritance, macros, filters, tests, loops, extensions, a sandbox and errors with lines."""

import jinja2
from jinja2.sandbox import SandboxedEnvironment, SecurityError

env = jinja2.Environment(
    loader=jinja2.DictLoader(
        {
            "base": "<{% block head %}base{% endblock %}>{% block body %}{% endblock %}",
            "page": "{% extends 'base' %}{% from 'macros' import field with context %}{% block head %}{{ super() }}+{% endblock %}"
            "{% block body %}{% for x in items if x != 2 recursive %}{{ loop.index }}:{{ field(x) }}{{ ', ' if not loop.last }}{% endfor %}{% endblock %}",
            "macros": "{% macro field(v, kind='t') -%} {{ kind }}={{ v|string|e }}{{ extra }} {%- endmacro %}",
            "bad": "line\n{{ 1 +",
        }
    ),
    extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n"],
    autoescape=True,
    trim_blocks=True,
)
env.install_gettext_callables(lambda s: s.upper(), lambda s, p, n: s if n == 1 else p)
env.filters["double"] = lambda value: value * 2
print(env.get_template("page").render(items=[1, 2, "<3>"], extra="!"))
print(env.from_string("{{ ['b','a']|sort|join('-')|double }} {{ 3.14159|round(2) }} {{ x is defined }} {% set ns = namespace(n=0) %}{% for i in range(5) %}{% if i == 3 %}{% break %}{% endif %}{% do ns.__setattr__('n', i) if false %}{% endfor %}").render())
print(env.from_string("{% trans count=2 %}one{% pluralize %}{{ count }} many{% endtrans %} {{ _('hi') }}").render())
print(env.from_string("{{ users|groupby('city')|list|length }} {{ users|map(attribute='name')|join(',') }} {{ {'a': 1}|tojson }} {{ 'a b'|urlencode }}").render(users=[{"name": "x", "city": "A"}, {"name": "y", "city": "B"}]))
for attempt in (lambda: env.get_template("bad"), lambda: env.get_template("none"), lambda: SandboxedEnvironment().from_string("{{ ().__class__.__bases__ }}").render(), lambda: jinja2.Environment(undefined=jinja2.StrictUndefined).from_string("{{ nope }}").render()):
    try:
        print(attempt())
    except (jinja2.TemplateError, SecurityError) as error:
        print(type(error).__name__, error)
