//! Tests of the passes over modules that the tests make themselves.

mod after_snapshot;
mod cases;
mod link;
mod optimized;
mod pack;
mod place;
mod relocations;
mod shake;
mod snapshot;
mod strip;
mod tables;
