//! Names of machines in; target triples and the CPU features that code for them may use out.
//!
//! Feature names are Cranelift's, without their `has_`.

use std::{collections::BTreeSet, str::FromStr};

use target_lexicon::{Architecture, Triple};

/// The target triples with a name; the host's own is one more where it is not listed.
pub const TARGETS: &[&str] = &[
    "aarch64-apple-darwin",
    "aarch64-pc-windows-msvc",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "riscv64gc-unknown-linux-gnu",
    "s390x-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-freebsd",
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
];

/// Whether this pywasm has the code generator for `target`: the one for its own architecture always,
/// the others with the feature `all-arch`.
fn is_included(target: &str) -> bool {
    cfg!(feature = "all-arch") || target.starts_with(std::env::consts::ARCH)
}

/// The target triples that this pywasm compiles for.
fn included() -> Vec<&'static str> {
    TARGETS
        .iter()
        .copied()
        .filter(|target| is_included(target))
        .collect()
}

/// The name of whatever CPU this machine has.
pub const NATIVE: &str = "native";

/// Named sets of features, the least first.
type Baselines = &'static [(&'static str, &'static [&'static str])];

/// The levels of the x86-64 psABI, as far as Cranelift has use for them.
const X86_64: Baselines = &[
    ("x86-64", &[]),
    (
        "x86-64-v2",
        &["cmpxchg16b", "popcnt", "sse3", "sse41", "sse42", "ssse3"],
    ),
    (
        "x86-64-v3",
        &[
            "avx",
            "avx2",
            "bmi1",
            "bmi2",
            "cmpxchg16b",
            "fma",
            "lzcnt",
            "popcnt",
            "sse3",
            "sse41",
            "sse42",
            "ssse3",
        ],
    ),
    (
        "x86-64-v4",
        &[
            "avx",
            "avx2",
            "avx512dq",
            "avx512f",
            "avx512vl",
            "bmi1",
            "bmi2",
            "cmpxchg16b",
            "fma",
            "lzcnt",
            "popcnt",
            "sse3",
            "sse41",
            "sse42",
            "ssse3",
        ],
    ),
];

const AARCH64: Baselines = &[
    ("armv8-a", &[]),
    ("armv8.1-a", &["lse"]),
    ("neoverse-n1", &["dotprod", "fp16", "lse"]),
    ("apple-m1", &["dotprod", "fp16", "lse", "pauth"]),
];

const RISCV64: Baselines = &[
    ("rv64gc", &[]),
    ("rva22u64", &["zba", "zbb", "zbs", "zca", "zcd", "zfhmin"]),
];

const S390X: Baselines = &[
    ("z14", &[]),
    ("z15", &["mie3", "vxrs_ext2"]),
    ("z17", &["mie3", "mie4", "vxrs_ext2", "vxrs_ext3"]),
];

/// What machine code is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    triple: Triple,
    target: String,
    cpu: String,
    features: BTreeSet<String>,
}

/// A machine that no code can be made for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownMachine {
    /// The target has no name here.
    #[error("there is no target `{0}`")]
    Target(String),
    /// This pywasm was built without the target's code generator.
    #[error("this pywasm was built without the code generator for `{0}`")]
    NotIncluded(String),
    /// The CPU has no name here.
    #[error("`{target}` has no CPU `{cpu}`")]
    Cpu {
        /// The target.
        target: String,
        /// The CPU.
        cpu: String,
        /// What there is.
        names: Vec<&'static str>,
    },
    /// `native` for another machine than this one.
    #[error("the CPU `{NATIVE}` is this machine's, and `{target}` is another target")]
    NotNative {
        /// The target.
        target: String,
        /// What there is.
        names: Vec<&'static str>,
    },
    /// Nobody can say which features this machine's CPU has.
    #[error("the CPU features of this machine cannot be found out")]
    NativeUnknown {
        /// What there is.
        names: Vec<&'static str>,
    },
}

impl UnknownMachine {
    /// The names to choose from.
    #[must_use]
    pub fn choices(&self) -> Vec<&'static str> {
        match self {
            Self::Target(_) | Self::NotIncluded(_) => included(),
            Self::Cpu { names, .. } | Self::NotNative { names, .. } | Self::NativeUnknown { names } => {
                names.clone()
            }
        }
    }
}

impl Machine {
    /// This machine, with all that its CPU has or with the features of the baseline `cpu`.
    ///
    /// # Errors
    /// When wasmtime compiles for no machine like this, or the CPU has no name here.
    pub fn host(cpu: Option<&str>) -> Result<Self, UnknownMachine> {
        let host = Triple::host();
        let cpu = cpu.or_else(|| host_features().map(|_| NATIVE));
        Self::new(host, cpu)
    }

    /// A machine by its target triple, with the features of the baseline `cpu`, or else of the
    /// least one: code for a named target is for all machines of that target.
    ///
    /// # Errors
    /// When the target or the CPU has no name here.
    pub fn named(target: &str, cpu: Option<&str>) -> Result<Self, UnknownMachine> {
        let unknown = || UnknownMachine::Target(target.to_owned());
        if !TARGETS.contains(&target) && target != host_target() {
            return Err(unknown());
        }
        if !is_included(target) {
            return Err(UnknownMachine::NotIncluded(target.to_owned()));
        }
        Self::new(Triple::from_str(target).map_err(|_| unknown())?, cpu)
    }

    fn new(triple: Triple, cpu: Option<&str>) -> Result<Self, UnknownMachine> {
        let target = triple.to_string();
        let Some(baselines) = baselines(&triple) else {
            return Err(UnknownMachine::Target(target));
        };
        let names: Vec<_> = baselines.iter().map(|(name, _)| *name).collect();
        let is_host = target == host_target();
        let (cpu, features): (_, BTreeSet<&str>) = match cpu {
            Some(NATIVE) if !is_host => return Err(UnknownMachine::NotNative { target, names }),
            Some(NATIVE) => match host_features() {
                Some(features) => (NATIVE, features),
                None => return Err(UnknownMachine::NativeUnknown { names }),
            },
            Some(cpu) => match baselines.iter().find(|(name, _)| *name == cpu) {
                Some((name, features)) => (*name, features.iter().copied().collect()),
                None => {
                    let native = is_host.then_some(NATIVE);
                    return Err(UnknownMachine::Cpu {
                        target,
                        cpu: cpu.to_owned(),
                        names: names.into_iter().chain(native).collect(),
                    });
                }
            },
            None => {
                let (name, features) = baselines[0];
                (name, features.iter().copied().collect())
            }
        };
        Ok(Self {
            triple,
            target,
            cpu: cpu.to_owned(),
            features: features.into_iter().map(str::to_owned).collect(),
        })
    }

    /// The target, as compilers take it.
    #[must_use]
    pub fn triple(&self) -> &Triple {
        &self.triple
    }

    /// The target triple.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The name of the CPU or of its baseline.
    #[must_use]
    pub fn cpu(&self) -> &str {
        &self.cpu
    }

    /// The CPU features that the code may use, besides those of all machines of the target.
    #[must_use]
    pub fn features(&self) -> &BTreeSet<String> {
        &self.features
    }
}

/// The target triple of this machine.
#[must_use]
pub fn host_target() -> String {
    Triple::host().to_string()
}

fn baselines(triple: &Triple) -> Option<Baselines> {
    match triple.architecture {
        Architecture::X86_64 => Some(X86_64),
        Architecture::Aarch64(_) => Some(AARCH64),
        Architecture::Riscv64(_) => Some(RISCV64),
        Architecture::S390x => Some(S390X),
        _ => None,
    }
}

/// Which of the features that code can ask for this machine's CPU has; `None` where the
/// standard library cannot tell.
#[must_use]
pub fn host_features() -> Option<BTreeSet<&'static str>> {
    #[allow(unused_macros, reason = "there are architectures without")]
    macro_rules! found {
        ($detected:ident: $($feature:literal = $asked:tt),* $(,)?) => {
            Some([$((std::arch::$detected!($asked), $feature)),*]
                .into_iter()
                .filter_map(|(found, feature)| found.then_some(feature))
                .collect())
        };
    }
    #[cfg(target_arch = "x86_64")]
    return found!(is_x86_feature_detected:
        "avx" = "avx", "avx2" = "avx2", "avx512bitalg" = "avx512bitalg", "avx512dq" = "avx512dq",
        "avx512f" = "avx512f", "avx512vbmi" = "avx512vbmi", "avx512vl" = "avx512vl",
        "avx512vnni" = "avx512vnni", "avx_vnni" = "avxvnni", "bmi1" = "bmi1", "bmi2" = "bmi2",
        "cmpxchg16b" = "cmpxchg16b", "fma" = "fma", "lzcnt" = "lzcnt", "popcnt" = "popcnt",
        "sse3" = "sse3", "sse41" = "sse4.1", "sse42" = "sse4.2", "ssse3" = "ssse3",
    );
    #[cfg(target_arch = "aarch64")]
    return found!(is_aarch64_feature_detected:
        "dotprod" = "dotprod", "fp16" = "fp16", "i8mm" = "i8mm", "lse" = "lse", "pauth" = "paca",
    );
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_has_its_baselines() {
        for target in included() {
            let machine = Machine::named(target, None).expect("a machine");
            assert_eq!(machine.target(), target);
            assert!(machine.features().is_empty(), "{target}");
            for (cpu, features) in baselines(&machine.triple).expect("baselines") {
                let machine = Machine::named(target, Some(cpu)).expect("a machine");
                assert_eq!(machine.features().len(), features.len(), "{target} {cpu}");
            }
        }
    }

    #[test]
    fn what_has_no_name_is_refused() {
        let refused = |target, cpu| Machine::named(target, cpu).expect_err("an error");
        assert_eq!(refused("wasm32-wasi", None).choices(), included());
        let other = included().into_iter().find(|target| *target != host_target());
        let other = other.expect("another target of this architecture");
        assert!(matches!(refused(other, Some("z13")), UnknownMachine::Cpu { .. }));
        assert!(matches!(
            refused(other, Some(NATIVE)),
            UnknownMachine::NotNative { .. }
        ));
    }

    #[test]
    fn the_other_architectures_are_an_option() {
        for target in TARGETS {
            let machine = Machine::named(target, None);
            assert_eq!(machine.is_ok(), is_included(target), "{target}");
        }
    }
}
