//! What the tests of every dialect begin with: a note's values, its cleared text, a target that labels.

use super::{LinkFate, Links, Meta};
use crate::{
    error::Warning,
    note::{Audience, Cleared},
};

/// The values of a published note that says no more than its title.
pub fn meta(title: &str) -> Meta {
    Meta { title: title.to_owned(), stem: "note".to_owned(), ..Meta::default() }
}

/// A text of which an audience may read all.
pub fn cleared(audience: Audience, markdown: &str) -> Cleared {
    let lines = (1..).take(markdown.split('\n').count()).collect();
    Cleared { audience, text: markdown.to_owned(), lines, removed: Vec::new() }
}

/// As on a target that labels one host.
pub struct Labelled;

impl Links for Labelled {
    fn fate(&self, href: &str, _line: u32, _warnings: &mut Vec<Warning>) -> LinkFate {
        if href.contains("secret.example") {
            LinkFate::Label("[internal link]".to_owned())
        } else {
            LinkFate::To(href.to_owned())
        }
    }
}
