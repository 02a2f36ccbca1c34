//! The WIT of WASI that pywasm brings, and names of worlds with the beginning of a version.
//!
//! In: a name such as `wasi:cli/command@0.2`. Out: the packages in a [`Resolve`], and the world's whole name.

use wit_parser::{PackageId, Resolve};

/// Files and texts; each package stands behind those that it uses.
macro_rules! packages {
    ($version:literal: $($name:literal)+) => {
        &[$((
            concat!("wasi-", $name, "-", $version, ".wit"),
            include_str!(concat!("../wit/", $version, "/", $name, ".wit")),
        )),+]
    };
}

const GENERATIONS: [&[(&str, &str)]; 2] = [
    packages!("0.2.12": "io" "clocks" "random" "filesystem" "sockets" "cli" "http"),
    packages!("0.3.0": "clocks" "random" "filesystem" "sockets" "cli" "http"),
];

/// Adds the packages of WASI that pywasm brings to an empty resolve. Returns one of them.
pub(crate) fn add(resolve: &mut Resolve) -> anyhow::Result<PackageId> {
    let mut last = None;
    for (file, text) in GENERATIONS.iter().copied().flatten() {
        last = Some(resolve.push_source(file, text)?);
    }
    last.ok_or_else(|| anyhow::Error::msg("there are no packages"))
}

/// The name with its whole version, where it has the beginning of one: of several packages that fit, the newest.
pub(crate) fn whole_name(resolve: &Resolve, name: &str) -> Option<String> {
    let (path, version) = name.split_once('@')?;
    let (package, item) = path.split_once('/')?;
    let (namespace, package) = package.split_once(':')?;
    let beginning = format!("{version}.");
    let fits = resolve.package_names.keys().filter(|known| {
        known.namespace == namespace
            && known.name == package
            && known
                .version
                .as_ref()
                .is_some_and(|known| known.to_string().starts_with(&beginning))
    });
    let newest = fits.max_by(|a, b| a.version.cmp(&b.version))?;
    let version = newest.version.as_ref()?;
    Some(format!("{namespace}:{package}/{item}@{version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_may_be_short() {
        let mut resolve = Resolve::default();
        add(&mut resolve).expect("valid WIT");
        let whole = |name| whole_name(&resolve, name);
        assert_eq!(
            whole("wasi:cli/command@0.2").as_deref(),
            Some("wasi:cli/command@0.2.12")
        );
        assert_eq!(
            whole("wasi:http/service@0.3").as_deref(),
            Some("wasi:http/service@0.3.0")
        );
        assert_eq!(whole("wasi:cli/command@0.4"), None);
        assert_eq!(whole("command"), None);
    }
}
