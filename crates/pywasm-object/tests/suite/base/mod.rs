//! Needs clang and wasm-ld, as a base does.

mod clang;
mod link;
mod shared;
