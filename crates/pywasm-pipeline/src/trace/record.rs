//! The lines that a traced program left in, what it imported and opened out.

use std::collections::{BTreeMap, BTreeSet};

/// What a program did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The modules that it imported, with the module that asked for each first.
    pub(super) imported: BTreeMap<String, String>,
    /// The files that it opened, absolute and without `.` and `..`.
    pub(super) opened: BTreeSet<String>,
    /// The modules for whose absence it ended.
    pub(super) raised: BTreeSet<String>,
}

impl Record {
    /// Reads the lines; a last one that was cut off is as good as none.
    pub(super) fn parse(text: &str) -> Self {
        let mut record = Self::default();
        let mut asked = BTreeMap::new();
        for line in text
            .split_inclusive('\n')
            .filter_map(|line| line.strip_suffix('\n'))
        {
            let mut fields = line.split('\t');
            match (fields.next(), fields.next(), fields.next()) {
                (Some("asked"), Some(name), Some(who)) => {
                    asked.entry(name).or_insert(who);
                }
                (Some("loaded"), Some(name), None) => {
                    let who = asked.get(name).copied().unwrap_or_default();
                    record.imported.insert(name.to_owned(), who.to_owned());
                }
                (Some("open"), Some(path), None) => {
                    record.opened.insert(normal(path));
                }
                (Some("raised"), Some(name), None) => {
                    record.raised.insert(name.to_owned());
                }
                _ => {}
            }
        }
        record
    }
}

fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::Record;

    #[test]
    fn lines_become_a_record() {
        let record = Record::parse(
            "asked\tshop\t__main__\nasked\tnowhere\tshop\nloaded\tshop\nopen\t/pywasm/app/../app/./a.txt\nraised\tx\nasked\tcu",
        );
        assert_eq!(record.imported.get("shop").map(String::as_str), Some("__main__"));
        assert_eq!(record.imported.len(), 1);
        assert!(record.opened.contains("/pywasm/app/a.txt"));
        assert!(record.raised.contains("x"));
    }
}
