//! A tree in, one HTML page out that shows it as a treemap: with its style, its script and its data
//! inside, so that it needs no network and no other file. The same tree gives the same bytes.
//!
//! Names are whatever a wasm file says. They travel as JSON in a data block, where `<` has no place,
//! and the script only ever makes text of them. A content security policy lets nothing run but the
//! script with this digest.

use base64::{Engine as _, engine::general_purpose::STANDARD};
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

/// The page of a tree.
#[must_use]
pub fn html(tree: &Tree, title: &str) -> String {
    format!(
        include_str!("page.html"),
        title = text(title),
        style_hash = policy_hash(STYLE),
        script_hash = policy_hash(SCRIPT),
        style = STYLE,
        script = SCRIPT,
        tree = data(tree),
    )
}

/// A text as HTML.
fn text(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            '\'' => html += "&#39;",
            // No HTML document has it.
            '\0' => html.push(char::REPLACEMENT_CHARACTER),
            _ => html.push(c),
        }
    }
    html
}

/// The tree as JSON that can stand in a `script` element: outside of strings JSON has none of these
/// characters, and inside they may be escaped.
fn data(tree: &Tree) -> String {
    // Writing to memory cannot fail, and all keys of a tree are texts.
    let json = serde_json::to_string(tree).expect("a tree is JSON");
    json.replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
}

/// A digest as a content security policy has it.
fn policy_hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::html;
    use crate::{Kind, Tree};

    #[test]
    fn no_name_gets_out_of_its_place() {
        let hostile = "</script><script>alert(1)</script><!-- {script} & \u{2028} \0 \"'";
        let tree = Tree::group(hostile, Kind::Root, vec![Tree::leaf(hostile, Kind::Function, 1)]);
        let page = html(&tree, hostile);
        assert_eq!(page.matches("<script").count(), 2, "its data and its script");
        assert!(!page.contains("alert(1)</script>") && !page.contains("<!--"));
        let (_, rest) = page.split_once("id=\"tree\">").expect("the data");
        let (json, _) = rest.split_once("</script>").expect("its end");
        assert_eq!(serde_json::from_str::<Tree>(json).expect("a tree"), tree);
        assert_eq!(html(&tree, hostile), page);
    }

    #[test]
    fn it_names_no_other_file() {
        let page = html(&Tree::leaf("x", Kind::Root, 1), "x");
        for link in ["http:", "https:", "src=", "href=", "url(", "@import"] {
            assert!(!page.contains(link), "the page has {link}");
        }
    }
}
