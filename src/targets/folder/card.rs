//! A page's card: what the list and the feed say of it. It stands in the page itself, as
//! schema.org's structured data, so that the pages are the only thing that has to be kept: the
//! list and the feed can always be made from them again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::note::{Marker, Status};

/// How a page's head names its marker.
pub const MARKER_META: &str = "<meta name=\"crosspost\" content=\"";
const OPEN: &str = "<script type=\"application/ld+json\">";
const CLOSE: &str = "</script>";

/// What the list and the feed say of a page (schema.org's `BlogPosting`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    #[serde(rename = "@context")]
    context: String,
    #[serde(rename = "@type")]
    kind: String,
    /// The title.
    pub headline: String,
    /// A sentence or two.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The note's date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_published: Option<Timestamp>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Person>,
    /// Categories and tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// `Draft` or `Pending`; nothing for a page that is out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creative_work_status: Option<String>,
}

/// An author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    #[serde(rename = "@type")]
    kind: String,
    /// The name.
    pub name: String,
}

impl Person {
    /// An author by name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { kind: "Person".to_owned(), name: name.to_owned() }
    }
}

impl Card {
    /// A card with a title alone.
    #[must_use]
    pub fn new(headline: &str) -> Self {
        Self {
            context: "https://schema.org".to_owned(),
            kind: "BlogPosting".to_owned(),
            headline: headline.to_owned(),
            description: String::new(),
            date_published: None,
            author: None,
            keywords: Vec::new(),
            creative_work_status: None,
        }
    }

    /// The word for a status that keeps a page off the list.
    #[must_use]
    pub fn status_word(status: Status) -> Option<&'static str> {
        match status {
            Status::Draft => Some("Draft"),
            Status::Pending => Some("Pending"),
            Status::Private | Status::Publish => None,
        }
    }

    /// Whether the page belongs on the list and in the feed.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.creative_work_status.is_none()
    }

    /// The script element that holds it. `<` is escaped, so that nothing in it can close the
    /// element (HTML, 4.12.1.3).
    #[must_use]
    pub fn element(&self) -> String {
        // A struct of strings always has a JSON form; an empty card would only leave the list.
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{OPEN}{}{CLOSE}", json.replace('<', "\\u003c"))
    }

    /// The card in a page's text.
    #[must_use]
    pub fn read(page: &str) -> Option<Self> {
        let (_, rest) = head(page).split_once(OPEN)?;
        let (json, _) = rest.split_once(CLOSE)?;
        serde_json::from_str(json).ok()
    }
}

/// The marker in a page's head: whose page it is. What the body says about markers is text.
#[must_use]
pub fn marker_of(page: &str) -> Option<Marker> {
    let (_, rest) = head(page).split_once(MARKER_META)?;
    let (content, _) = rest.split_once('"')?;
    Marker::parse(content.strip_prefix("crosspost:")?)
}

fn head(page: &str) -> &str {
    page.split_once("<body").map_or(page, |(head, _)| head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card() -> Card {
        Card {
            description: "Of </script> and \"quotes\" & more".to_owned(),
            date_published: Some("2026-06-12T08:00:00Z".parse().expect("a time")),
            author: Some(Person::new("Jo")),
            keywords: vec!["weeknotes".to_owned()],
            ..Card::new("A <title>")
        }
    }

    #[test]
    fn a_card_is_read_back_from_its_page() {
        let page = format!("<head>{}</head><body>", card().element());
        assert_eq!(Card::read(&page), Some(card()));
    }

    #[test]
    fn nothing_in_a_card_closes_its_element() {
        assert_eq!(card().element().matches("</").count(), 1);
    }

    #[test]
    fn a_marker_counts_in_the_head_alone() {
        let marker = Marker::derive("p", &crate::note::NoteId::of_path("a.md"), "t");
        let meta = format!("{MARKER_META}{}\">", marker.token());
        assert_eq!(marker_of(&format!("<head>{meta}</head><body>")), Some(marker));
        assert_eq!(marker_of(&format!("<head></head><body>{meta}")), None);
        assert_eq!(marker_of("<meta name=\"crosspost\" content=\"crosspost:what\">"), None);
    }
}
