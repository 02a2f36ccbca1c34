//! Tests of the passes over modules that the tests make themselves.

mod after_snapshot;
mod cases;
mod clang;
mod hostile;
mod link;
mod pack;
mod place;
mod program;
mod relocations;
mod seen;
mod shake;
mod shared;
mod snapshot;
mod strip;
mod tables;
