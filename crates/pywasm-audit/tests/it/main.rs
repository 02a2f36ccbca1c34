//! Installed distributions with real file headers, resolved with a small standard library, and
//! what the audit says of them.

mod fixture;
mod formats;
mod magic;
mod verdicts;
