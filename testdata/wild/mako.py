"""Templates with inheritance, blocks, defs, filters, Python parts, caching of its own, and errors with lines."""

from mako import exceptions
from mako.lookup import TemplateLookup
from mako.template import Template

print(Template("hello ${name | u,trim}! % not\n% for i in range(3):\n${loop.index}${',' if not loop.last else ''}\\\n% endfor\n").render(name=" a b "))
lookup = TemplateLookup(default_filters=["h"])
lookup.put_string("base.html", "<title><%block name='title'>base</%block></title>${self.body()}${next.foot()}<%def name='foot()'>base foot</%def>")
lookup.put_string("lib.html", "<%def name='row(x, sep=\":\")'>[${x}${sep}${caller.body() if caller else ''}]</%def>")
lookup.put_string("page.html", "<%inherit file='base.html'/><%namespace name='lib' file='lib.html'/><%block name='title'>${heading}</%block>\n"
                  "<%! import math %><% y = math.floor(2.7) %>${y} ${lib.row('a')} <%call expr=\"lib.row('b')\">in</%call> <%text>${raw}</%text> <%def name='foot()' filter='trim'> foot ${parent.foot()} </%def>## comment\n<%doc>d</%doc>")
print(lookup.get_template("page.html").render(heading="<T & t>"))
template = Template("<%page args='x, y=2'/>\n% if x > y:\nmore\n% else:\n${x + y}\n% endif\n<%def name='f(a)'>f:${a}</%def>")
print(template.render(x=1), template.get_def("f").render(a=5), template.has_def("g"), "def render_body" in template.code)
print(Template("${x}", strict_undefined=False, imports=["import json"], default_filters=["json.dumps"]).render(x=[1, None]))
for source in ["${1 +}", "% if x:\n", "<%def name='x'>", "${undefined_name}", "${1 // 0}"]:
    try:
        print(Template(source).render())
    except exceptions.MakoException as error:
        print(type(error).__name__, str(error)[:70])
    except Exception as error:
        print(type(error).__name__, error, exceptions.text_error_template().render().strip().splitlines()[-1])
try:
    lookup.get_template("none.html")
except exceptions.TopLevelLookupException as error:
    print(error)
