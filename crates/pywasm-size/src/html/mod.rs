//! Renders a tree as an HTML page with a treemap, under a chart of the start where there is a report.
//! The page contains its style, script and data, so it
//! needs no network and no other files. The same tree gives the same bytes.
//!
//! Names come from the wasm file and may be hostile. They are JSON in a data block, where `<` is
//! escaped, and the script only ever displays them as text. A content security policy allows only the
//! script with the right digest.

mod start;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use pywasm_report::Report;
use sha2::{Digest as _, Sha256};

use crate::Tree;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = concat!(
    "\"use strict\";\n",
    include_str!("tree.js"),
    include_str!("layout.js"),
    include_str!("map.js"),
    include_str!("page.js"),
);

/// Renders the page of a tree. `report`: that of the build.
#[must_use]
pub fn render_html(tree: &Tree, title: &str, report: Option<&Report>) -> String {
    format!(
        include_str!("page.html"),
        title = escape(title),
        style_hash = policy_hash(STYLE),
        script_hash = policy_hash(SCRIPT),
        style = STYLE,
        script = SCRIPT,
        start = report.map(start::render).unwrap_or_default(),
        tree = embed_json(tree),
    )
}

/// Escapes a text for HTML.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            '\'' => html += "&#39;",
            // HTML documents cannot contain it.
            '\0' => html.push(char::REPLACEMENT_CHARACTER),
            _ => html.push(c),
        }
    }
    html
}

/// Writes the tree as JSON for a `script` element. Outside of strings, JSON does not contain these
/// characters; inside, they can be escaped.
fn embed_json(tree: &Tree) -> String {
    // Writing to memory cannot fail, and all keys of a tree are texts.
    let json = serde_json::to_string(tree).expect("a tree is JSON");
    json.replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
}

/// Formats a digest for a content security policy.
fn policy_hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::render_html;
    use crate::{Kind, Tree};

    #[test]
    fn hostile_names_stay_text() {
        let hostile = "</script><script>alert(1)</script><!-- {script} & \u{2028} \0 \"'";
        let tree = Tree::group(hostile, Kind::Root, vec![Tree::leaf(hostile, Kind::Function, 1)]);
        let page = render_html(&tree, hostile, None);
        assert_eq!(page.matches("<script").count(), 2, "its data and its script");
        assert!(!page.contains("alert(1)</script>") && !page.contains("<!--"));
        let (_, rest) = page.split_once("id=\"tree\">").expect("the data");
        let (json, _) = rest.split_once("</script>").expect("its end");
        assert_eq!(serde_json::from_str::<Tree>(json).expect("a tree"), tree);
        assert_eq!(render_html(&tree, hostile, None), page);
    }

    #[test]
    fn the_page_needs_no_other_file() {
        let page = render_html(&Tree::leaf("x", Kind::Root, 1), "x", None);
        for link in ["http:", "https:", "src=", "href=", "url(", "@import"] {
            assert!(!page.contains(link), "the page has {link}");
        }
    }
}
