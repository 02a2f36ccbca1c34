//! Hand-written guests in, what the sealed world told them and noticed of them out.

mod agreement;
mod failures;
mod guest;
mod hostile;
mod notices;
mod world;
