//! Whole builds on a base that the tests make: no engine, no optimizer and no real interpreter,
//! so that a build takes milliseconds and a test decides what each of them answers.

mod cache;
mod case;
mod errors;
mod files;
mod snapshots;
mod sources;
mod stages;
