//! Checks whether everything in a release agrees and, with `--rebuild`, whether the same sources give
//! the same bytes: `pywasm verify`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use pywasm_release::{
    files::{Files, Finding, read_folder},
    signature::PublicKey,
    verify::{Contents, SignatureState, Verdict, verify, verify_archive},
};

use crate::{
    cli::Global,
    command::dependencies::Dependencies,
    exit::Exit,
    failure::CommandError,
    github,
    output::{self, Format},
    session::{Session, explained},
};

const EXAMPLES: &str = "\
Examples:
  pywasm verify dist/release/hello-1.0.0
  pywasm verify hello-1.0.0.tar.gz --public-key minisign.pub
  pywasm verify hello-1.0.0.tar.gz --public-key RWQf6LRC...
  pywasm verify --rebuild hello-1.0.0.tar.gz --project .

The command checks the checksums, the provenance, the module's record, the compressed forms,
the SBOMs, the archive and, with a public key, the signature. Without a public key, it shows
only that the release is complete, not who made it.

Exit codes: 0 everything agrees, 5 something differs.";

/// The largest archive that is read, in bytes.
const LARGEST: u64 = 1 << 30;

/// Check that a release is complete and consistent, and who signed it
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// A release's folder, or its archive
    #[arg(value_name = "RELEASE")]
    release: PathBuf,
    /// The minisign public key of its signer: a file, or the key itself
    #[arg(long, value_name = "FILE|KEY")]
    public_key: Option<String>,
    /// Build the release again, and compare every byte
    #[arg(long)]
    rebuild: bool,
    /// The sources for --rebuild: a project's folder or a script
    #[arg(long, value_name = "PATH", default_value = ".", requires = "rebuild")]
    project: PathBuf,
    /// The base for --rebuild [default: the one that the release was made with]
    #[arg(long, value_name = "BASE", requires = "rebuild")]
    base: Option<String>,
    /// Import dependencies from this folder too, as the release did
    #[arg(long = "path", value_name = "DIR", requires = "rebuild")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    dependencies: Dependencies,
    #[command(flatten)]
    output: Format,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let key = options.public_key.as_deref().map(public_key).transpose()?;
    let (mut verdict, files) = judge(&options.release, key.as_ref())?;
    let mut rebuilt = false;
    if options.rebuild
        && let Some(contents) = &verdict.contents
    {
        verdict.findings = rebuild(&session, options, contents, &files)?;
        rebuilt = verdict.findings.is_empty();
    }
    print_result(options, global, &verdict, rebuilt)?;
    Ok(if verdict.findings.is_empty() {
        Exit::Fine
    } else {
        Exit::Unverified
    })
}

/// Builds the release again, and gives what differs.
fn rebuild(
    session: &Session,
    options: &Options,
    contents: &Contents,
    released: &Files,
) -> anyhow::Result<Vec<Finding>> {
    if options.dependencies.frozen {
        let folder = Some(github::folder(&options.project)).filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        session.freeze(&fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()));
    }
    let _progress = session.terminal.spinner("preparing");
    let builder = session.builder(options.dependencies.policy());
    let rebuild = pywasm::Rebuild {
        contents,
        released,
        project: &options.project,
        base: options.base.as_deref(),
        paths: &options.paths,
        dependencies: options.dependencies.options(),
    };
    builder.rebuild(&rebuild).map_err(explained)
}

/// The key in a file of that name, or the key that the text is.
fn public_key(given: &str) -> anyhow::Result<PublicKey> {
    let path = Path::new(given);
    let text = if path.is_file() {
        fs::read_to_string(path).with_context(|| format!("cannot read the key {given}"))
    } else {
        Ok(given.to_owned())
    };
    let key = text.and_then(|text| Ok(PublicKey::parse(&text)?));
    key.map_err(|error| {
        CommandError::usage(format!(
            "`{given}` is neither the file of a public key nor one itself"
        ))
        .with_hint("`minisign -G` writes it to minisign.pub; its second line is the key")
        .with_cause(error)
        .into()
    })
}

fn judge(release: &Path, key: Option<&PublicKey>) -> anyhow::Result<(Verdict, Files)> {
    let shown = release.display();
    let meta = fs::metadata(release).map_err(|error| {
        CommandError::usage(format!("cannot read {shown}"))
            .with_hint("name the folder or the archive of a release")
            .with_cause(error)
    })?;
    if meta.is_dir() {
        let (files, strange) = read_folder(release)?;
        let mut verdict = verify(files.clone(), key);
        if !strange.is_empty() {
            verdict.findings.extend(strange);
            verdict.contents = None;
        }
        return Ok((verdict, files));
    }
    if meta.len() > LARGEST {
        return Err(anyhow::anyhow!("{shown} is larger than any archive of a release"));
    }
    let bytes = fs::read(release).with_context(|| format!("cannot read {shown}"))?;
    let name = release.file_name().unwrap_or_default().to_string_lossy();
    Ok(verify_archive(&name, &bytes, key))
}

fn print_result(options: &Options, global: &Global, verdict: &Verdict, rebuilt: bool) -> anyhow::Result<()> {
    let findings = &verdict.findings;
    if options.output.is_json() {
        return output::print_json(&verdict.form(rebuilt));
    }
    for finding in findings {
        output::print_line(&format!("{}: {}", finding.file, finding.message))?;
    }
    if findings.is_empty() && !global.quiet {
        let release = verdict.stem.as_deref().unwrap_or_default();
        output::print_line(&format!("{release}: all {} files agree", verdict.files))?;
        output::print_line(&match &verdict.signature {
            SignatureState::None => "signature: none, so nothing says whose it is".to_owned(),
            SignatureState::Unchecked { key } => {
                format!("signature: not checked, since there is no --public-key; it names the key {key}")
            }
            SignatureState::Verified { key } => format!("signature: by the key {key}"),
            SignatureState::Refused => String::new(),
        })?;
        if rebuilt {
            output::print_line("rebuild: every byte is the same")?;
        }
    }
    Ok(())
}
