//! Writes a folder that a stranger can verify: `pywasm release`.

mod sign;

use std::path::PathBuf;

use clap::Args;
use pywasm::{BuildOptions, Project, Release};
use pywasm_digest::Digest;
use pywasm_project::{Optimize, Preinit};
use pywasm_release::{
    archive::Format as Archive,
    assemble,
    files::{Files, write_folder},
};
use pywasm_report::format_size;

use crate::{
    cli::Global,
    command::{budget, selection::Selection},
    exit::Exit,
    failure::CommandError,
    interrupt::Guard,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm release                          into dist/release/NAME-VERSION/
  pywasm release app.py --version 1.2     a script has no version of its own
  pywasm release --aot=x86_64-unknown-linux-gnu --cpu x86-64-v3 --gzip
  pywasm release --sign ~/.minisign/minisign.key
  pywasm verify dist/release/hello-1.0.0 --public-key minisign.pub

A release has the module and its compressed forms, the report, the symbol file, the licences,
SBOMs, the provenance, checksums, and an archive of all of it. It is the same, byte for byte,
each time, except for a signature. The password of a signing key comes from the terminal or from
PYWASM_SIGNING_PASSWORD.

Exit codes: 0 written, 3 written, and a budget is exceeded.";

/// Build a project into files to publish, with everything to verify them
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// The version [default: that of [project]]
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// What to optimize for, `size` or `speed`; or Binaryen's level: off, 2, 3, 4, s or z [default: size]
    #[arg(short = 'O', long, value_name = "AIM")]
    optimize: Option<Optimize>,
    /// What the artifact's snapshot holds: none, interpreter, stdlib or app [default: stdlib]
    #[arg(long, value_name = "MODE")]
    preinit: Option<Preinit>,
    /// Let modules do this while the program is rehearsed: `clock`, `entropy:package.*`
    #[arg(long, value_name = "KIND[:MODULE]")]
    allow: Vec<String>,
    /// Also compile ahead of time for this target triple
    #[arg(long, value_name = "TARGET")]
    aot: Vec<String>,
    /// The CPU to compile ahead of time for, such as x86-64-v3 [default: the target's least]
    #[arg(long, value_name = "NAME")]
    cpu: Option<String>,
    /// Also write NAME.wasm.gz
    #[arg(long)]
    gzip: bool,
    /// Also write NAME.wasm.zst
    #[arg(long)]
    zstd: bool,
    /// The archive's form: tar.gz or tar.zst [default: tar.gz]
    #[arg(long, value_name = "FORM", value_parser = archive)]
    archive: Option<Archive>,
    /// Sign the checksums with this minisign secret key
    #[arg(long, value_name = "KEYFILE")]
    sign: Option<PathBuf>,
    /// The folder that the release's own folder is written to [default: dist/release]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    #[command(flatten)]
    output: Format,
}

fn archive(word: &str) -> Result<Archive, String> {
    Archive::from_name(word).ok_or_else(|| format!("there are {}", Archive::CHOICES.join(" and ")))
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    // A wrong password is an error before the build, not after it.
    let key = options.sign.as_deref().map(sign::key).transpose()?;
    let build_options = BuildOptions {
        optimize: options.optimize,
        preinit: options.preinit,
        allow: options.allow.clone(),
        aot: options.aot.clone(),
        cpu: options.cpu.clone(),
        ..options.selection.build_options()
    };
    let mut project = Project::load(&options.selection.path, &build_options)?;
    let stem = pywasm::name_release(&mut project, options.version.as_deref())?;
    keep_named_targets(&mut project, &session)?;
    project.release.gzip |= options.gzip;
    project.release.zstd |= options.zstd;
    let recorded = pywasm::release_options(&build_options, &project);
    let archive = options
        .archive
        .or_else(|| project.release.archive.as_deref().and_then(Archive::from_name))
        .unwrap_or_default();
    let folder = match &options.out_dir {
        Some(folder) => folder.clone(),
        None => pywasm::default_out_dir(&options.selection.path, &project).join("release"),
    };
    let (builder, prepared) = options.selection.settings.prepare(&session, project)?;
    let Release {
        mut files,
        warnings,
        budgets,
    } = {
        let _progress = session.terminal.spinner(pywasm_report::Stage::Resolve.name());
        builder.release(&prepared, recorded)?
    };
    for warning in &warnings {
        session.terminal.warning(&warning.to_string(), None);
    }
    if let Some(key) = &key {
        assemble::sign(&mut files, &stem, key)?;
    }
    assemble::pack(&mut files, &stem, archive);
    let folder = folder.join(&stem);
    {
        let _guard = Guard::new();
        write_folder(&folder, &files)?;
    }
    print_result(&session, options, global, &stem, &folder, &files)?;
    Ok(budget::report_exceeded(
        &session.terminal,
        &prepared.project.budget,
        &budgets,
    ))
}

/// Refuses what compiles for the CPU of this machine: nobody else could make it again.
fn keep_named_targets(project: &mut Project, session: &Session) -> anyhow::Result<()> {
    let hint = "name a target, such as --aot=x86_64-unknown-linux-gnu, and a --cpu";
    for asked in pywasm::take_local_targets(project) {
        let message = format!("`{}` compiles for the CPU of this machine", asked.value);
        if asked.place.is_none() {
            let error = CommandError::usage(format!("{message}, which no other can do again"));
            return Err(error.with_hint(hint).into());
        }
        let message = format!("{message}, so the release goes without");
        session.terminal.warning(&message, Some(hint));
    }
    Ok(())
}

fn print_result(
    session: &Session,
    options: &Options,
    global: &Global,
    release: &str,
    folder: &std::path::Path,
    files: &Files,
) -> anyhow::Result<()> {
    if options.output.is_json() {
        output::print_json(&assemble::ReleaseForm::new(release, folder, files))?;
    } else if !global.quiet {
        for (name, bytes) in files {
            let size = format_size(bytes.len() as u64);
            output::print_line(&format!(
                "{size:>8}  {}  {name}",
                Digest::compute(bytes).short(12)
            ))?;
        }
        session.terminal.note(&format!("wrote {}", folder.display()));
    }
    Ok(())
}
