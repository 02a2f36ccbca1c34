//! Renders `docs/reference/cli.md` from the definitions of the arguments, and fails where the
//! page differs. `BLESS=1` writes the page.

use std::{env, fs, path::Path};

use clap::{Command, CommandFactory as _};

use crate::cli::Cli;

const HEAD: &str = "\
# Command line

This page is generated from the definitions of the arguments: do not edit it, run
`BLESS=1 cargo test --release --bin pywasm cli_page` after a change of the arguments.

Every command also takes the options of `pywasm` itself: `--quiet`, `--color`, `--offline` and
`--home`. See also [exit codes](exit-codes.md) and [environment variables](environment.md).
";

#[test]
fn the_page_of_the_command_line_is_up_to_date() {
    let mut page = HEAD.to_owned();
    add_section(&mut page, &Cli::command(), "pywasm");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/cli.md");
    if env::var_os("BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &page).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/reference/cli.md differs from the arguments: run \
         `BLESS=1 cargo test --release --bin pywasm cli_page`"
    );
}

/// Adds the help of one command and of the commands below it.
fn add_section(page: &mut String, command: &Command, path: &str) {
    // Values of this machine's environment are not part of the page.
    let mut shown = command
        .clone()
        .bin_name(path)
        .term_width(100)
        .mut_args(|argument| argument.hide_env_values(true));
    let help = shown.render_long_help().to_string();
    page.push_str(&format!("\n## `{path}`\n\n```text\n"));
    for line in help.trim_end().lines() {
        page.push_str(line.trim_end());
        page.push('\n');
    }
    page.push_str("```\n");
    for inner in command
        .get_subcommands()
        .filter(|inner| inner.get_name() != "help")
    {
        add_section(page, inner, &format!("{path} {}", inner.get_name()));
    }
}
