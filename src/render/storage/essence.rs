//! What a stored body says, apart from how Confluence writes it: by this an edit is told from a page
//! that was merely stored.

use super::{
    escape, mark,
    stored::{self, Piece},
};

/// Attributes that Confluence adds by itself.
const OWN: &[&str] = &[
    "ac:local-id",
    "ac:macro-id",
    "ac:schema-version",
    "local-id",
    "data-local-id",
    "ac:custom-width",
    "ac:original-height",
    "ac:original-width",
];

/// Elements whose content Confluence makes up.
const MADE_UP: &[&str] = &["ac:task-id", "ac:task-uuid"];

/// Where a reader commented on words.
pub(super) const COMMENT: &str = "ac:inline-comment-marker";

/// A body without what Confluence adds to it (ids, the places of readers' comments) and with one way
/// of writing the same thing. A body that is no XML is left as it is.
#[must_use]
pub fn essence(body: &str) -> String {
    let Some(pieces) = stored::pieces(body) else { return body.to_owned() };
    let mut essence = Essence::default();
    for placed in pieces {
        essence.add(placed.piece);
    }
    essence.finish()
}

#[derive(Default)]
struct Essence {
    out: String,
    /// Text that is not written yet.
    text: String,
    /// CDATA that is not written yet.
    data: Option<String>,
    /// The element whose content is left out.
    skipped: Option<String>,
    /// Where an element has just been opened, whose end would make it empty.
    opened: bool,
}

impl Essence {
    fn add(&mut self, piece: Piece) {
        if let Some(name) = &self.skipped {
            if matches!(&piece, Piece::Close(closed) if closed == name) {
                self.skipped = None;
            }
            return;
        }
        match piece {
            Piece::Text(text) | Piece::Reference(text) => {
                self.flush_data();
                self.text.push_str(&text);
            }
            Piece::Data(data) => {
                self.flush_text();
                self.data.get_or_insert_default().push_str(&data);
            }
            Piece::Open { name, .. } if name == COMMENT => {}
            Piece::Close(name) if name == COMMENT => {}
            Piece::Open { name, empty, .. } if MADE_UP.contains(&name.as_str()) => {
                self.skipped = (!empty).then_some(name);
            }
            Piece::Open { name, attributes, empty } => self.open(&name, attributes, empty),
            Piece::Close(name) => self.close(&name),
        }
    }

    fn open(&mut self, name: &str, mut attributes: Vec<(String, String)>, empty: bool) {
        self.flush();
        attributes.retain(|(name, _)| !OWN.contains(&name.as_str()));
        attributes.sort();
        self.out.push_str(&format!("<{name}"));
        for (name, value) in &attributes {
            self.out.push_str(&format!(" {name}=\"{}\"", escape::value(value)));
        }
        self.out.push_str(if empty { "/>" } else { ">" });
        self.opened = !empty;
    }

    fn close(&mut self, name: &str) {
        self.flush();
        if std::mem::take(&mut self.opened) {
            self.out.pop();
            self.out.push_str("/>");
        } else {
            self.out.push_str(&format!("</{name}>"));
        }
    }

    fn flush(&mut self) {
        self.flush_text();
        self.flush_data();
    }

    fn flush_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        // Line ends between elements are for those who read the source.
        if text.is_empty() || (text.contains('\n') && text.trim().is_empty()) {
            return;
        }
        self.opened = false;
        escape::text(mark::without_digests(&text), &mut self.out);
    }

    fn flush_data(&mut self) {
        if let Some(data) = self.data.take() {
            self.opened = false;
            self.out.push_str(&escape::cdata(&data));
        }
    }

    fn finish(mut self) -> String {
        self.flush();
        self.out
    }
}
