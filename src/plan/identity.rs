//! Which record of the ledger is a note's: its own, or that of the note it was before it moved or
//! was given an `id`. What cannot be told apart is refused, not guessed.

use std::collections::{HashMap, HashSet};

use crate::{
    error::{Error, Place},
    note::{Note, NoteId},
    render::Digest,
    state::Head,
};

/// A note of this run, as far as it identifies itself.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'n> {
    /// Its `id`, or else its path.
    pub id: &'n str,
    /// Its path.
    pub path: &'n str,
    /// Its title, where the front matter gives one.
    pub title: Option<&'n str>,
    /// Digest of its body.
    pub text: Digest,
}

impl<'n> Seen<'n> {
    /// What a note says of who it is.
    #[must_use]
    pub fn of(note: &'n Note) -> Self {
        Self {
            id: note.id.as_str(),
            path: note.path(),
            title: note.meta.own.title.as_deref(),
            text: Digest::of(note.body().as_bytes()),
        }
    }
}

/// A note that is just what its record says.
impl<'r> From<Head<'r>> for Seen<'r> {
    fn from(Head { note, path, title, text, .. }: Head<'r>) -> Self {
        Self { id: note, path, title: Some(title), text }
    }
}

/// The notes' own keys, where each has a record under its own that says where it is: then none of them
/// is new, or has moved, and [`resolve`], which compares all with all, would give the same. `records`
/// are those of all notes but the ones that are just what their records say.
#[must_use]
pub fn own(seen: &[Seen<'_>], records: &[Head<'_>]) -> Option<Vec<NoteId>> {
    let paths: HashMap<&str, &str> = records.iter().map(|record| (record.note, record.path)).collect();
    let mut taken = HashSet::new();
    let are_own = seen.iter().all(|note| paths.get(note.id) == Some(&note.path) && taken.insert(note.id));
    are_own.then(|| seen.iter().map(|note| NoteId::chosen(note.id)).collect())
}

/// The keys under which the ledger knows the notes (or will), in their order. `exists` tells
/// whether a note's file is still there.
pub fn resolve(
    seen: &[Seen<'_>],
    records: &[Head<'_>],
    exists: &dyn Fn(&str) -> bool,
) -> Vec<Result<NoteId, Error>> {
    let index = Index::new(seen, records, exists);
    let mut keys: Vec<Result<NoteId, Error>> = seen.iter().map(|note| index.key(note)).collect();
    refuse_shared_keys(seen, &mut keys);
    keys
}

struct Index<'a> {
    by_key: HashMap<&'a str, &'a Head<'a>>,
    by_path: HashMap<&'a str, &'a Head<'a>>,
    /// Records whose file is gone.
    lost: Vec<&'a Head<'a>>,
    /// The notes of this run by their paths.
    seen: HashMap<&'a str, &'a Seen<'a>>,
    /// Those that no record is about by id or path: few, so that each note can be compared with them.
    unknown: Vec<&'a Seen<'a>>,
    copies: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Index<'a> {
    fn new(seen: &'a [Seen<'a>], records: &'a [Head<'a>], exists: &dyn Fn(&str) -> bool) -> Self {
        let mut copies: HashMap<&str, Vec<&str>> = HashMap::new();
        for note in seen {
            copies.entry(note.id).or_default().push(note.path);
        }
        let by_key: HashMap<&str, &Head<'_>> = records.iter().map(|r| (r.note, r)).collect();
        let by_path: HashMap<&str, &Head<'_>> = records.iter().map(|r| (r.path, r)).collect();
        let is_unknown = |note: &&Seen<'_>| !by_key.contains_key(note.id) && !by_path.contains_key(note.path);
        Self {
            lost: records.iter().filter(|r| !exists(r.path)).collect(),
            seen: seen.iter().map(|note| (note.path, note)).collect(),
            unknown: seen.iter().filter(is_unknown).collect(),
            by_key,
            by_path,
            copies,
        }
    }

    fn key(&self, note: &Seen<'_>) -> Result<NoteId, Error> {
        if let Some(paths) = self.copies.get(note.id).filter(|paths| paths.len() > 1) {
            return Err(copied(note, paths));
        }
        let is_path = note.id == note.path;
        match self.by_key.get(note.id) {
            Some(record) if is_path && record.path != note.path && !self.is_lost(record) => {
                Err(name_taken(note, record.path))
            }
            Some(record) if is_path => self.unless_replaced(note, record),
            Some(_) => Ok(NoteId::chosen(note.id)),
            None => match self.by_path.get(note.path) {
                Some(record) if !self.copies.contains_key(record.note) => self.unless_replaced(note, record),
                _ => self.moved(note),
            },
        }
    }

    /// A record's note by its path, unless another note looks more like it: then that one moved, and
    /// this is a new note in its old place.
    fn unless_replaced(&self, note: &Seen<'_>, record: &Head<'_>) -> Result<NoteId, Error> {
        if is_alike(note, record) {
            return Ok(NoteId::chosen(record.note));
        }
        let mut others = self.unknown.iter().filter(|other| other.path != note.path);
        match others.find(|other| is_alike(other, record)) {
            Some(other) => Err(replaced(note, record.note, other.path)),
            None => Ok(NoteId::chosen(record.note)),
        }
    }

    fn is_lost(&self, record: &Head<'_>) -> bool {
        self.lost.iter().any(|lost| lost.note == record.note)
    }

    /// A note that the ledger does not know: new, or moved from a file that is gone or is another
    /// note's now.
    fn moved(&self, note: &Seen<'_>) -> Result<NoteId, Error> {
        let successor = |record: &&&Head<'_>| {
            let at = || self.seen.get(record.path).filter(|other| other.path != note.path);
            is_alike(note, record) && at().is_some_and(|at| self.unless_replaced(at, record).is_err())
        };
        if !self.by_key.contains_key(note.id)
            && let Some(record) = self.by_path.values().find(successor)
        {
            return Err(replaced(note, record.note, note.path));
        }
        let same_text: Vec<&Head<'_>> = self.lost.iter().filter(|r| r.text == note.text).copied().collect();
        let same_title = || -> Vec<&Head<'_>> {
            self.lost.iter().filter(|r| Some(r.title) == note.title).copied().collect()
        };
        let candidates = if same_text.is_empty() { same_title() } else { same_text };
        match candidates.as_slice() {
            [] => Ok(NoteId::chosen(note.id)),
            [one] => Ok(NoteId::chosen(one.note)),
            several => Err(ambiguous(note, several)),
        }
    }
}

/// Whether a note has the text or the title that a record is about.
fn is_alike(note: &Seen<'_>, record: &Head<'_>) -> bool {
    note.text == record.text || note.title == Some(record.title)
}

/// Two notes of one run must not write one record.
fn refuse_shared_keys(seen: &[Seen<'_>], keys: &mut [Result<NoteId, Error>]) {
    let mut owners: HashMap<NoteId, Vec<usize>> = HashMap::new();
    for (index, key) in keys.iter().enumerate() {
        if let Ok(key) = key {
            owners.entry(key.clone()).or_default().push(index);
        }
    }
    for indexes in owners.into_values().filter(|indexes| indexes.len() > 1) {
        let paths: Vec<&str> = indexes.iter().map(|i| seen[*i].path).collect();
        for index in &indexes {
            keys[*index] = Err(copied(&seen[*index], &paths));
        }
    }
}

fn copied(note: &Seen<'_>, paths: &[&str]) -> Error {
    Error::invalid("two notes claim to be the same one")
        .code("same-note")
        .at(Place::file(note.path))
        .detail("notes", paths.join(", "))
        .help("a copy needs an `id` of its own, or none")
}

fn name_taken(note: &Seen<'_>, now_at: &str) -> Error {
    Error::invalid(format!("`{}` is the earlier name of another note", note.path))
        .code("name-taken")
        .at(Place::file(note.path))
        .detail("that note is now", now_at)
        .help("give this note an `id` in its front matter: any short name that stays the same")
}

fn replaced(note: &Seen<'_>, key: &str, moved_to: &str) -> Error {
    Error::decision("a note seems to have moved, and another one to stand in its place")
        .code("moved")
        .at(Place::file(note.path))
        .detail("it was", key)
        .detail("it may now be", moved_to)
        .help(format!("if that is so: `id: {key}` in the front matter of `{moved_to}`, and an `id` of its own in the other"))
        .help("if it is a copy, give the copy an `id` of its own")
}

fn ambiguous(note: &Seen<'_>, several: &[&Head<'_>]) -> Error {
    let paths: Vec<&str> = several.iter().map(|r| r.path).collect();
    Error::decision("this note may have moved here, but from where cannot be told")
        .code("moved")
        .at(Place::file(note.path))
        .detail("it could be", paths.join(", "))
        .help("if it is one of them, say which: `id: THE-OLD-PATH` in its front matter")
        .help("if it is new, give it an `id` of its own")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record<'r>(note: &'r str, path: &'r str, title: &'r str, text: &str) -> Head<'r> {
        Head { format: 1, note, path, title, text: Digest::of(text.as_bytes()) }
    }

    fn seen<'n>(id: &'n str, path: &'n str, title: &'n str, text: &str) -> Seen<'n> {
        Seen { id, path, title: Some(title), text: Digest::of(text.as_bytes()) }
    }

    fn keys(
        seen: &[Seen<'_>],
        records: &[Head<'_>],
        files: &[&str],
    ) -> Vec<Result<String, Option<&'static str>>> {
        resolve(seen, records, &|path| files.contains(&path))
            .into_iter()
            .map(|r| r.map(|k| k.as_str().to_owned()).map_err(|e| e.name()))
            .collect()
    }

    #[test]
    fn a_note_that_moved_keeps_its_record_by_text_or_by_title() {
        let records = [record("a.md", "a.md", "A", "one")];
        assert_eq!(keys(&[seen("b.md", "b.md", "Z", "one")], &records, &["b.md"]), [Ok("a.md".into())]);
        assert_eq!(keys(&[seen("b.md", "b.md", "A", "two")], &records, &["b.md"]), [Ok("a.md".into())]);
    }

    #[test]
    fn a_copy_of_a_note_that_is_still_there_is_a_new_note() {
        let records = [record("a.md", "a.md", "A", "one")];
        assert_eq!(
            keys(&[seen("b.md", "b.md", "A", "one")], &records, &["a.md", "b.md"]),
            [Ok("b.md".into())]
        );
    }

    #[test]
    fn an_id_that_is_added_later_keeps_the_record() {
        let records = [record("a.md", "a.md", "A", "one")];
        assert_eq!(keys(&[seen("my-id", "a.md", "B", "two")], &records, &["a.md"]), [Ok("a.md".into())]);
    }

    #[test]
    fn a_moved_note_is_known_by_its_new_path_and_its_old_name_is_refused_to_others() {
        let records = [record("a.md", "b.md", "B", "two")];
        assert_eq!(keys(&[seen("b.md", "b.md", "B", "three")], &records, &["b.md"]), [Ok("a.md".into())]);
        assert_eq!(
            keys(&[seen("a.md", "a.md", "New", "new")], &records, &["a.md", "b.md"]),
            [Err(Some("name-taken"))]
        );
    }

    #[test]
    fn a_new_note_in_the_place_of_one_that_moved_is_not_taken_for_it() {
        let records = [record("a.md", "a.md", "A", "one")];
        let both = [seen("a.md", "a.md", "New", "new"), seen("b.md", "b.md", "A", "one")];
        let refused = [Err(Some("moved")), Err(Some("moved"))];
        assert_eq!(keys(&both, &records, &["a.md", "b.md"]), refused);
        let both = [seen("new", "a.md", "New", "new"), seen("b.md", "b.md", "A", "edited")];
        assert_eq!(keys(&both, &records, &["a.md", "b.md"]), refused);
        // As the hint says.
        let both = [seen("new", "a.md", "New", "new"), seen("a.md", "b.md", "A", "one")];
        assert_eq!(keys(&both, &records, &["a.md", "b.md"]), [Ok("new".into()), Ok("a.md".into())]);
        // Last week's note as a template for this week's is none of this.
        let both = [seen("a.md", "a.md", "A", "one"), seen("b.md", "b.md", "A", "one")];
        assert_eq!(keys(&both, &records, &["a.md", "b.md"]), [Ok("a.md".into()), Ok("b.md".into())]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused() {
        let records = [record("a.md", "a.md", "Weeknote", "one"), record("b.md", "b.md", "Weeknote", "two")];
        assert_eq!(
            keys(&[seen("c.md", "c.md", "Weeknote", "three")], &records, &["c.md"]),
            [Err(Some("moved"))]
        );
    }

    #[test]
    fn the_same_id_twice_is_an_error_for_both() {
        let both = [seen("x", "a.md", "A", "one"), seen("x", "b.md", "B", "two")];
        assert_eq!(keys(&both, &[], &["a.md", "b.md"]), [Err(Some("same-note")), Err(Some("same-note"))]);
    }

    #[test]
    fn two_notes_that_both_look_like_one_that_is_gone_are_refused() {
        let records = [record("a.md", "a.md", "A", "one")];
        let both = [seen("b.md", "b.md", "A", "two"), seen("c.md", "c.md", "A", "three")];
        assert_eq!(
            keys(&both, &records, &["b.md", "c.md"]),
            [Err(Some("same-note")), Err(Some("same-note"))]
        );
    }

    const KEYS: [&str; 3] = ["a.md", "b.md", "id"];
    const PATHS: [&str; 3] = ["a.md", "b.md", "c.md"];
    const TEXTS: [&str; 2] = ["one", "two"];

    /// A key, a path and a text.
    fn one() -> impl proptest::strategy::Strategy<Value = (usize, usize, usize)> {
        (0..KEYS.len(), 0..PATHS.len(), 0..TEXTS.len())
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]
        #[test]
        fn their_own_keys_are_what_comparing_all_gives(
            records in proptest::collection::vec((one(), proptest::bool::ANY), 0..4),
            notes in proptest::collection::vec(one(), 1..4),
            files in proptest::collection::vec(proptest::bool::ANY, PATHS.len()),
        ) {
            let (mut keys, mut paths) = (HashSet::new(), HashSet::new());
            let (mut still, mut others) = (Vec::new(), Vec::new());
            for ((key, path, text), is_still) in records.into_iter().filter(|((key, ..), _)| keys.insert(*key)) {
                let head = record(KEYS[key], PATHS[path], TEXTS[text], TEXTS[text]);
                // A note that is just what its record says is the one file there.
                if is_still && paths.insert(path) { still.push(head) } else { others.push(head) }
            }
            let note = |(id, path, text): (usize, usize, usize)| {
                seen(KEYS[id], PATHS[path], TEXTS[text], TEXTS[text])
            };
            let notes: Vec<Seen<'_>> =
                notes.into_iter().filter(|(_, path, _)| paths.insert(*path)).map(note).collect();
            let all: Vec<Seen<'_>> =
                still.iter().copied().map(Seen::from).chain(notes.iter().copied()).collect();
            let exists = |path: &str| {
                let is_there = PATHS.iter().position(|known| *known == path).is_some_and(|at| files[at]);
                is_there || all.iter().any(|seen| seen.path == path)
            };
            let heads = [&still[..], &others].concat();
            let resolved = resolve(&all, &heads, &exists).split_off(still.len());
            let resolved: Option<Vec<NoteId>> = resolved.into_iter().collect::<Result<_, _>>().ok();
            if let Some(own) = own(&notes, &others) {
                proptest::prop_assert_eq!(Some(own), resolved);
            }
        }
    }
}
