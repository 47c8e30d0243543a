//! What `doctor` says of a described API: every operation that changes nothing is tried.

use super::{
    config::{Config, Find},
    connection::Connection,
    errors::{self, Outcome},
    find,
    names::{Values, WANTED},
    post::Shown,
};
use crate::{
    note::{Marker, NoteId},
    targets::diagnosis::Diagnosis,
};

/// Walks through the operations that do not write.
pub async fn diagnose(connection: &Connection) -> Vec<Diagnosis> {
    let config = connection.config();
    let mut all = vec![match connection.check().await {
        Ok(Some(who)) => Diagnosis::good(format!("`check`: the server knows us as {who}")),
        Ok(None) => Diagnosis::doubtful("`check`: answered, but it does not say as whom")
            .help("if a stranger is answered too, say with `who` where the answer names the account"),
        Err(error) => return vec![Diagnosis::from(&error)],
    }];
    let mut known = None;
    if let Some(described) = &config.find {
        let (said, id) = finding(connection, described).await;
        all.push(said);
        known = id;
    } else {
        all.push(Diagnosis::doubtful(
            "there is no `find`: a note is sent at most once, and after a lost answer a person must look",
        ));
    }
    if config.fetch.is_some() {
        all.push(fetching(connection, known.as_deref()).await);
    }
    all.extend(missing(config));
    all
}

/// Looks for a post that there is not, or at the list of all.
async fn finding(connection: &Connection, find: &Find) -> (Diagnosis, Option<String>) {
    let marker = Marker::derive("crosspost doctor", &NoteId::of_path("nothing"), connection.target());
    let values = Values::default()
        .with_text("marker", &marker.to_string())
        .with_text("title", "crosspost doctor")
        .with_text("slug", "crosspost-doctor");
    let rows = match find::rows(connection, find, &values).await {
        Ok(rows) => rows,
        Err(error) => return (Diagnosis::from(&error), None),
    };
    let id = rows.iter().find_map(|said| Shown::read(connection.config(), said, None));
    let id = id.map(|shown| shown.remote.id.0);
    let listed = !WANTED.iter().any(|name| find.operation.names(name));
    let said = match (listed, rows.len(), &id) {
        (_, 0, _) => Diagnosis::good("`find`: a post that is not there is not found"),
        (true, count, Some(_)) => Diagnosis::good(format!("`find`: lists {count} posts")),
        (false, count, Some(_)) => {
            Diagnosis::doubtful(format!("`find`: a made-up marker finds {count} posts, none of them ours"))
                .help("every look reads them all: let `find` search for `{{ marker }}`")
        }
        (_, count, None) => Diagnosis::bad(format!("`find`: answers {count} posts without an id"))
            .help("correct `id` in `post`"),
    };
    (said, id)
}

/// Looks at a post that is there, if one is known, or at one that is not.
async fn fetching(connection: &Connection, known: Option<&str>) -> Diagnosis {
    let id = known.unwrap_or("0");
    let Some(operation) = &connection.config().fetch else { return Diagnosis::good("") };
    match connection.read(operation, &Values::default().with_text("id", id)).await {
        Ok(Outcome::Done(said)) => {
            let shown = Shown::read(connection.config(), &said, None);
            match shown.filter(|shown| shown.is_complete(&connection.config().post)) {
                Some(_) => Diagnosis::good("`fetch`: shows a post with all its parts"),
                None => Diagnosis::doubtful("`fetch`: answers, but not with all parts of a post")
                    .help("check `at` in `fetch`, and `id`, `lock` and `parts` in `post`"),
            }
        }
        Ok(Outcome::Absent(words)) => {
            Diagnosis::good(format!("`fetch`: a post that is not there is told ({words})"))
        }
        Ok(other) => Diagnosis::from(&errors::explain(connection, "show a post", &other)).help(
            "if that is its answer for a post that is not there, add the status to `absent_on` in `fetch`",
        ),
        Err(error) => Diagnosis::from(&error),
    }
}

fn missing(config: &Config) -> Vec<Diagnosis> {
    let mut all = Vec::new();
    if config.update.is_none() {
        all.push(Diagnosis::doubtful("there is no `update`: changed notes are to be edited by hand"));
    } else if config.post.lock.is_none() {
        all.push(
            Diagnosis::doubtful(
                "there is no `lock`: an edit in the moment between looking and writing is lost",
            )
            .help("where the server has a version or an ETag, name it in `post` and send it with `update`"),
        );
    }
    if config.upload.is_none() {
        all.push(Diagnosis::doubtful("there is no `upload`: pictures become their alternative text"));
    }
    all
}
