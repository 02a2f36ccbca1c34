//! Wheels made byte by byte, honest or not, and a project to install them for.

use std::fs;
use std::path::PathBuf;

use pywasm_deps::{InstallRequest, Installation, Installer, install};
use pywasm_digest::Digest;
use pywasm_host::Quiet;
use pywasm_project::{BuildOptions, Project};
use pywasm_target::{PythonVersion, Target};

/// A member of an archive, and how it lies.
#[derive(Clone, Default)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
    pub(crate) mode: u32,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    /// What the list says of its size, where that is not true.
    pub(crate) claims: Option<u32>,
    /// What stands before the content, where that is another name.
    pub(crate) local_name: Option<String>,
}

pub(crate) fn member(name: &str, content: impl Into<Vec<u8>>) -> Member {
    Member {
        name: name.to_owned(),
        content: content.into(),
        mode: 0o100_644,
        ..Member::default()
    }
}

/// A wheel with these members, a good `METADATA` and `WHEEL`, and a `RECORD` of all.
pub(crate) struct Wheel {
    stem: String,
    members: Vec<Member>,
    pub(crate) record: Box<dyn Fn(String) -> String>,
    pub(crate) metadata: String,
}

impl Wheel {
    /// `x` 1.0.
    pub(crate) fn new(members: Vec<Member>) -> Self {
        Self::named("x", "1.0", members)
    }

    pub(crate) fn named(name: &str, version: &str, members: Vec<Member>) -> Self {
        Self {
            stem: format!("{name}-{version}"),
            members,
            record: Box::new(|record| record),
            metadata: format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"),
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let info = |part: &str| format!("{}.dist-info/{part}", self.stem);
        let mut members = self.members.clone();
        members.push(member(&info("METADATA"), self.metadata.as_bytes()));
        let wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
        members.push(member(&info("WHEEL"), wheel));
        let mut record = String::new();
        for one in &members {
            record += &format!(
                "{},sha256={},{}\n",
                one.name,
                base64(&one.content),
                one.content.len()
            );
        }
        record += &format!("{},,\n", info("RECORD"));
        members.push(member(&info("RECORD"), (self.record)(record)));
        zip(&members)
    }
}

pub(crate) fn base64(content: &[u8]) -> String {
    let alphabet: Vec<char> = ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .chain(['-', '_'])
        .collect();
    let bits: String = Digest::compute(content)
        .to_string()
        .chars()
        .map(|digit| format!("{:04b}", digit.to_digit(16).expect("hex")))
        .collect();
    let padded = format!("{bits:0<258}");
    let index = |at: usize| usize::from_str_radix(&padded[at..at + 6], 2).expect("bits");
    (0..258).step_by(6).map(|at| alphabet[index(at)]).collect()
}

fn zip(members: &[Member]) -> Vec<u8> {
    let (mut body, mut list) = (Vec::new(), Vec::new());
    for one in members {
        let offset = u32::try_from(body.len()).expect("small");
        let mut crc = flate2::Crc::new();
        crc.update(&one.content);
        let packed = if one.method == 8 {
            use std::io::Write as _;
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(&one.content).expect("packs");
            encoder.finish().expect("packs")
        } else {
            one.content.clone()
        };
        let real = u32::try_from(one.content.len()).expect("small");
        let size = one.claims.unwrap_or(real);
        let packed_size = if one.method == 8 {
            u32::try_from(packed.len()).expect("small")
        } else {
            size
        };
        let local = one.local_name.as_ref().unwrap_or(&one.name);
        let common = |out: &mut Vec<u8>, name: &str| {
            for short in [20u16, one.flags, one.method, 0, 0] {
                out.extend(short.to_le_bytes());
            }
            for long in [crc.sum(), packed_size, size] {
                out.extend(long.to_le_bytes());
            }
            out.extend(u16::try_from(name.len()).expect("short").to_le_bytes());
            out.extend(0u16.to_le_bytes());
        };
        body.extend(b"PK\x03\x04");
        common(&mut body, local);
        body.extend(local.as_bytes());
        body.extend(&packed);
        list.extend(b"PK\x01\x02\x14\x03");
        common(&mut list, &one.name);
        list.extend([0; 6]);
        list.extend((one.mode << 16).to_le_bytes());
        list.extend(offset.to_le_bytes());
        list.extend(one.name.as_bytes());
    }
    let (start, size) = (body.len(), list.len());
    body.extend(&list);
    body.extend(b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(members.len()).expect("few");
    body.extend(count.to_le_bytes());
    body.extend(count.to_le_bytes());
    body.extend(u32::try_from(size).expect("small").to_le_bytes());
    body.extend(u32::try_from(start).expect("small").to_le_bytes());
    body.extend([0, 0]);
    body
}

/// A project in a folder of its own, and a cache.
pub(crate) struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let project = folder.path().join("deep/project");
        fs::create_dir_all(&project).expect("made");
        fs::write(project.join("main.py"), "").expect("written");
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("deep").join(name)
    }

    /// Keeps a wheel as one that was fetched before, so that no program has to run; gives its
    /// digest.
    pub(crate) fn keep(&self, file: &str, bytes: &[u8]) -> String {
        let hash = Digest::compute(bytes).to_string();
        let kept = self.path("cache/wheels").join(&hash);
        fs::create_dir_all(&kept).expect("made");
        fs::write(kept.join(file), bytes).expect("written");
        hash
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path("project").join(name), text).expect("written");
    }

    /// Installs a wheel that a hash pins.
    pub(crate) fn install(&self, bytes: &[u8]) -> Result<Installation, String> {
        let hash = self.keep("x-1.0-py3-none-any.whl", bytes);
        self.write("requirements.txt", &format!("x==1.0 --hash=sha256:{hash}\n"));
        let mut overrides = BuildOptions::default();
        overrides.dependencies.requirements = vec![self.path("project/requirements.txt")];
        self.run(&overrides)
    }

    /// Installs what the project asks for.
    pub(crate) fn run(&self, overrides: &BuildOptions) -> Result<Installation, String> {
        let project = Project::load(&self.path("project"), overrides).expect("a project");
        let request = InstallRequest {
            target: Target::new(PythonVersion::new(3, 13, 15)),
            installer_cache: None,
            cache: self.path("cache"),
            locked: true,
            upgrade: false,
            offline: true,
            installer: Some(Installer::Pip),
        };
        install(&project, &request, &Quiet).map_err(|error| error.to_string())
    }

    /// All files below the case's folder.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(self.folder.path()) {
            let entry = entry.expect("listed");
            if !entry.file_type().is_dir() {
                let path = entry.path().strip_prefix(self.folder.path()).expect("below");
                files.push(path.to_string_lossy().into_owned());
            }
        }
        files.sort();
        files
    }
}
