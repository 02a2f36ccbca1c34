//! Describes a problem in an input: message, file, line, column, the source line with the place
//! marked, notes, and a hint. All errors and warnings about configurations, sources and dependencies
//! use it, so that they look alike.

use std::fmt;

use crate::{Fault, Location};

/// The label before a hint.
const HINT: &str = "hint";

/// An error or a warning about an input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The location, if it is known.
    pub location: Option<Location>,
    /// What is wrong: one sentence without a full stop.
    pub message: String,
    /// Further lines, such as a chain of imports.
    pub notes: Vec<String>,
    /// What the user can do about it.
    pub hint: Option<String>,
    /// Who can fix it, if it ends the work.
    pub fault: Fault,
}

impl Diagnostic {
    /// Makes a diagnostic that has only a message.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            location: None,
            message: message.into(),
            notes: Vec::new(),
            hint: None,
            fault: Fault::Work,
        }
    }

    /// Adds the location.
    #[must_use]
    pub fn with_location(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Marks the command line or the configuration as wrong.
    #[must_use]
    pub fn as_usage(mut self) -> Self {
        self.fault = Fault::Usage;
        self
    }

    /// Lists several errors as one text, for a message that starts with `error: ` itself.
    #[must_use]
    pub fn list(errors: &[Self]) -> String {
        Self::list_with(errors, HINT)
    }

    /// Lists several errors with this label before their hints, such as a coloured `hint`.
    #[must_use]
    pub fn list_with(errors: &[Self], hint_label: &str) -> String {
        let texts: Vec<String> = errors
            .iter()
            .map(|error| Labelled(error, hint_label).to_string())
            .collect();
        texts.join("\n\nerror: ")
    }

    /// Adds the hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Writes the message, the location with its source line, the notes, and `hint:`, without a final
/// line break.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Labelled(self, HINT).fmt(f)
    }
}

/// A diagnostic, and the label before its hint.
struct Labelled<'a>(&'a Diagnostic, &'a str);

impl fmt::Display for Labelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(diagnostic, hint_label) = self;
        f.write_str(&diagnostic.message)?;
        if let Some(location) = &diagnostic.location {
            write!(f, "\n  --> {location}")?;
            if !location.text.trim().is_empty() {
                let number = location.line.to_string();
                let indent = " ".repeat(number.len());
                let (text, column) = location.window();
                write!(f, "\n {indent} |\n {number} | {text}")?;
                if location.column > 0 {
                    let longest = text.chars().count().saturating_sub(column).max(1);
                    let marks = "^".repeat((location.width as usize).clamp(1, longest));
                    write!(f, "\n {indent} | {}{marks}", " ".repeat(column))?;
                }
            }
        }
        for note in &diagnostic.notes {
            write!(f, "\n  {}", note.replace('\n', "\n  "))?;
        }
        if let Some(hint) = &diagnostic.hint {
            write!(f, "\n{hint_label}: {}", hint.replace('\n', "\n      "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_around_the_spot() {
        let source = format!("{}!{}", "x".repeat(5000), "y".repeat(5000));
        let text = Diagnostic::new("m")
            .with_location(Location::span("f", &source, 5000, 5001))
            .to_string();
        assert!(text.lines().all(|line| line.len() < 120));
        assert!(text.contains('!'));
    }
}
