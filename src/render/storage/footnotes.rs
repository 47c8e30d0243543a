//! Footnotes: a numbered list at the end, with links there and back.

use super::writer::{Writer, anchor};

impl Writer<'_> {
    pub(super) fn reference(&mut self, index: usize, nth: u32) {
        if self.in_link {
            self.held.push((index, nth));
            return;
        }
        let number = index + 1;
        let place = anchor(&reference_name(number, nth));
        self.push(&format!(
            "<sup>{place}{}</sup>",
            within_page(&format!("fn-{number}"), &number.to_string())
        ));
    }

    /// What follows the body.
    pub(super) fn footnotes(&mut self) {
        let notes = self.notes;
        if notes.is_empty() {
            return;
        }
        self.push("<hr/>\n<ol>\n");
        for (index, note) in notes.iter().enumerate() {
            let number = index + 1;
            let text = self.apart(|writer| writer.blocks(&note.blocks));
            let text = text.trim_end();
            let place = anchor(&format!("fn-{number}"));
            let text = match text.strip_prefix("<p>") {
                Some(rest) => format!("<p>{place}{rest}"),
                None => format!("<p>{place}</p>\n{text}"),
            };
            let back = back_links(number, note.references);
            let text = match text.strip_suffix("</p>") {
                Some(rest) => format!("{rest} {back}</p>"),
                None => format!("{text}\n<p>{back}</p>"),
            };
            self.push(&format!("<li>{text}</li>\n"));
        }
        self.push("</ol>");
    }
}

/// A link to an anchor of the page; `shown` is storage format.
pub(super) fn within_page(name: &str, shown: &str) -> String {
    let name = super::escape::value(name);
    format!("<ac:link ac:anchor=\"{name}\"><ac:link-body>{shown}</ac:link-body></ac:link>")
}

fn reference_name(number: usize, nth: u32) -> String {
    match nth {
        0 | 1 => format!("fnref-{number}"),
        _ => format!("fnref-{number}-{nth}"),
    }
}

/// The links back to each reference of a footnote. U+FE0E keeps the arrow from becoming an emoji.
fn back_links(number: usize, references: u32) -> String {
    let link = |nth: u32| {
        let label = if nth == 1 { String::new() } else { format!("<sup>{nth}</sup>") };
        within_page(&reference_name(number, nth), &format!("↩\u{fe0e}{label}"))
    };
    (1..=references.max(1)).map(link).collect::<Vec<_>>().join(" ")
}
