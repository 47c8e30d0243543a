//! What `doctor` says of a WordPress site, in five requests: where its API is and what it tells of
//! itself, who we are there, what that user may do, and whether the posts would suit it.

use serde_json::Value;

use super::{
    config::Format,
    connection::{Connection, no_post_type},
    discovery, errors,
    passwords::offered,
    who::{self, User},
};
use crate::{error::Result, targets::diagnosis::Diagnosis};

/// The oldest release that crosspost is tried against.
const OLDEST: (u32, u32) = (6, 1);
/// So many posts without blocks are a habit.
const A_HABIT: usize = 3;

/// Looks at everything that a publish depends on; ends where the rest would be meaningless.
pub async fn diagnose(connection: &Connection) -> Vec<Diagnosis> {
    let mut findings = Vec::new();
    if let Err(error) = look(connection, &mut findings).await {
        findings.push(Diagnosis::from(&error));
    }
    findings
}

async fn look(connection: &Connection, findings: &mut Vec<Diagnosis>) -> Result<()> {
    let query = [("_fields", "name,authentication")];
    let answer = connection.get("", &query).await?;
    let index: Value = errors::parse(&answer).unwrap_or_default();
    findings.push(version(connection).await?);
    if connection.has_plain_permalinks() {
        findings.push(plain_permalinks());
    }
    if offered(&index) == Some(false) {
        return Err(who::switched_off(connection.target()));
    }
    // What is wrong with the index (a plugin closes it) is told better by who we are.
    let user = who::me(connection).await?;
    findings.push(Diagnosis::good(format!("logged in as {}, {}", connection.config().user, roles(&user))));
    let post_type = post_type(connection).await?;
    findings.push(post_type.finding(connection));
    findings.extend(rights(&user, &post_type));
    findings.extend(classic_editor(connection).await);
    Ok(())
}

/// The release, as the front page's `<meta name="generator">` tells it.
async fn version(connection: &Connection) -> Result<Diagnosis> {
    let page = discovery::front_page(connection).await?;
    let page = String::from_utf8_lossy(&page.body);
    let told = page.split("content=\"WordPress ").nth(1).and_then(|rest| rest.split('"').next());
    let Some(told) = told else {
        return Ok(Diagnosis::good("WordPress answers (it does not tell its version)"));
    };
    let told: String = told.chars().filter(|c| !c.is_control()).take(20).collect();
    let mut numbers = told.split('.').map_while(|part| part.parse::<u32>().ok());
    let release = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    Ok(if release < OLDEST {
        Diagnosis::doubtful(format!("WordPress {told} answers, which is old"))
            .code("old-wordpress")
            .help("bring it to 6.1 or later: crosspost is not tried against older ones")
    } else {
        Diagnosis::good(format!("WordPress {told} answers"))
    })
}

fn plain_permalinks() -> Diagnosis {
    Diagnosis::doubtful("the site has plain permalinks: addresses of posts are as `?p=12`")
        .code("plain-permalinks")
        .help("choose another structure under Settings → Permalinks before the first post: addresses that change break the links to them")
        .help("or leave it: publishing works")
}

fn roles(user: &User) -> String {
    match user.roles.as_slice() {
        [] => "without a role on this site".to_owned(),
        roles => format!("role: {}", roles.join(", ")),
    }
}

/// The type of the posts, as the site describes it.
struct PostType {
    description: Value,
}

async fn post_type(connection: &Connection) -> Result<PostType> {
    let name = &connection.config().post_type;
    let answer = connection.get(&format!("wp/v2/types/{name}"), &[("context", "edit")]).await?;
    let description: Option<Value> = errors::parse(&answer).ok().filter(|_| answer.status.is_success());
    let Some(description) = description else {
        // A type that is not there, and one that this user may not see.
        return Err(match who::explain(connection, &format!("show its post type `{name}`"), &answer).await {
            error if error.name() == Some("not-allowed") => error,
            _ => no_post_type(name, &answer),
        });
    };
    Ok(PostType { description })
}

impl PostType {
    fn text(&self, pointer: &str) -> Option<&str> {
        self.description.pointer(pointer).and_then(Value::as_str)
    }

    fn finding(&self, connection: &Connection) -> Diagnosis {
        let name = &connection.config().post_type;
        let route = format!(
            "{}/{}",
            self.text("/rest_namespace").unwrap_or("wp/v2"),
            self.text("/rest_base").unwrap_or(name)
        );
        Diagnosis::good(format!("notes become posts of the type `{name}` ({route})"))
    }

    /// What WordPress calls a right to this type's posts: types may have rights of their own.
    fn right<'a>(&'a self, usual: &'a str) -> &'a str {
        self.text(&format!("/capabilities/{usual}")).unwrap_or(usual)
    }
}

/// What the user may not do, and what will be missing.
fn rights(user: &User, post_type: &PostType) -> Vec<Diagnosis> {
    let may = |right: &str| user.may(post_type.right(right));
    if !may("edit_posts") {
        return vec![
            Diagnosis::bad("this user may not write posts here")
                .code("cannot-write")
                .help("give the user the role Author or Editor on this blog"),
        ];
    }
    let author = "give the user the role Author";
    let editor = "give the user the role Editor, if that is wanted";
    let lacks = [
        (
            may("publish_posts"),
            Diagnosis::doubtful("this user may not publish: notes can only be drafts, or wait for an editor")
                .code("cannot-publish")
                .help(author)
                .help("or set `status: pending` in the notes"),
        ),
        (
            user.may("upload_files"),
            Diagnosis::doubtful("this user may not upload: notes with pictures of their own will fail")
                .code("cannot-upload")
                .help(author),
        ),
        (
            user.may("manage_categories"),
            Diagnosis::doubtful(
                "this user may not create categories: notes can only name those that are there",
            )
            .code("no-new-categories")
            .help(editor),
        ),
        (
            may("edit_others_posts"),
            Diagnosis::doubtful("this user may only change posts of its own, and post for nobody else")
                .code("own-posts-only")
                .help(editor),
        ),
    ];
    let missing: Vec<Diagnosis> = lacks.into_iter().filter(|(may, _)| !may).map(|(_, lack)| lack).collect();
    if missing.is_empty() {
        return vec![Diagnosis::good(
            "may publish, upload, create categories and change the posts of others",
        )];
    }
    missing
}

/// The API does not tell which editor a site uses; its newest posts do.
async fn classic_editor(connection: &Connection) -> Option<Diagnosis> {
    if connection.config().format != Format::Blocks {
        return None;
    }
    let query = [("per_page", "10"), ("context", "edit"), ("_fields", "content.block_version")];
    let answer = connection.read_posts(reqwest::Method::GET, None, &query).await.ok()?;
    let posts: Vec<Value> = errors::parse(&answer).ok()?;
    let without_blocks =
        |post: &Value| post.pointer("/content/block_version").and_then(Value::as_u64) == Some(0);
    if posts.len() < A_HABIT || !posts.iter().all(without_blocks) {
        return None;
    }
    Some(
        Diagnosis::doubtful(format!(
            "none of the last {} posts has blocks: the site seems to keep the classic editor",
            posts.len()
        ))
        .code("classic-editor")
        .help("if it does, set `format = \"html\"` in the target's table"),
    )
}
