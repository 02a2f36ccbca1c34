"""The statements of random programs; programs.py puts them together.

In:  a Scope, which knows the module that a statement stands in and the names that it can use there.
Out: the lines of a statement, for each function of STATEMENTS, and in the Scope the names that it has bound.

What a statement prints is the same in every run: no addresses, hashes, paths or times.
"""

# Variables that programs read, and values to try.
VARIABLES = ("APP_MODE", "APP_LEVEL", "APP_DEBUG", "APP_NAME")
VALUES = ("1", "0", "debug", "production", "", "12")
NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lam mu nu omicron rho sigma tau upsilon phi chi psi omega"
).split()


class Scope:
    """What a statement can use where it stands."""

    def __init__(self, maker, module, kind="module", outer=None):
        self.maker, self.module, self.kind = maker, module, kind
        names = outer.names if outer else {"int": ["VALUE"], "str": ["NAME"], "list": ["ITEMS"]}
        self.names = {key: list(values) for key, values in names.items()}
        self.modules = list(outer.modules) if outer else []  # pairs of expression and Module
        self.depth = outer.depth + 1 if outer else 0

    @property
    def random(self):
        return self.maker.random

    def fresh(self, stem="v"):
        self.maker.counter += 1
        return f"{stem}{self.maker.counter}"

    def add(self, kind, name):
        self.names.setdefault(kind, []).append(name)
        return name

    def use(self, kind):
        return self.random.choice(self.names[kind]) if self.names.get(kind) else None

    def value(self):
        """An expression whose value is safe to print."""
        choices = [str(self.random.randrange(100)), repr(self.random.choice(NAMES))]
        for kind in ("int", "str", "list", "dict"):
            choices += self.names.get(kind, [])
        choices += [f"{name}()" for name in self.names.get("call", [])]
        choices += [f"{expression}.VALUE" for expression, _ in self.modules]
        return self.random.choice(choices)

    def number(self):
        return self.use("int") if self.random.random() < 0.6 else str(self.random.randrange(50))

    def tag(self):
        self.maker.counter += 1
        return repr(f"{self.module.name}:{self.maker.counter}")

    def tell(self, *expressions):
        """A line that notes values for the end, or prints them at once."""
        text = ", ".join((self.tag(), *map(str, expressions)))
        chance = self.random.random()
        if chance < self.maker.loudness:
            way = self.random.random()
            if way < 0.1:
                return f"print({text}, file=__import__('sys').stderr)"
            if way < 0.15:
                return f"print({text}, end=';')"
            return f"print({text})"
        return f"note({text})"

    def body(self, kind, count=None):
        """The lines of a few statements for the inside of a compound one, and their scope."""
        inner = Scope(self.maker, self.module, kind or self.kind, self)
        lines = []
        for _ in range(count or self.random.randint(1, 3)):
            lines += self.maker.statement(inner)
        return lines, inner

    def keep(self, inner):
        self.names, self.modules = inner.names, inner.modules


def indent(lines):
    # The inside of a text in triple quotes never starts a line of its own here.
    return ["    " + line for line in lines]


STATEMENTS = []


def statement(weight):
    def registered(function):
        STATEMENTS.append((weight, function))
        return function

    return registered


# ---- simple statements ----


@statement(6)
def assign(scope):
    name, kind = scope.fresh(), scope.random.choice(("int", "str", "list", "dict", "pair", "annotated", "walrus"))
    number = scope.number()
    if kind == "int":
        lines = [f"{name} = {number} * {scope.random.randint(2, 9)} % 101"]
    elif kind == "str":
        lines = [f"{name} = f'{{NAME}}-{{{number}}}'"]
    elif kind == "list":
        lines = [f"{name} = [index * {number} for index in range({scope.random.randint(1, 4)})]"]
    elif kind == "dict":
        lines = [f"{name} = {{'a': {scope.value()}, 'b': [{number}], **dict.fromkeys('xy', 1)}}"]
    elif kind == "pair":
        other = scope.fresh()
        lines, kind = [f"{name}, *{other} = {number}, {scope.value()}, 3"], "int"
        scope.add("list", other)
    elif kind == "annotated":
        lines, kind = [f"{name}: int = {number}"], "int"
    else:
        lines, kind = [f"if ({name} := {number}) > 20:", f"    {scope.tell(name)}"], "int"
    scope.add(kind, name)
    return lines


@statement(8)
def show(scope):
    return [scope.tell(*(scope.value() for _ in range(scope.random.randint(1, 3))))]


@statement(3)
def grow(scope):
    name = scope.use("list")
    return [scope.random.choice((f"{name}.append({scope.number()})", f"{name}[:] = [*{name}, {scope.number()}][-5:]"))]


@statement(1)
def remove(scope):
    name = scope.fresh("gone")
    return [f"{name} = {scope.value()}", f"del {name}", scope.tell(f"{name!r} in vars()")]


@statement(4)
def define(scope):
    name = scope.fresh("f")
    kind = scope.random.randrange(6)
    if kind == 0:
        lines = [f"def {name}(value={scope.value()}):", "    return value"]
    elif kind == 1:
        lines = [f"def {name}():", f"    return [NAME, {scope.number()}]"]
        if scope.kind == "class":
            lines[1] = "    return ['class']"
    elif kind == 2:
        outer = scope.fresh("make")
        lines = [
            f"def {outer}():",
            f"    count = {scope.random.randrange(9)}",
            "    def step():",
            "        nonlocal count",
            "        count += 1",
            "        return count",
            "    return step",
            f"{name} = {outer}()",
        ]
    elif kind == 3:
        lines = [f"{name} = lambda seen=[]: (seen.append(len(seen)), list(seen))[1]"]
    elif kind == 4:
        lines = [
            "import functools",
            "@functools.lru_cache(maxsize=None)",
            f"def {name}():",
            f"    {scope.tell(repr('computed'))}",
            "    return 7",
        ]
    else:
        lines = [
            "import functools",
            f"def {name}_base(*args, **kwargs):",
            "    return args, sorted(kwargs)",
            f"{name} = functools.partial({name}_base, {scope.random.randrange(9)}, key=1)",
        ]
    scope.add("call", name)
    return lines


@statement(3)
def iterate(scope):
    name = scope.fresh("g")
    first = f"next({name}, 'end')"
    return [
        f"def {name}_all():",
        "    try:",
        f"        for index in range({scope.random.randint(1, 4)}):",
        "            yield index * 2",
        "    finally:",
        f"        {scope.tell(repr('closed'))}",
        f"{name} = {name}_all()",
        scope.tell(first),
        *([scope.tell(first)] if scope.random.random() < 0.5 else []),
        *([f"{name}.close()"] if scope.random.random() < 0.6 else []),
    ]


@statement(4)
def classes(scope):
    name = scope.fresh("C")
    kind = scope.random.randrange(9)
    number = scope.random.randrange(50)
    if kind == 0:
        return [
            "import dataclasses",
            "@dataclasses.dataclass(order=True)",
            f"class {name}:",
            f"    first: int = {number}",
            "    rest: list = dataclasses.field(default_factory=list)",
            scope.tell(f"{name}({scope.random.randrange(9)})", f"{name}(1) < {name}(2)"),
        ]
    if kind == 1:
        return [
            "import enum",
            f"class {name}(enum.{scope.random.choice(('Enum', 'IntEnum', 'Flag'))}):",
            "    ONE = enum.auto()",
            "    TWO = enum.auto()",
            scope.tell(f"list({name})", f"{name}['ONE'].name"),
        ]
    if kind == 2:
        return [
            f"class {name}:",
            "    known = []",
            "    def __init_subclass__(cls, **kwargs):",
            f"        {name}.known.append((cls.__name__, cls.__module__))",
            f"class {name}One({name}): pass",
            f"class {name}Two({name}One): pass",
            scope.tell(f"{name}.known", f"[sub.__name__ for sub in {name}.__subclasses__()]"),
        ]
    if kind == 3:
        return [
            "import abc",
            f"class {name}(abc.ABC):",
            "    @abc.abstractmethod",
            "    def run(self): ...",
            f"{name}.register({scope.random.choice(('int', 'list', 'str'))})",
            scope.tell(f"isinstance(1, {name})", f"issubclass(list, {name})"),
        ]
    if kind == 4:
        return [
            "import functools",
            "@functools.singledispatch",
            f"def {name}(value): return 'any'",
            f"@{name}.register",
            f"def _(value: {scope.random.choice(('int', 'str'))}): return 'typed'",
            scope.tell(f"{name}(1)", f"{name}('')", f"{name}([])"),
        ]
    if kind == 5:
        return [
            f"class {name}(type):",
            "    def __new__(mcls, name, bases, space):",
            f"        {scope.tell('name', 'sorted(key for key in space if key[0] != chr(95))')}",
            "        return super().__new__(mcls, name, bases, space)",
            f"class {name}Made(metaclass={name}):",
            f"    field = {number}",
            scope.tell(f"type({name}Made).__name__"),
        ]
    if kind == 6:
        return [
            "import collections",
            f"{name} = collections.namedtuple('{name}', 'x y', defaults=[{number}])",
            scope.tell(f"{name}(1)", f"{name}.__module__"),
        ]
    if kind == 7:
        return [
            f"class {name}:",
            "    def __set_name__(self, owner, name): self.name = owner.__name__, name",
            "    def __get__(self, instance, owner): return self.name",
            f"class {name}Owner:",
            f"    field = {name}()",
            scope.tell(f"{name}Owner.field", f"{name}Owner.__qualname__"),
        ]
    return [
        "import typing",
        f"class {name}(typing.NamedTuple):",
        "    key: str",
        f"    number: int = {number}",
        scope.tell(f"{name}('k')", f"list(typing.get_type_hints({name}))"),
    ]


@statement(3)
def standard_library(scope):
    return scope.random.choice(
        (
            lambda: ["import re", f"RE = re.compile(r'(\\w)(\\d*)')", scope.tell("RE.findall('a1 b22 c')")],
            lambda: ["import json", scope.tell(f"json.dumps({{'v': {scope.value()}}}, default=repr)")],
            lambda: ["import textwrap", scope.tell("textwrap.shorten('one two three four', 12)")],
            lambda: ["import string", scope.tell("string.Template('$a-$b').safe_substitute(a=1)")],
            lambda: ["import collections", scope.tell("collections.Counter('hello').most_common(2)")],
            lambda: ["import itertools", f"IT = itertools.count({scope.random.randrange(9)})", scope.tell("next(IT)")],
            lambda: ["import datetime", scope.tell("datetime.date(2024, 2, 28) + datetime.timedelta(2)")],
            lambda: ["import fractions", scope.tell("fractions.Fraction(3, 9) + 1")],
            lambda: [
                "import pickle, collections",
                scope.tell("pickle.loads(pickle.dumps(collections.OrderedDict(a=1)))"),
            ],
            lambda: ["import hashlib", scope.tell("hashlib.sha256(b'a').hexdigest()[:8]")],
            lambda: ["import struct", scope.tell("struct.pack('<hI', 1, 2)")],
            lambda: [
                "import io",
                "BUFFER = io.StringIO()",
                "BUFFER.write(NAME)" if scope.kind != "class" else "BUFFER.write('')",
                scope.tell("BUFFER.getvalue()"),
            ],
            lambda: [
                "import contextvars",
                "CV = contextvars.ContextVar('cv', default=0)",
                "CV.set(CV.get() + 1)",
                scope.tell("CV.get()"),
            ],
            lambda: [
                "import threading",
                "LOCAL = threading.local()",
                "LOCAL.value = 3",
                scope.tell("LOCAL.value", "threading.current_thread().name"),
            ],
            lambda: ["import inspect", scope.tell("str(inspect.signature(lambda a, *, b=1: 0))")],
            lambda: ["import operator", scope.tell("operator.itemgetter(1)('abc')")],
        )
    )()


@statement(5)
def registry(scope):
    name = scope.fresh("r")
    kind = scope.random.randrange(4)
    if kind == 0:
        return ["import notes", f"notes.REGISTRY[{scope.tag()}] = {scope.value()}"]
    if kind == 1:
        return ["import notes", "@notes.register", f"def {name}(): return {scope.random.randrange(9)}"]
    if kind == 2:
        return ["from notes import HOOKS", f"HOOKS.insert({scope.random.randrange(3)}, {scope.tag()})"]
    return ["import notes", scope.tell("list(notes.REGISTRY)", "len(notes.HOOKS)")]


# ---- the state of the interpreter and of the standard library ----


@statement(4)
def at_exit(scope):
    kind = scope.random.randrange(4)
    name = scope.fresh("leave")
    if kind == 0:
        return ["import atexit", "@atexit.register", f"def {name}(): print({scope.tag()}, 'leaves')"]
    if kind == 1:
        return ["import atexit", f"atexit.register(print, {scope.tag()}, 'leaves', {scope.value()})"]
    if kind == 2:
        return [
            "import atexit",
            f"def {name}(): print({scope.tag()}, 'never')",
            f"atexit.register({name})",
            f"atexit.unregister({name})",
        ]
    return ["import atexit", f"atexit.register(lambda: print({scope.tag()}, len(ITEMS)))"]


@statement(4)
def warn(scope):
    kind = scope.random.randrange(7)
    level = scope.random.randint(1, 3)
    category = scope.random.choice(("UserWarning", "DeprecationWarning", "RuntimeWarning", "FutureWarning"))
    name = scope.fresh("w")
    if kind == 0:
        return ["import warnings", f"warnings.warn({scope.tag()}, {category}, stacklevel={level})"]
    if kind == 1:
        return [
            "import warnings",
            f"def {name}(): warnings.warn({scope.tag()}, {category}, stacklevel={level})",
            f"{name}()",
            f"{name}()",
        ]
    if kind == 2:
        action = scope.random.choice(("ignore", "always", "error", "once", "default"))
        return ["import warnings", f"warnings.simplefilter({action!r}, {category})"]
    if kind == 3:
        return [
            "import warnings",
            "with warnings.catch_warnings(record=True) as caught:",
            "    warnings.simplefilter('always')",
            *indent(scope.body(None, 1)[0]),
            f"    warnings.warn({scope.tag()})",
            scope.tell("[(w.category.__name__, str(w.message)) for w in caught]"),
        ]
    if kind == 4:
        return ["import warnings", scope.tell("[(f[0], f[2].__name__) for f in warnings.filters][:6]")]
    if kind == 5:
        return [
            "import warnings",
            f"warnings.filterwarnings('ignore', message='.*{scope.random.randrange(10)}$')",
        ]
    return [
        "import warnings",
        f"def {name}(message, category, filename, lineno, file=None, line=None):",
        # A line of the launcher's, which an artifact has not, is none.
        "    note('warning', str(message), category.__name__, lineno if filename[0] != '<' else 0)",
        f"warnings.showwarning = {name}",
    ]


@statement(3)
def log(scope):
    kind = scope.random.randrange(7)
    logger = scope.random.choice(("logging", "logging.getLogger(__name__)", "logging.getLogger('app.part')"))
    level = scope.random.choice(("debug", "info", "warning", "error"))
    if kind == 0:
        return [
            "import logging",
            f"logging.basicConfig(level=logging.{level.upper()}, format='%(levelname)s %(module)s:%(lineno)d "
            f"%(message)s')",
        ]
    if kind in (1, 2):
        return ["import logging", f"{logger}.{level}('%s says %d', {scope.tag()}, {scope.random.randrange(99)})"]
    if kind == 3:
        return [
            "import logging, notes",
            "class Kept(logging.Handler):",
            "    def emit(self, record): notes.note('log', record.funcName, record.lineno, record.getMessage())",
            f"logging.getLogger('app').addHandler(Kept())",
            "logging.getLogger('app').setLevel('INFO')",
        ]
    if kind == 4:
        return [
            "import logging",
            f"logging.addLevelName({scope.random.randint(11, 19)}, {scope.tag()})",
            scope.tell("logging.getLevelName(15)"),
        ]
    if kind == 5:
        return [
            "import logging",
            scope.tell(
                "sorted(name for name in logging.root.manager.loggerDict if name.startswith('app'))",
                "logging.root.level",
                "len(logging.root.handlers)",
            ),
        ]
    return ["import logging", f"logging.disable({scope.random.choice(('logging.INFO', 'logging.NOTSET'))})"]


@statement(2)
def number_context(scope):
    kind = scope.random.randrange(4)
    third = scope.tell("decimal.Decimal(1) / decimal.Decimal(3)")
    if kind == 0:
        return ["import decimal", f"decimal.getcontext().prec = {scope.random.randint(3, 30)}", third]
    if kind == 1:
        return ["import decimal", f"decimal.setcontext(decimal.Context(prec={scope.random.randint(3, 9)}))", third]
    if kind == 2:
        return ["import decimal", f"decimal.DefaultContext.prec = {scope.random.randint(3, 9)}", third]
    inner, _ = scope.body(None, 1)
    return [
        "import decimal",
        "with decimal.localcontext() as context:",
        "    context.prec = 4",
        *indent(inner),
        "    " + third,
        third,
    ]


@statement(4)
def patch_standard_library(scope):
    name = scope.fresh("patched")
    kind = scope.random.randrange(14)
    if kind == 0:
        return [
            "import json",
            f"{name} = json.dumps",
            f"json.dumps = lambda value, **rest: '<' + {name}(value, **rest) + '>'",
            scope.tell("json.dumps([1])"),
        ]
    if kind == 1:
        return ["import builtins", f"builtins.{name} = {scope.value()}", scope.tell(name)]
    if kind == 2:
        return [
            "import builtins",
            f"builtins.{scope.random.choice(('hex', 'oct', 'bin'))} = lambda value: {scope.tag()}",
            scope.tell("hex(10)", "oct(8)"),
        ]
    if kind == 3:
        return ["import string", f"string.digits = {scope.tag()}", "from string import digits", scope.tell("digits")]
    if kind == 4:
        return ["import time", "time.time = lambda: 1.5", scope.tell("time.time()")]
    if kind == 5:
        return [
            "import textwrap",
            "textwrap.TextWrapper.x_extra = 1",
            "textwrap.dedent = str.upper",
            "from textwrap import dedent",
            scope.tell("dedent('ab')"),
        ]
    if kind == 6:
        return [
            "import copyreg, copy",
            f"class {name}: pass",
            f"copyreg.pickle({name}, lambda value: (int, (5,)))",
            scope.tell(f"copy.copy({name}())"),
        ]
    if kind == 7:
        return [
            "import codecs",
            f"codecs.register(lambda name: note('codec', name))",
            "try:",
            f"    'a'.encode('code{scope.random.randrange(9)}')",
            "except LookupError as error:",
            f"    {scope.tell('error')}",
        ]
    if kind == 8:
        return [
            "import random",
            f"random.seed({scope.random.randrange(9)})",
            scope.tell("random.randrange(1000)", "random.choice('abcdef')"),
        ]
    if kind == 9:
        return [
            "import sys",
            f"sys.setrecursionlimit({scope.random.randint(700, 900)})",
            scope.tell("sys.getrecursionlimit()"),
        ]
    if kind == 10:
        return [
            "import collections",
            f"class {name}(dict): pass",
            f"collections.OrderedDict = {name}",
            "from collections import OrderedDict",
            scope.tell("OrderedDict.__name__"),
        ]
    if kind == 11:
        return [
            "import functools",
            f"{name} = functools.wraps",
            "def counted(*a, **k):",
            f"    note('wraps', {scope.tag()})",
            f"    return {name}(*a, **k)",
            "functools.wraps = counted",
        ]
    if kind == 12:
        return ["import builtins", f"{name} = builtins.print", f"builtins.print = lambda *a, **k: {name}('>', *a, **k)"]
    return [
        "import builtins",
        f"{name} = builtins.__import__",
        f"def {name}_import(name, *rest, **more):",
        "    if name.partition('.')[0] in OWN: note('asks', name)",
        f"    return {name}(name, *rest, **more)",
        f"{name}_import.__globals__['OWN'] = note.__globals__['OWN']",
        f"builtins.__import__ = {name}_import",
    ]


@statement(3)
def patch_module(scope):
    if not scope.modules:
        return show(scope)
    target, module = scope.random.choice(scope.modules)
    kind = scope.random.randrange(7)
    if kind == 0:
        return [f"{target}.VALUE += {scope.random.randrange(9)}", scope.tell(f"{target}.VALUE")]
    if kind == 1:
        return [f"{target}.helper = lambda *args: ('patched', {scope.tag()})", scope.tell(f"{target}.helper(1)")]
    if kind == 2:
        return [f"{target}.ITEMS.append({scope.value()})", scope.tell(f"{target}.ITEMS")]
    if kind == 3:
        return [f"{target}.EXTRA = {scope.value()}", scope.tell(f"hasattr({target}, 'EXTRA')")]
    if kind == 4:
        return [
            "try:",
            f"    {scope.tell(f'{target}.missing')}",
            "except AttributeError as error:",
            f"    {scope.tell('error')}",
        ]
    if kind == 5:
        return [scope.tell(f"{target}.helper({scope.number()})")]
    return [
        "import sys",
        scope.tell(
            f"[name for name in vars({target}) if name[0] != '_'][:6]", f"{target}.__name__", f"{target}.__spec__.name"
        ),
    ]


@statement(4)
def module_table(scope):
    kind = scope.random.randrange(9)
    name = scope.fresh("m")
    if kind < 3:
        return [
            "import sys",
            scope.tell("[name for name in sys.modules if name.partition('.')[0] in note.__globals__['OWN']]"),
        ]
    if kind == 3:
        return [
            "import sys, types",
            f"sys.modules['{name}'] = types.SimpleNamespace(VALUE={scope.value()})",
            "try:",
            f"    import {name}",
            "except ImportError:",
            "    pass",
            scope.tell(f"{name}.VALUE"),
        ]
    if kind == 4:
        return [scope.tell("__name__", "__package__", "getattr(__spec__, 'name', None)", "__doc__")]
    if kind == 5:
        return [
            "import sys",
            scope.tell("sys.modules[__name__].VALUE", "getattr(sys.modules[__name__].__spec__, '_initializing', None)"),
        ]
    if kind == 6:
        return [scope.tell("[name for name in list(globals()) if name[0] != '_'][-4:]")]
    if kind == 7 and scope.modules:
        target, module = scope.random.choice(scope.modules)
        return [
            "import sys",
            f"{name} = sys.modules.pop({module.name!r}, None)",
            f"import {module.name} as {name}_new",
            scope.tell(f"{name} is {name}_new", f"{name}_new.VALUE"),
        ]
    if kind == 8 and scope.modules:
        target, module = scope.random.choice(scope.modules)
        return [
            "import importlib",
            "try:",
            f"    importlib.reload({target})",
            "except Exception as error:",
            f"    {scope.tell('type(error).__name__')}",
        ]
    return [scope.tell("__name__")]


@statement(2)
def import_hooks(scope):
    kind = scope.random.randrange(4)
    name = scope.fresh("Finder")
    if kind == 0:
        return [
            "import sys",
            f"class {name}:",
            "    @staticmethod",
            "    def find_spec(name, path=None, target=None):",
            "        if name.partition('.')[0] in note.__globals__['OWN']: note('finds', name)",
            f"sys.meta_path.insert(0, {name})",
            *([] if scope.random.random() < 0.6 else [*scope.body(None, 1)[0], f"sys.meta_path.remove({name})"]),
        ]
    if kind == 1:
        return [
            "import sys, importlib.abc, importlib.machinery",
            f"class {name}(importlib.abc.MetaPathFinder, importlib.abc.Loader):",
            "    def find_spec(self, name, path=None, target=None):",
            f"        if name == '{name.lower()}': return importlib.machinery.ModuleSpec(name, self)",
            "    def exec_module(self, module):",
            "        module.VALUE = 5",
            f"        {scope.tell('module.__name__')}",
            f"sys.meta_path.append({name}())",
            "try:",
            f"    import {name.lower()}",
            "except ImportError as error:",
            f"    {scope.tell('error')}",
            f"    {name.lower()} = None",
            scope.tell(f"{name.lower()} and {name.lower()}.VALUE"),
        ]
    if kind == 2:
        return ["import sys", f"sys.path.append('/nowhere/{name}')", scope.tell("sys.path[-1]")]
    return [
        "import sys",
        "def seen(frame, event, argument, known=set()):",
        "    name = frame.f_code.co_name",
        # How many modules the standard library imports is its own affair, and so is what a line calls for each of them.
        "    is_own = frame.f_globals.get('__name__') in note.__globals__['OWN'] and name[:7] != 'patched'",
        # Once each: how deep a recursion may go depends on what the program was started with.
        "    if event == 'call' and is_own and name not in known: note('call', name)",
        "    known.add(name)",
        "sys.setprofile(seen)" if scope.random.random() < 0.5 else "sys.settrace(seen)",
        *scope.body(None, 1)[0],
        "sys.setprofile(None)",
        "sys.settrace(None)",
    ]


@statement(4)
def frames(scope):
    kind = scope.random.randrange(7)
    name = scope.fresh("frame")
    if kind == 0:
        return ["import sys", scope.tell("sys._getframe().f_lineno", "sys._getframe().f_code.co_name")]
    if kind in (1, 2):
        return [
            "import sys",
            f"{name}, chain = sys._getframe(), []",
            f"while {name} is not None:",
            f"    if '<string>' != {name}.f_code.co_filename != '<frozen runpy>': "
            f"chain.append(({name}.f_globals.get('__name__'), {name}.f_code.co_name, {name}.f_lineno if "
            f"{name}.f_globals.get('__name__') in note.__globals__['OWN'] else 0))",
            f"    {name} = {name}.f_back",
            scope.tell("chain"),
        ]
    if kind == 3:
        return [
            "import traceback",
            scope.tell("[(line.name, line.lineno, line.line) for line in traceback.extract_stack()[-1:]]"),
        ]
    if kind == 4:
        return [
            "import sys",
            f"def {name}(): return sys._getframe(1).f_lineno, sys._getframe(1).f_globals['__name__']",
            scope.tell(f"{name}()"),
        ]
    if kind == 5:
        return [
            "import sys",
            scope.tell("sys._getframe().f_locals is globals()", "sorted(sys._getframe().f_locals)[-1] != ''"),
        ]
    return [
        "import inspect",
        scope.tell("inspect.currentframe().f_lineno", "inspect.getmodule(inspect.currentframe()).__name__"),
    ]


@statement(4)
def weak(scope):
    name = scope.fresh("Thing")
    kind = scope.random.randrange(9)
    made = [f"class {name}:", "    pass", f"{name.lower()} = {name}()"]
    dying = [f"class {name}:", f"    def __del__(self): print({scope.tag()}, 'dies')", f"{name.lower()} = {name}()"]
    if kind == 0:
        return [
            "import weakref",
            *made,
            f"ref = weakref.ref({name.lower()}, lambda ref: note({scope.tag()}, ref() is None))",
            f"del {name.lower()}",
            scope.tell("ref() is None"),
        ]
    if kind == 1:
        return [
            "import weakref",
            *made,
            f"weakref.finalize({name.lower()}, print, {scope.tag()}, 'finalized')",
            *([f"del {name.lower()}"] if scope.random.random() < 0.4 else []),
        ]
    if kind == 2:
        return dying
    if kind == 3:
        return [*dying, f"del {name.lower()}"]
    if kind == 4:
        return [
            "import gc",
            *dying,
            f"{name.lower()}.self = {name.lower()}",
            f"del {name.lower()}",
            "gc.collect()",
            scope.tell("'collected'"),
        ]
    if kind == 5:
        return ["import notes", *dying, f"notes.HELD.append({name.lower()})"]
    if kind == 6:
        return [
            "import weakref",
            *made,
            "weak = weakref.WeakValueDictionary()",
            f"weak['key'] = {name.lower()}",
            scope.tell("len(weak)"),
            f"{name.lower()} = None",
            scope.tell("len(weak)"),
        ]
    if kind == 7:
        return [
            "import weakref, gc",
            *made,
            f"{name.lower()}.self = {name.lower()}",
            f"ref = weakref.ref({name.lower()})",
            f"del {name.lower()}",
            "gc.collect()",
            scope.tell("ref() is None"),
        ]
    return [
        "import weakref, notes",
        f"class {name}(list): pass",
        f"notes.HELD.append({name}([1]))",
        f"notes.REFS.append(weakref.ref(notes.HELD[-1]))",
    ]


@statement(1)
def let_go(scope):
    return [
        "import notes, gc",
        "notes.HELD.clear()",
        "gc.collect()",
        scope.tell("[ref() is None for ref in notes.REFS]"),
    ]


@statement(4)
def half_done(scope):
    """Objects of C modules that are in the middle of something."""
    name = scope.fresh("half")
    if scope.maker.heavy and scope.random.random() < 0.5:
        return heavy(scope, name)
    return scope.random.choice(
        (
            lambda: [
                "import zlib",
                f"{name} = zlib.compressobj()",
                f"{name}d = {name}.compress(b'abc' * 9)",
                *scope.body(None, 1)[0],
                scope.tell(f"zlib.decompress({name}d + {name}.flush())"),
            ],
            lambda: [
                "import hashlib",
                f"{name} = hashlib.md5(b'a')",
                *scope.body(None, 1)[0],
                f"{name}.update(b'b')",
                scope.tell(f"{name}.hexdigest()"),
            ],
            lambda: [
                "import random",
                f"{name} = random.Random({scope.random.randrange(9)})",
                scope.tell(f"{name}.random()"),
                *scope.body(None, 1)[0],
                scope.tell(f"{name}.randrange(99)"),
            ],
            lambda: [
                "import csv, io",
                f"{name} = io.StringIO()",
                f"csv.writer({name}).writerow(['a', {scope.random.randrange(9)}])",
                scope.tell(f"{name}.getvalue().strip()"),
            ],
            lambda: [
                "from xml.etree import ElementTree",
                f"{name} = ElementTree.XMLPullParser(['start'])",
                f"{name}.feed('<a><b>')",
                *scope.body(None, 1)[0],
                f"{name}.feed('</b></a>')",
                scope.tell(f"[e[1].tag for e in {name}.read_events()]"),
            ],
            lambda: [
                "import threading",
                f"{name} = threading.RLock()",
                f"{name}.acquire()",
                *scope.body(None, 1)[0],
                f"{name}.release()",
                scope.tell("threading.active_count()"),
            ],
            lambda: [
                "import queue",
                f"{name} = queue.Queue()",
                f"{name}.put(1)",
                scope.tell(f"{name}.get()", f"{name}.empty()"),
            ],
            lambda: [
                "import array, heapq",
                f"{name} = array.array('i', [3, 1])",
                f"{name}.append(2)",
                scope.tell(f"heapq.nsmallest(2, {name})"),
            ],
            lambda: [
                "import contextlib",
                f"{name} = contextlib.ExitStack()",
                f"{name}.callback(note, {scope.tag()})",
                *scope.body(None, 1)[0],
                f"{name}.close()",
            ],
            lambda: [
                "import io",
                f"{name} = io.TextIOWrapper(io.BytesIO(), 'utf-8')",
                f"{name}.write('é')",
                f"{name}.flush()",
                scope.tell(f"{name}.buffer.getvalue()"),
            ],
            lambda: [
                "import itertools",
                f"{name} = itertools.cycle('ab')",
                f"next({name})",
                f"{name}g = itertools.groupby([1, 1, 2])",
                scope.tell(f"next({name})", f"next({name}g)[0]"),
            ],
            lambda: [
                f"def {name}(depth):",
                "    try:",
                f"        return {name}(depth + 1)",
                "    except RecursionError:",
                "        return depth",
                scope.tell(f"{name}(0) > 600"),
            ],
        )
    )()


def heavy(scope, name):
    """The same for modules that make an artifact large."""
    return scope.random.choice(
        (
            lambda: [
                "import sqlite3",
                f"{name} = sqlite3.connect(':memory:')",
                f"{name}.execute('create table t (x)')",
                f"{name}.executemany('insert into t values (?)', [(1,), (2,)])",
                scope.tell(f"{name}.execute('select sum(x) from t').fetchone()"),
            ],
            lambda: [
                "import asyncio",
                f"async def {name}():",
                "    await asyncio.sleep(0)",
                f"    {scope.tell(repr('async'))}",
                "    return 5",
                scope.tell(f"asyncio.run({name}())"),
            ],
            lambda: [
                "import bz2, lzma",
                scope.tell("bz2.decompress(bz2.compress(b'x' * 5))", "lzma.decompress(lzma.compress(b'y' * 3))"),
            ],
            lambda: [
                "import unicodedata, datetime",
                scope.tell(
                    "unicodedata.name('é')", "datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc).isoformat()"
                ),
            ],
        )
    )()


@statement(2)
def interpreter(scope):
    kind = scope.random.randrange(13)
    name = scope.fresh("hook")
    if kind == 0:
        return [
            "import sys",
            "sys.addaudithook(lambda event, args: note('audit', args[0]) if event == 'import' and args[0] "
            "in note.__globals__['OWN'] else None)",
        ]
    if kind == 1:
        return ["import gc", scope.tell("gc.isenabled()", "gc.get_threshold()")]
    if kind == 2:
        return ["import gc", f"gc.set_threshold({scope.random.randint(500, 900)})", scope.tell("gc.get_threshold()")]
    if kind == 3:
        return [
            "import sys, io",
            f"{name}, sys.stdout = sys.stdout, io.StringIO()",
            *scope.body(None, 1)[0],
            f"{name}, sys.stdout = sys.stdout, {name}",
            scope.tell(f"{name}.getvalue()"),
        ]
    if kind == 4:
        return ["import sys", f"sys.unraisablehook = lambda error: print({scope.tag()}, error.exc_type.__name__)"]
    if kind == 5:
        return [
            "import sys",
            "sys.stdout.reconfigure(line_buffering=True)",
            scope.tell("sys.stdout.line_buffering", "sys.stdout.encoding"),
        ]
    if kind == 6:
        return [
            "import sys",
            f"sys.displayhook = lambda value: note('shown', value)",
            f"sys.displayhook({scope.value()})",
        ]
    if kind == 7:
        target = scope.random.choice(scope.maker.modules[1:])
        return [
            "import runpy",
            "try:",
            # One that runs itself ends where C code may not recurse any deeper: earlier than natively.
            f"    {name} = {{}} if __name__ == 'other' else runpy.run_module({target.name!r}, run_name='other')",
            "    " + scope.tell(f"{name}.get('__name__')", f"{name}.get('NAME')"),
            "except Exception as error:",
            f"    {scope.tell('type(error).__name__')}",
        ]
    if kind == 8:
        packages = [module for module in scope.maker.modules if module.is_package]
        if packages:
            target = scope.random.choice(packages)
            return [
                "import pkgutil",
                f"import {target.name} as {name}",
                scope.tell(f"sorted(info.name for info in pkgutil.iter_modules({name}.__path__))"),
            ]
        return show(scope)
    if kind == 9:
        return ["import signal", scope.tell("signal.Signals.SIGTERM.name", "signal.getsignal(signal.SIGTERM)")]
    if kind == 10:
        return [
            "import sys",
            scope.tell(
                "sys.flags.optimize", "sys.flags.utf8_mode", "sys.dont_write_bytecode", "sys.getdefaultencoding()"
            ),
        ]
    if kind == 11:
        return [
            "import logging.config",
            f"logging.config.dictConfig({{'version': 1, 'disable_existing_loggers': False, 'formatters': "
            f"{{'f': {{'format': '%(name)s %(message)s'}}}}, 'handlers': {{'h': {{'class': "
            f"'logging.StreamHandler', 'formatter': 'f', 'stream': 'ext://sys.stdout'}}}}, 'loggers': "
            f"{{'app': {{'handlers': ['h'], 'level': 'INFO'}}}}}})",
            f"logging.getLogger('app.x').info({scope.tag()})",
        ]
    return [
        "import sys",
        f"sys.{name} = {scope.value()}",
        scope.tell(f"sys.{name}", "'sys' in sys.modules", "type(sys).__name__", "sys.__name__"),
    ]


# ---- surroundings ----


@statement(7)
def variables(scope):
    variable, name = scope.random.choice(VARIABLES), scope.fresh("env")
    kind = scope.random.randrange(20)
    if kind < 3:
        scope.add("str", name)
        return ["import os", f"{name} = os.environ.get({variable!r}, 'absent')", scope.tell(name)]
    if kind == 3:
        return [
            "import os",
            "try:",
            f"    {scope.tell(f'os.environ[{variable!r}]')}",
            "except KeyError as error:",
            f"    {scope.tell('error')}",
        ]
    if kind == 4:
        return [
            "import os",
            f"os.environ.setdefault({variable!r}, {scope.tag()})",
            scope.tell(f"os.environ[{variable!r}]"),
        ]
    if kind == 5:
        return [
            "import os",
            f"if {variable!r} in os.environ:",
            *indent(scope.body(None)[0]),
            "else:",
            *indent(scope.body(None)[0]),
        ]
    if kind == 6:
        return [
            "import os",
            f"if os.getenv({variable!r}) == {scope.random.choice(VALUES)!r}:",
            *indent(scope.body(None)[0]),
        ]
    if kind == 7:
        return ["import os", f"os.environ[{variable!r}] = {scope.tag()}", scope.tell(f"os.getenv({variable!r})")]
    if kind == 8:
        return ["import os", scope.tell(f"os.environ.pop({variable!r}, 'none')", f"{variable!r} in os.environ")]
    if kind == 9:
        return ["import os", scope.tell("sorted(name for name in os.environ if name.startswith('APP_'))")]
    if kind == 10:
        return ["import os", scope.tell(f"os.environb.get({variable.encode()!r})")]
    if kind == 11:
        return [
            "import os, sys",
            f"if not os.environ.get({variable!r}):",
            f"    os.environ[{scope.random.choice(VARIABLES)!r}] = 'made'",
            scope.tell(f"os.environ.get({variable!r})"),
        ]
    if kind == 12:
        return [
            "import os",
            f"DEBUG = os.environ.get({variable!r}, '') not in ('', '0')",
            "if DEBUG:",
            *indent(scope.body(None, 1)[0]),
        ]
    if kind == 13:
        return ["import os", scope.tell(f"os.path.expandvars('<${variable}>')")]
    if kind == 14:
        return [
            "import os",
            f"os.environ.update({{{variable!r}: 'updated'}})",
            scope.tell(f"os.environ.get({variable!r})"),
        ]
    if kind == 15:
        return [
            "import os",
            "try:",
            f"    del os.environ[{variable!r}]",
            "except KeyError as error:",
            f"    {scope.tell('error')}",
            scope.tell(f"os.getenv({variable!r})"),
        ]
    if kind == 16:
        return ["import os", f"{name} = os.environ.copy()", scope.tell(f"{name}.get({variable!r})")]
    if kind == 17:
        return ["import os", scope.tell(f"(os.environ | {{'K': '1'}}).get({variable!r})")]
    if kind == 18:
        return [
            "import os",
            f"{name} = os.environ",
            "os.environ = {}",
            scope.tell(f"os.environ.get({variable!r})"),
            f"os.environ = {name}",
        ]
    return ["import os", f"{name} = dict(os.environ)", scope.tell(f"{name}.get({variable!r})")]


@statement(3)
def outside(scope):
    kind = scope.random.randrange(18)
    return (
        ["import sys", scope.tell("sys.argv[1:]")],
        ["import sys", scope.tell("len(sys.argv)")],
        ["import sys", "if '-v' in sys.argv:", *indent(scope.body(None, 1)[0])],
        ["import sys", scope.tell("sys.stdout.isatty()", "sys.stdin.isatty()")],
        ["import sys", "if sys.stderr.isatty():", "    print('terminal')", "else:", *indent(scope.body(None, 1)[0])],
        ["import sys", scope.tell("sys.stdin.readline()")],
        ["import time", "STARTED = time.time()", scope.tell("STARTED > 1")],
        ["import time", "CLOCK = time.perf_counter()", scope.tell("CLOCK >= 0")],
        ["import random", scope.tell("random.random() < 1")],
        ["import uuid", scope.tell("uuid.uuid4().version")],
        ["import os", scope.tell("len(os.urandom(3))")],
        ["import os", scope.tell("os.path.exists('/nowhere/at/all')")],
        [
            "try:",
            "    open('/nowhere/at/all')",
            "except OSError as error:",
            f"    {scope.tell('type(error).__name__')}",
        ],
        ["import datetime", scope.tell("datetime.datetime.now().year > 2000")],
        ["import sys", f"sys.stdout.write({scope.tag()} + '\\n')"],
        ["import sys", "sys.stdout.flush()"],
        ["import secrets", scope.tell("len(secrets.token_hex(2))")],
        ["import sys", f"sys.stderr.write({scope.tag()} + '\\n')"],
    )[kind]


# ---- exceptions and the end ----


@statement(3)
def exceptions(scope):
    kind = scope.random.randrange(8)
    name = scope.fresh("error")
    kinds = scope.random.choice(("ValueError", "KeyError", "RuntimeError", "ZeroDivisionError"))
    if kind == 0:
        return [
            "try:",
            f"    raise {kinds}({scope.tag()})",
            f"except {kinds} as error:",
            f"    {scope.tell('repr(error)', 'error.__traceback__.tb_lineno')}",
        ]
    if kind == 1:
        return [
            "import traceback",
            "try:",
            "    {}['k']",
            "except KeyError as error:",
            "    try:",
            f"        raise {kinds}('next') from error",
            f"    except {kinds}:",
            f"        {scope.tell('traceback.format_exc()')}",
        ]
    if kind == 2:
        return [
            "try:",
            f"    raise SystemExit({scope.random.randrange(5)})",
            "except SystemExit as error:",
            f"    {scope.tell('error.code')}",
        ]
    if kind == 3:
        return [
            "import sys",
            f"def {name}(kind, value, trace):",
            f"    print({scope.tag()}, kind.__name__, value)",
            f"sys.excepthook = {name}",
        ]
    if kind == 4:
        return (
            [
                "try:",
                f"    raise ExceptionGroup('group', [{kinds}(1), TypeError(2)])",
                f"except* {kinds} as group:",
                f"    {scope.tell('len(group.exceptions)')}",
                "except* TypeError:",
                f"    {scope.tell(repr('type'))}",
            ]
            if scope.kind != "class"
            else ["pass"]
        )
    if kind == 5:
        return [
            "import sys, traceback",
            f"def {name}(): return 1 // 0",
            "try:",
            f"    {name}()",
            "except ZeroDivisionError:",
            f"    {scope.tell('traceback.extract_tb(sys.exc_info()[2])[-1].name', 'sys.exc_info()[0].__name__')}",
        ]
    if kind == 6:
        return [
            "try:",
            *indent(scope.body(None)[0]),
            f"    raise {kinds}({scope.tag()})",
            "except Exception as error:",
            f"    {scope.tell('error')}",
            "finally:",
            *indent(scope.body(None, 1)[0]),
        ]
    return ["import sys", scope.tell("sys.exc_info()[0]")]


@statement(0.4)
def leave(scope):
    kind = scope.random.randrange(8)
    return (
        ["import sys", f"sys.exit({scope.random.randrange(5)})"],
        [f"raise SystemExit({scope.tag()})"],
        [f"raise RuntimeError({scope.tag()})"],
        ["assert VALUE < 0, 'no' " if scope.kind != "class" else "pass"],
        ["undefined_name"],
        ["import os, sys", "sys.stdout.flush()", "os._exit(3)"],
        ["error = ValueError('noted')", "error.add_note('a note')", "raise error"],
        ["raise KeyboardInterrupt"],
    )[kind]


# ---- imports ----


def binding(scope, target):
    """An import of a module, by one of the ways there are, and what it binds."""
    module, chance = scope.module, scope.random
    ways = ["plain", "plain", "as", "from", "from", "from", "module", "dunder"]
    if scope.kind == "module" and scope.depth < 3:
        ways += ["star"]
    shared = module.package and (target.name + ".").startswith(module.package + ".") and target.name != module.package
    if shared:
        ways += ["relative", "relative", "relative from"]
    parent = target.name.rpartition(".")[0]
    if parent:
        ways += ["from parent", "from parent"]
        if module.package.rpartition(".")[0] == parent:
            ways += ["up"]
    way = chance.choice(ways)
    name = scope.fresh("i")
    if way == "plain":
        scope.modules.append((target.name, target))
        return [f"import {target.name}"]
    if way == "as":
        scope.modules.append((name, target))
        return [f"import {target.name} as {name}"]
    if way == "from":
        scope.add("int", name)
        extra = chance.choice(("", f", helper as {name}h", ", ITEMS as shared"))
        return [f"from {target.name} import VALUE as {name}{extra}"]
    if way == "star":
        return [f"from {target.name} import *"]
    if way == "module":
        scope.modules.append((name, target))
        return ["import importlib", f"{name} = importlib.import_module({target.name!r})"]
    if way == "dunder":
        scope.modules.append((name, target))
        return [f"{name} = __import__({target.name!r}, fromlist=['VALUE'])"]
    if way == "relative":
        rest = target.name[len(module.package) + 1 :]
        if "." in rest:
            upper, _, last = rest.rpartition(".")
            scope.modules.append((name, target))
            return [f"from .{upper} import {last} as {name}"]
        scope.modules.append((name, target))
        return [f"from . import {rest} as {name}"]
    if way == "relative from":
        scope.add("int", name)
        return [f"from .{target.name[len(module.package) + 1:]} import VALUE as {name}"]
    if way == "up":
        scope.modules.append((name, target))
        return [f"from .. import {target.name.rpartition('.')[2]} as {name}"]
    scope.modules.append((name, target))
    return [f"from {parent} import {target.name.rpartition('.')[2]} as {name}"]


@statement(13)
def own_import(scope):
    later = scope.maker.modules[scope.module.index + 1 :]
    if scope.random.random() < 0.12 and scope.module.index > 0:
        target = scope.random.choice(scope.maker.modules[1 : scope.module.index + 1])
        tried = True
    elif later:
        target, tried = scope.random.choice(later), scope.random.random() < 0.2
    else:
        return show(scope)
    lines = binding(scope, target)
    if tried:
        lines = [
            "try:",
            *indent(line for line in lines if "*" not in line or scope.kind == "module"),
            "except (ImportError, AttributeError) as error:",
            f"    {scope.tell('error')}",
        ]
    return lines


@statement(2)
def odd_import(scope):
    kind = scope.random.randrange(9)
    target = scope.random.choice(scope.maker.modules[1:])
    name = scope.fresh("odd")
    if kind == 0:
        return [
            "try:",
            f"    import absent_{name}",
            "except ImportError as error:",
            f"    {scope.tell('error')}",
            f"    absent_{name} = None",
        ]
    if kind == 1:
        return [
            "try:",
            f"    from {target.name} import missing_name",
            "except ImportError as error:",
            f"    {scope.tell('error')}",
        ]
    if kind == 2:
        return [
            f"def {name}():",
            f"    from {target.name} import VALUE",
            "    return VALUE",
            "try:",
            f"    {scope.tell(f'{name}()')}",
            "except ImportError as error:",
            f"    {scope.tell('error')}",
        ]
    if kind == 3:
        return [
            f"class {name}:",
            f"    import {target.name} as inner",
            "    from os import path",
            scope.tell(f"{name}.inner.__name__"),
        ]
    if kind == 4:
        return [f"import {target.name} as {name}; {name}x = {name}.VALUE; {scope.tell(f'{name}x')}"]
    if kind == 5:
        return [
            "import typing",
            "if typing.TYPE_CHECKING:",
            f"    import {target.name}",
            "else:",
            f"    import {target.name} as {name}",
        ]
    if kind == 6:
        return ["import importlib.util", scope.tell(f"importlib.util.find_spec({target.name!r}).name")]
    if kind == 7:
        return [f"exec('import {target.name} as {name}')", scope.tell(f"{target.name!r} in __import__('sys').modules")]
    chosen = scope.random.sample(scope.maker.modules[1:], min(2, len(scope.maker.modules) - 1))
    targets = ", ".join(repr(module.name) for module in chosen)
    return [f"for {name} in ({targets},):", f"    __import__({name})"]


@statement(2)
def lazy(scope):
    module = scope.module
    if scope.kind != "module" or scope.depth or module.lazy:
        return show(scope)
    module.lazy = True
    target = scope.random.choice(scope.maker.modules[1:])
    kind = scope.random.randrange(3)
    if kind == 0:
        return [
            "def __getattr__(name):",
            f"    {scope.tell('name') if scope.random.random() < 0.5 else 'pass'}",
            "    if name == 'lazy':",
            f"        import {target.name}",
            f"        return __import__('sys').modules[{target.name!r}]",
            "    raise AttributeError(f'no {name} here')",
        ]
    if kind == 1:
        return ["__all__ = ['VALUE', 'ITEMS']", "def __dir__(): return ['only']"]
    return [
        "import sys",
        "class Own(type(sys)):",
        "    def __setattr__(self, name, value):",
        "        if name[0] != '_': note('sets', self.__name__, name)",
        "        super().__setattr__(name, value)",
        "sys.modules[__name__].__class__ = Own",
    ]


# ---- compound statements ----


@statement(9)
def compound(scope):
    if scope.depth >= 2:
        return show(scope)
    kind = scope.random.randrange(20)
    name = scope.fresh("c")
    number = scope.number()
    if kind < 3:
        body, inner = scope.body(None)
        handler, _ = scope.body(None, 1)
        lines = [
            "try:",
            *indent(body),
            "except Exception as error:",
            f"    {scope.tell('type(error).__name__')}",
            *indent(handler),
        ]
        if scope.random.random() < 0.4:
            lines += ["else:", *indent(scope.body(None, 1)[0])]
        if scope.random.random() < 0.5:
            lines += ["finally:", *indent(scope.body(None, 1)[0])]
        return lines
    if kind < 6:
        test = scope.random.choice(
            (
                f"{number} % 2",
                "__name__ == '__main__'",
                f"len({scope.use('list')}) > 1",
                "__debug__",
                f"{number} > 10 and {number} < 90 or NAME",
            )
        )
        return [
            f"if {test}:",
            *indent(scope.body(None)[0]),
            f"elif {number} == 3:",
            *indent(scope.body(None, 1)[0]),
            "else:",
            *indent(scope.body(None)[0]),
        ]
    if kind < 9:
        body, inner = scope.body(None)
        loop = scope.random.choice(
            (
                f"for {name} in range({scope.random.randint(1, 3)}):",
                f"for {name} in sorted({scope.use('list')}, key=str)[:2]:",
                f"for {name}, _ in enumerate('ab'):",
            )
        )
        tail = ["else:", *indent(scope.body(None, 1)[0])] if scope.random.random() < 0.3 else []
        stop = (
            [f"    if {name} == 1: {scope.random.choice(('break', 'continue'))}"] if scope.random.random() < 0.3 else []
        )
        return [loop, *stop, *indent(body), *tail]
    if kind < 11:
        return [
            f"{name} = 0",
            f"while {name} < {scope.random.randint(1, 3)}:",
            f"    {name} += 1",
            *indent(scope.body(None)[0]),
        ]
    if kind < 15:
        body, inner = scope.body(None)
        way = scope.random.randrange(5)
        if way == 0:
            return ["import contextlib", "with contextlib.suppress(Exception):", *indent(body)]
        if way == 1:
            return [
                "import contextlib, io",
                f"with contextlib.redirect_stdout(io.StringIO()) as {name}:",
                *indent(body),
                scope.tell(f"{name}.getvalue()"),
            ]
        if way == 2:
            return [
                "import contextlib",
                "@contextlib.contextmanager",
                f"def {name}():",
                f"    {scope.tell(repr('in'))}",
                "    try:",
                "        yield 3",
                "    finally:",
                f"        {scope.tell(repr('out'))}",
                f"with {name}() as {name}v:",
                *indent(body),
            ]
        if way == 3:
            return [
                f"class {name}:",
                "    def __enter__(self): return self",
                "    def __exit__(self, kind, *rest):",
                f"        {scope.tell('kind and kind.__name__')}",
                f"        return {scope.random.choice((True, False))}",
                f"with {name}() as {name}a, {name}():",
                *indent(body),
            ]
        return [
            "import contextlib",
            f"with contextlib.ExitStack() as {name}:",
            f"    {name}.callback(note, {scope.tag()})",
            *indent(body),
        ]
    if kind == 15:
        return [
            f"match {scope.value()}:",
            "    case int(number) if number > 30:",
            *indent(indent(scope.body(None, 1)[0])),
            "    case str() | [_, *_]:",
            *indent(indent(scope.body(None, 1)[0])),
            "    case _:",
            *indent(indent(scope.body(None, 1)[0])),
        ]
    if kind < 18:
        body, _ = scope.body("function")
        body = [line for line in body if " import *" not in line]
        return [f"def {name}():", "    pass", *indent(body), "    return 4", f"{scope.tell(f'{name}()')}"]
    if kind == 18:
        body, _ = scope.body("class")
        body = [line for line in body if " import *" not in line]
        return [f"class {name}:", "    pass", *indent(body), scope.tell(f"{name}.__qualname__")]
    body, _ = scope.body("function", 1)
    body = [line for line in body if " import *" not in line]
    return [
        f"def {name}():",
        "    yield 1",
        *indent(body),
        "    yield 2",
        f"{name}g = {name}()",
        f"next({name}g)",
        scope.tell(f"next({name}g)"),
    ]
