//! Tests of the passes over modules that the tests make themselves.

mod cases;
mod hostile;
mod pack;
mod place;
mod program;
mod relocations;
mod seen;
mod shake;
mod strip;
mod tables;
