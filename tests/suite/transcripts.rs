//! Every error that a user can meet, and what the smaller commands print, word for word.

use crate::golden;

#[test]
fn errors() {
    golden::check_all("errors");
}

#[test]
fn commands() {
    golden::check_all("commands");
}
