//! The last look at what a public target would be sent: nothing that was cut out of the note, and no
//! internal host, may stand in any of it. The cut and the rules for links are what keeps things
//! inside; this is for the day when one of them fails.

use std::collections::BTreeMap;

use super::{Rendering, links::InternalHosts};
use crate::{
    error::{Error, Place, Result},
    note::{Cleared, LeakGuard, Note},
};

/// Knows what was cut out of a note, and what its front matter shows anyway.
#[must_use]
pub fn guard(note: &Note, cleared: &Cleared) -> LeakGuard {
    let own = &note.meta.own;
    let taxonomies = own.taxonomies.iter().flat_map(BTreeMap::values);
    let lists = own.tags.iter().chain(&own.categories).chain(taxonomies).flatten();
    let texts = own.title.iter().chain(&own.excerpt).chain(&own.image_alt).chain(&note.meta.author);
    let words: Vec<&str> = lists.chain(texts).map(String::as_str).collect();
    LeakGuard::new(cleared, &words)
}

/// Looks at a rendering for a public target.
///
/// # Errors
/// When an internal passage or an internal host stands in it.
pub fn look(note: &Note, guard: &LeakGuard, hosts: &InternalHosts, rendering: &Rendering) -> Result<()> {
    // In a page's name or a label, a host has hyphens for its dots.
    let terms = rendering.tags.iter().chain(&rendering.categories).flatten();
    let names: Vec<String> = rendering.slug.iter().chain(terms).map(|name| name.replace('-', ".")).collect();
    rendering
        .texts()
        .chain(names.iter().map(String::as_str))
        .try_for_each(|text| look_at(note, guard, hosts, text))
}

/// Looks at one text for the public: a preview shows more than what is sent.
///
/// # Errors
/// As for [`look`].
pub fn look_at(note: &Note, guard: &LeakGuard, hosts: &InternalHosts, text: &str) -> Result<()> {
    if let Some(line) = guard.find(text) {
        return Err(Error::invalid("an internal passage would stand in what a public target is sent")
            .code("internal-leak")
            .at(place_of_line(note, line))
            .help("the words of this line stand in a public part of the note as well: take them out of one of the two"));
    }
    // A wiki's emphasis is made of apostrophes, which are no tags.
    let plain = || text.contains("''").then(|| text.replace("'''", "").replace("''", ""));
    let host = hosts.mentions(text).or_else(|| hosts.mentions(&plain()?));
    if let Some(host) = host {
        return Err(Error::invalid("an internal host would stand in what a public target is sent")
            .code("internal-host")
            .at(place_of(note, &host))
            .help("take the address out, or move it into an internal passage (`:::internal` … `:::`)"));
    }
    Ok(())
}

/// Where a host stands in the note, as far as it stands there to the letter.
fn place_of(note: &Note, host: &str) -> Place {
    let at = note.source.text.to_lowercase().find(&host.to_lowercase());
    at.map_or_else(|| note.source.line(1), |at| note.source.place(at))
}

/// Where a line that was cut out stands in the note.
fn place_of_line(note: &Note, line: &str) -> Place {
    let found = note.body().lines().zip(note.body_line..).find(|(text, _)| text.trim() == line);
    note.source.line(found.map_or(note.body_line, |(_, number)| number))
}
