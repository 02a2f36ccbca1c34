//! `pywasm publish`: a built module in, an artifact in a registry and its digest out.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use pywasm_digest::Digest;
use pywasm_project::{Overrides, Project};
use pywasm_registry::{Artifact, LARGEST_MODULE, PushedArtifact, Reference, TITLE};
use pywasm_report::Report;

use crate::{
    cli::Global,
    exit::{Exit, Usage},
    interrupt::Guarded,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm publish oci://ghcr.io/ada/hello:1.0                   dist/NAME.wasm of the project in this folder
  pywasm publish oci://localhost:5000/hello:latest app.wasm
  pywasm run \"$(pywasm publish oci://ghcr.io/ada/hello:1.0)\"

The artifact's reference by digest is printed: it names these bytes and no others, wherever the
tag goes. The same module gives the same digest each time. The artifact has the layout that
wkg, oras and runwasi read.

Logins: PYWASM_REGISTRY_USER and PYWASM_REGISTRY_PASSWORD, or what `docker login` keeps. TLS is
demanded of every registry but those on this machine.";

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
        None => default_artifact()?,
    };
    let module = read(&file)?;
    let bytes = module.len();
    if session.offline {
        return Err(anyhow::anyhow!(
            "--offline, and {reference} is in a registry\nhint: publish without --offline"
        ));
    }
    let annotations = annotations(&file, &module);
    let artifact = Artifact {
        module,
        annotations: annotations.clone(),
    };
    let pushed = {
        let _guarded = Guarded::new();
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
        pywasm_report::human(bytes as u64),
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

/// `dist/NAME.wasm` of the project in this folder.
fn default_artifact() -> anyhow::Result<PathBuf> {
    let here = Path::new(".");
    let project = Project::load(here, &Overrides::default())?;
    let file = pywasm_pipeline::default_out_dir(here, &project).join(format!("{}.wasm", project.name));
    if file.is_file() {
        return Ok(file);
    }
    Err(Usage::mark(anyhow::anyhow!(
        "there is no {}\nhint: run `pywasm build` first, or name the module",
        file.display()
    )))
}

/// The file, if it is a module from its first byte to its last.
fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let name = file.display();
    let cannot = || format!("cannot read {name}");
    let size = fs::metadata(file).with_context(cannot)?.len();
    if size > LARGEST_MODULE {
        return Err(Usage::mark(anyhow::anyhow!(
            "{name} has {size} bytes, and what has more than {LARGEST_MODULE} is not pulled again"
        )));
    }
    let module = fs::read(file).with_context(cannot)?;
    if !module.starts_with(b"\0asm") {
        return Err(Usage::mark(anyhow::anyhow!(
            "{name} is no WebAssembly module\nhint: publish the `.wasm` file that `pywasm build` writes"
        )));
    }
    pywasm_object::validate(&module)
        .map_err(|error| Usage::mark(anyhow::Error::new(error).context(format!("{name} is not valid"))))?;
    Ok(module)
}

/// What the manifest says: the file's name, and what the report beside the file knows of it.
fn annotations(file: &Path, module: &[u8]) -> BTreeMap<String, String> {
    let mut annotations = BTreeMap::new();
    let mut say = |key: &str, value: String| annotations.insert(key.to_owned(), value);
    if let Some(name) = file.file_name() {
        say(TITLE, name.to_string_lossy().into_owned());
    }
    if let Some(report) = report_of(file, module) {
        if let Some(version) = report.project.version {
            say("org.opencontainers.image.version", version);
        }
        say("pywasm.base", report.base.id);
    }
    annotations
}

/// The report beside the module, if it is about these very bytes.
fn report_of(file: &Path, module: &[u8]) -> Option<Report> {
    let text = fs::read_to_string(file.with_extension("report.json")).ok()?;
    let report = Report::from_json(&text).ok()?;
    let digest = Digest::compute(module);
    let listed = report.artifacts.iter().any(|artifact| artifact.sha256 == digest);
    listed.then_some(report)
}
