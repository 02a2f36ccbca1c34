//! The resolver on projects: small ones with a standard library of their own (`cases`), and the
//! real standard library of a base, checked by a native interpreter that has nothing but what the
//! resolver found (`tables`, `stdlib`).
//!
//! `scripts/test.sh` sets the variables that the second kind needs; without them it fails.

mod base;
mod cases;
mod compiler;
mod many;
mod native;
mod preload;
mod stdlib;
mod tables;
