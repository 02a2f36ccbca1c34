//! Lists the kinds of results that the cache keeps. This is the only place that names them.

/// The kind of a cached result. Its name is part of each key and names a folder, so changing a name
/// invalidates all results of that kind.
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
    /// A base with extension modules linked into it.
    Link,
    /// A module that Binaryen has optimized.
    Optimize,
    /// What one Python source imports and mentions.
    Scan,
    /// A module without the code that the program cannot reach, and its twin.
    Shake,
}

impl CacheKind {
    /// All kinds, sorted by name.
    pub const ALL: [Self; 8] = [
        Self::Aot,
        Self::Bytecode,
        Self::Compress,
        Self::Extension,
        Self::Link,
        Self::Optimize,
        Self::Scan,
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
            Self::Scan => "scan",
            Self::Shake => "shake",
        }
    }

    /// Whether a shared store keeps results of this kind, which must take longer to make than to
    /// download; `docs/guides/shared-cache.md` has the figures. Bytecode and scans are hundreds of
    /// results, and each takes less time than a request. A linked base is large, and linking takes a
    /// tenth of a second.
    #[must_use]
    pub const fn is_shared(self) -> bool {
        match self {
            Self::Aot | Self::Compress | Self::Extension | Self::Optimize | Self::Shake => true,
            Self::Bytecode | Self::Link | Self::Scan => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CacheKind;

    #[test]
    fn the_list_is_complete_and_sorted_by_name() {
        for (at, kind) in CacheKind::ALL.into_iter().enumerate() {
            // The variants and the list have the same order, so a missing variant shifts the ones after
            // it.
            assert_eq!(kind as usize, at, "{}", kind.name());
        }
        assert!(CacheKind::ALL.is_sorted_by_key(|kind| kind.name()));
        // The compiler demands a new arm here; the list must then be longer too.
        let last = |kind| match kind {
            CacheKind::Aot
            | CacheKind::Bytecode
            | CacheKind::Compress
            | CacheKind::Extension
            | CacheKind::Link
            | CacheKind::Optimize
            | CacheKind::Scan
            | CacheKind::Shake => CacheKind::Shake,
        };
        assert_eq!(last(CacheKind::Aot) as usize + 1, CacheKind::ALL.len());
    }
}
