//! Finds the calls in a file by the full names of the functions, to show which cannot work on WASI. Only
//! names that certainly come from an import count. A call under a condition that asks for the platform,
//! or in a `try` that catches the failure, does not count: a missed call is better than a false alarm.

use std::cell::Cell;

use pywasm_target::{Series, Target};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, PythonVersion, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

use crate::bindings::{Bindings, DEEPEST, Meaning};
use crate::constants::Constants;
use crate::import::When;
use crate::input::Role;

/// How many names one condition is followed through. One with more counts as one that asks.
const MOST_STEPS: u32 = 20_000;

/// How many calls of one file count. Each is shown with its line, which takes time.
const MOST_CALLS: usize = 1000;

/// A call that a file makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallMatch {
    /// The full name of the function, with import aliases resolved and `()` for a call in it:
    /// `threading.Thread().start`.
    pub name: String,
    /// The offset in the text where the name of the function starts.
    pub start: usize,
    /// The offset where it ends.
    pub end: usize,
    /// When it runs.
    pub when: When,
}

/// Finds the calls in a file's text whose names `wanted` accepts, in the order of the source.
pub fn find_calls(text: &str, role: Role, target: Target, wanted: &dyn Fn(&str) -> bool) -> Vec<CallMatch> {
    let Series { major, minor } = target.series();
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion { major, minor });
    let Some(parsed) = parse_unchecked(text, options).try_into_module() else {
        return Vec::new();
    };
    let body = &parsed.syntax().body;
    let bindings = Bindings::collect(body);
    let mut walk = Walk {
        constants: Constants {
            target,
            bindings: &bindings,
            is_main: role.is_main(),
            input: None,
        },
        wanted,
        found: Vec::new(),
        entered: Vec::new(),
        in_function: false,
        guarded: false,
        depth: 0,
    };
    walk.walk_block(body);
    let mut found = walk.found;
    found.sort_by_key(|call| call.start);
    found.truncate(MOST_CALLS);
    if bindings.is_too_deep() {
        // As in `scan`: dropping a tree takes as much stack as the tree is deep.
        drop(bindings);
        std::mem::forget(parsed);
    }
    found
}

struct Walk<'a> {
    constants: Constants<'a>,
    wanted: &'a dyn Fn(&str) -> bool,
    found: Vec<CallMatch>,
    /// The names that the `with` statements around it bind, and their full names.
    entered: Vec<(&'a str, String)>,
    /// Whether the walk is in a function.
    in_function: bool,
    /// Whether the code has asked for the platform, or catches a failure.
    guarded: bool,
    depth: u32,
}

impl<'a> Walk<'a> {
    /// Walks statements up to the first that ends the block. Returns whether there is one.
    fn walk_block(&mut self, body: &'a [Stmt]) -> bool {
        let before = self.guarded;
        let mut stops = false;
        for stmt in body {
            stops = self.walk_statement(stmt);
            if stops {
                break;
            }
        }
        self.guarded = before;
        stops
    }

    fn within<T>(&mut self, in_function: bool, guarded: bool, walk: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.in_function, self.guarded);
        self.in_function |= in_function;
        self.guarded |= guarded;
        let result = walk(self);
        (self.in_function, self.guarded) = before;
        result
    }

    fn walk_statement(&mut self, stmt: &'a Stmt) -> bool {
        match stmt {
            Stmt::Return(_) | Stmt::Raise(_) | Stmt::Continue(_) | Stmt::Break(_) => {
                visitor::walk_stmt(self, stmt);
                true
            }
            Stmt::FunctionDef(function) => {
                let skips = function
                    .decorator_list
                    .iter()
                    .any(|decorator| mentions(&decorator.expression, &|name| name.contains("skip")));
                self.within(true, skips, |walk| walk.walk_block(&function.body));
                false
            }
            Stmt::ClassDef(class) => {
                self.walk_block(&class.body);
                false
            }
            Stmt::If(branch) => self.walk_branch(branch),
            Stmt::Try(attempt) => {
                let caught = attempt.handlers.iter().any(|handler| {
                    let ast::ExceptHandler::ExceptHandler(handler) = handler;
                    catches_failure(handler.type_.as_deref())
                });
                let stops = self.within(false, caught, |walk| walk.walk_block(&attempt.body));
                for handler in &attempt.handlers {
                    let ast::ExceptHandler::ExceptHandler(handler) = handler;
                    // The code of a handler may fail as well, but its author expects that.
                    self.within(false, true, |walk| walk.walk_block(&handler.body));
                }
                self.walk_block(&attempt.orelse);
                self.walk_block(&attempt.finalbody) || (stops && attempt.handlers.is_empty())
            }
            Stmt::With(with) => {
                let suppresses = with.items.iter().any(|item| {
                    matches!(&item.context_expr, Expr::Call(call)
                        if self.full_name(&call.func, 0).as_deref() == Some("contextlib.suppress"))
                });
                let before = self.entered.len();
                for item in &with.items {
                    self.visit_expr(&item.context_expr);
                    if let Some(Expr::Name(name)) = item.optional_vars.as_deref()
                        && let Some(path) = self.full_name(&item.context_expr, 0)
                    {
                        self.entered.push((name.id.as_str(), path));
                    }
                }
                self.within(false, suppresses, |walk| walk.walk_block(&with.body));
                self.entered.truncate(before);
                // Any context manager may swallow what ends its body.
                false
            }
            Stmt::For(ast::StmtFor {
                iter, body, orelse, ..
            }) => {
                self.visit_expr(iter);
                self.walk_block(body);
                self.walk_block(orelse);
                false
            }
            Stmt::While(ast::StmtWhile {
                test, body, orelse, ..
            }) => {
                self.visit_expr(test);
                self.walk_block(body);
                self.walk_block(orelse);
                false
            }
            Stmt::Match(ast::StmtMatch { subject, cases, .. }) => {
                self.visit_expr(subject);
                let probes = self.asks_for_platform(subject);
                for case in cases {
                    self.within(false, probes, |walk| walk.walk_block(&case.body));
                }
                false
            }
            _ => {
                visitor::walk_stmt(self, stmt);
                false
            }
        }
    }

    fn walk_branch(&mut self, branch: &'a ast::StmtIf) -> bool {
        let mut clauses: Vec<(Option<&'a Expr>, &'a [Stmt])> = vec![(Some(&branch.test), &branch.body)];
        let more = &branch.elif_else_clauses;
        clauses.extend(more.iter().map(|clause| (clause.test.as_ref(), &clause.body[..])));
        let mut probing = false;
        let mut all_stop = true;
        let mut some_stop = false;
        for (test, body) in clauses {
            let mut truth = Some(true);
            if let Some(test) = test {
                truth = self.constants.truth(test);
                self.visit_expr(test);
                probing |= truth.is_none() && self.asks_for_platform(test);
            }
            if truth == Some(false) {
                continue;
            }
            let stops = self.within(false, probing, |walk| walk.walk_block(body));
            all_stop &= stops;
            some_stop |= stops;
            if truth == Some(true) {
                self.guarded |= probing && some_stop;
                return all_stop;
            }
        }
        // After `if not hasattr(os, "fork"): return`, the rest runs only where it exists.
        self.guarded |= probing && some_stop;
        false
    }

    /// Whether a condition asks what the platform has.
    fn asks_for_platform(&self, test: &Expr) -> bool {
        self.leads_to_platform(test, 0, &Cell::new(MOST_STEPS))
    }

    fn leads_to_platform(&self, test: &Expr, depth: u32, left: &Cell<u32>) -> bool {
        mentions(test, &|name| {
            // Names that stand for several others each are exponentially many.
            let Some(less) = left.get().checked_sub(1) else {
                return true;
            };
            left.set(less);
            if matches!(
                name,
                "hasattr" | "getattr" | "callable" | "platform" | "system" | "which" | "uname"
            ) {
                return true;
            }
            let lower = name.to_ascii_lowercase();
            const SYSTEMS: &[&str] = &[
                "windows",
                "win32",
                "posix",
                "linux",
                "darwin",
                "wasi",
                "emscripten",
                "wasm",
            ];
            if SYSTEMS.iter().any(|system| lower.contains(system)) {
                return true;
            }
            match self.constants.bindings.meaning(name) {
                Some(Meaning::Assigned(value)) if depth < 4 => self.leads_to_platform(value, depth + 1, left),
                Some(Meaning::Imported(dotted)) => {
                    matches!(dotted.as_str(), "os.name" | "sys.platform" | "platform")
                }
                _ => false,
            }
        }) || self.constants.dotted_name(test).as_deref() == Some("os.name")
            || names_system(test)
    }

    /// Gives the full name of the expression, if it certainly comes from an import.
    fn full_name(&self, expr: &Expr, depth: u32) -> Option<String> {
        if depth > 16 {
            return None;
        }
        if let Expr::Name(name) = expr {
            let is_it = |entered: &&(&str, String)| entered.0 == name.id.as_str();
            if let Some((_, path)) = self.entered.iter().rev().find(is_it) {
                return Some(path.clone());
            }
        }
        match expr {
            Expr::Name(name) => match self.constants.bindings.meaning(&name.id)? {
                Meaning::Imported(dotted) => Some(dotted.clone()),
                Meaning::Assigned(value) => self.full_name(value, depth + 1),
                Meaning::EachOf(_) => None,
            },
            Expr::Attribute(attribute) => {
                let value = self.full_name(&attribute.value, depth + 1)?;
                Some(format!("{value}.{}", attribute.attr))
            }
            Expr::Call(call) => Some(format!("{}()", self.full_name(&call.func, depth + 1)?)),
            Expr::Await(wait) => self.full_name(&wait.value, depth + 1),
            _ => None,
        }
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.walk_statement(stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        match expr {
            Expr::Call(call) => {
                if !self.guarded
                    && let Some(name) = self.full_name(&call.func, 0)
                    && (self.wanted)(&name)
                {
                    self.found.push(CallMatch {
                        name,
                        start: call.func.start().to_usize(),
                        end: call.func.end().to_usize(),
                        when: match self.in_function {
                            true => When::Call,
                            false => When::Load,
                        },
                    });
                }
                visitor::walk_expr(self, expr);
            }
            Expr::Lambda(_) | Expr::Generator(_) => {
                self.within(true, false, |walk| visitor::walk_expr(walk, expr));
            }
            Expr::If(choice) => {
                let truth = self.constants.truth(&choice.test);
                let probing = truth.is_none() && self.asks_for_platform(&choice.test);
                self.visit_expr(&choice.test);
                if truth != Some(false) {
                    self.within(false, probing, |walk| walk.visit_expr(&choice.body));
                }
                if truth != Some(true) {
                    self.within(false, probing, |walk| walk.visit_expr(&choice.orelse));
                }
            }
            Expr::BoolOp(operation) => {
                let before = self.guarded;
                for operand in &operation.values {
                    self.visit_expr(operand);
                    self.guarded |= self.asks_for_platform(operand);
                }
                self.guarded = before;
            }
            _ => visitor::walk_expr(self, expr),
        }
        self.depth -= 1;
    }
}

/// Whether `except KIND` catches the exception of a call that WASI does not support.
fn catches_failure(kind: Option<&Expr>) -> bool {
    let name = match kind {
        None => return true,
        Some(Expr::Name(name)) => name.id.as_str(),
        Some(Expr::Attribute(attribute)) => attribute.attr.as_str(),
        Some(Expr::Tuple(tuple)) => return tuple.elts.iter().any(|kind| catches_failure(Some(kind))),
        Some(_) => return true,
    };
    // An exception of a library may be a base of OSError. Those of the language are known.
    !matches!(
        name,
        "ImportError"
            | "ModuleNotFoundError"
            | "KeyError"
            | "IndexError"
            | "LookupError"
            | "ValueError"
            | "TypeError"
            | "UnicodeDecodeError"
            | "KeyboardInterrupt"
            | "StopIteration"
            | "FileNotFoundError"
            | "FileExistsError"
    )
}

/// Whether `is_one` accepts a name or attribute in the expression.
fn mentions(expr: &Expr, is_one: &dyn Fn(&str) -> bool) -> bool {
    struct Search<'f> {
        is_one: &'f dyn Fn(&str) -> bool,
        found: bool,
        depth: u32,
    }
    impl<'a> Visitor<'a> for Search<'_> {
        fn visit_expr(&mut self, expr: &'a Expr) {
            self.found |= match expr {
                Expr::Name(name) => (self.is_one)(&name.id),
                Expr::Attribute(attribute) => (self.is_one)(&attribute.attr),
                _ => false,
            };
            if !self.found && self.depth < DEEPEST {
                self.depth += 1;
                visitor::walk_expr(self, expr);
                self.depth -= 1;
            }
        }
    }
    let mut search = Search {
        is_one,
        found: false,
        depth: 0,
    };
    search.visit_expr(expr);
    search.found
}

/// Whether the expression has a text that names a system, such as `"win32"`.
fn names_system(expr: &Expr) -> bool {
    struct Search {
        found: bool,
        depth: u32,
    }
    impl<'a> Visitor<'a> for Search {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::StringLiteral(text) = expr {
                let text = text.value.to_str();
                self.found |= matches!(
                    text,
                    "nt" | "posix" | "win32" | "linux" | "darwin" | "cygwin" | "Windows"
                );
            } else if !self.found && self.depth < DEEPEST {
                self.depth += 1;
                visitor::walk_expr(self, expr);
                self.depth -= 1;
            }
        }
    }
    let mut search = Search {
        found: false,
        depth: 0,
    };
    search.visit_expr(expr);
    search.found
}

#[cfg(test)]
mod tests {
    use pywasm_target::{PythonVersion, Target};

    use super::find_calls;
    use crate::input::Role;

    fn names(text: &str) -> Vec<String> {
        let target = Target::new(PythonVersion::new(3, 13, 0));
        let found = find_calls(text, Role::Main, target, &|_| true);
        found.into_iter().map(|call| call.name).collect()
    }

    #[test]
    fn a_call_is_known_by_what_was_imported() {
        assert_eq!(names("from os import fork as f\nf()\n"), ["os.fork"]);
        assert_eq!(names("import os as o\nx = o.fork\nx()\n"), ["os.fork"]);
        assert_eq!(
            names("import threading\nt = threading.Thread(target=print)\nt.start()\n"),
            ["threading.Thread", "threading.Thread().start"]
        );
        assert_eq!(
            names("import concurrent.futures as c\nwith c.ThreadPoolExecutor() as e: e.submit(1)\n"),
            [
                "concurrent.futures.ThreadPoolExecutor",
                "concurrent.futures.ThreadPoolExecutor().submit"
            ]
        );
    }

    #[test]
    fn a_name_that_may_be_another_is_not_taken() {
        assert_eq!(names("import os\nos = object()\nos.fork()\n"), [""; 0]);
        assert_eq!(names("def fork(): pass\nfork()\n"), [""; 0]);
        assert_eq!(names("def f(os):\n  os.fork()\nimport os\n"), [""; 0]);
    }

    #[test]
    fn code_that_looks_first_is_left_alone() {
        for text in [
            "if hasattr(os, 'fork'): os.fork()",
            "if sys.platform == 'linux': os.fork()",
            "if os.name == 'nt': os.system('cls')",
            "try: os.fork()\nexcept OSError: pass",
            "def f():\n  if not hasattr(os, 'fork'):\n    return\n  os.fork()",
            "HAS = hasattr(os, 'fork')\nif HAS: os.fork()",
            "x = hasattr(os, 'fork') and os.fork()",
            "def f():\n  return\n  os.fork()",
        ] {
            let found = names(&format!("import os, sys\n{text}\n"));
            assert!(
                !found.iter().any(|name| name.starts_with("os.")),
                "{text}: {found:?}"
            );
        }
        assert_eq!(
            names("import os\ntry: os.fork()\nexcept ValueError: pass\n"),
            ["os.fork"]
        );
        assert_eq!(names("import os\nif DAEMON: os.fork()\n"), ["os.fork"]);
    }
}
