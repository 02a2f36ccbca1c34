//! Checks the pages of the project: links and headings, and the arrows between the crates.
//! Needs neither a base nor a network.

mod arrows;
mod links;
mod pages;
