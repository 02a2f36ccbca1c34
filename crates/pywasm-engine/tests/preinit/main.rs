//! Tests the sandbox of build-time starts with guests that are written by hand.

mod agreement;
mod failures;
mod guest;
mod hostile;
mod notices;
mod world;
