//! What a key's value may be: each function reads one kind of value and says what is wrong with
//! any other. `Ok(None)` is a key without a value, as templates leave them behind.

use super::{
    Status,
    tree::{Data, Entry, Value},
};
use crate::{
    error::{Error, nearest},
    note::{Audience, NoteDate, Source, directive},
};

/// What reading a value gives.
pub(super) type Read<T> = Result<Option<T>, Error>;

/// The longest `id`, in characters: it becomes part of file names in some ledgers.
const MAX_ID: usize = 100;
/// The same of an identity that is a path.
const MAX_PATH: usize = 1000;
/// The longest slug, in characters, that `WordPress` stores (its column `post_name`).
const MAX_SLUG: usize = 200;

/// Text of one or more lines, without white space at its ends.
pub(super) fn text(source: &Source, entry: &Entry) -> Read<String> {
    let Some(text) = scalar(source, entry, &entry.value)? else { return Ok(None) };
    let text = text.trim();
    if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(wrong(
            source,
            entry,
            format!("`{}` holds the control character U+{:04X}", entry.key, c as u32),
        ));
    }
    if text.lines().any(directive::is_suspect) {
        return Err(wrong(source, entry, format!("`{}` holds a line for internal passages", entry.key))
            .code("internal-directive")
            .help("nothing is cut out of the front matter: keep what is internal in the body"));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Text of one line: line ends become spaces.
pub(super) fn line(source: &Source, entry: &Entry) -> Read<String> {
    Ok(text(source, entry)?.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// A name, or a list of just one.
pub(super) fn author(source: &Source, entry: &Entry) -> Read<String> {
    let Some(mut names) = words(source, entry, false)? else { return Ok(None) };
    if names.len() > 1 {
        return Err(wrong(source, entry, format!("`{}` names {} people", entry.key, names.len()))
            .help("name one: a post has one author"));
    }
    Ok(names.pop())
}

/// A list of names; with `split`, also text with commas between them. Repetitions, which sites
/// tell apart no better than by letter case, count once.
pub(super) fn words(source: &Source, entry: &Entry, split: bool) -> Read<Vec<String>> {
    let listed: Vec<(usize, String)> = match &entry.value.data {
        Data::Empty => return Ok(None),
        Data::List(items) => items
            .iter()
            .map(|item| Ok((item.at, scalar(source, entry, item)?.unwrap_or_default().to_owned())))
            .collect::<Result<_, Error>>()?,
        _ => match text(source, entry)? {
            None => return Ok(None),
            Some(text) if split => text.split(',').map(|part| (entry.value.at, part.to_owned())).collect(),
            Some(text) => vec![(entry.value.at, text)],
        },
    };
    let mut names: Vec<String> = Vec::new();
    for (at, raw) in listed {
        let name = name(source, entry, at, &raw)?;
        if !names.iter().any(|known| known.to_lowercase() == name.to_lowercase()) {
            names.push(name);
        }
    }
    Ok(Some(names))
}

fn name(source: &Source, entry: &Entry, at: usize, raw: &str) -> Result<String, Error> {
    let (problem, help) = if raw.trim().is_empty() {
        ("is empty", "remove it; text that begins with `#` must stand between quotes")
    } else if raw.contains(char::is_control) {
        ("holds a control character", "write it again")
    } else if directive::is_suspect(raw) {
        ("looks like a line for internal passages", "keep what is internal in the body")
    } else {
        return Ok(raw.split_whitespace().collect::<Vec<_>>().join(" "));
    };
    Err(Error::invalid(format!("an entry of `{}` {problem}", entry.key))
        .code("bad-value")
        .at(source.place(at))
        .help(help))
}

/// `true` or `false`.
pub(super) fn boolean(source: &Source, entry: &Entry) -> Result<bool, Error> {
    match required(source, entry)?.as_str() {
        "true" | "True" | "TRUE" => Ok(true),
        "false" | "False" | "FALSE" => Ok(false),
        other => {
            Err(wrong(source, entry, format!("`{}` is `{other}`", entry.key)).help("write `true` or `false`"))
        }
    }
}

/// One of the four states.
pub(super) fn status(source: &Source, entry: &Entry) -> Result<Status, Error> {
    choice(source, entry, &[Status::Draft, Status::Pending, Status::Private, Status::Publish], |s| {
        s.as_str().to_owned()
    })
}

/// One of the two audiences.
pub(super) fn audience(source: &Source, entry: &Entry) -> Read<Audience> {
    choice(source, entry, &[Audience::Public, Audience::Internal], ToString::to_string).map(Some)
}

fn choice<T: Copy>(
    source: &Source,
    entry: &Entry,
    all: &[T],
    word: impl Fn(&T) -> String,
) -> Result<T, Error> {
    let given = required(source, entry)?;
    let words: Vec<String> = all.iter().map(word).collect();
    if let Some(at) = words.iter().position(|known| *known == given) {
        return Ok(all[at]);
    }
    let error = wrong(source, entry, format!("`{}` cannot be `{given}`", entry.key));
    Err(match nearest(&given, words.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("write one of: {}", words.join(", "))),
    })
}

/// A date.
pub(super) fn date(source: &Source, entry: &Entry) -> Read<NoteDate> {
    let Some(text) = text(source, entry)? else { return Ok(None) };
    NoteDate::parse(&text).map(Some).map_err(|reason| {
        wrong(source, entry, format!("`{}` is no date: {reason}", entry.key))
            .help("write `2026-11-23`, `2026-11-23 14:30`, or `2026-11-23T14:30:00+01:00`")
    })
}

/// An identity: letters, digits, `-`, `_` and `.`; or the path that the note had before it moved,
/// which is the identity of a note that was given none.
pub(super) fn id(source: &Source, entry: &Entry) -> Read<String> {
    let id = required(source, entry)?;
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let plain = id.chars().all(fine) && id.starts_with(|c: char| c.is_ascii_alphanumeric());
    let path =
        std::path::Path::new(&id).extension().is_some_and(|e| e == "md") && !id.contains(char::is_control);
    if (plain && id.len() <= MAX_ID) || (path && id.len() <= MAX_PATH) {
        return Ok(Some(id));
    }
    Err(wrong(source, entry, format!("`{}` cannot be `{id}`", entry.key)).help(format!(
        "use up to {MAX_ID} of the letters a to z, digits, `-`, `_` and `.`, beginning with a letter or digit; or the path that the note had before it moved"
    )))
}

/// A slug: lower-case letters, digits, single hyphens between them.
pub(super) fn slug(source: &Source, entry: &Entry) -> Read<String> {
    let Some(given) = text(source, entry)? else { return Ok(None) };
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let hyphens = given.starts_with('-') || given.ends_with('-') || given.contains("--");
    if given.chars().all(fine) && !hyphens && given.len() <= MAX_SLUG {
        return Ok(Some(given));
    }
    let error = wrong(source, entry, format!("`{}` cannot be `{given}`", entry.key)).help(format!(
        "use up to {MAX_SLUG} lower-case letters a to z and digits, with single hyphens between them"
    ));
    let mut better = slug::slugify(&given);
    better.truncate(MAX_SLUG);
    Err(if better.is_empty() {
        error
    } else {
        error.help(format!("it would be `{}`", better.trim_end_matches('-')))
    })
}

/// An absolute web address, without a user name or password in it.
pub(super) fn web_address(source: &Source, entry: &Entry) -> Read<String> {
    let Some(given) = text(source, entry)? else { return Ok(None) };
    let problem = match url::Url::parse(&given) {
        Err(_) => "is not an absolute URL",
        Ok(url) if !matches!(url.scheme(), "http" | "https") => "is not an address of the web",
        Ok(url) if !url.username().is_empty() || url.password().is_some() => "holds a user name or password",
        Ok(_) if given.contains(char::is_whitespace) => "holds white space",
        Ok(_) => return Ok(Some(given)),
    };
    Err(wrong(source, entry, format!("`{}` {problem}", entry.key))
        .help("write it as `https://example.org/post`"))
}

/// A picture: a path beside the note, or a web address.
pub(super) fn picture(source: &Source, entry: &Entry) -> Read<String> {
    let Some(given) = line(source, entry)? else { return Ok(None) };
    match url::Url::parse(&given) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            Err(wrong(source, entry, format!("`{}` is neither a path nor an address of the web", entry.key))
                .help("write a path from the note's folder, or an `https://` URL"))
        }
        _ => Ok(Some(given)),
    }
}

/// Text for a key that must not be left empty: an empty `audience:` may have been meant to keep
/// something inside.
fn required(source: &Source, entry: &Entry) -> Result<String, Error> {
    line(source, entry)?.ok_or_else(|| {
        wrong(source, entry, format!("`{}` has no value", entry.key)).help("give it one, or remove the line")
    })
}

fn scalar<'a>(source: &Source, entry: &Entry, value: &'a Value) -> Result<Option<&'a str>, Error> {
    match &value.data {
        Data::Empty => Ok(None),
        Data::Text(text) | Data::Word(text) => Ok(Some(text)),
        Data::List(_) | Data::Table(_) => {
            Err(Error::invalid(format!("`{}` holds {} where text belongs", entry.key, value.data.kind()))
                .code("bad-value")
                .at(source.place(value.at))
                .help("text that begins with `[` or `{`, or holds `: `, must stand between quotes"))
        }
    }
}

/// An error about an entry's value, or about its key where there is no value to point at.
pub(super) fn wrong(source: &Source, entry: &Entry, message: String) -> Error {
    let at = if matches!(entry.value.data, Data::Empty) { entry.at } else { entry.value.at };
    Error::invalid(message).code("bad-value").at(source.place(at))
}
