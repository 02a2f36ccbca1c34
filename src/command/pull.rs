//! Pulls a module from a registry into a file, also for `pywasm run`: `pywasm pull`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use pywasm_dist::FileNames;
use pywasm_registry::{PulledArtifact, Reference, SCHEME};

use crate::{
    cli::Global,
    exit::{Exit, Usage},
    interrupt::Guard,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm pull oci://ghcr.io/ada/hello:1.0               writes hello.wasm
  pywasm pull oci://ghcr.io/ada/hello:1.0 -o app.wasm
  pywasm --offline pull oci://ghcr.io/ada/hello:1.0     a module that was pulled before

pywasm checks the module against its digest and keeps it, so a second pull needs no transfer. The
command prints the reference by digest.

Logins: PYWASM_REGISTRY_USER and PYWASM_REGISTRY_PASSWORD, or those of `docker login`. pywasm uses
TLS with every registry except those on this machine.";

/// Pull a module from a registry
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// oci://HOST/NAME:TAG or oci://HOST/NAME@sha256:...
    reference: String,
    /// Where to write it [default: NAME.wasm in this folder]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    form: Format,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let reference = Reference::parse(&options.reference)?;
    let pulled = pull(&session, &reference)?;
    if pulled.remembered {
        session.terminal.note(&which(&pulled));
    }
    let file = options
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from(FileNames::new(pulled.reference.short_name()).module()));
    pywasm_host::replace_file(&file, &pulled.module)
        .with_context(|| format!("cannot write {}", file.display()))?;
    session.terminal.note(&format!("wrote {}", file.display()));
    if options.form.is_json() {
        output::print_json(&serde_json::json!({
            "reference": pulled.reference.to_string(),
            "file": file,
            "bytes": pulled.module.len(),
            "sha256": pulled.sha256,
        }))?;
    } else {
        output::print_line(&pulled.reference.to_string())?;
    }
    Ok(Exit::Fine)
}

/// The reference that stands in the place of a file, if it is one.
pub(crate) fn reference(file: &Path) -> Option<Result<Reference, pywasm_registry::Error>> {
    let text = file.to_str().filter(|text| text.starts_with(SCHEME))?;
    Some(Reference::parse(text))
}

/// The module, from the cache or the registry.
pub(crate) fn pull(session: &Session, reference: &Reference) -> anyhow::Result<PulledArtifact> {
    let pulled = {
        let _guard = Guard::new();
        let _progress = session.terminal.spinner("pull");
        pywasm_registry::pull(reference, &session.pulled(), session.offline, &session.terminal)?
    };
    if !pulled.module.starts_with(b"\0asm") {
        return Err(Usage::mark(anyhow::anyhow!(
            "{} is no WebAssembly module",
            pulled.reference
        )));
    }
    Ok(pulled)
}

/// Which artifact it is, for a line on the terminal.
pub(crate) fn which(pulled: &PulledArtifact) -> String {
    let remembered = if pulled.remembered {
        ", which the tag meant when it was last pulled"
    } else {
        ""
    };
    format!("{}{remembered}", pulled.reference)
}
