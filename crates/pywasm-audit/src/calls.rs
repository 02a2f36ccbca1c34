//! Finds calls that cannot work on WASI, such as `os.fork()`, in the modules of the app and its
//! dependencies. Only names that certainly belong to the standard library count, and no call after a
//! test of the platform.

use std::collections::HashMap;

use pywasm_resolve::{Origin, Role, When, find_module_calls};

use crate::absent::{CallRow, table};
use crate::audit::Input;
use crate::model::{CallSite, Level, Spot};

/// Finds the calls; `owner_of` returns a module's distribution.
pub(crate) fn find(input: &Input<'_>, owner_of: &dyn Fn(&str) -> Option<String>) -> Vec<CallSite> {
    let rows: HashMap<String, &CallRow> = table()
        .calls
        .iter()
        .flat_map(|row| row.calls.iter().map(move |call| (name(call), row)))
        .collect();
    // A module of the app may have the name of one of the standard library's.
    let is_stdlib = |name: &str| {
        let top = name.split(['.', '(']).next().unwrap_or(name);
        input
            .graph
            .modules
            .get(top)
            .is_none_or(|module| module.origin == Origin::Stdlib)
    };
    let wanted = |name: &str| rows.contains_key(name) && is_stdlib(name);
    let mut found = Vec::new();
    for module in input.graph.modules.values() {
        // Nothing is known to import what only came with its package.
        if module.origin == Origin::Stdlib || module.is_whole {
            continue;
        }
        let entry = &input.graph.entry;
        let role = match entry.function.is_none() && entry.module == module.name {
            true => Role::Main,
            false => Role::Imported,
        };
        let in_project = module.origin == Origin::App;
        for call in find_module_calls(module, role, input.target, &wanted) {
            let Some(row) = rows.get(&call.name) else {
                continue;
            };
            found.push(CallSite {
                level: match in_project || call.when == When::Load {
                    true => Level::Warning,
                    // Whether anything calls that function is not known, and it is not the user's.
                    false => Level::Note,
                },
                module: module.name.clone(),
                distribution: owner_of(&module.name),
                place: Spot {
                    file: call.place.file,
                    line: call.place.line,
                    column: call.place.column,
                    in_project,
                },
                text: call.place.text.trim().to_owned(),
                in_function: call.when == When::Call,
                raises: row.raises.clone(),
                reason: row.reason.clone(),
                hint: row.hint.clone(),
                call: call.name,
            });
        }
    }
    found.sort_by(|a, b| {
        let key = |one: &CallSite| (std::cmp::Reverse(one.level), one.place.clone(), one.call.clone());
        key(a).cmp(&key(b))
    });
    found
}

/// What a call is of: its text without the arguments, `threading.Thread().start`.
fn name(call: &str) -> String {
    let mut name = String::new();
    let mut depth = 0;
    for c in call.chars() {
        depth -= i32::from(c == ')');
        if depth == 0 {
            name.push(c);
        }
        depth += i32::from(c == '(');
    }
    // The bracket that opens stands outside, and so does the one that closes.
    name.strip_suffix("()").unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_call_has_a_name() {
        assert_eq!(name("os.fork()"), "os.fork");
        assert_eq!(
            name("threading.Timer(1, f(2)).start()"),
            "threading.Timer().start"
        );
        assert_eq!(
            name("socket.create_server(('127.0.0.1', 0))"),
            "socket.create_server"
        );
    }
}
