//! Installs with `uv`, which need not know the target: it resolves open requirements for all
//! platforms at once into a `pylock.toml`. That file is read like any other, with the target's
//! markers and tags, and its pins are installed.

use std::fs;
use std::path::Path;
use std::process::Command;

use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_target::WasiWheels;

use super::{InstallOutcome, Order, kept, pinned_lines, refuse_impure, run, write};
use crate::choose::Choice;
use crate::declared::Selection;
use crate::distribution::distributions;
use crate::error::{Error, IoContext as _};
use crate::pylock;
use crate::requirement::Requirement;
use crate::requirement_set::{FileLocation, Pin};
use crate::tags::Tags;
use crate::tree;

pub(super) fn install(uv: &Path, order: &Order<'_>) -> Result<InstallOutcome, Error> {
    let resolved;
    let (mut warnings, pins) = if order.requirements.open.is_empty() {
        (Vec::new(), &order.requirements.pins)
    } else {
        order.progress.step("resolve the dependencies with uv");
        resolved = resolve(uv, order)?;
        (resolved.0, &resolved.1)
    };
    let pins: Vec<&Pin> = pins.iter().collect();
    order
        .progress
        .step(&format!("install {} distributions with uv", pins.len()));
    let lines = order.work.join("pins.txt");
    write(&lines, &(options(order) + &pinned_lines(&pins)))?;
    let mut command = command(uv, order, "install");
    command
        .arg("--target")
        .arg(order.site)
        .args(["--no-deps", "--python-platform", "x86_64-manylinux_2_40"]);
    if pins.iter().all(|pin| !pin.hashes.is_empty()) {
        command.arg("--require-hashes");
    }
    for pin in pins.iter().filter(|pin| pin.from_source) {
        command.args(["--no-binary", &pin.name]);
    }
    command.arg("-r").arg(&lines);
    fs::create_dir_all(order.site).with_path("create", order.site)?;
    run(&mut command, "uv", order)?;
    order.progress.step("check what was installed");
    let built: Vec<&str> = pins
        .iter()
        .filter(|pin| pin.from_source)
        .map(|pin| pin.name.as_str())
        .collect();
    for distribution in distributions(order.site)? {
        let is_built =
            built.contains(&distribution.name.as_str()) || order.sdists.contains(&distribution.name);
        if is_built && !distribution.tags.iter().all(|tag| tag.ends_with("-none-any")) {
            return Err(refuse_impure(&distribution.name));
        }
    }
    warnings.extend(tree::tidy(order.site)?);
    warnings.sort();
    Ok(InstallOutcome {
        warnings,
        wheels: pins.iter().filter_map(|pin| wheel(pin, order)).collect(),
    })
}

/// The digest of a pin's wheel: that of its file where it is on this machine, else the lock's
/// where only one fits.
fn wheel(pin: &Pin, order: &Order<'_>) -> Option<(String, Digest)> {
    if pin.from_source || order.sdists.contains(&pin.name) {
        return None;
    }
    let mut locked = pin.hashes.iter().filter_map(|hash| hash.strip_prefix("sha256:"));
    let digest = match (&pin.place, locked.next(), locked.next()) {
        (Some(FileLocation::Path(file)), ..) => kept::digest(file).ok()?,
        (_, Some(digits), None) => digits.parse().ok()?,
        _ => return None,
    };
    Some((pin.name.clone(), digest))
}

fn command(uv: &Path, order: &Order<'_>, what: &str) -> Command {
    let mut command = Command::new(uv);
    command.args([
        "pip",
        what,
        "--python-version",
        &order.target.series().to_string(),
        "--only-binary",
        ":all:",
        "--color",
        "never",
        "--no-progress",
    ]);
    if order.offline {
        command.arg("--offline");
    }
    command
}

fn options(order: &Order<'_>) -> String {
    order
        .requirements
        .options
        .iter()
        .map(|option| format!("{option}\n"))
        .collect()
}

fn resolve(uv: &Path, order: &Order<'_>) -> Result<(Vec<Diagnostic>, Vec<Pin>), Error> {
    let input = order.work.join("requirements.in");
    let open: String = order
        .requirements
        .open
        .iter()
        .map(|open| Requirement::line(open) + "\n")
        .collect();
    write(&input, &(options(order) + &open))?;
    let lock = order.work.join("pylock.toml");
    let mut command = command(uv, order, "compile");
    command.args([
        "--universal",
        "--format",
        "pylock.toml",
        "--no-header",
        "--no-annotate",
        "--quiet",
    ]);
    if order.upgrade {
        command.arg("--upgrade");
        // uv refuses both; without a network, what was fetched is the newest that there is.
        if !order.offline {
            command.arg("--refresh");
        }
    }
    for sdist in order.sdists {
        command.args(["--no-binary", sdist]);
    }
    if !order.requirements.constraints.is_empty() {
        let constraints = order.work.join("constraints.txt");
        write(&constraints, &(order.requirements.constraints.join("\n") + "\n"))?;
        command.arg("--constraints").arg(constraints);
    }
    command.arg("--output-file").arg(&lock).arg(&input);
    run(&mut command, "uv", order)?;
    let text = fs::read_to_string(&lock).with_path("read", &lock)?;
    let choice = Choice {
        // It takes no wheels with the tags of WASI.
        tags: &Tags::new(*order.target, WasiWheels::Skipped),
        sdists: order.sdists,
        file: &order.requirements.file,
        folder: order.work,
    };
    let wanted = pylock::read(&text, &Selection::default(), order.target, choice)?;
    Ok((wanted.warnings, wanted.pins))
}
