//! What is known of the libraries that a base is made of: a name of the manifest in, how others
//! call it and which builtin modules its code is there for out.

/// A library of a base.
pub(super) struct Library {
    /// Its name in the manifest's `sources`.
    pub(super) name: &'static str,
    /// The name that people know.
    pub(super) title: &'static str,
    /// Vendor and product of its CPE, where it has one.
    pub(super) cpe: Option<&'static str>,
    /// The builtin modules that call it; empty where all of the interpreter may.
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
    // `binascii` takes its CRC-32 from there.
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

/// What is known of a library, if anything.
pub(super) fn find(name: &str) -> Option<&'static Library> {
    LIBRARIES.iter().find(|library| library.name == name)
}

/// The name that people know a library by.
pub(crate) fn title(name: &str) -> &str {
    find(name).map_or(name, |library| library.title)
}

/// Whether something of a library can be in an artifact with these modules. Of a library that is
/// not known here, it may.
pub(crate) fn is_inside(name: &str, report: &pywasm_report::Report) -> bool {
    find(name).is_none_or(|library| {
        library.builtins.is_empty()
            || report
                .modules
                .iter()
                .any(|module| module.origin == "builtin" && library.builtins.contains(&module.name.as_str()))
    })
}
