//! Needs other engines, installers, wheels, a registry, a signer and a browser, beside what the
//! tests in `base` need.

mod aot;
mod apps;
mod check;
mod ci;
mod dependencies;
mod extension;
mod faults;
mod guides;
mod hosted;
mod hostile;
mod package_tests;
mod packages;
mod preinit;
mod registry;
mod release;
mod sbom;
mod shared_cache;
mod treemap;
mod wheel;
