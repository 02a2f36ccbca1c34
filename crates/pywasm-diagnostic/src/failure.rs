//! Collects an error and its causes as data, from which terminal output, JSON and CI annotations are
//! written.

use crate::{Diagnostic, Explain, Fault};

/// Why a command failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, without a hint.
    pub message: String,
    /// Its causes, the outermost first.
    pub causes: Vec<String>,
    /// What the user can do about it.
    pub hint: Option<String>,
    /// Who can fix it.
    pub fault: Fault,
    /// The problems. If there are any, `message` repeats them as text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// Collects a chain of errors, the outermost first. `explain` finds the explanation of one error.
    /// The first hint and the first diagnostics count.
    #[must_use]
    pub fn from_chain<'a>(
        chain: impl Iterator<Item = &'a (dyn std::error::Error + 'static)>,
        explain: impl for<'e> Fn(&'e (dyn std::error::Error + 'static)) -> Option<&'e dyn Explain>,
    ) -> Self {
        let mut failure = Self::default();
        let mut texts: Vec<String> = Vec::new();
        for link in chain {
            let text = link.to_string();
            if let Some(explained) = explain(link) {
                if failure.diagnostics.is_empty() {
                    failure.diagnostics = explained.diagnostics().to_vec();
                }
                failure.hint = failure.hint.or_else(|| explained.hint().map(Into::into));
                failure.fault = failure.fault.max(explained.fault());
            }
            // A transparent wrapper has the same message as what it wraps.
            if texts.last() != Some(&text) {
                texts.push(text);
            }
        }
        if let [only] = failure.diagnostics.as_slice() {
            failure.hint = failure.hint.or_else(|| only.hint.clone());
        }
        let mut texts = texts.into_iter();
        failure.message = texts.next().unwrap_or_default();
        failure.causes = texts.collect();
        failure
    }

    /// Returns the message. Where it lists the diagnostics, their hints come after this label, such as a
    /// coloured `hint`.
    #[must_use]
    pub fn message_with(&self, hint_label: &str) -> String {
        if self.message == Diagnostic::list(&self.diagnostics) {
            Diagnostic::list_with(&self.diagnostics, hint_label)
        } else {
            self.message.clone()
        }
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            message: diagnostic.to_string(),
            causes: Vec::new(),
            hint: diagnostic.hint.clone(),
            fault: diagnostic.fault,
            diagnostics: vec![diagnostic],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{borrow::Cow, error::Error, fmt};

    #[derive(Debug)]
    struct Broken(Vec<Diagnostic>);

    impl fmt::Display for Broken {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("it is broken")
        }
    }

    impl Error for Broken {}

    impl Explain for Broken {
        fn hint(&self) -> Option<Cow<'_, str>> {
            self.0.is_empty().then_some("mend it".into())
        }

        fn fault(&self) -> Fault {
            Fault::Usage
        }

        fn diagnostics(&self) -> &[Diagnostic] {
            &self.0
        }
    }

    fn explain<'e>(link: &'e (dyn Error + 'static)) -> Option<&'e dyn Explain> {
        link.downcast_ref::<Broken>().map(|broken| broken as &dyn Explain)
    }

    #[test]
    fn a_type_explains_itself() {
        let error: Box<dyn Error> = Box::new(Broken(Vec::new()));
        let failure = Failure::from_chain(std::iter::once(&*error), explain);
        assert_eq!(failure.message, "it is broken");
        assert_eq!(failure.hint.as_deref(), Some("mend it"));
        assert_eq!(failure.fault, Fault::Usage);
    }

    #[test]
    fn the_hint_of_the_only_diagnostic_is_the_failures() {
        let error: Box<dyn Error> = Box::new(Broken(vec![Diagnostic::new("a").with_hint("b")]));
        let failure = Failure::from_chain(std::iter::once(&*error), explain);
        assert_eq!(failure.hint.as_deref(), Some("b"));
        assert_eq!(failure.diagnostics.len(), 1);
    }

    #[test]
    fn the_hints_of_a_list_have_the_label_that_the_caller_gives() {
        let failure = Failure::from(Diagnostic::new("a").with_hint("b"));
        assert_eq!(failure.message_with("tip"), "a\ntip: b");
    }
}
