//! Prints what the bytes of an artifact are: `pywasm size`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use pywasm::outputs::{self, BrotliSource};
use pywasm_size::{render_html, render_text};

use crate::{
    cli::Global,
    exit::Exit,
    output::{self, Format},
    terminal::Terminal,
};

const EXAMPLES: &str = "\
Examples:
  pywasm size                          the artifact in dist/
  pywasm size dist/hello.report.json --depth 4
  pywasm size --all --depth 9 other.wasm
  pywasm size --html size.html         a page with a treemap
  pywasm size --format json | jq '.tree.children[] | {name, bytes, brotli}'
  pywasm why --size decimal            what keeps a module, and how many bytes that costs";

/// Show what the bytes of an artifact are
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// A report, a module, or a project's folder
    #[arg(default_value = ".", value_name = "REPORT or WASM")]
    path: PathBuf,
    /// How many levels of the tree are shown
    #[arg(long, value_name = "LEVELS", default_value = "2")]
    depth: usize,
    /// Show each part, however small
    #[arg(long)]
    all: bool,
    /// Write the tree as one page with a treemap to click through, instead of printing it
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    html: Option<PathBuf>,
    /// Show no Brotli sizes, which takes less time
    #[arg(long)]
    no_brotli: bool,
    #[command(flatten)]
    output: Format,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let terminal = Terminal::new(global);
    let opened = outputs::open_module(&options.path, !options.no_brotli)?;
    let tree = &opened.analysis.tree;
    if let Some(path) = &options.html {
        pywasm_host::replace_file(
            path,
            render_html(tree, &tree.name, opened.report.as_ref()).as_bytes(),
        )
        .with_context(|| format!("cannot write {}", path.display()))?;
        terminal.note(&format!("wrote {}", path.display()));
        return Ok(Exit::Fine);
    }
    if options.output.is_json() {
        output::print_json(&opened.sizes())?;
        return Ok(Exit::Fine);
    }
    output::print(&render_text(tree, options.depth, options.all))?;
    if opened.brotli == Some(BrotliSource::Made) {
        terminal.note("there is no .br beside it: its Brotli sizes are those of a quick compression");
    }
    Ok(Exit::Fine)
}
