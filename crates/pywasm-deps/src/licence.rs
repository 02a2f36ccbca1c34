//! Finds the licence of a distribution in its `METADATA`.

use crate::metadata::{header, headers};

/// Longer than any name of a licence: the whole text was put into the header.
const LONGEST: usize = 100;

/// `License-Expression`, which is an SPDX expression; else the header `License`, unless it holds
/// a whole text; else the names of the classifiers. `None` if none of them says it.
pub(crate) fn find_licence(metadata: &str) -> Option<String> {
    if let Some(expression) = header(metadata, "License-Expression").filter(|text| !text.is_empty()) {
        return Some(expression);
    }
    let tells =
        |text: &String| !text.is_empty() && text.len() <= LONGEST && !text.eq_ignore_ascii_case("unknown");
    if let Some(words) = header(metadata, "License").filter(tells) {
        return Some(words);
    }
    let mut names: Vec<String> = headers(metadata, "Classifier")
        .filter_map(|classifier| {
            let name = classifier.strip_prefix("License :: ")?;
            Some(name.rsplit(" :: ").next().unwrap_or(name).to_owned())
        })
        .filter(|name| name != "OSI Approved")
        .collect();
    names.sort();
    names.dedup();
    (!names.is_empty()).then(|| names.join("; "))
}

#[cfg(test)]
mod tests {
    use super::find_licence;

    #[test]
    fn the_most_exact_word_counts() {
        let long = format!("License: {}\n", "word ".repeat(40));
        let mit = "Classifier: License :: OSI Approved :: MIT License\n";
        let cases = [
            (
                "License-Expression: MIT OR 0BSD\nLicense: MIT\n".to_owned(),
                Some("MIT OR 0BSD"),
            ),
            (format!("License: BSD\n{mit}"), Some("BSD")),
            (format!("{long}{mit}"), Some("MIT License")),
            (format!("License: UNKNOWN\n{mit}"), Some("MIT License")),
            (
                format!("{mit}Classifier: License :: OSI Approved :: BSD License\n"),
                Some("BSD License; MIT License"),
            ),
            ("Classifier: License :: OSI Approved\n".to_owned(), None),
            ("Name: x\n\nLicense: MIT\n".to_owned(), None),
        ];
        for (metadata, wanted) in cases {
            assert_eq!(find_licence(&metadata).as_deref(), wanted, "{metadata}");
        }
    }
}
