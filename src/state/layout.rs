//! What each entry is called: the same relative path in every back end.
//!
//! The names are part of the format. A record that is looked for under another name than it was
//! written under is a post sent twice, so they are made here from first principles, and not by a
//! crate whose next release may spell them otherwise.

use super::Key;
use crate::render::Digest;

/// The folder of notes' records.
pub(super) const RECORDS: &str = "records";
/// The folder of what is known of sites.
pub(super) const SITES: &str = "sites";

/// Characters of a note's id that are repeated in its record's name.
const SLUG: usize = 60;
/// Hexadecimal digits of its digest: 40 bits beside the slug tell ten thousand notes apart.
const DIGITS: usize = 10;

/// The path of an entry, below the ledger's own root: `records/notes-week-12-1f0c7a52b9.json`.
pub(super) fn path_of(key: &Key) -> String {
    match key {
        Key::Note(id) => format!("{RECORDS}/{}.json", readable(id.as_str())),
        Key::Site(target) if is_plain(target) => format!("{SITES}/{target}.json"),
        Key::Site(target) => format!("{SITES}/{}.json", readable(target)),
    }
}

/// Whether a path is one that [`path_of`] could give. What else lies about (an editor's backup, a
/// dead writer's temporary file) is no entry.
pub(super) fn is_entry(path: &str) -> bool {
    let Some((folder, name)) = path.split_once('/') else { return false };
    let stem = name.strip_suffix(".json").unwrap_or_default();
    [RECORDS, SITES].contains(&folder) && !stem.is_empty() && !stem.starts_with('.') && !stem.contains('/')
}

/// Whether a name can stand in a path as it is. Every target that the configuration accepts can.
fn is_plain(name: &str) -> bool {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    (1..=100).contains(&name.len()) && name.bytes().all(fine)
}

/// A name for people to recognise, and digits that make it the only one.
fn readable(text: &str) -> String {
    let slug = slug(text.strip_suffix(".md").unwrap_or(text));
    let digest = Digest::of(text.as_bytes());
    let digits = &digest.to_string()[..DIGITS];
    if slug.is_empty() { digits.to_owned() } else { format!("{slug}-{digits}") }
}

/// ASCII letters and digits, lower case, everything else a single hyphen. Of a long text the end:
/// the folders of a path are what its neighbours share.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let start = slug.len().saturating_sub(SLUG);
    slug.get(start..).unwrap_or_default().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::NoteId;

    fn note(id: &str) -> String {
        path_of(&Key::Note(NoteId::of_path(id)))
    }

    #[test]
    fn names_never_change() {
        // If this fails, ledgers in the field are no longer found. Do not update it.
        assert_eq!(note("notes/2024/Release-3.2.md"), "records/notes-2024-release-3-2-34fc8c3388.json");
        assert_eq!(note("天気"), "records/7e2221334d.json");
        assert_eq!(path_of(&Key::Site("blog-2_b".to_owned())), "sites/blog-2_b.json");
    }

    #[test]
    fn names_that_look_alike_stay_apart() {
        assert_ne!(note("notes/a b.md"), note("notes/a-b.md"));
        assert_ne!(note("notes/A.md"), note("notes/a.md"));
        assert_ne!(note("a.md"), note("a"));
    }

    #[test]
    fn a_name_stays_inside_its_folder() {
        let odd = path_of(&Key::Site("../../etc/passwd".to_owned()));
        assert!(odd.starts_with("sites/etc-passwd-") && !odd.contains(".."), "{odd}");
        assert!(note("../../../x.md").starts_with("records/x-"));
    }

    #[test]
    fn a_long_name_keeps_its_end() {
        let name = note(&format!("{}/the-end.md", "folder/".repeat(60)));
        assert!(name.contains("the-end-") && name.len() < 100, "{name}");
    }
}
