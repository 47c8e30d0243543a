//! The tables of the targets: each is read by its kind's driver.

use std::{borrow::Cow, path::Path, sync::Arc};

use jiff::tz::TimeZone;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    common::{self, COMMON_KEYS},
    table::Table,
    text::{ConfigText, at},
};
use crate::{
    error::{Error, Place, Result, nearest},
    note::Audience,
    targets::{DRIVERS, Target},
};

/// A key of a table and its value.
type Entry<'a> = (Spanned<Cow<'a, str>>, Spanned<DeValue<'a>>);

/// Reads all of them, in the order of the file.
pub fn read(
    source: &ConfigText,
    root: &Path,
    timezone: &TimeZone,
    entry: Option<Entry<'_>>,
) -> Result<Vec<Arc<dyn Target>>> {
    let none = || {
        Error::invalid("no target is configured")
            .at(Place::file(&source.shown))
            .help("add a table as `[targets.blog]`; `crosspost init` writes one")
    };
    let Some((key, value)) = entry else { return Err(none()) };
    let DeValue::Table(tables) = value.into_inner() else {
        return Err(
            at(source, &key, Error::invalid("`targets` is not a table")).help("write `[targets.blog]`")
        );
    };
    let mut entries: Vec<Entry<'_>> = tables.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut targets = Vec::new();
    for (name, value) in entries {
        targets.push(read_target(source, root, timezone, &name, value)?);
    }
    if targets.is_empty() {
        return Err(none());
    }
    check_canonical(source, &targets)?;
    Ok(targets)
}

fn read_target<'a>(
    source: &'a ConfigText,
    root: &Path,
    timezone: &TimeZone,
    name: &Spanned<Cow<'a, str>>,
    value: Spanned<DeValue<'a>>,
) -> Result<Arc<dyn Target>> {
    let path = format!("targets.{}", name.get_ref());
    check_name(source, name)?;
    let span = name.span();
    let DeValue::Table(table) = value.into_inner() else {
        return Err(at(source, name, Error::invalid(format!("`{path}` is not a table"))));
    };
    let mut table = Table { file: source, path, entries: table, span };
    let driver = take_driver(source, &mut table)?;
    let mut common = DeTable::new();
    for key in COMMON_KEYS {
        if let Some((key, value)) = table.take(key) {
            common.insert(key, value);
        }
    }
    let common = Table { file: source, path: table.path.clone(), entries: common, span: table.span.clone() };
    let common = common::read(source, root, timezone, name, common)?;
    driver.configure(common, table)
}

fn check_name(source: &ConfigText, name: &Spanned<Cow<'_, str>>) -> Result<()> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.get_ref().chars().all(fine) && name.get_ref().starts_with(|c: char| c.is_ascii_lowercase()) {
        return Ok(());
    }
    Err(at(source, name, Error::invalid(format!("`{}` cannot be a target's name", name.get_ref())))
        .help("use lower-case letters, digits, `-` and `_`, beginning with a letter"))
}

fn take_driver(source: &ConfigText, table: &mut Table<'_>) -> Result<&'static dyn crate::targets::Driver> {
    let kinds: Vec<&str> = DRIVERS.iter().map(|d| d.kind()).collect();
    let Some((key, value)) = table.take("kind") else {
        return Err(table
            .error(format!("`{}` does not say its `kind`", table.path))
            .help(format!("add `kind = \"…\"`, one of: {}", kinds.join(", "))));
    };
    let DeValue::String(kind) = value.get_ref() else {
        return Err(at(source, &key, Error::invalid("`kind` is not a string")));
    };
    DRIVERS.iter().find(|d| d.kind() == kind.as_ref()).copied().ok_or_else(|| {
        let error = at(source, &value, Error::invalid(format!("unknown kind of target `{kind}`")));
        match nearest(kind, kinds.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("known kinds: {}", kinds.join(", "))),
        }
    })
}

/// Each `canonical` names another target, and following them ends.
fn check_canonical(source: &ConfigText, targets: &[Arc<dyn Target>]) -> Result<()> {
    let find = |name: &str| targets.iter().find(|t| t.common().name == name);
    for target in targets {
        let mut seen = vec![target.common().name.as_str()];
        let mut next = target.common().canonical.as_deref();
        while let Some(name) = next {
            let place = Place::file(&source.shown);
            let Some(other) = find(name) else {
                let names = targets.iter().map(|t| t.common().name.as_str());
                let error = Error::invalid(format!(
                    "`{}` takes its canonical URL from `{name}`, which is no target",
                    seen[seen.len() - 1]
                ))
                .at(place);
                return Err(match nearest(name, names) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error,
                });
            };
            if seen.contains(&name) {
                return Err(Error::invalid(format!(
                    "the canonical targets go in a circle: {} → {name}",
                    seen.join(" → ")
                ))
                .at(place));
            }
            if target.common().audience == Audience::Public && other.common().audience == Audience::Internal {
                return Err(Error::invalid(format!(
                    "the public target `{}` would name the internal target `{name}` as its original",
                    target.common().name
                ))
                .at(place)
                .help("an internal address must not stand in a public post: choose a public target"));
            }
            seen.push(name);
            next = other.common().canonical.as_deref();
        }
    }
    Ok(())
}
