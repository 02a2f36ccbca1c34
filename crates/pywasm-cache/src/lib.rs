//! A digest of all inputs of a step in, its earlier result out: [`Cache`] keeps results by their
//! [`Key`]; [`write_cached`] writes files of any cache whole or not at all.

mod cache;
mod key;
mod write;

pub use cache::Cache;
pub use key::Key;
pub use write::{hold_writes, write_cached};
