//! Parses a text of which only little is looked at. In: the text. Out: its tree, unless the text has a syntax
//! error or is nested too deep to be walked.

use ruff_python_ast::ModModule;
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};

use crate::bindings::Bindings;

pub(crate) fn parse_shallow(text: &str) -> Option<Parsed<ModModule>> {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module)).try_into_module()?;
    if Bindings::collect(&parsed.syntax().body).is_too_deep() {
        // As in `scan`: dropping a tree takes as much stack as the tree is deep.
        std::mem::forget(parsed);
        return None;
    }
    parsed.errors().is_empty().then_some(parsed)
}
