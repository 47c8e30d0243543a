//! What the stand-in knows: two authors, two publications, the stories, and every request.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::{Fault, feed, posts, reply::Reply};

/// An author.
#[derive(Debug)]
pub struct Author {
    pub token: &'static str,
    pub id: &'static str,
    pub username: &'static str,
    pub name: &'static str,
}

/// The author whose stories the tests post.
pub const CATE: Author = Author {
    token: "2cate00fake00integration00token",
    id: "15d8c0ca7e52b9d4a7f3e6b1c05f4e2a9",
    username: "cate",
    name: "Cate Example",
};

/// Somebody else.
pub const DORA: Author = Author {
    token: "2dora00fake00integration00token",
    id: "1a0b6f3d2c9e8475b6a1d0c3f2e5a4b70",
    username: "dora",
    name: "Dora Example",
};

pub const AUTHORS: &[&Author] = &[&CATE, &DORA];

/// A publication that Cate edits.
pub const EDITED: &str = "b45573563f5a";
/// A publication that Cate writes for.
pub const WRITTEN: &str = "b969ac62a2b8";

/// Role of an author in a publication.
pub fn role(publication: &str, author: &str) -> Option<&'static str> {
    match publication {
        EDITED if author == CATE.id => Some("editor"),
        WRITTEN if author == CATE.id => Some("writer"),
        WRITTEN if author == DORA.id => Some("editor"),
        _ => None,
    }
}

/// A story.
#[derive(Debug, Clone)]
pub struct Story {
    pub id: String,
    pub author: &'static Author,
    pub publication: Option<String>,
    pub title: String,
    pub content: String,
    pub tags: Vec<String>,
    pub status: String,
    pub canonical: String,
    pub license: String,
    pub notified: bool,
    pub url: String,
    /// Milliseconds since 1970.
    pub created: i64,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    pub path: String,
    pub token: Option<String>,
    pub json: Option<Value>,
    pub files: Vec<File>,
}

/// A file of a form.
#[derive(Debug, Clone)]
pub struct File {
    pub field: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Received {
    pub fn is_story(&self) -> bool {
        self.method == "POST" && self.path.ends_with("/posts")
    }
}

/// Everything.
pub struct State {
    pub stories: Vec<Story>,
    pub log: Vec<Received>,
    pub faults: VecDeque<Fault>,
    /// Whether the feed shows the beginnings of stories only.
    pub snippets: bool,
    /// Milliseconds since 1970: the stand-in's clock only moves when it is told to.
    pub now: i64,
}

impl Default for State {
    fn default() -> Self {
        let now = 1_772_000_000_000;
        Self { stories: Vec::new(), log: Vec::new(), faults: VecDeque::new(), snippets: false, now }
    }
}

impl State {
    /// The answer to a request, and what goes wrong with it.
    pub fn answer(&mut self, request: &Received) -> (Reply, Option<Fault>) {
        self.log.push(request.clone());
        let path: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
        if let (["feed", who], "GET") = (path.as_slice(), request.method.as_str()) {
            return (self.feed(who), None);
        }
        let author = match author(request) {
            Ok(author) => author,
            Err(reply) => return (reply, None),
        };
        let reply = match (request.method.as_str(), path.as_slice()) {
            ("GET", ["v1", "me"]) => me(author),
            ("GET", ["v1", "users", id, "publications"]) => publications(author, id),
            ("GET", ["v1", "publications", id, "contributors"]) => contributors(id),
            ("POST", ["v1", "images"]) => image(request),
            ("POST", ["v1", "users", id, "posts"]) => return self.story(request, author, Ok(id)),
            ("POST", ["v1", "publications", id, "posts"]) => return self.story(request, author, Err(id)),
            // No way to list, read, change or remove a story.
            _ => Reply::not_found(),
        };
        (reply, None)
    }

    /// `place`: the user (`Ok`) or the publication (`Err`) in the address.
    fn story(
        &mut self,
        request: &Received,
        author: &'static Author,
        place: Result<&str, &str>,
    ) -> (Reply, Option<Fault>) {
        let posted = match posts::check(request, author, place) {
            Ok(posted) => posted,
            Err(reply) => return (reply, None),
        };
        let day_ago = self.now - 24 * 3_600_000;
        if self.stories.iter().filter(|s| s.author.id == author.id && s.created > day_ago).count() >= 10 {
            return (Reply::error(429, 1007, "User has reached the rate limit for publishing today."), None);
        }
        let fault = self.faults.pop_front();
        if fault.as_ref().is_some_and(|fault| !fault.creates()) {
            return (Reply::not_found(), fault);
        }
        let story = posted.into_story(self.stories.len(), self.now);
        let reply = Reply::data(201, &posts::shown(&story));
        self.stories.push(story);
        (reply, fault)
    }

    fn feed(&self, who: &str) -> Reply {
        match AUTHORS.iter().find(|author| who.strip_prefix('@') == Some(author.username)) {
            Some(author) => Reply::feed(feed::write(author, &self.stories, self.snippets)),
            None => Reply::page(404, "Medium"),
        }
    }
}

fn author(request: &Received) -> Result<&'static Author, Reply> {
    let Some(token) = &request.token else {
        return Err(Reply::error(401, 6000, "An access token is required."));
    };
    let known = AUTHORS.iter().find(|author| author.token == token);
    known.copied().ok_or_else(|| Reply::error(401, 6003, "Token was invalid."))
}

fn me(author: &Author) -> Reply {
    Reply::data(
        200,
        &json!({
            "id": author.id,
            "username": author.username,
            "name": author.name,
            "url": format!("https://medium.com/@{}", author.username),
            "imageUrl": "https://images.example/0*fkfQiTzT7TlUGGyI.png",
        }),
    )
}

fn publications(author: &Author, id: &str) -> Reply {
    if id != author.id {
        return Reply::error(403, -1, "The user is not the token's owner.");
    }
    let all = [EDITED, WRITTEN].into_iter().filter(|publication| role(publication, author.id).is_some());
    let list: Vec<Value> = all
        .map(|id| {
            json!({
                "id": id, "name": format!("Publication {id}"), "description": "",
                "url": format!("https://medium.com/{id}"), "imageUrl": "",
            })
        })
        .collect();
    Reply::data(200, &json!(list))
}

fn contributors(id: &str) -> Reply {
    let roles = AUTHORS.iter().filter_map(|author| Some((author.id, role(id, author.id)?)));
    let list: Vec<Value> =
        roles.map(|(user, role)| json!({ "publicationId": id, "userId": user, "role": role })).collect();
    Reply::data(200, &json!(list))
}

fn image(request: &Received) -> Reply {
    let types = ["image/jpeg", "image/png", "image/gif", "image/tiff"];
    match request.files.as_slice() {
        [file] if file.field == "image" && types.contains(&file.media_type.as_str()) => {
            let name =
                format!("{:x}", file.bytes.iter().fold(7_u64, |n, b| n.wrapping_mul(31) + u64::from(*b)));
            Reply::data(201, &json!({ "url": format!("https://images.example/{name}.png"), "md5": name }))
        }
        _ => Reply::error(400, -1, "One image is expected, as jpeg, png, gif or tiff, in the field `image`."),
    }
}
