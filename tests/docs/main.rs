//! Checks the pages of the project: links, headings and English, and the arrows between the crates.
//! Needs neither a base nor a network.

mod arrows;
mod english;
mod links;
mod pages;
