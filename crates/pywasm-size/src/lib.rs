//! A module with its report and its symbol file in, a tree of what its bytes belong to out.

mod html;
mod tree;

pub use html::html;
pub use tree::{Kind, Tree, Uneven};
