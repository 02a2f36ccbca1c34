//! Tests the real standard library: a program can import each module that works on WASI with only the
//! modules of its graph, and the graphs of small programs stay small.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pywasm_resolve::{EdgeKind, ModuleKind, Resolution, resolve};
use tempfile::TempDir;

use super::native::run;
use super::real::{Base, base};

fn program(base: &Base, folder: &Path, text: &str) -> Result<Resolution, String> {
    fs::create_dir_all(folder.join("app")).expect("a folder");
    fs::create_dir_all(folder.join("packages")).expect("a folder");
    fs::write(folder.join("app/main.py"), text).expect("a file");
    resolve(&base.request(&folder.join("app"), &folder.join("packages"))).map_err(|error| error.to_string())
}

fn names(resolved: &Resolution) -> BTreeSet<&str> {
    resolved.graph.modules.keys().map(String::as_str).collect()
}

/// Modules that do something when they are imported, or that no program imports.
const NOT_IMPORTED: &[&str] = &[
    "_ios_support",
    "_pywasm",
    "_pywasm_docs",
    "_pywasm_site",
    "_pywasm_snapshot",
    "antigravity",
    "this",
];

/// Modules that fail in any interpreter if they are the first to be imported. `_pywasm_network` is a part
/// of `_pywasm_socket`, which imports it.
const NOT_FIRST: &[&str] = &["_pywasm_network", "genericpath"];

#[test]
fn each_module_imports_with_its_graph_alone() {
    let base = base();
    let folder = TempDir::new().expect("a folder");
    let mut modules = Vec::new();
    for entry in fs::read_dir(&base.stdlib).expect("a listing") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let module = name.strip_suffix(".py").unwrap_or(&name).to_owned();
        let fits = name.ends_with(".py") || entry.path().join("__init__.py").is_file();
        if fits && !module.contains('-') && !NOT_IMPORTED.contains(&module.as_str()) {
            modules.push(module);
        }
    }
    modules.sort();
    assert!(modules.len() > 150, "{}", modules.len());
    let mut wrong = Vec::new();
    let mut without = Vec::new();
    for module in modules {
        match program(&base, folder.path(), &format!("import {module}\n")) {
            Ok(resolved) => {
                if let Err(error) = run(&resolved.graph, &folder.path().join("app/main.py"))
                    && !NOT_FIRST.contains(&module.as_str())
                {
                    wrong.push(format!("{module}: {error}"));
                }
            }
            Err(error) => {
                assert!(error.contains("is not available on WASI"), "{module}: {error}");
                without.push(module);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // These need what WASI has not, and nothing else does.
    for module in &without {
        assert!(
            ["_ios_support", "_android_support", "venv"].contains(&module.as_str()),
            "{without:?}"
        );
    }
}

/// Uses of the stdlib in which something is imported late.
pub(crate) const USES: &[&str] = &[
    "import json; assert json.loads(json.dumps({'a': [1, 2.5, None]})) == {'a': [1, 2.5, None]}",
    "import re; assert re.sub(r'(\\w)', r'<\\1>', 'ab') == '<a><b>'",
    "import asyncio\nasync def f():\n    async with asyncio.timeout(5):\n        await asyncio.sleep(0)\n    return 3\nasyncio.new_event_loop\n",
    "import logging, sys; logging.basicConfig(stream=sys.stdout); logging.error('x', exc_info=ValueError('y'))",
    "import argparse; p = argparse.ArgumentParser(); p.add_argument('--x'); p.format_help(); p.parse_args(['--x', '1'])",
    "from dataclasses import dataclass, asdict\n@dataclass(order=True)\nclass P:\n    x: int = 0\nassert asdict(P(1)) == {'x': 1}",
    "import datetime; datetime.datetime.now().isoformat(); datetime.datetime.strptime('2024', '%Y')",
    "import pickle, collections; assert pickle.loads(pickle.dumps(collections.Counter('a')))['a'] == 1",
    "import copy, functools; copy.deepcopy({'a': [1]}); functools.lru_cache(len)",
    "import traceback\ntry:\n    1/0\nexcept ZeroDivisionError:\n    traceback.format_exc()",
    "import urllib.request, urllib.parse; urllib.parse.urlencode({'a': 1}); urllib.request.Request('http://x/')",
    "import email.message; m = email.message.EmailMessage(); m['To'] = 'a@b.c'; m.set_content('é'); m.as_string()",
    "import xml.etree.ElementTree as E; assert E.fromstring('<a><b/></a>').find('b') is not None",
    "import csv, io; list(csv.DictReader(io.StringIO('a,b\\n1,2\\n')))",
    "import tempfile, shutil, pathlib; d = tempfile.mkdtemp(); pathlib.Path(d, 'x').write_text('x'); shutil.rmtree(d)",
    "import string, textwrap, pprint; pprint.pprint({'a': 1}); textwrap.wrap('a b', 2); string.Template('$a').substitute(a=1)",
    "import random, statistics, fractions, decimal; random.seed(1); random.sample(range(9), 3); statistics.quantiles([1, 2, 3])",
    "import hashlib, hmac, secrets, uuid, base64; hashlib.sha256(b'').hexdigest(); hmac.new(b'k', b'm', 'sha256').digest(); uuid.uuid4(); secrets.token_hex()",
    "import zipfile, io, gzip, tarfile; z = zipfile.ZipFile(io.BytesIO(), 'w'); z.writestr('a', 'b'); z.close(); gzip.decompress(gzip.compress(b'x'))",
    "import inspect, ast, tokenize, dis; inspect.signature(len); ast.unparse(ast.parse('x = 1')); dis.Bytecode('x')",
    "import ast; ast.unparse(ast.parse(\"f'{x}' '\\\\x07'\"))",
    "import ast; ast.unparse(ast.parse(\"def f():\\n    '\\\\x07'\"))",
    "import configparser, tomllib; c = configparser.ConfigParser(); c.read_string('[a]\\nb=1'); tomllib.loads('a = 1')",
    "import heapq, bisect, array, struct, itertools, operator, enum; heapq.merge([1], [2]); enum.Enum('E', 'A B')",
    "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(KeyError), contextlib.ExitStack():\n    print('x')",
    "import importlib.resources, importlib.metadata, pkgutil; list(pkgutil.iter_modules()); importlib.metadata.distributions",
    "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(1, 1)\nunittest.TextTestRunner(stream=__import__('io').StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))",
    "import typing\nclass N(typing.NamedTuple):\n    x: int\ntyping.get_type_hints(N); typing.Optional[int]",
    "import html, html.parser, http.cookies, mimetypes; html.unescape('&eacute;'); http.cookies.SimpleCookie('a=1'); mimetypes.guess_type('a.html')",
    "import locale, gettext, calendar; gettext.gettext('x'); calendar.month(2024, 1); locale.getlocale()",
    "import queue, threading, concurrent.futures, sched, time; queue.Queue().put(1); threading.Lock(); concurrent.futures.Future()",
    "import socket, select, selectors; socket.AF_INET; selectors.DefaultSelector",
    "import sqlite3; c = sqlite3.connect(':memory:'); c.execute('create table t (a)'); c.execute('select * from t').fetchall()",
    "import difflib, filecmp, fnmatch, glob; list(difflib.unified_diff(['a'], ['b'])); glob.glob('*')",
    "print('ä'.encode('latin-1'), 'ä'.encode('cp1252'), open(__file__, encoding='iso8859-15').read()[:1])",
    "import warnings; warnings.warn('x'); warnings.filterwarnings('ignore', 'y')",
    "import platform, sysconfig, os; os.walk('.'); os.environ.get('x'); platform.python_version(); sysconfig.get_paths()",
    "import collections\nassert eval('collections.Counter(word).most_common(1)', {'word': 'aab', 'collections': collections}) == [('a', 2)]",
    "import codecs, io; codecs.getreader('utf-16')(io.BytesIO(b'\\xff\\xfea\\0')).read()",
];

#[test]
fn uses_work_with_their_graph_alone() {
    let base = base();
    let folder = TempDir::new().expect("a folder");
    let mut wrong = Vec::new();
    for text in USES {
        let resolved = program(&base, folder.path(), text).expect("it resolves");
        if let Err(error) = run(&resolved.graph, &folder.path().join("app/main.py")) {
            wrong.push(format!("{text}\n{error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn small_programs_stay_small() {
    let base = base();
    let folder = TempDir::new().expect("a folder");
    let mut wrong = Vec::new();
    let mut expect = |text: &str, most: usize, never: &[&str]| {
        let resolved = program(&base, folder.path(), text).expect("it resolves");
        let names = names(&resolved);
        if names.len() > most {
            wrong.push(format!("{text}: {} modules: {names:?}", names.len()));
        }
        for name in never.iter().filter(|name| names.contains(*name)) {
            let chain = resolved.graph.why(name).map(|chain| chain.to_string());
            wrong.push(format!("{text}: {}", chain.unwrap_or_default()));
        }
    };
    expect(
        "print('hello')",
        24,
        &["os", "re", "site", "traceback", "unicodedata", "warnings"],
    );
    expect(
        "import json",
        62,
        &[
            "typing",
            "inspect",
            "unicodedata",
            "_socket",
            "pickle",
            "traceback",
            "logging",
        ],
    );
    expect(
        "import argparse",
        70,
        &[
            "zipfile",
            "tarfile",
            "zlib",
            "unicodedata",
            "inspect",
            "subprocess",
        ],
    );
    expect("import datetime", 28, &["re", "_strptime", "_pydatetime"]);
    expect(
        "import dataclasses",
        73,
        &["argparse", "pickle", "unicodedata", "logging"],
    );
    expect(
        "import asyncio",
        140,
        &[
            "multiprocessing",
            "unicodedata",
            "argparse",
            "ssl",
            "http.client",
            "zipfile",
        ],
    );
    expect(
        "import logging",
        76,
        &["pickle", "socket", "unicodedata", "asyncio"],
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn kinds_and_reasons_are_given() {
    let base = base();
    let folder = TempDir::new().expect("a folder");
    let text = "import datetime, time\nfrom os import path\ntime.strptime('', '')\n'x'.encode('big5')\nprint(exit)\n";
    let resolved = program(&base, folder.path(), text).expect("it resolves");
    let graph = &resolved.graph;
    let kind = |importer: &str, target: &str| {
        let edges = &graph.modules[importer].imports;
        edges
            .iter()
            .find(|edge| edge.target == target)
            .map(|edge| edge.kind)
    };
    assert_eq!(kind("main", "os"), Some(EdgeKind::Static));
    assert_eq!(kind("time", "_strptime"), Some(EdgeKind::CCode));
    assert_eq!(kind("main", "encodings.big5"), Some(EdgeKind::Codec));
    assert_eq!(kind("main", "_pywasm_site"), Some(EdgeKind::Table));
    assert!(graph.needs_site);
    assert_eq!(graph.modules["_codecs_tw"].kind, ModuleKind::Builtin);
    assert!(
        !graph.modules.contains_key("_pydatetime"),
        "the C module is there, so its twin is not"
    );
    assert!(resolved.omitted.contains("argparse"));
    assert!(resolved.omitted.contains("sqlite3.dbapi2"));
    assert!(!resolved.omitted.contains("datetime"));
}

/// Prints an import of all names of each module that can be imported.
const ALL_NAMES: &str = "
import importlib, sys
for module in sys.stdin.read().split():
    try:
        names = [name for name in dir(importlib.import_module(module)) if name[0] != '_']
    except BaseException:
        continue
    print('from', module, 'import', ', '.join(names or ['__name__']))
";

#[test]
fn no_name_that_a_module_has_is_warned_of() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    let base = base();
    let mut names = Vec::new();
    for entry in fs::read_dir(&base.stdlib).expect("a listing") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let module = name.strip_suffix(".py").unwrap_or(&name).to_owned();
        let fits = name.ends_with(".py") || entry.path().join("__init__.py").is_file();
        if fits && !module.contains('-') && !NOT_IMPORTED.contains(&module.as_str()) {
            names.push(module);
        }
    }
    let python =
        std::env::var_os("PYWASM_NATIVE_PYTHON").expect("no native Python: run `scripts/test.sh base`");
    let mut child = Command::new(python)
        .args(["-I", "-c", ALL_NAMES])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the interpreter runs");
    let mut stdin = child.stdin.take().expect("its standard input");
    stdin.write_all(names.join("\n").as_bytes()).expect("a pipe");
    drop(stdin);
    let output = child.wait_with_output().expect("the interpreter ends");
    let imports = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(imports.lines().count() > 150, "{imports}");
    let folder = TempDir::new().expect("a folder");
    let mut wrong = Vec::new();
    for import in imports.lines() {
        if let Ok(resolved) = program(&base, folder.path(), &format!("{import}\n")) {
            let said = resolved.warnings.iter().map(|warning| warning.message.clone());
            wrong.extend(said.filter(|said| said.starts_with("cannot import")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn names_that_left_the_stdlib_are_warned_of() {
    let base = base();
    let folder = TempDir::new().expect("a folder");
    let text = "from collections import Mapping, OrderedDict\nfrom inspect import getargspec, signature\n";
    let resolved = program(&base, folder.path(), text).expect("a graph");
    let said: Vec<&str> = resolved
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("cannot import `Mapping` from `collections`"),
        "{said:?}"
    );
}
