//! From the tree to [`FrontMatter`]: every key is looked up, every value is read, and every
//! problem is kept, so that an author mends all of them at once.

use std::collections::BTreeMap;

use super::{
    FrontMatter, Overrides, Status, TargetChoice, Targets,
    keys::{self, Key},
    read::{self, Read},
    tree::{Data, Entry},
};
use crate::{
    error::{Error, Place, nearest},
    note::Source,
};

/// Reads the whole tree.
pub(super) fn front_matter(
    source: &Source,
    entries: Vec<Entry>,
    ignore: &[String],
) -> Result<FrontMatter, Vec<Error>> {
    let mut reader = Reader { source, ignore, errors: Vec::new() };
    let table = reader.sort(entries, None);
    let meta = FrontMatter {
        id: reader.field(&table, "id", read::id),
        audience: reader.field(&table, "audience", read::audience),
        author: reader.field(&table, "author", read::author),
        targets: reader.targets(&table),
        own: reader.overrides(&table),
        target_places: places_of_targets(source, &table),
        places: table.iter().rev().map(|(key, entry)| (key.name, source.place(entry.at))).collect(),
    };
    let mut errors = reader.errors;
    errors.sort_by(|a, b| a.place().cmp(&b.place()));
    if errors.is_empty() { Ok(meta) } else { Err(errors) }
}

/// Where each target of the table `targets` stands.
fn places_of_targets(source: &Source, table: &Sorted) -> BTreeMap<String, Place> {
    let choices = table.iter().filter(|(key, _)| key.name == "targets").flat_map(|(_, entry)| {
        let Data::Table(choices) = &entry.value.data else { return &[][..] };
        choices
    });
    choices.map(|choice| (choice.key.clone(), source.place(choice.at))).collect()
}

/// Entries with the key that each means, in the order of the file.
type Sorted = Vec<(&'static Key, Entry)>;

struct Reader<'a> {
    source: &'a Source,
    ignore: &'a [String],
    errors: Vec<Error>,
}

impl Reader<'_> {
    /// Looks every key up. In a target's table only the keys that may differ are known.
    fn sort(&mut self, entries: Vec<Entry>, target: Option<&str>) -> Sorted {
        let mut sorted = Sorted::new();
        for entry in entries {
            let own = keys::KEYS.iter().any(|key| key.name == entry.key);
            if !own && self.ignore.contains(&entry.key) {
                continue;
            }
            match (keys::find(&entry.key), target) {
                (Some(key), Some(target)) if !key.per_target => {
                    self.errors.push(self.not_here(&entry, target));
                }
                (Some(key), _) => sorted.push((key, entry)),
                (None, _) => self.errors.push(self.unknown(&entry)),
            }
        }
        sorted
    }

    fn not_here(&self, entry: &Entry, target: &str) -> Error {
        Error::invalid(format!("`{}` cannot differ for the target `{target}`", entry.key))
            .code("unknown-key")
            .at(self.source.place(entry.at))
            .help("it holds for the whole note: move it to the top level")
    }

    fn unknown(&self, entry: &Entry) -> Error {
        let key = &entry.key;
        let error = Error::invalid(format!("unknown key `{key}` in the front matter"))
            .code("unknown-key")
            .at(self.source.place(entry.at));
        match nearest(key, keys::words()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None if key == "permalink" => {
                error.help("`slug` is the last part of the address; `canonical` is the original's URL")
            }
            None => error.help(format!(
                "remove it, or pass it over: `[front_matter] ignore = [\"{key}\"]` in crosspost.toml"
            )),
        }
    }

    /// The value of a key, whichever of its words it stands under. Two words that say different
    /// things are an error.
    fn field<T: PartialEq>(
        &mut self,
        table: &Sorted,
        name: &str,
        read: impl Fn(&Source, &Entry) -> Read<T>,
    ) -> Option<T> {
        let mut found: Option<(&Entry, T)> = None;
        for (_, entry) in table.iter().filter(|(key, _)| key.name == name) {
            match (read(self.source, entry), &found) {
                (Err(error), _) => self.errors.push(error),
                (Ok(Some(value)), None) => found = Some((entry, value)),
                (Ok(Some(value)), Some((first, known))) if *known != value => {
                    self.errors.push(contradiction(self.source, first, entry));
                }
                (Ok(_), _) => {}
            }
        }
        found.map(|(_, value)| value)
    }

    fn overrides(&mut self, table: &Sorted) -> Overrides {
        let words = |source: &Source, entry: &Entry| read::words(source, entry, true);
        Overrides {
            title: self.field(table, "title", read::line),
            slug: self.field(table, "slug", read::slug),
            date: self.field(table, "date", read::date),
            status: self.status(table),
            tags: self.field(table, "tags", words),
            categories: self.field(table, "categories", words),
            taxonomies: self.field(table, "taxonomies", read::terms),
            excerpt: self.field(table, "excerpt", read::text),
            image: self.field(table, "image", read::picture),
            image_alt: self.field(table, "image_alt", read::line),
            canonical: self.field(table, "canonical", read::web_address),
        }
    }

    /// `status`, `draft` and `published` together. `draft: false` goes with every state but draft,
    /// `published: false` with draft and pending.
    fn status(&mut self, table: &Sorted) -> Option<Status> {
        let mut claims: Vec<(&Entry, &[Status])> = Vec::new();
        for (_, entry) in table.iter().filter(|(key, _)| key.name == "status") {
            match claim(self.source, entry) {
                Ok(allowed) => claims.push((entry, allowed)),
                Err(error) => self.errors.push(error),
            }
        }
        let allowed_by_all = |status: &Status| claims.iter().all(|(_, allowed)| allowed.contains(status));
        let meant = claims.iter().filter_map(|(_, allowed)| allowed.first().copied()).find(allowed_by_all);
        if let (None, [(first, _), .., (last, _)]) = (meant, claims.as_slice()) {
            self.errors.push(contradiction(self.source, first, last));
        }
        meant
    }

    fn targets(&mut self, table: &Sorted) -> Targets {
        let Some((_, entry)) = table.iter().find(|(key, _)| key.name == "targets") else {
            return Targets::All;
        };
        match &entry.value.data {
            Data::Table(choices) => self.choices(choices),
            Data::Empty => {
                self.errors.push(
                    read::wrong(self.source, entry, "`targets` has no value".to_owned()).help(
                        "list the targets, as `[blog]`; write `[]` for none, or remove the line for all",
                    ),
                );
                Targets::All
            }
            _ => match read::words(self.source, entry, true) {
                Ok(names) => Targets::Only(names.unwrap_or_default()),
                Err(error) => {
                    self.errors.push(error);
                    Targets::All
                }
            },
        }
    }

    fn choices(&mut self, choices: &[Entry]) -> Targets {
        let mut all = BTreeMap::new();
        for entry in choices {
            let choice = match &entry.value.data {
                Data::Table(_) => self.differences(entry),
                _ => match read::boolean(self.source, entry) {
                    Ok(true) => TargetChoice::Take(Box::default()),
                    Ok(false) => TargetChoice::Leave,
                    Err(error) => {
                        self.errors.push(error.help("or a table of what differs at this target"));
                        continue;
                    }
                },
            };
            all.insert(entry.key.clone(), choice);
        }
        Targets::Choices(all)
    }

    fn differences(&mut self, entry: &Entry) -> TargetChoice {
        let Data::Table(entries) = &entry.value.data else { return TargetChoice::Leave };
        let sorted = self.sort(entries.clone(), Some(&entry.key));
        TargetChoice::Take(Box::new(self.overrides(&sorted)))
    }
}

/// The states that one of the three keys leaves open, the one it means by itself first.
fn claim(source: &Source, entry: &Entry) -> Result<&'static [Status], Error> {
    use Status::{Draft, Pending, Private, Publish};
    Ok(match entry.key.as_str() {
        "draft" if read::boolean(source, entry)? => &[Draft],
        "draft" => &[Publish, Pending, Private],
        "published" if read::boolean(source, entry)? => &[Publish, Private],
        "published" => &[Draft, Pending],
        _ => match read::status(source, entry)? {
            Draft => &[Draft],
            Pending => &[Pending],
            Private => &[Private],
            Publish => &[Publish],
        },
    })
}

fn contradiction(source: &Source, first: &Entry, second: &Entry) -> Error {
    let line = source.place(first.at).line;
    Error::invalid(format!("`{}` says something else than `{}` on line {line}", second.key, first.key))
        .code("contradiction")
        .at(source.place(second.at))
        .help(format!(
            "both mean the same to crosspost: keep one, or pass `{}` over with `[front_matter] ignore`",
            second.key
        ))
}
