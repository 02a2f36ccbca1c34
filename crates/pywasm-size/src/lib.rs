//! A module with its report and its symbol file in, a tree of what its bytes belong to out.
//!
//! At build time, [`annotate`] puts into the symbol file what is known then only: source files and
//! who keeps what. Later, [`analyze`] tells any module apart, with such a file or without.

mod anatomy;
mod annotate;
mod areas;
mod brotli;
mod grow;
mod html;
mod image;
mod layout;
mod retention;
mod text;
mod tree;
mod walk;

pub use anatomy::{Analysis, Error, Thing, Why, analyze};
pub use annotate::{Imports, annotate};
pub use areas::{Areas, AreasError};
pub use brotli::Costs;
pub use html::html;
pub use layout::LayoutError;
pub use retention::{NoTree, Retention};
pub use text::text;
pub use tree::{Kind, Tree, Uneven};
