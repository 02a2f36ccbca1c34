//! `pywasm doctor`: what is here, what is missing, how to get it.

use clap::Args;
use pywasm::{InstallPolicy, SharedCacheStatus};
use pywasm_base::{Base, Check, Host};
use pywasm_component::{ADAPTER_VERSION, ADAPTER_WASI, ENCODER_VERSION};
use pywasm_engine::aot::ENGINE_VERSION;
use serde_json::json;

use crate::{
    cli::Global,
    exit::Exit,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm doctor
  pywasm doctor --format json

Exit codes: 0 when `pywasm build` can work here, 1 when something is missing.";

/// Show what pywasm finds on this machine, what is missing, and how to get it
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(flatten)]
    output: Format,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let bases = session.store().list()?.bases;
    let builder = session.builder(InstallPolicy::default());
    let usable = builder.find_base(None)?;
    let checks = Host::from_env().checks();
    let missing = checks.iter().any(Check::is_missing);
    // The toolchain only builds bases: with a usable one here, nothing of it is needed.
    let fine = usable.is_some() || !missing;
    let shared = builder.shared_cache(".")?;
    if options.output.is_json() {
        let checks: Vec<_> = checks
            .iter()
            .map(|check| {
                json!({
                    "name": check.name, "found": check.found, "missing": check.is_missing(),
                    "needed_for": check.needed_for, "how_to_get": check.how_to_get,
                })
            })
            .collect();
        output::print_json(&json!({
            "version": env!("CARGO_PKG_VERSION"), "home": session.home.root(), "fine": fine,
            "base": usable.as_ref().map(Base::id), "bases": bases.len(), "checks": checks,
            "components": {
                "possible": usable.as_ref().map(has_glue), "wit_component": ENCODER_VERSION,
                "adapter": ADAPTER_VERSION, "wasi": ADAPTER_WASI, "wasmtime": ENGINE_VERSION,
            },
            "shared_cache": shared.as_ref().map(|shared| json!({
                "url": shared.url, "read_only": shared.read_only,
                "problem": shared.problem.as_ref().map(|(text, _)| text),
            })),
        }))?;
    } else {
        print_text(&session, usable.as_ref(), bases.len(), &checks, shared.as_ref())?;
    }
    Ok(if fine { Exit::Fine } else { Exit::Failed })
}

/// Whether components can be built on the base.
fn has_glue(base: &Base) -> bool {
    base.component_glue(false).is_ok()
}

fn print_text(
    session: &Session,
    usable: Option<&Base>,
    bases: usize,
    checks: &[Check],
    shared: Option<&SharedCacheStatus>,
) -> anyhow::Result<()> {
    output::print_line(&format!("pywasm {}", env!("CARGO_PKG_VERSION")))?;
    output::print_line(&format!("home   {}", session.home.root().display()))?;
    match usable {
        Some(base) => output::print_line(&format!("base   {} (of {bases} here)", base.id()))?,
        None => output::print_line("base   none yet: `pywasm build` or `pywasm base build` makes one")?,
    }
    let base = match usable {
        Some(base) if !has_glue(base) => "; this base cannot, `pywasm base build` makes one that can",
        _ => "",
    };
    output::print_line(&format!(
        "engine wasmtime {ENGINE_VERSION}\n\
         components  wit-component {ENCODER_VERSION}, WASI {ADAPTER_WASI} by the adapter {ADAPTER_VERSION}{base}"
    ))?;
    if let Some(shared) = shared {
        let mode = if shared.read_only { ", only read" } else { "" };
        output::print_line(&format!("cache  {}{mode}", shared.url))?;
        if let Some((text, hint)) = &shared.problem {
            session.terminal.warning(text, Some(hint));
        }
    }
    output::print_line("\nto build a base:")?;
    let width = checks.iter().map(|check| check.name.len()).max().unwrap_or(0);
    for check in checks {
        let (mark, text) = match &check.found {
            Some(found) => ("ok     ", found.clone()),
            None if check.is_missing() => (
                "MISSING",
                format!("for {}; get it: {}", check.needed_for, check.how_to_get),
            ),
            None => (
                "-      ",
                format!("not here, not needed; for {}", check.needed_for),
            ),
        };
        output::print_line(&format!("  {mark}  {:<width$}  {text}", check.name))?;
    }
    Ok(())
}
