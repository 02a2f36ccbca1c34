//! Builds, lists, checks, packs, adds and removes bases: `pywasm base`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use pywasm::InstallPolicy;
use pywasm_base::{AddOptions, Base, BuildOptions, Host, Installation, Limits};
use pywasm_digest::Digest;
use serde_json::json;

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
  pywasm base build                        build the default base from source
  pywasm base build --python 3.13.5        build the second choice
  pywasm base list                         list the bases on this machine
  pywasm base pack base.tar.br             write one as an archive
  pywasm base add base.tar.br --sha256 HEX add one from an archive

A base is a CPython for WebAssembly with its standard library. In place of an id,
its unique beginning or a Python version is enough.";

/// Build, list, check and copy bases, the interpreters for artifacts
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build a base from source and keep it
    Build {
        /// The Python version [default: the newest that the recipe pins]
        #[arg(long, value_name = "VERSION")]
        python: Option<String>,
        /// A folder with source archives, or one archive; the others are downloaded
        #[arg(long, value_name = "PATH")]
        sources: Option<PathBuf>,
        /// Work in this empty folder and keep it, the native interpreter included
        #[arg(long, value_name = "DIR")]
        work: Option<PathBuf>,
        /// How many jobs at once [default: one for each processor]
        #[arg(long, short, value_name = "N")]
        jobs: Option<usize>,
    },
    /// List the bases on this machine
    List {
        #[command(flatten)]
        output: Format,
    },
    /// Print one base's manifest
    Show {
        /// The base [default: the one that `pywasm build` uses]
        base: Option<String>,
    },
    /// Check every file of a base against its manifest
    Verify {
        /// The base [default: all of them]
        base: Option<String>,
    },
    /// Write a base as one archive
    Pack {
        /// The archive to write; it ends in `.tar.br`
        file: PathBuf,
        /// The base [default: the one that `pywasm build` uses]
        #[arg(long, value_name = "ID")]
        base: Option<String>,
    },
    /// Add a base from an archive
    Add {
        /// A file or an address
        #[arg(value_name = "FILE-OR-URL")]
        source: String,
        /// The archive's SHA-256; an address needs it
        #[arg(long, value_name = "HEX")]
        sha256: Option<Digest>,
    },
    /// Remove a base
    Remove {
        /// The base
        base: String,
    },
    /// Print a base's folder
    Path {
        /// The base [default: the one that `pywasm build` uses]
        base: Option<String>,
    },
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    match &options.command {
        Command::Build {
            python,
            sources,
            work,
            jobs,
        } => {
            let options = BuildOptions {
                python: python.clone(),
                sources: sources.clone(),
                offline: session.offline,
                keep_work: work.clone(),
                jobs: *jobs,
                optimize: Some(pywasm::optimize_base),
                host: Host::from_env(),
            };
            let installed = {
                let _guard = Guard::new();
                let _progress = session.terminal.spinner("preparing");
                pywasm_base::build(&session.home, &options, &session.terminal)?
            };
            report_installed(&session, &installed)
        }
        Command::List { output } => list(&session, *output),
        Command::Show { base } => {
            output::print_json(&find(&session, base.as_deref())?.manifest())?;
            Ok(Exit::Fine)
        }
        Command::Verify { base } => verify(&session, base.as_deref()),
        Command::Pack { file, base } => {
            let base = find(&session, base.as_deref())?;
            let _guard = Guard::new();
            let packed = {
                let _progress = session.terminal.spinner("packing");
                pywasm_base::pack(&base, file, &session.terminal)?
            };
            session
                .terminal
                .note(&format!("wrote {} ({} bytes)", file.display(), packed.bytes));
            output::print_line(&format!("{}  {}", packed.sha256, file.display()))?;
            Ok(Exit::Fine)
        }
        Command::Add { source, sha256 } => {
            let options = AddOptions {
                sha256: *sha256,
                offline: session.offline,
                limits: Limits::default(),
            };
            let installed = {
                let _guard = Guard::new();
                let _progress = session.terminal.spinner("adding");
                pywasm_base::add(&session.home, source, options, &session.terminal)?
            };
            report_installed(&session, &installed)
        }
        Command::Remove { base } => {
            let _guard = Guard::new();
            let id = session.store().remove(base, &session.terminal)?;
            session.terminal.note(&format!("removed {id}"));
            Ok(Exit::Fine)
        }
        Command::Path { base } => {
            output::print_line(&find(&session, base.as_deref())?.dir().display().to_string())?;
            Ok(Exit::Fine)
        }
    }
}

/// A base that is here; nothing is built for a question.
fn find(session: &Session, selector: Option<&str>) -> anyhow::Result<Base> {
    match selector {
        Some(selector) => Ok(session.store().find(selector)?),
        None => session
            .builder(InstallPolicy::default())
            .find_base(None)?
            .ok_or_else(|| {
                CommandError::usage("there is no base yet")
                    .with_hint("`pywasm base build` makes one")
                    .into()
            }),
    }
}

fn report_installed(session: &Session, installed: &Installation) -> anyhow::Result<Exit> {
    let state = if installed.was_there {
        "was there already"
    } else {
        "is ready"
    };
    session
        .terminal
        .note(&format!("the base {} {state}", installed.base.id()));
    output::print_line(installed.base.id())?;
    Ok(Exit::Fine)
}

fn list(session: &Session, output: Format) -> anyhow::Result<Exit> {
    let listing = session.store().list()?;
    if output.is_json() {
        let bases: Vec<_> = listing
            .bases
            .iter()
            .map(|base| json!({"id": base.id(), "python": base.python(), "current": base.is_current(), "path": base.dir()}))
            .collect();
        output::print_json(&bases)?;
    } else {
        for base in &listing.bases {
            let made = if base.is_current() {
                "this pywasm's recipe"
            } else {
                "another recipe"
            };
            output::print_line(&format!("{}  Python {}  {made}", base.id(), base.python()))?;
        }
    }
    for (folder, error) in listing.broken {
        session.terminal.warning(
            &format!("{} holds no readable base: {error}", folder.display()),
            Some("remove it with `pywasm base remove`"),
        );
    }
    Ok(Exit::Fine)
}

fn verify(session: &Session, selector: Option<&str>) -> anyhow::Result<Exit> {
    let bases = match selector {
        Some(selector) => vec![session.store().find(selector)?],
        None => session.store().list()?.bases,
    };
    for base in bases {
        let _progress = session.terminal.spinner(&format!("checking {}", base.id()));
        base.ensure_intact(&session.terminal)?;
        output::print_line(&format!("{}: OK", base.id()))?;
    }
    Ok(Exit::Fine)
}
