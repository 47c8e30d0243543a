//! What must hold between the operations, so that the promises do.

use toml::Spanned;

use super::{Config, raw};
use crate::{
    error::Error,
    targets::http::{
        names::WANTED,
        operation::Operation,
        post::{CONTENT, TITLE},
    },
};

/// A rule that is broken, and the part of the table that breaks it.
pub(super) struct Broken {
    /// The error, without a place.
    pub error: Error,
    /// The place; `None` for the table as a whole.
    pub place: Option<Spanned<()>>,
}

/// Holds a table to all rules.
pub(super) fn check(config: &Config, raw: &raw::Raw) -> Result<(), Broken> {
    create(config, raw)?;
    find(config, raw)?;
    update(config, raw)?;
    publish(config, raw)
}

fn broken<T>(place: Option<&Spanned<T>>, error: Error) -> Result<(), Broken> {
    Err(Broken { error, place: place.map(|value| Spanned::new(value.span(), ())) })
}

/// What is created carries the mark, or it could never be found again.
fn create(config: &Config, raw: &raw::Raw) -> Result<(), Broken> {
    let place = raw.create.as_ref();
    marks(config, &config.create, place)?;
    if !config.idempotent {
        return Ok(());
    }
    let value = place.and_then(|create| create.get_ref().idempotent.as_ref());
    if !config.create.names("marker") {
        return broken(
            value,
            Error::invalid("`create` cannot be `idempotent` without `{{ marker }}`")
                .help("what makes it so is that the post's id or address is made of the marker"),
        );
    }
    if config.create.exists_on.is_empty() {
        return broken(value, Error::invalid("an `idempotent` create does not say with which status it tells that the post is there")
            .help("add `exists_on = [412]`, and a header as `If-None-Match = \"*\"`: else it would overwrite what is there"));
    }
    Ok(())
}

/// A write carries the mark where posts keep it.
fn marks<T>(config: &Config, operation: &Operation, place: Option<&Spanned<T>>) -> Result<(), Broken> {
    let (name, body) = (operation.name, operation.body.as_ref());
    let named = |word: &str| body.is_some_and(|body| body.names(word));
    if config.post.mark.is_some() && !named("mark") {
        return broken(
            place,
            Error::invalid(format!("`{name}` does not send the `{{{{ mark }}}}` that `post.mark` reads")),
        );
    }
    if config.post.mark.is_none() && !named("body") && !named("mark") {
        return broken(place, Error::invalid(format!("`{name}` sends neither `{{{{ body }}}}` nor `{{{{ mark }}}}`: its post could not be found again"))
            .help("the mark stands as a comment at the end of `{{ body }}`; a server that removes comments needs a field for `{{ mark }}`"));
    }
    Ok(())
}

fn find(config: &Config, raw: &raw::Raw) -> Result<(), Broken> {
    let Some(find) = &config.find else { return Ok(()) };
    let place = raw.find.as_ref();
    let asks = WANTED.iter().any(|name| find.operation.names(name));
    match (&find.list, &find.next) {
        (None, Some(_)) => broken(place, Error::invalid("`next` means nothing without `list`")),
        (None, None) if !asks => broken(
            place,
            Error::invalid("`find` does not name `{{ marker }}`, and gives no `list`").help(
                "let it ask for the post of the marker, or list all posts and say in `list` where they are",
            ),
        ),
        _ => Ok(()),
    }
}

/// An update overwrites: what it would overwrite must be seen first.
fn update(config: &Config, raw: &raw::Raw) -> Result<(), Broken> {
    let place = raw.update.as_ref();
    let Some(update) = &config.update else {
        return match (&config.post.lock, &raw.post.lock) {
            (Some(_), value) => {
                broken(value.as_ref(), Error::invalid("`lock` means nothing without `update`"))
            }
            _ => Ok(()),
        };
    };
    if config.fetch.is_none() {
        return broken(
            place,
            Error::invalid("`update` needs a `fetch`: else it would overwrite what somebody edited there"),
        );
    }
    for part in [TITLE, CONTENT] {
        if !config.post.parts.contains_key(part) {
            return broken(
                place,
                Error::invalid(format!(
                    "`update` needs `parts.{part}` in `post`: else edits there would not be seen"
                ))
                .help(
                    "say where in a post it stands, as `parts = { title = \"/title\", content = \"/body\" }`",
                ),
            );
        }
    }
    if config.post.lock.is_some() && !update.names("lock") {
        return broken(
            place,
            Error::invalid("`lock` is read and never sent back")
                .help("send it with `update`, as `headers = { If-Match = \"{{ lock }}\" }` or in its body"),
        );
    }
    if config.post.lock.is_none() && update.names("lock") {
        return broken(
            place,
            Error::invalid("`update` sends a `lock`, and `post` does not say where it is read"),
        );
    }
    marks(config, update, place)
}

fn publish(config: &Config, raw: &raw::Raw) -> Result<(), Broken> {
    if config.publish.is_some() && (config.post.published.is_none() || config.fetch.is_none()) {
        return broken(
            raw.publish.as_ref(),
            Error::invalid(
                "`publish` needs `published` in `post`, and a `fetch`: else nobody knows whether it was done",
            )
            .help("say what a post has once everybody sees it, as `published = \"/published_at\"`"),
        );
    }
    Ok(())
}
