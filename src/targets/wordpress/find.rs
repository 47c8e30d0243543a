//! Looking for posts: ours by their marker, others' by slug.

use std::collections::BTreeSet;

use reqwest::Method;

use super::{
    connection::Connection,
    errors::{self, Refusal},
    posts::{PUBLIC_FIELDS, Post, asked},
    text, who,
};
use crate::{
    error::{Error, Result},
    targets::{Fetched, Found, Remote, RemoteId, Wanted, client::Answer},
};

/// Up to so many notes are looked for one by one; more by listing all posts with any marker.
const SINGLY: usize = 3;
/// Most posts that a request may ask for.
const PAGE: usize = 100;
/// All states; `any` leaves out the trash (WordPress fact 15).
const EVERYWHERE: &str = "any,trash";

/// Rows of a list, and how many the site counted: it counts before it takes out what this user
/// may not edit (WordPress fact 16).
pub struct Rows {
    /// The posts that this user may see.
    pub posts: Vec<Post>,
    total: usize,
    pages: usize,
}

/// Looks for posts by marker, in an order of the site's choosing.
///
/// With `lookalikes`, also for posts of others, where none of ours is found: a lookalike has the
/// slug that the note asks for, or that WordPress would make of its title. One request for a
/// hundred notes. What this does not see is a draft that never had a slug.
///
/// # Errors
/// When the site cannot be asked; when it has a post of ours that this user may not see.
pub async fn find(connection: &Connection, wanted: &[Wanted], lookalikes: bool) -> Result<Vec<Found>> {
    let mut found = vec![Found::default(); wanted.len()];
    let listed = wanted.len() > SINGLY && list_marked(connection, wanted, &mut found).await?;
    if !listed {
        for (wanted, found) in wanted.iter().zip(&mut found) {
            if found.ours.is_empty() {
                found.ours = find_one(connection, wanted).await?;
            }
        }
    }
    if lookalikes {
        find_lookalikes(connection, wanted, &mut found).await?;
    }
    Ok(found)
}

/// One note's posts. The marker's token is searched for, not the whole comment (WordPress fact
/// 18), and must stand in the stored text: what a search finds is only likely.
async fn find_one(connection: &Connection, wanted: &Wanted) -> Result<Vec<Remote>> {
    let (token, fields) = (wanted.marker.token(), asked(connection.config()));
    let rows = list(
        connection,
        &[("search", &token), ("status", EVERYWHERE), ("context", "edit"), ("_fields", &fields)],
    )
    .await?;
    if rows.total > rows.posts.len() {
        return Err(Error::failed(format!(
            "the target `{}` has a post of this note that the user `{}` may not edit",
            connection.target(),
            connection.config().user
        ))
        .code("hidden-post")
        .detail("marker", token)
        .help("give the user the role Editor, or make it the post's author again"));
    }
    Ok(rows.posts.iter().filter(|post| post.markers().contains(&wanted.marker)).map(Post::remote).collect())
}

/// Lists all posts with any marker, page by page. `false` where that did not settle everything,
/// since some rows are hidden or there are more pages than notes.
async fn list_marked(connection: &Connection, wanted: &[Wanted], found: &mut [Found]) -> Result<bool> {
    let (mut seen, mut page) = (0, 1);
    let fields = asked(connection.config());
    loop {
        let number = page.to_string();
        let query = [
            ("search", "crosspost:"),
            ("status", EVERYWHERE),
            ("context", "edit"),
            ("orderby", "id"),
            ("order", "asc"),
            ("page", &number),
            ("_fields", &fields),
        ];
        let rows = list(connection, &query).await?;
        seen += rows.posts.len();
        for post in &rows.posts {
            let markers = post.markers();
            for (wanted, found) in wanted.iter().zip(found.iter_mut()) {
                if markers.contains(&wanted.marker) {
                    found.ours.push(post.remote());
                }
            }
        }
        if page >= rows.pages {
            return Ok(seen >= rows.total);
        }
        if rows.pages - page > wanted.len() {
            return Ok(false);
        }
        page += 1;
    }
}

async fn find_lookalikes(connection: &Connection, wanted: &[Wanted], found: &mut [Found]) -> Result<()> {
    let slugs: Vec<Option<String>> = wanted
        .iter()
        .zip(found.iter())
        .map(|(wanted, found)| {
            let slug = text::slug_guess(wanted.slug.as_ref().unwrap_or(&wanted.title));
            (found.ours.is_empty() && !slug.is_empty()).then_some(slug)
        })
        .collect();
    let asked: Vec<&str> =
        slugs.iter().flatten().map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect();
    for batch in asked.chunks(PAGE) {
        let slugs_of_batch = batch.join(",");
        let query = [("slug", slugs_of_batch.as_str()), ("status", "any"), ("_fields", PUBLIC_FIELDS)];
        let rows = list(connection, &query).await?;
        for post in &rows.posts {
            for ((slug, wanted), found) in slugs.iter().zip(wanted).zip(found.iter_mut()) {
                if slug.as_deref() == Some(&post.slug) && !post.markers().contains(&wanted.marker) {
                    found.lookalikes.push(post.remote());
                }
            }
        }
    }
    Ok(())
}

/// One page of a list, up to a hundred posts.
///
/// # Errors
/// When the site cannot be asked.
pub async fn list(connection: &Connection, query: &[(&str, &str)]) -> Result<Rows> {
    let query = [&[("per_page", "100")], query].concat();
    let answer = connection.read_posts(Method::GET, None, &query).await?;
    if !answer.status.is_success() {
        return Err(who::explain(connection, "list its posts", &answer).await);
    }
    let posts: Vec<Post> = errors::parse(&answer).map_err(|e| unreadable(connection, e))?;
    let number = |name: &str| answer.header(name).and_then(|text| text.parse::<usize>().ok());
    let (total, pages) = (number("x-wp-total"), number("x-wp-totalpages"));
    // Both headers are always there; a proxy that removes them must not make "none" out of it.
    let total = total.unwrap_or(if posts.len() < PAGE { posts.len() } else { usize::MAX });
    Ok(Rows { posts, total, pages: pages.unwrap_or(1) })
}

/// Looks at a post whose id is known.
///
/// # Errors
/// When the site cannot be asked, or does not take us for the configured user: a stranger, too, is
/// told that there is no such post.
pub async fn fetch(connection: &Connection, id: &RemoteId) -> Result<Fetched> {
    let fields = asked(connection.config());
    let query = [("context", "edit"), ("_fields", fields.as_str())];
    let answer = connection.read_posts(Method::GET, Some(id), &query).await?;
    if answer.status.is_success() {
        let post: Post = post(&answer).map_err(|e| unreadable(connection, e))?;
        return Ok(Fetched::Present(Box::new(post.remote())));
    }
    if errors::refusal(&answer) == Refusal::NotThere {
        who::me(connection).await?;
        return Ok(Fetched::Gone);
    }
    Err(who::explain(connection, "show the post", &answer).await)
}

/// The post in an answer.
///
/// # Errors
/// When there is none: no JSON, or JSON without an id.
pub fn post(answer: &Answer) -> Result<Post, String> {
    let post: Post = errors::parse(answer)?;
    if post.id == 0 { Err(format!("the answer names no post: {}", answer.excerpt())) } else { Ok(post) }
}

fn unreadable(connection: &Connection, cause: String) -> Error {
    Error::failed(format!(
        "the target `{}` gave an answer about posts that cannot be read",
        connection.target()
    ))
    .cause(cause)
}
