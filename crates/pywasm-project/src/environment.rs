//! Reads `[tool.pywasm.env]`: the variables that a program is expected to find in its environment.

use std::collections::BTreeMap;

use pywasm_diagnostic::Diagnostic;
use toml::de::DeTable;

use crate::table::Reader;

/// Reads the table. A name or value that no environment can have is a fault.
pub(crate) fn read<'s>(reader: &mut Reader<'s>, tool: &DeTable<'s>) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    for (name, item) in reader.string_table(tool, "env") {
        let fault = if name.is_empty() || name.contains('=') || name.contains(char::is_control) {
            format!("`env`: `{}` is no name of a variable", name.escape_debug())
        } else if item.value.contains(char::is_control) {
            format!("`env.{name}` has a control character")
        } else {
            variables.insert(name, item.value);
            continue;
        };
        reader
            .diagnostics
            .push(Diagnostic::new(fault).with_location(item.place));
    }
    variables
}

#[cfg(test)]
mod tests {
    use crate::config::parse;

    #[test]
    fn variables_are_read_and_impossible_ones_refused() {
        let text =
            "[tool.pywasm.env]\nMODE = \"fast\"\nEMPTY = \"\"\n\"A=B\" = \"x\"\nLINES = \"a\\nb\"\nN = 1\n";
        let (config, wrong) = parse(std::path::Path::new(""), "pyproject.toml", text);
        let pairs =
            [("EMPTY", ""), ("MODE", "fast")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(config.environment, pairs.into());
        let wrong: Vec<&str> = wrong.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(
            wrong,
            [
                "`env`: `A=B` is no name of a variable",
                "`env.LINES` has a control character",
                "`env.N` has to be a string, not an integer"
            ]
        );
    }
}
