//! Looks for phrases that plain English does without, by the rules of `docs/CONTRIBUTING.md`.

use crate::pages;

/// What to avoid, and what to write.
const PHRASES: [(&str, &str); 7] = [
    ("is told", "pywasm reports"),
    ("are told", "pywasm reports"),
    ("asked for", "requested"),
    ("anew", "again"),
    ("besides", "also"),
    ("for want of", "because ... is missing"),
    ("has not to", "does not have to"),
];

#[test]
fn no_page_has_a_phrase_to_avoid() {
    let mut found = Vec::new();
    for page in pages::all() {
        // This page names them.
        if page.ends_with("CONTRIBUTING.md") {
            continue;
        }
        let text = pages::text(&page);
        for (line, prose) in pages::prose(&text) {
            let prose = format!(" {} ", without_code(prose).to_lowercase());
            for (phrase, better) in PHRASES {
                if prose.contains(&format!(" {phrase} ")) {
                    found.push(format!("{}:{line}: `{phrase}`, better: {better}", page.display()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A line without its code, and with spaces in the place of punctuation.
fn without_code(line: &str) -> String {
    line.split('`')
        .step_by(2)
        .collect::<Vec<_>>()
        .join(" ")
        .replace(|c: char| !c.is_alphanumeric(), " ")
}
