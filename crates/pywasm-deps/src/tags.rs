//! Ranks wheels by how well they fit the target, by the tags in their file names.

use std::collections::HashMap;

use pywasm_target::{Tag, Target, WasiWheels};

/// The tags that fit, with their ranks.
#[derive(Debug)]
pub(crate) struct Tags {
    rank: HashMap<Tag, usize>,
}

impl Tags {
    /// The tags for a target.
    pub(crate) fn new(target: Target, wasi: WasiWheels) -> Self {
        let tags = target.wheel_tags(wasi).into_iter();
        let rank = tags.enumerate().map(|(at, tag)| (tag, at)).collect();
        Self { rank }
    }

    /// How well a wheel of this file name fits, smaller is better; `None` if it does not.
    pub(crate) fn rank(&self, file: &str) -> Option<usize> {
        let name = WheelName::parse(file)?;
        name.tags().filter_map(|tag| self.rank.get(&tag).copied()).min()
    }
}

/// The longest name of a file, in bytes.
const LONGEST: usize = 255;

/// The parts of a wheel's file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WheelName {
    pub(crate) name: String,
    pub(crate) version: String,
    pythons: String,
    abis: String,
    platforms: String,
}

impl WheelName {
    /// `NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl`.
    pub(crate) fn parse(file: &str) -> Option<Self> {
        // Each tag is one of three lists, so a long name would have very many.
        if file.len() > LONGEST {
            return None;
        }
        let parts: Vec<&str> = file.strip_suffix(".whl")?.split('-').collect();
        let (name, version, rest) = match parts.as_slice() {
            [name, version, rest @ ..] if matches!(rest.len(), 3 | 4) => {
                (name, version, &rest[rest.len() - 3..])
            }
            _ => return None,
        };
        Some(Self {
            name: (*name).to_owned(),
            version: version.replace('_', "-"),
            pythons: rest[0].to_owned(),
            abis: rest[1].to_owned(),
            platforms: rest[2].to_owned(),
        })
    }

    pub(crate) fn tags(&self) -> impl Iterator<Item = Tag> {
        self.pythons.split('.').flat_map(move |python| {
            self.abis.split('.').flat_map(move |abi| {
                self.platforms
                    .split('.')
                    .map(move |platform| (python.to_owned(), abi.to_owned(), platform.to_owned()))
            })
        })
    }

    /// Whether it holds Python code only, by its name.
    pub(crate) fn is_pure(&self) -> bool {
        self.abis == "none" && self.platforms == "any"
    }
}

#[cfg(test)]
mod tests {
    use pywasm_target::PythonVersion;

    use super::*;

    #[test]
    fn pure_goes_before_wasi_and_that_before_linux() {
        let tags = Tags::new(Target::new(PythonVersion::new(3, 13, 15)), WasiWheels::Taken);
        let order = [
            "x-1-py3-none-any.whl",
            "x-1-cp313-cp313-wasi_0_0_0_wasm32.whl",
            "x-1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "x-1-cp39-abi3-manylinux_2_28_x86_64.whl",
        ];
        let ranks: Vec<_> = order.iter().map(|file| tags.rank(file).expect(file)).collect();
        assert!(ranks.is_sorted(), "{ranks:?}");
        assert!(tags.rank("x-1-2-py2.py3-none-any.whl").is_some());
        for other in [
            "x-1-cp312-cp312-manylinux_2_17_x86_64.whl",
            "x-1-cp313-cp313-win_amd64.whl",
            "x-1-py2-none-any.whl",
            "x-1.whl",
            "x-1.tar.gz",
        ] {
            assert_eq!(tags.rank(other), None, "{other}");
        }
        let many = vec!["x"; 100_000].join(".");
        assert_eq!(tags.rank(&format!("x-1-{many}-{many}-{many}.whl")), None);
    }
}
