//! Tests whether a program can still need the interpreter's compiler after a snapshot, with a small
//! project for each rule.

use std::collections::BTreeSet;

use crate::preload::graph;

/// A standard library with functions that make classes from text.
const LIBRARY: &[(&str, &str)] = &[
    // Its constructors need no compiler.
    (
        "lib/collections.py",
        "def namedtuple(name, fields): return eval(name)\n",
    ),
    (
        "lib/dataclasses.py",
        "class _FuncBuilder:\n    def add_fns_to_class(self): exec('')\ndef _process_class(): _FuncBuilder().add_fns_to_class()\ndef dataclass(cls=None): return _process_class\ndef make_dataclass(name, fields): dataclass()\ndef field(): pass\n",
    ),
    (
        "lib/typing.py",
        "import collections\nclass ForwardRef:\n    def __init__(self, arg): compile(arg, '', 'eval')\ndef _type_check(): return ForwardRef('')\n_CHECK = _type_check\ndef get_type_hints(): _type_check()\ndef _make_nmtuple(): return collections.namedtuple\ndef NamedTuple(): return _make_nmtuple()\nOptional = List = Generic = Literal = Annotated = TypeVar = Any = TypedDict = 1\n",
    ),
    ("lib/__future__.py", "annotations = 1\n"),
    ("lib/functools.py", "def partial(): pass\n"),
    ("lib/importlib/__init__.py", "def reload(): pass\n"),
];

/// Whether a program with this module `m` can compile something when `m` has been imported.
fn after(module: &str) -> bool {
    let future = module.strip_prefix("from __future__ import annotations\n");
    let (first, module) = match future {
        Some(rest) => ("from __future__ import annotations\n", rest),
        None => ("", module),
    };
    let text = format!("{first}import collections, dataclasses, typing\n{module}\ndef run(): pass\n");
    let files = [LIBRARY, &[("app/m.py", text.as_str())]].concat();
    let graph = graph("m:run", &[], &files);
    let all = graph.modules.keys().cloned().collect();
    // Where it is not imported early, all of it is still to come.
    let mut without: BTreeSet<String> = graph.modules.keys().cloned().collect();
    without.remove("m");
    let after = graph.needs_compiler_after(&all);
    assert!(!after || graph.needs_compiler_after(&without), "{module}");
    after
}

#[test]
fn what_the_top_level_calls_is_over() {
    for module in [
        "",
        "P = dataclasses.make_dataclass('P', 'x')",
        "from dataclasses import make_dataclass\nclass P(make_dataclass('P', 'x')):\n    Q = make_dataclass('Q', 'y')",
        "from dataclasses import make_dataclass\nfor name in 'ab': make_dataclass(name, 'x')",
        "import dataclasses as c\nif c: c.make_dataclass('P', 'x')",
        "@dataclasses.dataclass\nclass P: x: int = dataclasses.field()",
        "from dataclasses import dataclass\n@dataclass()\nclass P:\n    @dataclass\n    class Q: pass",
        "def f():\n    class P(typing.NamedTuple): pass\n    collections.namedtuple('P', 'x')",
        "T = typing.TypeVar('T', bound='P')\nclass P(typing.Generic[T]):\n    x: typing.List['P']",
        "x = eval('1')\nexec('y = 2')\nz = builtins.eval('3')",
        "typing.get_type_hints(typing.List['P'])",
        // Nothing of this is ever a string.
        "def f(x: typing.Optional[int]):\n    y: typing.List['P'] = 1\n    return typing.List[int]",
        "def f(x):\n    return isinstance(x, typing.List), typing.Literal['a'], typing.Annotated[int, 'a']",
        "from __future__ import annotations\ndef f():\n    def g(x: typing.List['P']): pass",
        "CONFIG = {}\ndef f(): return CONFIG['x'], dataclasses.field()",
    ] {
        assert!(!after(module), "{module}");
    }
}

#[test]
fn what_stands_in_a_function_is_to_come() {
    for module in [
        "def f(): dataclasses.make_dataclass('P', 'x')",
        "class C:\n    def f(self): return dataclasses.make_dataclass('P', 'x')",
        "f = lambda: dataclasses.make_dataclass('P', 'x')",
        "f = (dataclasses.make_dataclass(name, 'x') for name in 'ab')",
        "from dataclasses import make_dataclass as nt\ndef f(): nt('P', 'x')",
        "import dataclasses as c\ndef f(): c.make_dataclass('P', 'x')",
        "def f(x=1):\n    @dataclasses.dataclass\n    class P: pass",
        "def f(): return typing.get_type_hints(f)",
        "def f(): return typing.List['P']",
        "def f(t): return typing.List[t]",
        "T = typing.TypeVar('T')\nclass Box(typing.Generic[T]): pass\ndef f(): return Box['P']",
        "NAME = 'P'\ndef f(): return typing.Optional[NAME]",
        "def f(): return typing.TypeVar('T', bound='P')",
        "def f():\n    def g(x: typing.List['P']): pass",
        "def f():\n    class C:\n        x: typing.List['P']",
        "def f(): return eval('1')",
        "def f(): return builtins.eval('1')",
    ] {
        assert!(after(module), "{module}");
    }
}

#[test]
fn what_the_top_level_keeps_is_to_come() {
    for module in [
        "make = dataclasses.make_dataclass\ndef f(): make('P', 'x')",
        "from dataclasses import make_dataclass as make",
        "import functools\nmake = functools.partial(dataclasses.make_dataclass)",
        "MAKERS = [dataclasses.make_dataclass]",
        "make = getattr(dataclasses, 'make_dataclass')",
        "frozen = dataclasses.dataclass(frozen=True)",
        "def make(f=dataclasses.dataclass): pass",
        "run = eval",
        "run = getattr(builtins, 'exec')",
        "Kind = typing.List\nTABLE = {1: typing.Optional}",
    ] {
        assert!(after(module), "{module}");
    }
}

#[test]
fn a_module_that_runs_again_has_not_run() {
    for module in [
        "import importlib\ndef f(): importlib.reload(dataclasses)",
        "import sys\ndef f(): del sys.modules['m']",
        "import sys\nsys.modules.pop('m')",
    ] {
        assert!(after(module), "{module}");
    }
    // What runs as `__main__` runs at start, whatever has been imported under its name.
    let files = [
        LIBRARY,
        &[(
            "app/m.py",
            "import dataclasses\nP = dataclasses.make_dataclass('P', 'x')\n",
        )],
    ]
    .concat();
    let graph = graph("m.py", &[], &files);
    assert!(graph.needs_compiler_after(&graph.modules.keys().cloned().collect()));
}
