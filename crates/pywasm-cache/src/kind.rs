//! Lists the kinds of results that the cache keeps: the only place where they are named.

/// What a cached result is. Its name is part of each key and the name of a folder, so a new name
/// makes all earlier results of that kind useless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CacheKind {
    /// Machine code.
    Aot,
    /// The bytecode of one Python source.
    Bytecode,
    /// A module in Brotli's format.
    Compress,
    /// One C extension as a side module.
    Extension,
    /// A base with extension modules in it.
    Link,
    /// A module that Binaryen has optimized.
    Optimize,
    /// A module without what the program cannot reach, and its twin.
    Shake,
}

impl CacheKind {
    /// All kinds, sorted by name.
    pub const ALL: [Self; 7] = [
        Self::Aot,
        Self::Bytecode,
        Self::Compress,
        Self::Extension,
        Self::Link,
        Self::Optimize,
        Self::Shake,
    ];

    /// The name in keys, folders and accounts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aot => "aot",
            Self::Bytecode => "bytecode",
            Self::Compress => "compress",
            Self::Extension => "extension",
            Self::Link => "link",
            Self::Optimize => "optimize",
            Self::Shake => "shake",
        }
    }

    /// Whether a shared store keeps results of this kind: those that take longer to make than to
    /// fetch; `docs/guides/shared-cache.md` has the figures. Bytecode is hundreds of results, each made in less
    /// time than a request takes. A linked base is large, and is linked in a tenth of a second.
    #[must_use]
    pub const fn is_shared(self) -> bool {
        match self {
            Self::Aot | Self::Compress | Self::Extension | Self::Optimize | Self::Shake => true,
            Self::Bytecode | Self::Link => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CacheKind;

    #[test]
    fn the_list_is_complete_and_sorted_by_name() {
        for (at, kind) in CacheKind::ALL.into_iter().enumerate() {
            // The order of the variants is the order of the list, so a variant that is left out
            // shifts the ones after it.
            assert_eq!(kind as usize, at, "{}", kind.name());
        }
        assert!(CacheKind::ALL.is_sorted_by_key(|kind| kind.name()));
        // The compiler asks for a new arm here, and with it for a longer list.
        let last = |kind| match kind {
            CacheKind::Aot
            | CacheKind::Bytecode
            | CacheKind::Compress
            | CacheKind::Extension
            | CacheKind::Link
            | CacheKind::Optimize
            | CacheKind::Shake => CacheKind::Shake,
        };
        assert_eq!(last(CacheKind::Aot) as usize + 1, CacheKind::ALL.len());
    }
}
