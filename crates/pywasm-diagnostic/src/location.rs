//! Locates a place in a text file: file, line, column, and the source line.

use std::fmt;

/// A place in a text file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file as users see it: relative to the project, with `/`, never absolute.
    pub file: String,
    /// The line, counted from 1; 0 means the whole file.
    pub line: u32,
    /// The column in characters, counted from 1; 0 means the whole line.
    pub column: u32,
    /// The source line, without its line break; empty if there is nothing to show.
    pub text: String,
    /// The number of characters to mark.
    pub width: u32,
}

/// The number of characters of a long source line that are shown.
const SHOWN: usize = 100;

impl Location {
    /// Locates the whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
            text: String::new(),
            width: 0,
        }
    }

    /// Locates a line, without its text.
    pub fn line(file: impl Into<String>, line: u32) -> Self {
        Self {
            line,
            ..Self::file(file)
        }
    }

    /// Locates the bytes `start..end` of `source`. Offsets outside of it or inside of a character move
    /// to the nearest valid position.
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

    /// Returns the visible part of the line, and the column in it, counted from 0.
    pub(crate) fn window(&self) -> (String, usize) {
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

/// Converts the number of a line or column. Files beyond 4 GiB are refused much earlier.
fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl fmt::Display for Location {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_knows_its_line_and_column() {
        let source = "a = 1\r\nbé = x\n";
        let at = source.find('x').expect("a value");
        let location = Location::span("f", source, at, at + 1);
        assert_eq!(
            (location.line, location.column, location.text.as_str()),
            (2, 6, "bé = x")
        );
        let past = Location::span("f", source, 1000, 2000);
        assert_eq!((past.line, past.column), (3, 1));
    }
}
