//! Prints a bill of materials of what was built: `pywasm sbom`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use pywasm::outputs;
use pywasm_release::sbom::{self, SbomSubject};

use crate::{cli::Global, exit::Exit, output, session::Session};

const EXAMPLES: &str = "\
Examples:
  pywasm sbom                                   of the last build in this folder
  pywasm sbom dist/hello.report.json > hello.cdx.json
  pywasm sbom --format spdx > hello.spdx.json

It lists the artifact, the base and its libraries, and each wheel with code or data in the artifact.
It needs the base that the artifact was built on.";

/// Print a bill of materials of a build
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The report of a build [default: dist/NAME.report.json]
    report: Option<PathBuf>,
    /// The format
    #[arg(long, value_name = "FORMAT", default_value = "cyclonedx")]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// CycloneDX 1.6 as JSON
    Cyclonedx,
    /// SPDX 2.3 as JSON
    Spdx,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let path = match &options.report {
        Some(path) => path.clone(),
        None => outputs::find_report(Path::new("."))?,
    };
    let report = outputs::read_report(&path)?;
    let base = session.store().find(&report.base.id)?;
    let subject = SbomSubject {
        report: &report,
        base: base.manifest(),
    };
    let made = match options.format {
        Form::Cyclonedx => sbom::write_cyclonedx(&subject),
        Form::Spdx => sbom::write_spdx(&subject),
    };
    let bill = made.with_context(|| format!("there is no bill of materials of `{}`", path.display()))?;
    output::print(&String::from_utf8(bill)?)?;
    Ok(Exit::Fine)
}
