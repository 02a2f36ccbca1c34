//! The tests of the whole command: real projects are built with the real base, and what was
//! built is run and looked at. One binary, so that everything links once; `scripts/test.sh`
//! sets up what it needs. Run in release, or Binaryen and Cranelift crawl.

mod aot;
mod app;
mod apps;
mod bench;
mod budget;
mod cache;
mod case;
mod check;
mod ci;
mod dependencies;
mod determinism;
mod diff;
mod dist;
mod engine;
mod extension;
mod gate;
mod golden;
mod guides;
mod hooks;
mod hosted;
mod interrupt;
mod library;
mod manners;
mod packages;
mod preinit;
mod profiles;
mod registry;
mod release;
mod runtime;
mod sbom;
mod setup;
mod shared_cache;
mod size;
mod smoke;
mod trace;
mod tracebacks;
mod transcripts;
mod treemap;
mod wheel;
mod workspace;
