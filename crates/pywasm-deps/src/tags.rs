//! Which wheels fit, and which of them fits best: the target's Python in, its tags in order of
//! preference out. Pure ones go before those for WASI, and these before those for x86-64 Linux,
//! whose compiled files are never used: a wheel with such may have Python code to fall back to.

use std::collections::HashMap;

use crate::target::Target;

/// Python, ABI and platform of a wheel.
pub(crate) type Tag = (String, String, String);

/// The tags that fit.
#[derive(Debug)]
pub(crate) struct Tags {
    /// Best first.
    pub(crate) all: Vec<Tag>,
    rank: HashMap<Tag, usize>,
}

const WASI: [&str; 5] = [
    "wasi_0_0_0_wasm32",
    "wasi_wasm32",
    "wasm32_wasi",
    "wasm32_wasip1",
    "wasip1_wasm32",
];

/// The newest glibc whose wheels are taken, as its minor version.
const GLIBC: u64 = 40;

impl Tags {
    /// The tags for a Python. `uv` takes no wheels for WASI.
    pub(crate) fn new(target: &Target, with_wasi: bool) -> Self {
        let minor = target.version.release().get(1).copied().unwrap_or(13);
        let mut linux: Vec<String> = (5..=GLIBC)
            .rev()
            .map(|glibc| format!("manylinux_2_{glibc}_x86_64"))
            .collect();
        linux.extend(
            [
                "manylinux2014_x86_64",
                "manylinux2010_x86_64",
                "manylinux1_x86_64",
                "linux_x86_64",
            ]
            .map(str::to_owned),
        );
        let mut all = Vec::new();
        let wasi: Vec<String> = if with_wasi {
            WASI.map(str::to_owned).to_vec()
        } else {
            Vec::new()
        };
        for platforms in [vec!["any".to_owned()], wasi, linux] {
            for (python, abi) in pythons(minor) {
                for platform in &platforms {
                    all.push((python.clone(), abi.clone(), platform.clone()));
                }
            }
        }
        let rank = all
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, tag)| (tag, at))
            .collect();
        Self { all, rank }
    }

    /// How well a wheel of this file name fits, smaller is better; `None` if it does not.
    pub(crate) fn rank(&self, file: &str) -> Option<usize> {
        let name = WheelName::parse(file)?;
        name.tags().filter_map(|tag| self.rank.get(&tag).copied()).min()
    }
}

/// Python and ABI, best first.
fn pythons(minor: u64) -> Vec<(String, String)> {
    let pair = |python: String, abi: &str| (python, abi.to_owned());
    let mut pairs = vec![pair(format!("cp3{minor}"), &format!("cp3{minor}"))];
    pairs.extend((2..=minor).rev().map(|older| pair(format!("cp3{older}"), "abi3")));
    pairs.push(pair(format!("cp3{minor}"), "none"));
    pairs.push(pair(format!("py3{minor}"), "none"));
    pairs.push(pair("py3".to_owned(), "none"));
    pairs.extend((0..minor).rev().map(|older| pair(format!("py3{older}"), "none")));
    pairs
}

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

    fn tags(&self) -> impl Iterator<Item = Tag> {
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
    use super::*;

    #[test]
    fn pure_goes_before_wasi_and_that_before_linux() {
        let tags = Tags::new(&Target::new("3.13.15"), true);
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
    }
}
