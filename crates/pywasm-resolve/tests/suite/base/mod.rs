//! Tests the resolver on the standard library of a real base. A native interpreter that has only the
//! modules of the graph checks the result.

mod compiler;
mod native;
mod real;
mod stdlib;
mod tables;
