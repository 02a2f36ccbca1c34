//! A digest of all inputs of a step in, its earlier result out: [`Cache`] keeps results by their
//! [`Key`], on this machine and on a store that several machines share ([`Sharing`]);
//! [`write_cached`] writes files of any cache whole or not at all; with [`alone`], threads that want
//! the same thing make it once.

mod account;
mod address;
mod alone;
mod cache;
mod entry;
mod key;
mod kind;
mod shared;
mod store;
mod stored;
mod write;

pub use account::Account;
pub use address::{Address, BadAddress};
pub use alone::alone;
pub use cache::Cache;
pub use key::Key;
pub use kind::CacheKind;
pub use shared::Sharing;
pub use stored::Stored;
pub use write::{hold_writes, write_cached};
