//! One thing that is wrong with an input, and where: message, file, line, column, the line of
//! source itself with the spot marked, notes, and a cure. Both the configuration's and the
//! resolver's errors and warnings are made of these, so that all of them read alike.

use std::fmt;

/// A spot in a text file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file as the user should see it: relative to the project, with `/`; never absolute.
    pub file: String,
    /// Counted from 1; 0 means the file as a whole.
    pub line: u32,
    /// Counted from 1, in characters; 0 means the line as a whole.
    pub column: u32,
    /// The source line, without its end; empty where there is nothing to show.
    pub text: String,
    /// How many characters to mark.
    pub width: u32,
}

/// How much of a long source line is shown, in characters.
const SHOWN: usize = 100;

impl Place {
    /// The file as a whole.
    pub fn file(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
            text: String::new(),
            width: 0,
        }
    }

    /// A line of a file, without its text.
    pub fn line(file: impl Into<String>, line: u32) -> Self {
        Self {
            line,
            ..Self::file(file)
        }
    }

    /// The bytes `start..end` of `source`. Offsets outside of it or inside of a character are
    /// moved to the nearest spot that exists.
    pub fn span(file: impl Into<String>, source: &str, start: usize, end: usize) -> Self {
        let mut start = start.min(source.len());
        while !source.is_char_boundary(start) {
            start -= 1;
        }
        let before = &source[..start];
        let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let ends = before.bytes().filter(|&b| b == b'\n').count()
            + before.bytes().filter(|&b| b == b'\r').count()
            - before.matches("\r\n").count();
        let rest = &source[line_start..];
        let text = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        let column = source[line_start..start].chars().count();
        let mut end = end.clamp(start, line_start + text.len().max(start - line_start));
        while !source.is_char_boundary(end) {
            end -= 1;
        }
        let width = source[start..end.max(start)].chars().count().max(1);
        Self {
            file: file.into(),
            line: count(ends + 1),
            column: count(column + 1),
            text: text.to_owned(),
            width: count(width),
        }
    }

    /// The part of the line that is shown, and the column inside of it counted from 0.
    fn window(&self) -> (String, usize) {
        let characters: Vec<char> = self
            .text
            .trim_end()
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let column = (self.column.max(1) - 1) as usize;
        if characters.len() <= SHOWN {
            return (characters.into_iter().collect(), column);
        }
        let from = column.saturating_sub(SHOWN / 2).min(characters.len());
        let to = (from + SHOWN).min(characters.len());
        (characters[from..to].iter().collect(), column - from)
    }
}

/// A number for a line or a column. Files beyond 4 GiB are refused long before.
fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

/// An error or a warning about an input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where, if it has a place.
    pub place: Option<Place>,
    /// What is wrong: one sentence without a full stop.
    pub message: String,
    /// More lines, such as a chain of imports.
    pub notes: Vec<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A diagnostic with nothing but its message.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            place: None,
            message: message.into(),
            notes: Vec::new(),
            hint: None,
        }
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Several errors as one text, for a message that begins with `error: ` itself.
    pub fn list(errors: &[Self]) -> String {
        let texts: Vec<String> = errors.iter().map(Self::to_string).collect();
        texts.join("\n\nerror: ")
    }

    /// Adds the cure.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The message, then the place with its source line, the notes, and `hint:`. No line end last.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(place) = &self.place {
            write!(f, "\n  --> {place}")?;
            if !place.text.trim().is_empty() {
                let number = place.line.to_string();
                let indent = " ".repeat(number.len());
                let (text, column) = place.window();
                write!(f, "\n {indent} |\n {number} | {text}")?;
                if place.column > 0 {
                    let longest = text.chars().count().saturating_sub(column).max(1);
                    let marks = "^".repeat((place.width as usize).clamp(1, longest));
                    write!(f, "\n {indent} | {}{marks}", " ".repeat(column))?;
                }
            }
        }
        for note in &self.notes {
            write!(f, "\n  {}", note.replace('\n', "\n  "))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {}", hint.replace('\n', "\n      "))?;
        }
        Ok(())
    }
}

/// Everything that is wrong with a project's configuration, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", Diagnostic::list(diagnostics))]
pub struct Error {
    /// At least one.
    pub diagnostics: Vec<Diagnostic>,
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostics: vec![diagnostic],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_knows_its_line_and_column() {
        let source = "a = 1\r\nbé = x\n";
        let at = source.find('x').expect("a value");
        let place = Place::span("f", source, at, at + 1);
        assert_eq!((place.line, place.column, place.text.as_str()), (2, 6, "bé = x"));
        let past = Place::span("f", source, 1000, 2000);
        assert_eq!((past.line, past.column), (3, 1));
    }

    #[test]
    fn a_long_line_is_cut_around_the_spot() {
        let source = format!("{}!{}", "x".repeat(5000), "y".repeat(5000));
        let text = Diagnostic::new("m")
            .at(Place::span("f", &source, 5000, 5001))
            .to_string();
        assert!(text.lines().all(|line| line.len() < 120));
        assert!(text.contains('!'));
    }
}
