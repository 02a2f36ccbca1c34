//! Finds out what the bytes of a module belong to, and what keeps them in the artifact.
//!
//! At build time, [`annotate`] adds to the symbol file what is known only then: source files and
//! dominators. Later, [`analyze`] divides any module into parts, with or without such a file.

mod analyze;
mod annotate;
mod brotli;
mod component;
mod heap;
mod heap_place;
mod html;
mod image;
mod layout;
mod retention;
mod source_map;
mod text;
mod tree;
mod tree_builder;
mod walk;

pub use analyze::{Analysis, Error, Explanation, Item, analyze};
pub use annotate::{Imports, annotate};
pub use brotli::BrotliCosts;
pub use heap::{InvalidObjects, Objects, divide_heap};
pub use html::render_html;
pub use layout::LayoutError;
pub use retention::{InvalidDominators, Retention};
pub use source_map::{SourceMap, SourceMapError};
pub use text::render_text;
pub use tree::{Kind, Tree, UnequalSums};
