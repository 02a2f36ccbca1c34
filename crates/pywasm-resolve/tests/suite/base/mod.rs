//! The resolver on the standard library of a real base, checked by a native interpreter that has
//! nothing but what the resolver found.

mod compiler;
mod native;
mod real;
mod stdlib;
mod tables;
