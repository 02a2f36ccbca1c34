"""Names of Python 2 by lazy modules, metaclasses, iterators and text."""

import six
from six.moves import configparser, html_parser, queue, range, urllib, zip_longest
from six.moves.urllib.parse import urlencode, urlsplit

print(six.PY3, six.text_type, six.integer_types, six.string_types)
print(list(zip_longest([1, 2], [3])), urlencode({"a": "b c"}), urlsplit("http://h/p?q").netloc)
print(urllib.error.HTTPError.__name__, urllib.request.Request("http://h/").host, html_parser.HTMLParser.__name__)


@six.add_metaclass(type("Meta", (type,), {"__repr__": lambda cls: f"<{cls.__name__}!>"}))
class Example:
    pass


print(Example, six.ensure_binary("ä"), six.ensure_str(b"x"), six.u("u"), six.b("b"), six.int2byte(65))
print(sorted(six.iteritems({"a": 1, "b": 2})), six.next(six.iterkeys({"k": 1})), six.indexbytes(b"abc", 1))
parser = configparser.ConfigParser()
parser.read_string(six.StringIO("[s]\nk = v\n").read())
print(parser["s"]["k"], queue.Queue(2).maxsize, range(3), six.viewkeys({"z": 1}))
try:
    six.raise_from(ValueError("outer"), KeyError("inner"))
except ValueError as error:
    print(repr(error), repr(error.__cause__))
print(six.moves.reduce(lambda a, b: a * b, [1, 2, 3, 4]), six.moves.builtins.len("abc"), six.get_function_code(lambda: 1).co_argcount)
