//! Installs with `pip`. A small driver passes the target's markers and tags to `pip`, which only
//! fetches wheels; pywasm unpacks them. Wheels that were fetched before are used again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pywasm_diagnostic::Diagnostic;
use pywasm_project::normalize;
use pywasm_target::WasiWheels;
use serde_json::json;

use super::{InstallOutcome, Order, kept, pinned_lines, refuse_impure, run, write};
use crate::archive::Limits;
use crate::error::{Error, IoContext as _};
use crate::requirement::Requirement;
use crate::requirement_set::Pin;
use crate::{tree, wheel};

const DRIVER: &str = include_str!("driver.py");

pub(super) fn install(python: &Path, order: &Order<'_>) -> Result<InstallOutcome, Error> {
    let fetched = order.work.join("fetched");
    let built = order.work.join("built");
    for folder in [&fetched, &built] {
        fs::create_dir_all(folder).with_path("create", folder)?;
    }
    let mut wheels: BTreeSet<PathBuf> = BTreeSet::new();
    if order.requirements.open.is_empty() {
        let mut missing = Vec::new();
        for pin in &order.requirements.pins {
            match kept::find(order.wheels, &pin.hashes) {
                Some(wheel) => drop(wheels.insert(wheel)),
                None if pin.from_source => build(python, order, &pin.name, &pinned_lines(&[pin]), &built)?,
                None => missing.push(pin),
            }
        }
        if !missing.is_empty() {
            let hashed = missing.iter().all(|pin| !pin.hashes.is_empty());
            let mut options = vec!["--no-deps".to_owned()];
            options.extend(hashed.then(|| "--require-hashes".to_owned()));
            fetch(python, order, &pinned_lines(&missing), &options, &built, &fetched)?;
        }
    } else {
        for name in order.sdists {
            let line = order.requirements.open.iter().find(|open| open.name == *name);
            let line = line.map_or_else(|| name.clone(), Requirement::line);
            build(python, order, name, &(line + "\n"), &built)?;
        }
        let open: String = order
            .requirements
            .open
            .iter()
            .map(|open| Requirement::line(open) + "\n")
            .collect();
        let mut options = Vec::new();
        if !order.requirements.constraints.is_empty() {
            let constraints = order.work.join("constraints.txt");
            write(&constraints, &(order.requirements.constraints.join("\n") + "\n"))?;
            options.extend(["--constraint".to_owned(), constraints.display().to_string()]);
        }
        fetch(python, order, &open, &options, &built, &fetched)?;
    }
    wheels.extend(kept::files(&fetched).with_path("list", &fetched)?);
    for wheel in kept::files(&built).with_path("list", &built)? {
        // With open requirements, pip has taken it from there by itself.
        if order.requirements.open.is_empty() {
            wheels.insert(wheel);
        }
    }
    unpack(order, wheels)
}

fn unpack(order: &Order<'_>, wheels: BTreeSet<PathBuf>) -> Result<InstallOutcome, Error> {
    fs::create_dir_all(order.site).with_path("create", order.site)?;
    let mut wheels: Vec<PathBuf> = wheels.into_iter().collect();
    wheels.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
    let (mut warnings, mut digests) = (Vec::new(), BTreeMap::new());
    for file in wheels {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        order.progress.step(&format!("unpack {name}"));
        if order.progress.cancelled() {
            return Err(Error::Cancelled);
        }
        let unpacked = wheel::unpack(&file, order.site, Limits::default())?;
        let digest = kept::keep(order.wheels, &file)?;
        let distribution = normalize(name.split('-').next().unwrap_or_default());
        if unpacked.omitted.contains("data") {
            warnings.push(tree::omitted_data(&distribution));
        }
        let pins = &order.requirements.pins;
        let from_source = |pin: &Pin| pin.from_source && pin.name == distribution;
        if !order.sdists.contains(&distribution) && !pins.iter().any(from_source) {
            digests.insert(distribution, digest);
        }
        for clash in unpacked.clashes {
            warnings.push(
                Diagnostic::new(format!(
                    "`{name}` contains `{clash}`, which another distribution has installed with different content"
                ))
                .with_hint("pywasm keeps the first file; if that is the wrong one, remove one of the two distributions"),
            );
        }
    }
    Ok(InstallOutcome {
        warnings,
        wheels: digests,
    })
}

fn fetch(
    python: &Path,
    order: &Order<'_>,
    lines: &str,
    options: &[String],
    built: &Path,
    fetched: &Path,
) -> Result<(), Error> {
    order.progress.step("look for the dependencies with pip");
    let (driver, target) = (order.work.join("driver.py"), order.work.join("target.json"));
    write(&driver, DRIVER)?;
    let tags = order.target.wheel_tags(WasiWheels::Taken);
    write(
        &target,
        &json!({ "environment": order.target.markers(), "tags": tags }).to_string(),
    )?;
    let file = order.work.join("requirements.txt");
    write(&file, lines)?;
    let mut command = Command::new(python);
    command.arg(driver).arg(target).arg("download").args([
        "--only-binary",
        ":all:",
        "--implementation",
        "cp",
        "--platform",
        "any",
    ]);
    command.args([
        "--python-version",
        &order.target.python.to_string(),
        "--progress-bar",
        "off",
    ]);
    command
        .args(options)
        .args(common(order)?)
        .arg("--find-links")
        .arg(built)
        .arg("--dest")
        .arg(fetched)
        .arg("--requirement")
        .arg(file);
    run(&mut command, "pip", order)
}

/// Builds the wheel of one distribution from its source, which has to be pure Python.
fn build(python: &Path, order: &Order<'_>, name: &str, line: &str, built: &Path) -> Result<(), Error> {
    order.progress.step(&format!("build {name} from its source"));
    let file = order.work.join("source.txt");
    write(&file, line)?;
    let folder = order.work.join("built-one");
    let mut command = Command::new(python);
    command.args([
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-binary",
        name,
        "--progress-bar",
        "off",
    ]);
    command
        .args(common(order)?)
        .arg("--wheel-dir")
        .arg(&folder)
        .arg("--requirement")
        .arg(file);
    run(&mut command, "pip", order)?;
    for wheel in kept::files(&folder).with_path("list", &folder)? {
        if !wheel::is_pure(&wheel)? {
            return Err(refuse_impure(name));
        }
        let target = built.join(wheel.file_name().unwrap_or_default());
        fs::rename(&wheel, &target).with_path("move", &wheel)?;
    }
    Ok(())
}

/// The options of each call.
fn common(order: &Order<'_>) -> Result<Vec<String>, Error> {
    let mut options: Vec<String> = ["--no-input", "--disable-pip-version-check"]
        .map(str::to_owned)
        .to_vec();
    // An option and its value are two words.
    for option in &order.requirements.options {
        options.extend(option.splitn(2, ' ').map(str::to_owned));
    }
    if order.offline {
        let folder = order.work.join("kept");
        kept::gather(order.wheels, &folder)?;
        options.extend([
            "--no-index".to_owned(),
            "--find-links".to_owned(),
            folder.display().to_string(),
        ]);
    }
    Ok(options)
}
