//! Reads the licence in a distribution's metadata, as an SPDX expression if its meaning is certain.

use spdx::Expression;

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum License {
    /// A valid SPDX expression.
    Expression(String),
    /// A text that is not an expression and may mean more than one licence.
    Words(String),
    /// The metadata does not state a licence.
    Unknown,
}

/// Texts that mean exactly one licence, in lower case. `BSD License` and `Apache Software License`
/// are missing, since they can mean several.
const NAMES: &[(&str, &str)] = &[
    ("3-clause bsd", "BSD-3-Clause"),
    ("3-clause bsd license", "BSD-3-Clause"),
    ("apache 2", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache 2.0 license", "Apache-2.0"),
    ("apache license 2.0", "Apache-2.0"),
    ("apache license version 2.0", "Apache-2.0"),
    ("apache license, version 2.0", "Apache-2.0"),
    ("bsd 2-clause", "BSD-2-Clause"),
    ("bsd 2-clause license", "BSD-2-Clause"),
    ("bsd 3-clause", "BSD-3-Clause"),
    ("bsd 3-clause license", "BSD-3-Clause"),
    ("bsd-2-clause license", "BSD-2-Clause"),
    ("bsd-3-clause license", "BSD-3-Clause"),
    ("gnu general public license v2 (gplv2)", "GPL-2.0-only"),
    (
        "gnu general public license v2 or later (gplv2+)",
        "GPL-2.0-or-later",
    ),
    ("gnu general public license v3 (gplv3)", "GPL-3.0-only"),
    (
        "gnu general public license v3 or later (gplv3+)",
        "GPL-3.0-or-later",
    ),
    (
        "gnu lesser general public license v2 or later (lgplv2+)",
        "LGPL-2.0-or-later",
    ),
    ("gnu lesser general public license v3 (lgplv3)", "LGPL-3.0-only"),
    (
        "gnu lesser general public license v3 or later (lgplv3+)",
        "LGPL-3.0-or-later",
    ),
    ("isc license", "ISC"),
    ("isc license (iscl)", "ISC"),
    ("mit licence", "MIT"),
    ("mit license", "MIT"),
    ("mit no attribution license (mit-0)", "MIT-0"),
    ("modified bsd", "BSD-3-Clause"),
    ("modified bsd license", "BSD-3-Clause"),
    ("mozilla public license 2.0", "MPL-2.0"),
    ("mozilla public license 2.0 (mpl 2.0)", "MPL-2.0"),
    ("new bsd", "BSD-3-Clause"),
    ("new bsd license", "BSD-3-Clause"),
    ("python software foundation license", "PSF-2.0"),
    ("the mit license", "MIT"),
    ("the mit license (mit)", "MIT"),
    ("the unlicense (unlicense)", "Unlicense"),
    ("zlib/libpng license", "Zlib"),
];

impl License {
    /// Reads the licence in metadata.
    pub(super) fn read(text: Option<&str>) -> Self {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return Self::Unknown;
        };
        // References to other documents mean nothing without these documents.
        let is_own = !text.contains("DocumentRef-") && !text.contains("AdditionRef-");
        if is_own && let Ok(expression) = Expression::parse(text) {
            return Self::Expression(expression.to_string());
        }
        let lower = text.to_lowercase();
        match NAMES.iter().find(|(name, _)| *name == lower) {
            Some((_, expression)) => Self::Expression((*expression).to_owned()),
            None => Self::Words(text.to_owned()),
        }
    }

    /// Lists the names in an expression that only the document itself can explain.
    pub(super) fn references(&self) -> Vec<String> {
        let Self::Expression(expression) = self else {
            return Vec::new();
        };
        expression
            .split([' ', '(', ')'])
            .filter(|word| word.starts_with("LicenseRef-"))
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_certain_licences_become_expressions() {
        let expression = |text: &str| License::Expression(text.to_owned());
        for (said, wanted) in [
            ("MIT", "MIT"),
            ("MIT License", "MIT"),
            ("Apache-2.0 OR BSD-2-Clause", "Apache-2.0 OR BSD-2-Clause"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("LicenseRef-Own", "LicenseRef-Own"),
        ] {
            assert_eq!(License::read(Some(said)), expression(wanted), "{said}");
        }
        for said in [
            "BSD",
            "BSD License; MIT License",
            "DocumentRef-a:LicenseRef-b",
            "MIT OR",
        ] {
            assert_eq!(License::read(Some(said)), License::Words(said.to_owned()));
        }
        assert_eq!(License::read(Some(" ")), License::Unknown);
        let both = expression("MIT AND (LicenseRef-a OR LicenseRef-b)");
        assert_eq!(both.references(), ["LicenseRef-a", "LicenseRef-b"]);
        for (_, id) in NAMES {
            assert!(Expression::parse(id).is_ok(), "{id}");
        }
    }
}
