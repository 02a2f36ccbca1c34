//! Unpacks a wheel into a `site-packages` folder. Its name, its `METADATA` and its `RECORD` with
//! each digest and size have to be true. Nothing is written before its lists are checked, and
//! nothing outside the folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read, Seek, Write as _};
use std::path::Path;

use pep440_rs::Version;
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::{Digest, Hasher};
use pywasm_project::normalize;

use crate::archive::{Archive, Fault, Limits, Member};
use crate::error::{Error, IoContext as _};
use crate::metadata::{header, headers};
use crate::record::{self, RecordFile};
use crate::tags::WheelName;
use crate::tree;

/// The result of unpacking a wheel.
#[derive(Debug)]
pub(crate) struct UnpackOutcome {
    /// Parts of the wheel that are not installed, such as scripts.
    pub(crate) omitted: BTreeSet<&'static str>,
    /// Files that another wheel has written already, with different content.
    pub(crate) clashes: Vec<String>,
}

/// Checks what a wheel says of itself, without writing anything.
pub(crate) fn inspect(path: &Path) -> Result<(), Error> {
    open(path, Limits::default()).map(drop)
}

/// Unpacks a wheel into `site`, which may contain others.
pub(crate) fn unpack(path: &Path, site: &Path, limits: Limits) -> Result<UnpackOutcome, Error> {
    let mut wheel = open(path, limits)?;
    let mut unpacked = UnpackOutcome {
        omitted: BTreeSet::new(),
        clashes: Vec::new(),
    };
    let mut record = Vec::new();
    let mut places = BTreeSet::new();
    let record_name = format!("{}/RECORD", wheel.dist_info);
    for member in wheel.archive.members.clone() {
        if member.name == record_name {
            continue;
        }
        let place = match wheel.find_destination(&member.name) {
            Destination::Here(place) => place,
            Destination::Nowhere(what) => {
                unpacked.omitted.insert(what);
                continue;
            }
            Destination::Unknown => {
                let fault = format!("`{}` is in an unknown part of its data folder", member.name);
                return Err(refuse(path, fault));
            }
        };
        if !places.insert(place.to_lowercase()) {
            let fault = format!("two of its members would be installed as `{place}`");
            return Err(refuse(path, fault));
        }
        let expected = wheel.record.get(&member.name);
        let digest = write(
            &mut wheel.archive,
            &member,
            path,
            &site.join(&place),
            &mut unpacked.clashes,
            &place,
        )?;
        if let Some(expected) = expected
            && (expected.sha256 != Some(digest) || expected.size.is_some_and(|size| size != member.size))
        {
            let fault = format!("`{}` does not match its `RECORD`", member.name);
            return Err(refuse(path, fault));
        }
        record.push(RecordFile {
            path: place,
            sha256: Some(digest),
            size: Some(member.size),
        });
    }
    record.push(RecordFile {
        path: record_name.clone(),
        sha256: None,
        size: None,
    });
    record.sort();
    let file = site.join(&record_name);
    fs::write(&file, record::render(&record)).with_path("write", &file)?;
    Ok(unpacked)
}

struct Wheel<R = File> {
    archive: Archive<R>,
    /// `NAME-VERSION.dist-info`, and the same with `.data`.
    dist_info: String,
    data: String,
    is_purelib: bool,
    record: BTreeMap<String, RecordFile>,
}

enum Destination {
    Here(String),
    Nowhere(&'static str),
    Unknown,
}

impl<R> Wheel<R> {
    /// Where a member belongs.
    fn find_destination(&self, name: &str) -> Destination {
        // Tools write the same name in more than one way.
        let is_data = |top: &str| top.ends_with(".data") && normalize(top) == normalize(&self.data);
        let Some((_, rest)) = name.split_once('/').filter(|(top, _)| is_data(top)) else {
            return Destination::Here(name.to_owned());
        };
        match rest.split_once('/') {
            Some(("purelib" | "platlib", rest)) => Destination::Here(rest.to_owned()),
            Some(("scripts", _)) => Destination::Nowhere("scripts"),
            Some(("headers", _)) => Destination::Nowhere("headers"),
            Some(("data", rest)) if tree::is_data(rest) => Destination::Nowhere("data"),
            Some(("data", _)) => Destination::Nowhere("manuals"),
            _ => Destination::Unknown,
        }
    }
}

fn refuse(path: &Path, fault: Fault) -> Error {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Error::refused(
        Diagnostic::new(format!("pywasm refuses the wheel `{name}`: {fault}"))
            .with_hint("if the wheel comes from an index, pin another version and report the fault to its maintainers; if it is your own, build it again"),
    )
}

fn open(path: &Path, limits: Limits) -> Result<Wheel, Error> {
    let file = File::open(path).with_path("read", path)?;
    check(file, path, limits)
}

/// Checks a wheel's lists; `path` names it.
fn check<R: Read + Seek>(file: R, path: &Path, limits: Limits) -> Result<Wheel<R>, Error> {
    let archive = Archive::new(file, limits).with_path("read", path)?;
    let mut archive = archive.map_err(|fault| refuse(path, fault))?;
    let file_name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let name = WheelName::parse(&file_name)
        .ok_or_else(|| refuse(path, "its name is not a valid name of a wheel".to_owned()))?;
    let tops: BTreeSet<String> = archive
        .members
        .iter()
        .filter_map(|member| member.name.split_once('/').map(|(top, _)| top.to_owned()))
        .filter(|top| top.ends_with(".dist-info"))
        .collect();
    let mut tops = tops.into_iter();
    let (Some(dist_info), None) = (tops.next(), tops.next()) else {
        return Err(refuse(
            path,
            "it does not have exactly one `.dist-info` folder".to_owned(),
        ));
    };
    let mut text = |part: &str| {
        let read = archive
            .text(&format!("{dist_info}/{part}"))
            .with_path("read", path)?;
        read.map_err(|fault| refuse(path, fault))
    };
    let (about, metadata, record) = (text("WHEEL")?, text("METADATA")?, text("RECORD")?);
    if !header(&about, "Wheel-Version").is_some_and(|version| version == "1" || version.starts_with("1.")) {
        return Err(refuse(path, "its format is not version 1".to_owned()));
    }
    let stem = dist_info.strip_suffix(".dist-info").unwrap_or(&dist_info);
    let folder = stem.rsplit_once('-').unwrap_or((stem, ""));
    let said = (
        header(&metadata, "Name").unwrap_or_default(),
        header(&metadata, "Version").unwrap_or_default(),
    );
    for (what, (other, version)) in [
        ("folder", (folder.0, folder.1)),
        ("`METADATA`", (said.0.as_str(), said.1.as_str())),
    ] {
        if normalize(other) != normalize(&name.name) || !same_version(version, &name.version) {
            let fault = format!(
                "its {what} says `{other}` {version}, but its name says `{}` {}",
                name.name, name.version
            );
            return Err(refuse(path, fault));
        }
    }
    let record = read_record(&archive, &dist_info, &record).map_err(|fault| refuse(path, fault))?;
    Ok(Wheel {
        data: format!("{stem}.data"),
        is_purelib: headers(&about, "Root-Is-Purelib").any(|value| value.eq_ignore_ascii_case("true")),
        dist_info,
        record,
        archive,
    })
}

fn same_version(one: &str, other: &str) -> bool {
    match (one.replace('_', "-").parse::<Version>(), other.parse::<Version>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Reads the `RECORD`, which has to list exactly the members; its own signatures need no line.
fn read_record<R>(
    archive: &Archive<R>,
    dist_info: &str,
    text: &str,
) -> Result<BTreeMap<String, RecordFile>, Fault> {
    let mut files = BTreeMap::new();
    for file in record::parse(text).map_err(|fault| format!("its `RECORD`: {fault}"))? {
        let name = file.path.clone();
        if files.insert(name.clone(), file).is_some() {
            return Err(format!("its `RECORD` has two lines for `{name}`"));
        }
    }
    let unlisted = ["RECORD", "RECORD.jws", "RECORD.p7s"].map(|part| format!("{dist_info}/{part}"));
    for member in &archive.members {
        match files.get(&member.name) {
            _ if unlisted.contains(&member.name) => {}
            None => return Err(format!("its `RECORD` does not list `{}`", member.name)),
            Some(file) if file.sha256.is_none() => {
                return Err(format!("its `RECORD` has no SHA-256 for `{}`", member.name));
            }
            Some(file) if file.size.is_some_and(|size| size != member.size) => {
                return Err(format!(
                    "the size of `{}` does not match its `RECORD`",
                    member.name
                ));
            }
            Some(_) => {}
        }
    }
    let there: BTreeSet<&str> = archive
        .members
        .iter()
        .map(|member| member.name.as_str())
        .collect();
    // Some tools list folders, which are not files.
    let missing = files
        .keys()
        .find(|name| !there.contains(name.as_str()) && !name.ends_with('/'));
    match missing {
        Some(name) if !unlisted.contains(name) => Err(format!(
            "its `RECORD` lists `{name}`, which the wheel does not contain"
        )),
        _ => Ok(files),
    }
}

/// Writes a member, unless another wheel has written a file of that name.
fn write(
    archive: &mut Archive,
    member: &Member,
    wheel: &Path,
    target: &Path,
    clashes: &mut Vec<String>,
    place: &str,
) -> Result<Digest, Error> {
    let mut hasher = Hasher::new();
    let mut file = if target.exists() {
        None
    } else {
        let folder = target.parent().unwrap_or(target);
        fs::create_dir_all(folder).with_path("create", folder)?;
        Some(
            File::options()
                .write(true)
                .create_new(true)
                .open(target)
                .with_path("create", target)?,
        )
    };
    let read = archive.read(member, &mut |piece| {
        hasher.update(piece);
        match &mut file {
            Some(file) => file.write_all(piece),
            None => Ok(()),
        }
    });
    read.with_path("write", target)?
        .map_err(|fault| refuse(wheel, fault))?;
    let digest = hasher.finish();
    if file.is_none() {
        let other = fs::read(target).with_path("read", target)?;
        if Digest::compute(&other) != digest {
            clashes.push(place.to_owned());
        }
    }
    Ok(digest)
}

/// Whether a wheel that was built here holds Python code only.
pub(crate) fn is_pure(path: &Path) -> Result<bool, Error> {
    let wheel = open(path, Limits::default())?;
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .and_then(WheelName::parse);
    Ok(wheel.is_purelib && name.is_some_and(|name| name.is_pure()))
}

/// Checks a wheel in memory and reads every member, for the fuzz targets. Returns where its files
/// would be installed.
pub(crate) fn read_all(file_name: &str, bytes: &[u8]) -> Result<Vec<String>, Error> {
    let path = Path::new(file_name);
    let mut wheel = check(std::io::Cursor::new(bytes), path, Limits::default())?;
    let mut places = Vec::new();
    for member in wheel.archive.members.clone() {
        let read = wheel.archive.read(&member, &mut |_| Ok(()));
        read.with_path("read", path)?
            .map_err(|fault| refuse(path, fault))?;
        if let Destination::Here(place) = wheel.find_destination(&member.name) {
            places.push(place);
        }
    }
    Ok(places)
}
