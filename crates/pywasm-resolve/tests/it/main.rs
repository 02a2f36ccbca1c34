//! Tests the resolver on small projects with a standard library of their own.

mod cases;
mod compiler;
mod many;
mod preload;
mod scans;
