//! Describes the libraries in a base: their usual names, their CPEs, and the builtin modules that
//! use them.

/// A library of a base.
pub(super) struct Library {
    /// Its name in the manifest's `sources`.
    pub(super) name: &'static str,
    /// The usual name.
    pub(super) title: &'static str,
    /// The vendor and product of its CPE, if it has one.
    pub(super) cpe: Option<&'static str>,
    /// The builtin modules that use it; empty if all of the interpreter may use it.
    pub(super) builtins: &'static [&'static str],
}

const LIBRARIES: &[Library] = &[
    library("bzip2", "bzip2", Some("bzip:bzip2"), &["_bz2"]),
    library("compiler-rt", "compiler-rt", None, &[]),
    library("cpython", "CPython", Some("python:python"), &[]),
    library(
        "cpython-incorporated",
        "software incorporated in CPython",
        None,
        &[],
    ),
    library("expat", "expat", Some("libexpat_project:libexpat"), &["pyexpat"]),
    library("getaddrinfo", "getaddrinfo (WIDE Project)", None, &["_socket"]),
    library(
        "hacl-star",
        "HACL*",
        Some("hacl-star:hacl-star"),
        &["_md5", "_sha1", "_sha2", "_sha3"],
    ),
    library("libb2", "libb2", Some("blake2:libb2"), &["_blake2"]),
    library("mpdecimal", "libmpdec", Some("bytereef:mpdecimal"), &["_decimal"]),
    library("pywasm", "pywasm runtime", None, &[]),
    library("sqlite", "SQLite", Some("sqlite:sqlite"), &["_sqlite3"]),
    library("wasi-libc", "wasi-libc", None, &[]),
    library("xz", "xz", Some("tukaani:xz"), &["_lzma"]),
    // `binascii` uses its CRC-32.
    library("zlib", "zlib", Some("zlib:zlib"), &["binascii", "zlib"]),
];

const fn library(
    name: &'static str,
    title: &'static str,
    cpe: Option<&'static str>,
    builtins: &'static [&'static str],
) -> Library {
    Library {
        name,
        title,
        cpe,
        builtins,
    }
}

/// Finds a library by its name in the manifest.
pub(super) fn find(name: &str) -> Option<&'static Library> {
    LIBRARIES.iter().find(|library| library.name == name)
}

/// Returns the usual name of a library.
pub(crate) fn title(name: &str) -> &str {
    find(name).map_or(name, |library| library.title)
}

/// Whether parts of a library can be in an artifact with these modules. This is always so for an
/// unknown library.
pub(crate) fn is_inside(name: &str, report: &pywasm_report::Report) -> bool {
    find(name).is_none_or(|library| {
        library.builtins.is_empty()
            || report
                .modules
                .iter()
                .any(|module| module.origin == "builtin" && library.builtins.contains(&module.name.as_str()))
    })
}
