//! Locks, groups, wheels and installed folders, each made by the test, looked at through the
//! crate's public functions.

mod installed;
mod locks;
mod maker;
mod wheels;
