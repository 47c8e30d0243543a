//! What `doctor` says of Medium: whose the token is, whether the feed is the same author's, and
//! whether the publication takes that author's stories.

use reqwest::{Method, StatusCode};
use serde::Deserialize;
use url::Url;

use super::{Visibility, api::Api, feed};
use crate::{
    error::Result,
    targets::{
        client::{Client, shown},
        diagnosis::{Diagnosis, Grade},
    },
};

#[derive(Deserialize)]
struct User {
    id: String,
    username: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contributor {
    user_id: String,
    role: String,
}

/// Looks at everything that a story depends on.
pub(super) async fn diagnose(api: &Api) -> Vec<Diagnosis> {
    let user: User = match api.ask(&api.request(Method::GET, &["me"]), StatusCode::OK).await {
        Ok(user) => user,
        Err(error) => return vec![Diagnosis::from(&error)],
    };
    let mut findings = vec![Diagnosis::good(format!("the token is @{}'s", one_word(&user.username)))];
    findings.extend(feed_of(api, &user).await);
    if let Some(publication) = &api.settings.publication {
        findings.push(match role(api, publication, &user).await {
            Ok(role) => in_publication(role.as_deref(), api.settings.visibility),
            Err(error) => Diagnosis::from(&error),
        });
    }
    findings
}

async fn feed_of(api: &Api, user: &User) -> Vec<Diagnosis> {
    let Some(address) = &api.settings.feed else {
        return vec![
            Diagnosis::doubtful("no feed is read: a story whose answer is lost cannot be found again")
                .code("no-feed")
                .help(format!("set `username = \"{}\"` in its table", one_word(&user.username))),
        ];
    };
    let readable = readable(&api.client, &api.target, address).await;
    if readable.grade != Grade::Good {
        return vec![readable];
    }
    // An author's own feed says whose it is; one on a domain of its own does not.
    let name = address.path().rsplit('/').next().and_then(|last| last.strip_prefix('@'));
    match name {
        Some(name) if !name.eq_ignore_ascii_case(&user.username) => vec![
            Diagnosis::doubtful(format!(
                "the feed is @{name}'s, and the token @{}'s",
                one_word(&user.username)
            ))
            .code("feed-of-another")
            .help("set `username` to the token's owner: stories are looked for in the feed"),
        ],
        _ => vec![readable],
    }
}

/// Looks at what a handing over depends on: the feed, where the story is to be seen afterwards.
pub(super) async fn by_hand(client: &Client, target: &str, feed: Option<&Url>) -> Vec<Diagnosis> {
    let Some(address) = feed else {
        return vec![
            Diagnosis::doubtful("no feed is read: where a story is, you must say each time")
                .code("no-feed")
                .help("set `username` in its table, as in https://medium.com/@NAME"),
        ];
    };
    vec![readable(client, target, address).await]
}

async fn readable(client: &Client, target: &str, address: &Url) -> Diagnosis {
    match feed::fetch(client, target, address).await {
        Ok(channel) => {
            let stories = channel.items().len();
            Diagnosis::good(format!("its feed shows {stories} stories ({})", shown(address)))
        }
        Err(error) => {
            // A story can be created all the same.
            let found = Diagnosis::from(&error);
            let doubtful = Diagnosis::doubtful(found.text).code("feed-unreadable");
            found.help.into_iter().fold(doubtful, Diagnosis::help)
        }
    }
}

async fn role(api: &Api, publication: &str, user: &User) -> Result<Option<String>> {
    let request = api.request(Method::GET, &["publications", publication, "contributors"]);
    let all: Vec<Contributor> = api.ask(&request, StatusCode::OK).await?;
    Ok(all.into_iter().find(|one| one.user_id == user.id).map(|one| one.role))
}

fn in_publication(role: Option<&str>, visibility: Visibility) -> Diagnosis {
    match role {
        Some("editor") => Diagnosis::good("an editor of the publication: stories appear at once"),
        Some("writer") if visibility == Visibility::Draft => {
            Diagnosis::good("a writer of the publication: stories are handed in as drafts")
        }
        Some("writer") => {
            Diagnosis::bad("only a writer of the publication: Medium refuses stories that are no drafts")
                .code("publication-writer")
                .help("set `visibility = \"draft\"` in its table, or become an editor of the publication")
        }
        Some(other) => Diagnosis::doubtful(format!("in the publication as `{}`", one_word(other)))
            .code("publication-role"),
        None => Diagnosis::bad("no contributor to the publication: Medium refuses its stories")
            .code("not-in-publication")
            .help("check `publication`, or ask its editors to add the token's owner"),
    }
}

/// A stranger's word must not move the cursor of a terminal.
fn one_word(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}
