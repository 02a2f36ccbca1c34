//! Tests both halves of the compiler together, with `compile.py` in a native Python 3.13.

use pywasm_bundle::bytecode::{
    Answer, Answers, Docstrings, Error, Refusal, Request, Warning, decode_answers, encode_requests,
};

use super::native;

fn requests<'a>(sources: &[&'a str], docstrings: Docstrings) -> Vec<Request<'a>> {
    let request = |source: &&'a str| Request {
        file_name: "/pywasm/app/main.py",
        source: source.as_bytes(),
        docstrings,
    };
    sources.iter().map(request).collect()
}

fn output(requests: &[Request<'_>]) -> Vec<u8> {
    native::run(native::COMPILE, "0", &encode_requests(requests))
}

fn answers(requests: &[Request<'_>]) -> Vec<Answer> {
    decode_answers(&output(requests), requests.len())
        .expect("the compiler answers")
        .answers
}

fn refusal(source: &[u8]) -> Refusal {
    let request = Request {
        file_name: "/pywasm/app/main.py",
        source,
        docstrings: Docstrings::Strip,
    };
    answers(&[request]).remove(0).outcome.expect_err("a bad source")
}

/// The stdout of a module that was compiled with its docstrings kept or not.
fn run(source: &str, docstrings: Docstrings) -> String {
    let answer = answers(&requests(&[source], docstrings)).remove(0);
    let code = answer.outcome.unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let script = "import marshal, sys; exec(marshal.loads(sys.stdin.buffer.read()), {'__name__': 'm', '__doc__': None})";
    String::from_utf8(native::run(script, "0", &code)).expect("text")
}

#[test]
fn the_magic_number_is_that_of_the_python() {
    let script = "import sys, _frozen_importlib_external as e; sys.stdout.buffer.write(e.MAGIC_NUMBER)";
    let Answers { magic, answers } = decode_answers(&output(&[]), 0).expect("a header");
    assert_eq!(magic[..], native::run(script, "0", b""));
    assert_eq!(answers, []);
}

#[test]
fn docstrings_leave_and_asserts_and_lines_stay() {
    let source = "\
'''module
doc'''
from __future__ import annotations
class Empty:
    '''only
    this'''
class Class:
    'doc'
    'no doc'
    def method(self):
        \"\"\"doc\"\"\"
        return 'kept'
    async def empty(self): 'doc'
if True:
    for _ in [0]:
        while True:
            try:
                raise KeyError
            except KeyError:
                def deep():
                    'doc'
                    def inner(): 'doc'; return 1
                    return inner
            else: pass
            finally: pass
            break
match 1:
    case 1:
        def cased(): 'doc'
lambda: 'no docstring'
things = [__doc__, Empty.__doc__, Class.__doc__, Class.method.__doc__, Class.empty.__doc__]
things += [deep.__doc__, deep().__doc__, cased.__doc__]
print(things)
print(Class().method(), deep()(), deep().__code__.co_firstlineno, Class.__firstlineno__)
print(Class.method.__annotations__, Class.method.__code__.co_filename)
try:
    assert False, 'stays'
except AssertionError as error:
    print(error, error.__traceback__.tb_lineno)
";
    let rest = "kept 1 22 7\n{} /pywasm/app/main.py\nstays 37\n";
    let stripped = "[None, None, None, None, None, None, None, None]\n";
    assert_eq!(run(source, Docstrings::Strip), format!("{stripped}{rest}"));
    let kept = r"['module\ndoc', 'only\nthis', 'doc', 'doc', 'doc', 'doc', 'doc', 'doc']";
    assert_eq!(run(source, Docstrings::Keep), format!("{kept}\n{rest}"));
}

#[test]
fn a_source_too_deep_for_a_tree_keeps_its_docstrings() {
    let source = format!("'doc'\nx = {}1\nprint(__doc__)", "1 + ".repeat(3000));
    let outcome = answers(&requests(&[&source], Docstrings::Strip))
        .remove(0)
        .outcome;
    match outcome {
        Ok(_) => assert_eq!(run(&source, Docstrings::Strip), run(&source, Docstrings::Strip)),
        Err(refusal) => assert_eq!(refusal.kind, "RecursionError"),
    }
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let sources = ["x = 1", "x = (\n  y z", "", "'doc'"];
    for docstrings in [Docstrings::Keep, Docstrings::Strip] {
        let answers = answers(&requests(&sources, docstrings));
        let failed: Vec<_> = answers.iter().map(|answer| answer.outcome.is_err()).collect();
        assert_eq!(failed, [false, true, false, false]);
        assert_eq!(
            answers[1].outcome,
            Err(Refusal {
                kind: "SyntaxError".to_owned(),
                message: "'(' was never closed".to_owned(),
                line: Some(1),
                column: Some(5),
                text: Some("x = (".to_owned()),
            })
        );
    }
}

#[test]
fn every_kind_of_refusal_is_told() {
    let deep = format!("x = {}1", "-".repeat(100_000));
    let cases: &[(&[u8], &str, &str, Option<u32>)] = &[
        (
            b"if x:\npass",
            "IndentationError",
            "expected an indented block after 'if' statement on line 1",
            Some(2),
        ),
        (
            b"if x:\n\ty\n        z",
            "TabError",
            "inconsistent use of tabs and spaces in indentation",
            Some(3),
        ),
        (
            b"x = '\xff'",
            "SyntaxError",
            "(unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
            Some(1),
        ),
        (
            b"# coding: nonsense\n",
            "SyntaxError",
            "unknown encoding: nonsense",
            None,
        ),
        (
            b"a\0b",
            "SyntaxError",
            "source code string cannot contain null bytes",
            None,
        ),
        (b"return 1", "SyntaxError", "'return' outside function", Some(1)),
        (
            deep.as_bytes(),
            "MemoryError",
            "Parser stack overflowed - Python source too complex to parse",
            None,
        ),
    ];
    for (source, kind, message, line) in cases {
        let refusal = refusal(source);
        assert_eq!(
            (refusal.kind.as_str(), refusal.message.as_str(), refusal.line),
            (*kind, *message, *line)
        );
    }
}

#[test]
fn declared_encodings_are_followed() {
    let source = b"# -*- coding: latin-1 -*-\nprint(ascii('\xe4'))\n";
    let request = Request {
        file_name: "/pywasm/app/main.py",
        source,
        docstrings: Docstrings::Strip,
    };
    let code = answers(&[request]).remove(0).outcome.expect("a good source");
    let script = "import marshal, sys; exec(marshal.loads(sys.stdin.buffer.read()))";
    assert_eq!(native::run(script, "0", &code), b"'\\xe4'\n");
}

#[test]
fn warnings_come_with_the_answer_each_time() {
    let warning = |line, message: &str| Warning {
        category: "SyntaxWarning".to_owned(),
        message: message.to_owned(),
        line: Some(line),
    };
    let escape = r"invalid escape sequence '\d'";
    let literal = r#""is" with 'int' literal. Did you mean "=="?"#;
    let sources = ["x = 1\ny = '\\d'\nx is 1", "x = '\\d'", "x = 1", "'\\d'; x y"];
    for docstrings in [Docstrings::Keep, Docstrings::Strip] {
        let answers = answers(&requests(&sources, docstrings));
        assert_eq!(answers[0].warnings, [warning(2, escape), warning(3, literal)]);
        assert_eq!(answers[1].warnings, [warning(1, escape)]);
        assert_eq!(answers[2].warnings, []);
        assert!(answers[3].outcome.is_err());
        assert!(answers[3].warnings.len() <= 1);
    }
}

#[test]
fn damaged_output_is_refused() {
    let output = output(&requests(&["x = 1", "x y"], Docstrings::Keep));
    for length in 0..output.len() {
        assert!(
            matches!(decode_answers(&output[..length], 2), Err(Error::Truncated { .. })),
            "{length}"
        );
    }
    let died = decode_answers(&output[..output.len() - 1], 2);
    assert_eq!(
        died,
        Err(Error::Truncated {
            complete: 1,
            expected: 2
        })
    );
    assert!(matches!(
        decode_answers(&output, 1),
        Err(Error::TrailingBytes { .. })
    ));
    assert_eq!(decode_answers(b"Traceback", 2), Err(Error::Signature));
    let mut other = output.clone();
    other[8] = 9;
    assert_eq!(decode_answers(&other, 2), Err(Error::Version { found: 9 }));
    for index in 0..output.len() {
        let mut damaged = output.clone();
        for byte in [0, 1, 0x7f, 0xff] {
            damaged[index] = byte;
            // It may be refused or not; it never panics and never takes memory for a false length.
            let _ = decode_answers(&damaged, 2);
        }
    }
}
