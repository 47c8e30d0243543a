//! What messages may repeat of a note. They end up in logs, and a runner's log may be as public as
//! the blog: no internal host may stand in one, and nothing that only colleagues may read. `check`
//! shows the lines themselves, to the author.

use std::cell::OnceCell;

use crate::{
    error::{Error, Warning},
    note::{Audience, Note, audience::clear},
    render::links::InternalHosts,
};

/// What stands where something is not repeated.
const HIDDEN: &str = "…";

/// Takes out of messages what must not be repeated.
pub struct Veil<'a> {
    hosts: &'a InternalHosts,
    /// The note, if the message is about its internal side.
    internal: Option<&'a Note>,
    /// What everybody may read of it; `None` for all of it.
    public: OnceCell<Option<String>>,
}

impl<'a> Veil<'a> {
    /// For messages about a note as an audience has it.
    #[must_use]
    pub fn new(hosts: &'a InternalHosts, note: &'a Note, audience: Audience) -> Self {
        let internal = (audience == Audience::Internal).then_some(note);
        Self { hosts, internal, public: OnceCell::new() }
    }

    /// For messages about a note that could not be read: who may read it is not known.
    #[must_use]
    pub fn of_unread(hosts: &'a InternalHosts) -> Self {
        Self { hosts, internal: None, public: OnceCell::new() }
    }

    /// Errors, without what must not be repeated.
    #[must_use]
    pub fn errors(&self, errors: Vec<Error>) -> Vec<Error> {
        errors.into_iter().map(|error| self.error(error)).collect()
    }

    fn error(&self, error: Error) -> Error {
        let veiled = error.clone().map_texts(|text| self.text(text));
        if veiled == error {
            return error;
        }
        // What it quotes may be made from what was taken out.
        veiled.map_hints(|hint| words(hint, |word| !word.contains('`')))
    }

    /// Warnings, without what must not be repeated.
    #[must_use]
    pub fn warnings(&self, warnings: Vec<Warning>) -> Vec<Warning> {
        let veiled = |warning: Warning| Warning { message: self.text(&warning.message), ..warning };
        warnings.into_iter().map(veiled).collect()
    }

    fn text(&self, text: &str) -> String {
        let veiled = if self.internal.is_some() { self.without_quotes(text) } else { text.to_owned() };
        let names_host = |text: &str| self.hosts.mentions(text).is_some();
        if !names_host(&veiled) {
            return veiled;
        }
        let veiled = words(&veiled, |word| !names_host(word));
        if names_host(&veiled) { HIDDEN.to_owned() } else { veiled }
    }

    /// Without quotations of the note and paths in it that the public does not know.
    fn without_quotes(&self, text: &str) -> String {
        let mut out = String::new();
        for (index, part) in text.split('`').enumerate() {
            let quoted = index % 2 == 1;
            if index > 0 {
                out.push('`');
            }
            if !quoted {
                out.push_str(&words(part, |word| !is_path(word) || self.is_public(word)));
            } else if self.is_public(part) {
                out.push_str(part);
            } else {
                out.push_str(HIDDEN);
            }
        }
        out
    }

    fn is_public(&self, quoted: &str) -> bool {
        let Some(note) = self.internal else { return true };
        let Some(public) = self.public.get_or_init(|| public_text(note)) else { return true };
        quoted.trim().is_empty() || note.path().contains(quoted) || public.contains(quoted)
    }
}

/// The front matter and what the cut leaves of the text, if it took something out; nothing of a
/// note that is internal.
fn public_text(note: &Note) -> Option<String> {
    let Ok(cleared) = clear(note, Audience::Public) else { return Some(String::new()) };
    let front_matter = note.source.text.get(..note.body_start).unwrap_or_default();
    (!cleared.removed.is_empty()).then(|| format!("{front_matter}\n{}", cleared.text))
}

fn is_path(word: &str) -> bool {
    word.contains('/') || word.trim_end_matches('.').contains('.')
}

/// A text with every word hidden that may not be shown.
fn words(text: &str, may_be_shown: impl Fn(&str) -> bool) -> String {
    let shown = |word| if may_be_shown(word) { word } else { HIDDEN };
    text.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Source;

    fn note(text: &str) -> Note {
        Note::parse(Source { path: "notes/n.md".into(), text: text.into() }, &[]).unwrap()
    }

    fn veiled(text: &str, audience: Audience, message: &str) -> String {
        let hosts = InternalHosts::new(&["intranet.example".to_owned(), "wiki".to_owned()]).unwrap();
        Veil::new(&hosts, &note(text), audience).text(message)
    }

    #[test]
    fn no_message_names_an_internal_host() {
        for (message, shown) in [
            ("the picture `//wiki/x.png` is remote", "the picture … is remote"),
            ("cut: a, intranet.example, b", "cut: a, … b"),
            ("cut: https://intranet%2eexample/x", "cut: …"),
            ("our wiki is fine", "our wiki is fine"),
        ] {
            assert_eq!(veiled("Text.\n", Audience::Public, message), shown);
        }
    }

    #[test]
    fn messages_about_the_internal_side_quote_what_is_public_alone() {
        let text = "---\nimage: team.png\n---\n[a](open.md)\n:::internal\n[b](plans/merger.md)\n:::\n";
        for (message, shown) in [
            ("there is no note `plans/merger.md`: gone", "there is no note `…`: gone"),
            ("the file notes/plans/merger.md is missing", "the file … is missing"),
            ("there is no note `open.md`: gone", "there is no note `open.md`: gone"),
            ("the picture `team.png` of `notes/n.md`", "the picture `team.png` of `notes/n.md`"),
        ] {
            assert_eq!(veiled(text, Audience::Internal, message), shown);
            assert_eq!(veiled(text, Audience::Public, message), message);
        }
    }

    #[test]
    fn nothing_is_quoted_of_a_note_that_is_internal_as_a_whole() {
        let text = "---\naudience: internal\n---\n[a](open.md)\n";
        assert_eq!(veiled(text, Audience::Internal, "no note `open.md`"), "no note `…`");
    }
}
