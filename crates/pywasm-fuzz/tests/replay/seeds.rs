//! Lists the seeds: inputs that a reader takes, from which the search begins.

use crate::{modules, packed, texts};

/// The target, the name, and the bytes.
pub(crate) type Seed = (&'static str, String, Vec<u8>);

pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (target, all) in texts::TEXTS {
        let texts = all.iter().enumerate();
        seeds.extend(texts.map(|(number, text)| (*target, number.to_string(), text.as_bytes().to_vec())));
    }
    let made = modules::seeds().into_iter().chain(packed::seeds());
    seeds.extend(made.map(|(target, name, bytes)| (target, name.to_owned(), bytes)));
    seeds
}
