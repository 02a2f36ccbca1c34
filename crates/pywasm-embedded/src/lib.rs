//! The base that this program carries, where it was compiled with the feature `base`: one file
//! that builds at once, offline, with no compiler on the machine.
//!
//! In, at compile time: the folder of a base, from the variable `PYWASM_EMBED_BASE`. Out: its id
//! and its archive, the one that `pywasm base pack` writes. Whoever unpacks it verifies it.

/// A base as one archive.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// The base's id.
    pub id: &'static str,
    /// Its files, as a `.tar.br`.
    pub archive: &'static [u8],
}

/// The base that this program carries.
#[cfg(feature = "base")]
pub const BASE: Option<Embedded> = Some(Embedded {
    id: env!("PYWASM_EMBEDDED_ID"),
    archive: include_bytes!(concat!(env!("OUT_DIR"), "/base.tar.br")),
});

/// The base that this program carries: none, since the feature `base` was off.
#[cfg(not(feature = "base"))]
pub const BASE: Option<Embedded> = None;
