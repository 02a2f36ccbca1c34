//! The tests that need more than Rust, in two tiers: `base` needs a base and a native Python,
//! `engines` needs other engines, a registry, a browser and installers too.
//!
//! Real projects are built with the real base, and what was built is run and looked at.
//! `cargo test` leaves them out; `scripts/test.sh base` and `scripts/test.sh engines` set up what
//! a tier needs and run it. One binary, so that everything links once. Run in release, or Binaryen
//! and Cranelift crawl.

mod app;
mod base;
mod case;
mod engine;
mod engines;
mod guide;
mod setup;
