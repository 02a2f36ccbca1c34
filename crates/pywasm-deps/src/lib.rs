//! What a project depends on: what is declared, locked or installed already in, a verified
//! folder of installed distributions out. Projects are `pywasm-project`'s, imports are
//! `pywasm-resolve`'s; `docs/dependencies.md` is the page for users.

#![deny(missing_docs)]

mod distribution;
mod error;
mod metadata;
mod name;
mod record;

pub use distribution::{Distribution, EntryPoint, distributions};
pub use error::Error;
pub use name::normalize;
pub use record::RecordFile;
