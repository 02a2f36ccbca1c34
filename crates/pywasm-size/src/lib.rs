//! A module with its report and its symbol file in, a tree of what its bytes belong to out.

mod tree;

pub use tree::{Kind, Tree, Uneven};
