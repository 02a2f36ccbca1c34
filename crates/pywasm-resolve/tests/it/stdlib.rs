//! The real standard library.
