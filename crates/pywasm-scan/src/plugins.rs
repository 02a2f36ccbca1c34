//! Finds the plugins that a package lists in a module of its own: which module each name leads to.
//!
//! Packages with many plugins keep a dict that says where each is, so that they import only the one
//! that is needed: `{"RustLexer": ("pygments.lexers.rust", "Rust", ("rust", "rs"), ...)}`. A program names the
//! key, or one of the strings after the module.

use std::collections::BTreeMap;

use ruff_python_ast::{Expr, Stmt};

use crate::shallow::parse_shallow;

/// Finds the plugins: each module, with the names and texts that lead to it, as the tables of hooks
/// have them. There are none if the text cannot be parsed or has no such dict.
pub fn find_plugins(text: &str) -> BTreeMap<String, Vec<String>> {
    let Some(parsed) = parse_shallow(text) else {
        return BTreeMap::new();
    };
    let mut plugins: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for stmt in &parsed.syntax().body {
        let Stmt::Assign(assign) = stmt else { continue };
        let Expr::Dict(dict) = assign.value.as_ref() else {
            continue;
        };
        for item in &dict.items {
            let (Some(Expr::StringLiteral(key)), Expr::Tuple(tuple)) = (&item.key, &item.value) else {
                continue;
            };
            let Some((Expr::StringLiteral(module), rest)) = tuple.elts.split_first() else {
                continue;
            };
            let when = plugins.entry(module.value.to_str().to_owned()).or_default();
            when.push(key.value.to_str().to_owned());
            rest.iter().for_each(|expr| add_texts(expr, when));
        }
    }
    plugins
}

/// Adds the strings of an expression, and of the tuples in it.
fn add_texts(expr: &Expr, when: &mut Vec<String>) {
    match expr {
        Expr::StringLiteral(text) => when.push(format!("text {}", text.value.to_str())),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|expr| add_texts(expr, when)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::find_plugins;

    #[test]
    fn a_dict_of_tuples_tells_modules_and_their_names() {
        let text =
            "X = {\n 'A': ('p.a', 'An a', ('a', 'aa'), ()),\n 'A2': ('p.a', 'a2'),\n 'B': other,\n}\nY = 1\n";
        let plugins = find_plugins(text);
        assert_eq!(plugins.len(), 1);
        assert_eq!(
            plugins["p.a"],
            ["A", "text An a", "text a", "text aa", "A2", "text a2"]
        );
        assert!(find_plugins("x = {").is_empty());
    }
}
