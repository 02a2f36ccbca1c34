//! Holds the tests that need more than Rust. `scripts/test.sh base` runs those in `base`.

mod base;
