//! Fuzz targets. In: the name of a target and bytes. Out: nothing, or a panic where a reader did what it
//! must not do. `scripts/fuzz.sh` runs them with libFuzzer, `tests/replay.rs` over `testdata/fuzz`.

#![deny(missing_docs)]

mod memory;
pub mod target;

pub use memory::Meter;

use target::{archive, bundle, dependencies, module, project, record, registry, scan};

/// A reader and what must be true of it.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is that of its corpus in `testdata/fuzz`.
    pub name: &'static str,
    /// Hands bytes to the reader.
    run: fn(&[u8]),
    /// How many MiB of memory the reader may take for an input of 4 kB.
    memory: usize,
}

/// What a reader may take that unpacks nothing.
const PLAIN: usize = 64;
/// What a reader may take that unpacks: 4 kB of Zstandard can hold 128 MiB.
const UNPACKS: usize = 1024;

macro_rules! targets {
    ($($name:literal $run:path, $memory:expr;)*) => {
        /// All targets.
        pub const TARGETS: &[Target] = &[$(Target { name: $name, run: $run, memory: $memory }),*];
    };
}

targets! {
    "base-archive" archive::base_archive, UNPACKS;
    "bytecode" bundle::bytecode, PLAIN;
    "c-source" project::c_source, PLAIN;
    "cache-entry" archive::cache_entry, UNPACKS;
    "cwasm-record" record::cwasm_record, PLAIN;
    "docker-config" registry::docker_config, PLAIN;
    "image" bundle::image, PLAIN;
    "link" module::link, PLAIN;
    "manifest" record::manifest, PLAIN;
    "marker" dependencies::marker, PLAIN;
    "marshal" bundle::marshal, PLAIN;
    "metadata" dependencies::metadata, PLAIN;
    "module" module::module, PLAIN;
    "module-record" module::module_record, PLAIN;
    "oci-manifest" registry::oci_manifest, PLAIN;
    "oci-reference" registry::oci_reference, PLAIN;
    "provenance" record::provenance, PLAIN;
    "pylock" dependencies::pylock, PLAIN;
    "pyproject" project::pyproject, PLAIN;
    "pyproject-edit" project::pyproject_edit, PLAIN;
    "record" dependencies::record, PLAIN;
    "release-archive" archive::release_archive, UNPACKS;
    "report" record::report, PLAIN;
    "requirement" dependencies::requirement, PLAIN;
    "requirements" dependencies::requirements, PLAIN;
    "scan" scan::scan, PLAIN;
    "size" module::size, UNPACKS;
    "size-text" project::size_text, PLAIN;
    "source-text" scan::source_text, PLAIN;
    "symbols" record::symbols, PLAIN;
    "trace" project::trace, PLAIN;
    "uv-lock" dependencies::uv_lock, PLAIN;
    "wheel" archive::wheel, UNPACKS;
}

impl Target {
    /// Finds a target by its name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        TARGETS.iter().copied().find(|target| target.name == name)
    }

    /// Hands bytes to the reader.
    ///
    /// # Panics
    /// When the reader panics, gives what contradicts itself, or takes too much memory. Memory is known
    /// only where [`Meter`] is the allocator.
    pub fn run(&self, bytes: &[u8]) {
        let before = memory::restart();
        (self.run)(bytes);
        let taken = memory::peak().saturating_sub(before) >> 20;
        // Longer inputs may take more.
        let most = self.memory * (1 + bytes.len() / 4096);
        assert!(
            taken <= most,
            "{} took {taken} MiB, and may take {most}",
            self.name
        );
    }
}

/// The text in these bytes, as far as it is UTF-8.
fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// Whether a path stays inside of the folder that it is relative to.
fn stays_inside(path: &str) -> bool {
    let parts = || path.split(['/', '\\']);
    !path.is_empty() && parts().all(|part| !matches!(part, "" | "." | "..")) && !path.contains('\0')
}
