//! Lists the tags of compatible wheels, the best first: pure wheels, then those for WASI, then those
//! for x86-64 Linux. Compiled files for Linux are never used, but such a wheel may contain Python
//! code as a fallback.

use crate::{Series, Target};

/// The Python, ABI and platform of a wheel.
pub type Tag = (String, String, String);

/// What an installer does with wheels for WASI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WasiWheels {
    /// The installer accepts them.
    Taken,
    /// The installer, such as `uv`, does not know the platform.
    Skipped,
}

const WASI: [&str; 5] = [
    "wasi_0_0_0_wasm32",
    "wasi_wasm32",
    "wasm32_wasi",
    "wasm32_wasip1",
    "wasip1_wasm32",
];

/// The minor version of the newest glibc whose wheels are accepted.
const GLIBC: u8 = 40;

impl Target {
    /// Lists the compatible tags, the best first.
    #[must_use]
    pub fn wheel_tags(self, wasi: WasiWheels) -> Vec<Tag> {
        let wasi = match wasi {
            WasiWheels::Taken => WASI.map(str::to_owned).to_vec(),
            WasiWheels::Skipped => Vec::new(),
        };
        let mut tags = Vec::new();
        for platforms in [vec!["any".to_owned()], wasi, linux()] {
            for (python, abi) in pythons(self.series()) {
                for platform in &platforms {
                    tags.push((python.clone(), abi.clone(), platform.clone()));
                }
            }
        }
        tags
    }
}

fn linux() -> Vec<String> {
    let mut platforms: Vec<String> = (5..=GLIBC)
        .rev()
        .map(|glibc| format!("manylinux_2_{glibc}_x86_64"))
        .collect();
    platforms.extend(
        [
            "manylinux2014_x86_64",
            "manylinux2010_x86_64",
            "manylinux1_x86_64",
            "linux_x86_64",
        ]
        .map(str::to_owned),
    );
    platforms
}

/// Lists the compatible Pythons and ABIs, the best first.
fn pythons(series: Series) -> Vec<(String, String)> {
    let Series { major, minor } = series;
    let pair = |python: String, abi: &str| (python, abi.to_owned());
    let own = format!("cp{major}{minor}");
    let mut pairs = vec![pair(own.clone(), &own)];
    pairs.extend(
        (2..=minor)
            .rev()
            .map(|older| pair(format!("cp{major}{older}"), "abi3")),
    );
    pairs.push(pair(own, "none"));
    pairs.push(pair(format!("py{major}{minor}"), "none"));
    pairs.push(pair(format!("py{major}"), "none"));
    pairs.extend(
        (0..minor)
            .rev()
            .map(|older| pair(format!("py{major}{older}"), "none")),
    );
    pairs
}
