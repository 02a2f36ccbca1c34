//! Parses `allow`, the observations of preinit that a project accepts, such as `clock` and
//! `entropy:package.ids`. An unknown kind is an error. Whether a module is in the program is known
//! only after resolving, so each word keeps the place where it was written.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::pattern::{InvalidPattern, ModulePattern};
use crate::suggest::closest;
use pywasm_diagnostic::{Diagnostic, Explain, Location};
use pywasm_report::UnknownChoice;

/// What a module can do while it is imported at build time, and that a snapshot would fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AllowKind {
    /// Reading a clock.
    Clock,
    /// Drawing random bytes.
    Entropy,
    /// Reading environment variables.
    Environment,
    /// Reading `sys.argv`.
    Argv,
    /// Looking for a file outside of the artifact.
    File,
    /// Leaving a file open.
    Descriptor,
    /// Writing to standard output or standard error.
    Print,
}

impl AllowKind {
    /// The words of [`AllowKind::from_str`], in the order of the variants.
    pub const CHOICES: &'static [&'static str] = &[
        "clock",
        "entropy",
        "environment",
        "argv",
        "file",
        "descriptor",
        "print",
    ];
}

impl fmt::Display for AllowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::CHOICES[*self as usize])
    }
}

impl FromStr for AllowKind {
    type Err = UnknownChoice;

    fn from_str(word: &str) -> Result<Self, UnknownChoice> {
        Ok(match word {
            "clock" => Self::Clock,
            "entropy" => Self::Entropy,
            "environment" => Self::Environment,
            "argv" => Self::Argv,
            "file" => Self::File,
            "descriptor" => Self::Descriptor,
            "print" => Self::Print,
            _ => {
                return Err(UnknownChoice {
                    value: word.to_owned(),
                    choices: Self::CHOICES,
                });
            }
        })
    }
}

/// A word that `allow` does not accept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAllow {
    /// The text before the colon is not a kind.
    #[error(transparent)]
    Kind(#[from] UnknownChoice),
    /// The text after the colon is not a module.
    #[error(transparent)]
    Module(#[from] InvalidPattern),
}

impl Explain for InvalidAllow {
    /// Names the kind that was probably meant.
    fn hint(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Kind(error) => closest(&error.value, error.choices.iter().copied())
                .map(|near| format!("did you mean `{near}`?").into()),
            Self::Module(_) => None,
        }
    }
}

/// One word of `allow`: `KIND`, or `KIND:MODULE`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allow {
    /// What is allowed.
    pub kind: AllowKind,
    /// In which modules; everywhere without it.
    pub module: Option<ModulePattern>,
    /// Where it was written; none for a word of the command line.
    pub place: Option<Location>,
}

impl Allow {
    /// Whether it covers what `module` did. What no module can be blamed for has an empty name,
    /// which only a word without a module covers.
    pub fn matches(&self, kind: AllowKind, module: &str) -> bool {
        let inside = |pattern: &ModulePattern| !module.is_empty() && pattern.matches(module);
        self.kind == kind && self.module.as_ref().is_none_or(inside)
    }

    /// The error that its module is none of `modules`, which are all that the program has;
    /// nothing where it names one of them, or no module at all.
    pub fn unmatched<'m>(&self, modules: impl IntoIterator<Item = &'m str> + Clone) -> Option<Diagnostic> {
        let pattern = self.module.as_ref()?;
        if modules.clone().into_iter().any(|name| pattern.matches(name)) {
            return None;
        }
        let hint = match closest(pattern.as_str(), modules) {
            Some(near) => format!("did you mean `{}:{near}`?", self.kind),
            None => "`pywasm graph` lists the program's modules".to_owned(),
        };
        let message = format!("`allow`: the program has no module `{pattern}`");
        let mut diagnostic = Diagnostic::new(message).with_hint(hint);
        diagnostic.location.clone_from(&self.place);
        Some(diagnostic)
    }
}

/// As it was written.
impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match &self.module {
            Some(module) => write!(f, ":{module}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Allow {
    type Err = InvalidAllow;

    fn from_str(word: &str) -> Result<Self, InvalidAllow> {
        let (kind, module) = match word.split_once(':') {
            Some((kind, module)) => (kind, Some(module)),
            None => (word, None),
        };
        Ok(Self {
            kind: kind.parse()?,
            module: module.map(str::parse).transpose()?,
            place: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(word: &str) -> Allow {
        word.parse().expect("a value")
    }

    #[test]
    fn each_kind_reads_back() {
        for word in AllowKind::CHOICES {
            assert_eq!(&allow(word).to_string(), word);
        }
        assert_eq!(allow("entropy:a.b*").to_string(), "entropy:a.b*");
    }

    #[test]
    fn a_word_covers_its_kind_in_its_modules() {
        let everywhere = allow("clock");
        assert!(everywhere.matches(AllowKind::Clock, "a.b"));
        assert!(everywhere.matches(AllowKind::Clock, ""));
        assert!(!everywhere.matches(AllowKind::Print, "a.b"));
        let below = allow("clock:a.*");
        assert!(below.matches(AllowKind::Clock, "a.b"));
        assert!(!below.matches(AllowKind::Clock, "a"));
        assert!(!allow("clock:*").matches(AllowKind::Clock, ""));
    }

    #[test]
    fn a_wrong_word_is_told_with_the_nearest_kind() {
        let wrong = "entropie".parse::<Allow>().expect_err("an error");
        assert_eq!(wrong.hint().as_deref(), Some("did you mean `entropy`?"));
        let wrong = "sockets:a".parse::<Allow>().expect_err("an error");
        assert!(wrong.to_string().starts_with("`sockets` is not one of `clock`"));
        assert_eq!(wrong.hint(), None);
        for wrong in ["clock:", "clock:a b", "clock:a:b"] {
            assert!(matches!(wrong.parse::<Allow>(), Err(InvalidAllow::Module(_))));
        }
    }

    #[test]
    fn a_module_that_is_nowhere_is_an_error() {
        let modules = ["app.ids", "uuid"];
        assert_eq!(allow("clock:app.*").unmatched(modules), None);
        assert_eq!(allow("clock").unmatched(modules), None);
        let told = allow("clock:app.idz").unmatched(modules).expect("an error");
        assert_eq!(told.message, "`allow`: the program has no module `app.idz`");
        assert_eq!(told.hint.as_deref(), Some("did you mean `clock:app.ids`?"));
    }
}
