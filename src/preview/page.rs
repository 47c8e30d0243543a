//! The page from its values.

use std::sync::LazyLock;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::view::Page;
use crate::{
    error::Result,
    render::template::{self, Templates, templates},
};

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    templates(&[("page.html", include_str!("page.html")), ("target.html", include_str!("target.html"))])
});

const SCRIPT: &str = include_str!("page.js");

#[derive(Serialize)]
struct Values<'a> {
    policy: String,
    style: &'static str,
    script: &'static str,
    pictures: String,
    page: &'a Page,
}

/// The page as one HTML document, the same for the same values.
///
/// # Errors
/// None in practice: see [`template::fill`].
pub fn page(page: &Page) -> Result<String> {
    // A map of texts always has a JSON form. `<` is escaped, so that nothing closes its element.
    let pictures = serde_json::to_string(&page.pictures).unwrap_or_default().replace('<', "\\u003c");
    let values =
        Values { policy: policy(page), style: include_str!("page.css"), script: SCRIPT, pictures, page };
    template::fill(&TEMPLATES, "page.html", &values)
}

/// The page runs its own script and nothing else, and asks nobody but the server that it comes from.
fn policy(page: &Page) -> String {
    let digest = BASE64_STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    let connect = if page.live.is_some() { " connect-src 'self';" } else { "" };
    format!(
        "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:;{connect} \
         base-uri 'none'; form-action 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preview::{NoteView, Remark, TargetView};

    fn remark(message: &str) -> Remark {
        Remark {
            place: "n.md:3".to_owned(),
            href: None,
            message: message.to_owned(),
            details: Vec::new(),
            excerpt: None,
            code: "c".to_owned(),
        }
    }

    fn view(title: &str) -> Page {
        let target = TargetView {
            name: "blog".to_owned(),
            kind: "wordpress",
            location: "https://blog.example".to_owned(),
            audience: "public".to_owned(),
            action: "create".to_owned(),
            reason: None,
            problems: Vec::new(),
            facts: Vec::new(),
            warnings: vec![remark("lost")],
            frame: Some("<!DOCTYPE html><p title=\"x\">&amp;</p>".to_owned()),
            payload: None,
            changes: Vec::new(),
            compared: false,
        };
        let note = NoteView::new("n.md".to_owned(), title.to_owned(), Vec::new(), vec![target]);
        Page { project: "p".to_owned(), notes: vec![note], ..Page::default() }
    }

    #[test]
    fn nothing_in_a_value_breaks_out_of_its_place() {
        let mut all = view("</h2><script>alert(1)</script>");
        all.pictures.insert("a".to_owned(), "</script><script>alert(1)".to_owned());
        let html = page(&all).unwrap();
        assert!(!html.contains("<script>alert"), "{html}");
        assert!(html.contains("&lt;/h2&gt;&lt;script&gt;alert(1)"));
    }

    #[test]
    fn a_frame_is_sandboxed_and_the_page_asks_nobody() {
        let html = page(&view("T")).unwrap();
        let sandbox = "sandbox=\"allow-popups allow-popups-to-escape-sandbox\"";
        assert_eq!(html.matches("<iframe ").count(), html.matches(sandbox).count());
        assert!(html.contains("data-document=\"&lt;!DOCTYPE html&gt;&lt;p title=&quot;x&quot;&gt;&amp;amp;"));
        assert!(html.contains("default-src 'none'") && !html.contains("connect-src"));
        assert!(!html.contains("http-equiv=\"refresh\""));
    }

    #[test]
    fn the_same_values_make_the_same_page() {
        assert_eq!(page(&view("T")).unwrap(), page(&view("T")).unwrap());
    }
}
