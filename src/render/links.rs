//! What becomes of the addresses in a note at one target: links to other notes find their post,
//! links into the intranet do not leave it, and what is not safe or leads nowhere loses its link.
//!
//! # For the writers of dialects
//! Ask [`Links::fate`] for every address before it is written. [`LinkFate::To`] is the address to
//! write, which may differ from the note's. [`LinkFate::Unlink`] is the link's text alone, or a
//! picture's alternative text. What leads inside does not come here: [`super::internal`] has taken
//! it out of the tree, and the rules below are there in case something was overlooked.

mod hosts;

use std::{cell::RefCell, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use super::{LinkFate, Links, PENDING_LINK};
use crate::{
    error::{Error, Place, Warning},
    note::{Audience, path::resolve_relative},
};

pub use hosts::InternalHosts;

/// What becomes of a link to an internal host in a public target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InternalLinks {
    /// Its text and the label.
    #[default]
    Label,
    /// Its text.
    Unlink,
    /// The note is refused there.
    Refuse,
}

/// What is known, at one target, of a note that others may link to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteLink {
    /// It is there, at this address.
    At(String),
    /// It will be: nobody knows the address yet.
    Pending,
    /// It does not go there.
    Never,
}

/// Notes by their path from the configuration's folder.
pub type NoteLinks = BTreeMap<String, NoteLink>;

/// What the configuration says of internal addresses.
#[derive(Debug, Clone, Default)]
pub struct InternalPolicy {
    /// Which hosts are internal.
    pub hosts: InternalHosts,
    /// What becomes of links to them.
    pub links: InternalLinks,
    /// The label, for [`InternalLinks::Label`].
    pub label: String,
}

/// The rules for the links of one note at one target. What the rendering came across can be asked
/// for afterwards.
#[derive(Debug)]
pub struct LinkRules<'a> {
    /// The target's audience: internal links are only taken out for the public.
    audience: Audience,
    policy: &'a InternalPolicy,
    note: &'a str,
    notes: &'a NoteLinks,
    refused: RefCell<Vec<Error>>,
    pending: RefCell<Vec<String>>,
}

impl<'a> LinkRules<'a> {
    /// Rules for the note at this path.
    #[must_use]
    pub fn new(audience: Audience, policy: &'a InternalPolicy, note: &'a str, notes: &'a NoteLinks) -> Self {
        Self { audience, policy, note, notes, refused: RefCell::default(), pending: RefCell::default() }
    }

    /// The links that were refused ([`InternalLinks::Refuse`]). Ask after rendering: any of them
    /// means that the rendering must not be used.
    #[must_use]
    pub fn refused(&self) -> Vec<Error> {
        self.refused.borrow().clone()
    }

    /// Paths of the notes that links wait for, without repetition. As long as there are any, the
    /// rendering holds [`PENDING_LINK`] and must not be sent.
    #[must_use]
    pub fn pending(&self) -> Vec<String> {
        self.pending.borrow().clone()
    }

    /// For the public, an internal address: whatever the policy says. No message repeats the
    /// address, since logs may be public too.
    fn internal(&self, line: u32, warnings: &mut Vec<Warning>) -> LinkFate {
        match self.policy.links {
            InternalLinks::Label => {
                warnings.push(Warning::new(
                    "internal-link",
                    line,
                    "a link to an internal address became a label",
                ));
                LinkFate::Label(self.policy.label.clone())
            }
            InternalLinks::Unlink => {
                warnings.push(Warning::new(
                    "internal-link",
                    line,
                    "a link to an internal address became plain text",
                ));
                LinkFate::Unlink
            }
            InternalLinks::Refuse => {
                self.refuse(line);
                LinkFate::Unlink
            }
        }
    }

    fn refuse(&self, line: u32) {
        let error = Error::invalid("a link to an internal address, in a note that goes to a public target")
            .code("internal-link")
            .at(Place::new(self.note, line, 0))
            .help("move it into an internal passage (`:::internal` … `:::`), or take the link out");
        let mut refused = self.refused.borrow_mut();
        if !refused.contains(&error) {
            refused.push(error);
        }
    }

    fn relative(&self, href: &str, line: u32, warnings: &mut Vec<Warning>) -> LinkFate {
        let mut unlink = |code, message: String| {
            warnings.push(Warning::new(code, line, message));
            LinkFate::Unlink
        };
        let path = match resolve_relative(self.note, href) {
            Ok(path) => path,
            Err(reason) => {
                return unlink("broken-link", format!("the link `{href}` {reason}, and became plain text"));
            }
        };
        let fragment = href.split_once('#').map_or(String::new(), |(_, fragment)| format!("#{fragment}"));
        match self.find(&path) {
            // Its own address may not be known yet, and need not be.
            Some((path, _)) if path == self.note => {
                LinkFate::To(if fragment.is_empty() { "#".to_owned() } else { fragment })
            }
            Some((_, NoteLink::At(url))) => LinkFate::To(format!("{url}{fragment}")),
            Some((path, NoteLink::Pending)) => {
                self.wait_for(path);
                LinkFate::To(format!("{PENDING_LINK}{path}{fragment}"))
            }
            Some((path, NoteLink::Never)) => unlink(
                "link-to-unpublished-note",
                format!("`{path}` has no public address at this target: the link to it became plain text"),
            ),
            None if is_note(&path) => {
                unlink("broken-link", format!("there is no note `{path}`: the link to it became plain text"))
            }
            None => unlink(
                "link-to-file",
                format!("`{path}` is a file that is not published: the link to it became plain text"),
            ),
        }
    }

    /// The note at a path, which a link may give without its ending.
    fn find(&self, path: &str) -> Option<(&'a str, &'a NoteLink)> {
        let entry =
            self.notes.get_key_value(path).or_else(|| self.notes.get_key_value(&format!("{path}.md")));
        entry.map(|(path, link)| (path.as_str(), link))
    }

    fn wait_for(&self, path: &str) {
        let mut pending = self.pending.borrow_mut();
        if !pending.iter().any(|known| known == path) {
            pending.push(path.to_owned());
        }
    }
}

impl Links for LinkRules<'_> {
    fn fate(&self, href: &str, line: u32, warnings: &mut Vec<Warning>) -> LinkFate {
        let href = as_browsers_read(href);
        if self.audience == Audience::Public && self.policy.hosts.is_internal(&href) {
            return self.internal(line, warnings);
        }
        match Kind::of(&href) {
            Kind::Anchor | Kind::Absolute => LinkFate::To(href),
            Kind::NoScheme => LinkFate::To(format!("https:{}", href.replace('\\', "/"))),
            Kind::Relative => self.relative(&href, line, warnings),
            Kind::Unsafe(scheme) => {
                let message = format!("a link with the scheme `{scheme}:` became plain text");
                warnings.push(Warning::new("unsafe-link", line, message));
                LinkFate::Unlink
            }
        }
    }
}

/// Whether an address is a path beside the note or below the root, and neither a whole address nor
/// an anchor alone.
#[must_use]
pub fn is_relative(href: &str) -> bool {
    matches!(Kind::of(&as_browsers_read(href)), Kind::Relative)
}

/// What a browser makes of an `href` before it reads it: no white space or controls at its ends,
/// no tabs and line ends within (URL Standard, 4.4).
fn as_browsers_read(href: &str) -> String {
    let ends = |c: char| c.is_whitespace() || c.is_control();
    href.trim_matches(ends).chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect()
}

/// The sorts of address.
enum Kind {
    /// `#section`.
    Anchor,
    /// With a scheme that leads somewhere harmless.
    Absolute,
    /// `//host/path`.
    NoScheme,
    /// A path.
    Relative,
    /// With another scheme, lower case.
    Unsafe(String),
}

/// Schemes that a link in a post may have.
const SCHEMES: &[&str] = &[
    "http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "xmpp", "irc", "ircs", "matrix", "geo",
    "news",
];

impl Kind {
    fn of(href: &str) -> Self {
        if href.starts_with('#') {
            return Self::Anchor;
        }
        if href.replace('\\', "/").starts_with("//") {
            return Self::NoScheme;
        }
        match scheme(href) {
            None => Self::Relative,
            Some(scheme) if SCHEMES.contains(&scheme.as_str()) => Self::Absolute,
            Some(scheme) => Self::Unsafe(scheme),
        }
    }
}

/// The scheme of an address, in lower case, if it has one (RFC 3986, 3.1).
fn scheme(href: &str) -> Option<String> {
    let (scheme, _) = href.split_once(':')?;
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(fine);
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

fn is_note(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("md" | "markdown" | "mdown" | "mkd"))
}

#[cfg(test)]
mod tests;
