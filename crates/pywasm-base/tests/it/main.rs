//! The store and its archives, over real files, processes and sockets. A base here is a few
//! small files: what is in them does not matter to the store.

mod archives;
mod build;
mod downloads;
mod fixture;
mod server;
mod store;
