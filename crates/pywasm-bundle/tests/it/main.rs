//! Images and marshal streams, without an interpreter.

mod image;
mod marshal;
