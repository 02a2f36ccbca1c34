"""Templates with inheritance, blocks and modules, escapes, URL routing and options."""

from tornado import escape, httputil, template
from tornado.options import OptionParser
from tornado.routing import PathMatches
from tornado.web import Application, RequestHandler, url

loader = template.DictLoader(
    {
        "base.html": "<title>{% block title %}base{% end %}</title>{% block body %}{% end %}",
        "page.html": "{% extends 'base.html' %}{% block title %}{{ title }}{% end %}{% block body %}"
        "{% for i, x in enumerate(items) %}{% if i %}, {% end %}{{ x }}{% else %}none{% end %}"
        "{% set y = len(items) %}{% raw '<b>' + str(y) %}{% include 'foot.html' %}{% end %}",
        "foot.html": "{% try %}{{ 1 // 0 }}{% except ZeroDivisionError %}zero{% finally %}.{% end %}",
    }
)
print(loader.load("page.html").generate(title="<Tom & co>", items=["a", "<b>"]).decode())
print(template.Template("{% autoescape None %}{{ x }}{# comment #}{% while x %}{% break %}{% end %}").generate(x="<i>"))
try:
    template.Template("{% if x %}")
except template.ParseError as error:
    print(error)


class Handler(RequestHandler):
    def get(self, name):
        self.write(name)


app = Application([url(r"/hello/([^/]+)", Handler, name="hello"), (r"/x/(\d+)", Handler)])
print(app.reverse_url("hello", "a b"), PathMatches(r"/x/(\d+)").regex.pattern)
print(escape.linkify("see http://example.org/?a=1&b=2"), escape.json_encode({"a": "</"}), escape.url_unescape("a+b%20c"))
print(httputil.url_concat("/a?b=1", {"c": "d e"}), httputil.HTTPHeaders.parse("A: 1\r\nA: 2\r\n").get_list("a"))
options = OptionParser()
options.define("port", default=80, type=int)
options.parse_command_line(["main", "--port=8080"])
print(options.port)
