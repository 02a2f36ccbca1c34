//! Pushes a built module or component to a registry and prints its digest: `pywasm publish`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use pywasm::outputs;
use pywasm_dist::Interfaces;
use pywasm_registry::{Artifact, Component, LARGEST_MODULE, PushedArtifact, Reference};

use crate::{
    cli::Global,
    exit::Exit,
    failure::CommandError,
    interrupt::Guard,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm publish oci://ghcr.io/ada/hello:1.0                   dist/NAME.wasm of the project in this folder
  pywasm publish oci://localhost:5000/hello:latest app.wasm
  pywasm run \"$(pywasm publish oci://ghcr.io/ada/hello:1.0)\"

The command prints the artifact's reference by digest. It names exactly these bytes, wherever the
tag goes. The same module gives the same digest each time. The artifact has the layout that
wkg, oras and runwasi read.

Logins: PYWASM_REGISTRY_USER and PYWASM_REGISTRY_PASSWORD, or those of `docker login`. pywasm uses
TLS with every registry except those on this machine.";

/// Push a built module to a registry
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// oci://HOST/NAME:TAG
    reference: String,
    /// A `.wasm` file [default: dist/NAME.wasm of the project in this folder]
    artifact: Option<PathBuf>,
    #[command(flatten)]
    output: Format,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let reference = Reference::parse(&options.reference)?;
    let file = match &options.artifact {
        Some(file) => file.clone(),
        None => outputs::find_module(Path::new("."))?,
    };
    let module = outputs::read_module(&file, LARGEST_MODULE)?;
    let bytes = module.len();
    if session.offline {
        let error = CommandError::work(format!("--offline, and {reference} is in a registry"));
        return Err(error.with_hint("publish without --offline").into());
    }
    let title = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let interfaces = Interfaces::read(&module).with_context(|| format!("{} is not valid", file.display()))?;
    let (version, base, world) = match outputs::report_of(&file, &module) {
        Some(report) => {
            let world = report.component.map(|component| component.world);
            (report.project.version, Some(report.base.id), world)
        }
        None => (None, None, None),
    };
    let component = interfaces.map(|Interfaces { imports, exports }| Component {
        exports,
        imports,
        target: world,
    });
    let artifact = Artifact {
        component,
        ..Artifact::new(module, title, version, base)
    };
    let annotations = artifact.annotations.clone();
    let pushed = {
        let _guard = Guard::new();
        let _progress = session.terminal.spinner("push");
        pywasm_registry::push(&reference, artifact, &session.terminal)?
    };
    let PushedArtifact {
        reference: by_digest,
        digest,
        sha256,
        known,
    } = pushed;
    session.terminal.note(&format!(
        "{reference} is {} ({}{})",
        file.display(),
        pywasm_report::format_size(bytes as u64),
        if known { ", which was there already" } else { "" }
    ));
    if options.output.is_json() {
        output::print_json(&serde_json::json!({
            "reference": by_digest.to_string(),
            "tag": reference.to_string(),
            "digest": format!("sha256:{digest}"),
            "file": file,
            "bytes": bytes,
            "sha256": sha256,
            "annotations": annotations,
        }))?;
    } else {
        output::print_line(&by_digest.to_string())?;
    }
    Ok(Exit::Fine)
}
