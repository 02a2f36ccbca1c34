//! A digest of all inputs of a step in, its earlier result out: [`Cache`] keeps results by their
//! [`Key`], on this machine and on a store that several machines share ([`Sharing`]);
//! [`write_cached`] writes files of any cache whole or not at all.

mod account;
mod address;
mod cache;
mod entry;
mod key;
mod shared;
mod store;
mod write;

pub use account::Account;
pub use address::{Address, BadAddress};
pub use cache::Cache;
pub use key::Key;
pub use shared::Sharing;
pub use write::{hold_writes, write_cached};
