//! Parses requirements (PEP 508): name, extras, versions or address, and marker.

use pep440_rs::{Version, VersionSpecifiers};
use pywasm_project::{is_distribution_name, normalize};

use crate::marker::{Marker, Scope};

/// A requirement.
#[derive(Debug, Clone)]
pub(crate) struct Requirement {
    /// Normalised.
    pub(crate) name: String,
    /// Normalised and sorted.
    pub(crate) extras: Vec<String>,
    pub(crate) what: VersionOrUrl,
    pub(crate) marker: Option<Marker>,
}

/// Which distribution of that name.
#[derive(Debug, Clone)]
pub(crate) enum VersionOrUrl {
    /// One of these versions; an empty list allows all.
    Versions(VersionSpecifiers),
    /// The one at this address.
    Url(String),
}

impl Requirement {
    /// Reads a requirement; the error says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
        let (name, mut rest) = text.split_at(end.unwrap_or(text.len()));
        if !is_distribution_name(name) {
            return Err(format!("`{text}` does not begin with the name of a distribution"));
        }
        rest = rest.trim_start();
        let mut extras = Vec::new();
        if let Some(inner) = rest.strip_prefix('[') {
            let (list, after) = inner
                .split_once(']')
                .ok_or(format!("a `]` is missing in `{text}`"))?;
            extras = list
                .split(',')
                .map(normalize)
                .filter(|extra| !extra.is_empty())
                .collect();
            extras.sort();
            extras.dedup();
            rest = after.trim_start();
        }
        let (what, marker) = if let Some(url) = rest.strip_prefix('@') {
            // A `;` can be part of an address, so the marker's has white space before it.
            let url = url.trim();
            let (url, marker) = match url.find(" ;").or_else(|| url.find("\t;")) {
                Some(at) => (&url[..at], Some(&url[at + 2..])),
                None => (url, None),
            };
            if url.trim().is_empty() {
                return Err(format!("`{text}` has no address after its `@`"));
            }
            (VersionOrUrl::Url(url.trim().to_owned()), marker)
        } else {
            let (versions, marker) = match rest.split_once(';') {
                Some((versions, marker)) => (versions, Some(marker)),
                None => (rest, None),
            };
            let versions = versions.trim();
            let inner = versions
                .strip_prefix('(')
                .and_then(|inner| inner.strip_suffix(')'));
            let versions = inner.unwrap_or(versions).trim().trim_end_matches(',');
            let versions = versions
                .parse()
                .map_err(|_| format!("`{versions}` in `{text}` is not a version specifier"))?;
            (VersionOrUrl::Versions(versions), marker)
        };
        Ok(Self {
            name: normalize(name),
            extras,
            what,
            marker: marker.map(Marker::parse).transpose()?,
        })
    }

    /// Whether its marker holds.
    pub(crate) fn applies(&self, scope: Scope<'_>) -> bool {
        self.marker.as_ref().is_none_or(|marker| marker.holds(scope))
    }

    /// Whether it allows a version; an address allows any.
    pub(crate) fn takes(&self, version: &str) -> bool {
        match &self.what {
            VersionOrUrl::Url(_) => true,
            VersionOrUrl::Versions(versions) => version
                .parse::<Version>()
                .is_ok_and(|version| versions.contains(&version)),
        }
    }

    /// The only version that it allows, if it is pinned with `==`.
    pub(crate) fn pinned(&self) -> Option<String> {
        let VersionOrUrl::Versions(versions) = &self.what else {
            return None;
        };
        let mut all = versions.iter();
        let (Some(only), None) = (all.next(), all.next()) else {
            return None;
        };
        matches!(
            only.operator(),
            pep440_rs::Operator::Equal | pep440_rs::Operator::ExactEqual
        )
        .then(|| only.version().to_string())
    }

    /// The requirement as text, without its marker.
    pub(crate) fn line(&self) -> String {
        let mut line = self.name.clone();
        if !self.extras.is_empty() {
            line += &format!("[{}]", self.extras.join(","));
        }
        match &self.what {
            VersionOrUrl::Url(url) => line + " @ " + url,
            VersionOrUrl::Versions(versions) => {
                let versions: Vec<String> = versions
                    .iter()
                    .map(|one| one.to_string().replace(' ', ""))
                    .collect();
                line + &versions.join(",")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_is_read() {
        for (text, line) in [
            ("Flask", "flask"),
            ("a.b[X, y_z] >= 1, !=1.5 ; os_name == 'nt'", "a-b[x,y-z]>=1,!=1.5"),
            ("x (>=1.0)", "x>=1.0"),
            ("x==1.*", "x==1.*"),
            (
                "x @ https://h/x-1-py3-none-any.whl#a;b ; os_name=='x'",
                "x @ https://h/x-1-py3-none-any.whl#a;b",
            ),
        ] {
            assert_eq!(Requirement::parse(text).expect(text).line(), line, "{text}");
        }
        for wrong in ["", "-x", "x y", "x==", "x[y", "x @ ", "x; nope"] {
            assert!(Requirement::parse(wrong).is_err(), "{wrong}");
        }
        let pinned = |text| Requirement::parse(text).expect("is one").pinned();
        assert_eq!(pinned("x==1.0").as_deref(), Some("1.0"));
        assert_eq!(pinned("x>=1.0"), None);
        assert_eq!(pinned("x==1.*"), None);
    }
}
