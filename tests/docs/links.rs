//! Finds links of pages that lead nowhere: to a file that is not there, or to a heading that
//! the page does not have.

use std::path::Path;

use crate::pages;

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    for page in pages::all() {
        let text = pages::text(&page);
        let folder = page.parent().expect("a page is in a folder");
        for (number, line) in pages::prose(&text) {
            for link in links(line) {
                if let Some(reason) = why_dead(link, &page, folder) {
                    let shown = page.strip_prefix(pages::root()).unwrap_or(&page);
                    dead.push(format!("{}:{number}: {link}: {reason}", shown.display()));
                }
            }
        }
    }
    assert!(dead.is_empty(), "these links are dead:\n{}", dead.join("\n"));
}

/// Every page is linked from the index of its group.
#[test]
fn every_page_is_in_the_index() {
    let docs = pages::root().join("docs");
    let index = pages::text(&docs.join("README.md"));
    let linked: Vec<&str> = pages::prose(&index).flat_map(|(_, line)| links(line)).collect();
    let lost: Vec<String> = pages::all()
        .iter()
        .filter_map(|page| page.strip_prefix(&docs).ok())
        .map(|page| page.display().to_string())
        .filter(|page| page != "README.md" && !linked.contains(&page.as_str()))
        .collect();
    assert!(
        lost.is_empty(),
        "docs/README.md has no link to these pages: {lost:?}"
    );
}

/// Every file and folder of the project that the pages for developers name exists.
#[test]
fn no_path_is_dead() {
    let docs = pages::root().join("docs");
    let mut dead = Vec::new();
    for page in pages::all() {
        if !page.starts_with(docs.join("internals")) && !page.ends_with("CONTRIBUTING.md") {
            continue;
        }
        let text = pages::text(&page);
        for (line, prose) in pages::prose(&text) {
            let code = prose.split('`').skip(1).step_by(2);
            for path in code.filter(|code| is_path(code)) {
                if !pages::root().join(path).exists() {
                    dead.push(format!("{}:{line}: {path}", page.display()));
                }
            }
        }
    }
    assert!(dead.is_empty(), "these paths are dead:\n{}", dead.join("\n"));
}

/// Whether this is a path in the project: one in capital letters or with a `*` stands for several.
fn is_path(code: &str) -> bool {
    let folders = ["crates/", "docs/", "scripts/", "src/", "testdata/", "tests/"];
    folders.iter().any(|folder| code.starts_with(folder))
        && !code.contains([' ', '*', '{'])
        && !code
            .split(['/', '.', '_'])
            .any(|part| part.len() > 1 && part.chars().all(|c| c.is_ascii_uppercase()))
}

/// The targets of the links in a line, without those in code.
fn links(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find("](") {
        let before = &rest[..at];
        rest = &rest[at + 2..];
        let Some(end) = rest.find(')') else { break };
        // An odd number of backticks since the last link: the link is inside of code.
        let in_code = before
            .rfind('[')
            .is_some_and(|open| before[..open].matches('`').count() % 2 == 1);
        if !in_code {
            found.push(&rest[..end]);
        }
        rest = &rest[end + 1..];
    }
    found
}

fn why_dead(link: &str, page: &Path, folder: &Path) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() {
        page.to_owned()
    } else {
        folder.join(file)
    };
    if !target.exists() {
        return Some("there is no such file".to_owned());
    }
    if heading.is_empty() {
        return None;
    }
    let anchors = anchors(&pages::text(&target));
    (!anchors.iter().any(|anchor| anchor == heading))
        .then(|| format!("there is no such heading, only {}", anchors.join(", ")))
}

/// The anchors that GitHub gives the headings of a page.
fn anchors(page: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for (_, line) in pages::prose(page) {
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let anchor: String = heading
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let same = |other: &String| {
            other
                .strip_prefix(&anchor)
                .is_some_and(|rest| rest.is_empty() || is_counter(rest))
        };
        let seen = anchors.iter().filter(|other| same(other)).count();
        anchors.push(if seen == 0 {
            anchor
        } else {
            format!("{anchor}-{seen}")
        });
    }
    anchors
}

fn is_counter(rest: &str) -> bool {
    rest.strip_prefix('-')
        .is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

#[test]
fn headings_get_the_anchors_of_github() {
    let page = "# One page\n\n## `build` and C\n\n## Times\n\n```\n# not one\n```\n\n## Times\n";
    assert_eq!(anchors(page), ["one-page", "build-and-c", "times", "times-1"]);
}
