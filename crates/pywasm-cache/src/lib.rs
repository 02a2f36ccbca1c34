//! Keeps the results of build steps, so that a later build with the same inputs can reuse them.
//!
//! A [`Key`] is a digest of all inputs of a step. [`Cache`] finds a result by its key on this machine,
//! or on a store that several machines share ([`Sharing`]). [`write_cached`] writes files of any cache
//! atomically, and [`prune`] keeps a cache below a size. With [`run_alone`], threads that need the same result make it only once.

mod account;
mod address;
mod cache;
mod entry;
#[doc(hidden)]
pub mod fuzz;
mod key;
mod kind;
mod prune;
mod shared;
mod single_flight;
mod store;
mod value;
mod write;

pub use account::Account;
pub use address::{Address, AddressError};
pub use cache::Cache;
pub use key::Key;
pub use kind::CacheKind;
pub use prune::{mark_used, prune};
pub use shared::Sharing;
pub use single_flight::run_alone;
pub use value::CacheValue;
pub use write::{hold_writes, write_cached};
