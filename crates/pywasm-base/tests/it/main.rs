//! Tests the store and its archives with real files, processes and sockets. A base here is a few
//! small files, since the store does not depend on their contents.

mod archives;
mod build;
mod downloads;
mod fixture;
mod server;
mod store;
