//! What Medium takes as a story.

use serde_json::{Map, Value, json};

use super::{
    Received, Story,
    reply::Reply,
    state::{Author, role},
};

const FIELDS: &[&str] = &[
    "title",
    "contentFormat",
    "content",
    "tags",
    "canonicalUrl",
    "publishStatus",
    "license",
    "notifyFollowers",
];
const LICENSES: &[&str] = &[
    "all-rights-reserved",
    "cc-40-by",
    "cc-40-by-sa",
    "cc-40-by-nd",
    "cc-40-by-nc",
    "cc-40-by-nc-nd",
    "cc-40-by-nc-sa",
    "cc-40-zero",
    "public-domain",
];

/// A story that was found good.
pub struct Posted {
    author: &'static Author,
    publication: Option<String>,
    title: String,
    content: String,
    tags: Vec<String>,
    status: String,
    canonical: String,
    license: String,
    notify: bool,
}

/// Checks a request as Medium does. `place`: the user (`Ok`) or the publication (`Err`).
pub fn check(
    request: &Received,
    author: &'static Author,
    place: Result<&str, &str>,
) -> Result<Posted, Reply> {
    let Some(Value::Object(fields)) = &request.json else {
        return Err(bad("The request is not JSON."));
    };
    if let Some(unknown) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        return Err(bad(&format!("Unknown field: {unknown}.")));
    }
    let status = one_of(fields, "publishStatus", &["public", "draft", "unlisted"], "public")?;
    let publication = permitted(author, place, &status)?;
    let title = text(fields, "title")?
        .filter(|title| !title.is_empty())
        .ok_or_else(|| bad("A title is required."))?;
    if fields.get("contentFormat").is_none() {
        return Err(bad("A content format is required."));
    }
    one_of(fields, "contentFormat", &["html", "markdown"], "")?;
    let content = text(fields, "content")?.unwrap_or_default();
    if content.trim().is_empty() {
        return Err(Reply::error(400, 2002, "Post has no content."));
    }
    Ok(Posted {
        author,
        publication,
        // Over 100 characters it is ignored, and made up from the content.
        title: if title.chars().count() > 100 { heading(&content) } else { title },
        tags: tags(fields)?,
        status,
        canonical: text(fields, "canonicalUrl")?.unwrap_or_default(),
        license: one_of(fields, "license", LICENSES, "all-rights-reserved")?,
        notify: notify(fields)?,
        content,
    })
}

/// Whether the author may post there with this status; the publication, if it is one.
fn permitted(author: &Author, place: Result<&str, &str>, status: &str) -> Result<Option<String>, Reply> {
    match place {
        Ok(user) if user == author.id => Ok(None),
        Ok(_) => Err(Reply::error(403, -1, "The user is not the token's owner.")),
        Err(id) => match (role(id, author.id), status) {
            (Some("editor"), _) | (Some("writer"), "draft") => Ok(Some(id.to_owned())),
            (Some(_), _) => Err(Reply::error(403, -1, "A writer may only hand in drafts.")),
            (None, _) => Err(Reply::error(403, -1, "The user does not contribute to the publication.")),
        },
    }
}

/// The first three, and of these only the ones of at most 25 characters.
fn tags(fields: &Map<String, Value>) -> Result<Vec<String>, Reply> {
    let list = match fields.get("tags") {
        None => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(bad("Tags must be an array.")),
    };
    let names: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
    let names = names.ok_or_else(|| bad("Tags must be strings."))?;
    Ok(names.into_iter().take(3).filter(|tag| tag.chars().count() <= 25).map(str::to_owned).collect())
}

fn notify(fields: &Map<String, Value>) -> Result<bool, Reply> {
    match fields.get("notifyFollowers") {
        // The documentation's default for a story of one's own.
        None => Ok(true),
        Some(Value::Bool(notify)) => Ok(*notify),
        Some(_) => Err(bad("notifyFollowers must be a boolean.")),
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, Reply> {
    match fields.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(bad(&format!("{name} must be a string."))),
    }
}

fn one_of(fields: &Map<String, Value>, name: &str, known: &[&str], default: &str) -> Result<String, Reply> {
    match text(fields, name)? {
        None => Ok(default.to_owned()),
        Some(value) if known.contains(&value.as_str()) => Ok(value),
        Some(_) => Err(bad(&format!("{name} has an unknown value."))),
    }
}

fn bad(message: &str) -> Reply {
    Reply::error(400, -1, message)
}

/// The text of the first heading, without tags.
fn heading(content: &str) -> String {
    let start = content.find("<h1>").map_or(0, |at| at + 4);
    let end = content[start..].find("</h1>").map_or(content.len(), |at| start + at);
    content[start..end].chars().take(100).collect()
}

/// A story as its author makes it in Medium's editor.
pub fn by_hand(author: &'static Author, title: &str, content: &str, tags: &[String]) -> Posted {
    Posted {
        author,
        publication: None,
        title: title.to_owned(),
        content: content.to_owned(),
        tags: tags.to_vec(),
        status: "public".to_owned(),
        canonical: String::new(),
        license: "all-rights-reserved".to_owned(),
        notify: true,
    }
}

impl Posted {
    pub fn into_story(self, count: usize, now: i64) -> Story {
        let id = format!("{:012x}", 0x5505_0649_c95a_u64 + 7919 * count as u64);
        let slug: String =
            self.title.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        Story {
            url: format!("https://medium.com/@{}/{slug}-{id}", self.author.username),
            id,
            author: self.author,
            publication: self.publication,
            title: self.title,
            content: self.content,
            tags: self.tags,
            status: self.status,
            canonical: self.canonical,
            license: self.license,
            notified: self.notify,
            created: now,
        }
    }
}

/// A story as the answer to its creation shows it: of a draft it keeps the canonical address, the
/// license and the date to itself.
pub fn shown(story: &Story) -> Value {
    let draft = story.status == "draft";
    let unless_draft = |text: &str| if draft { String::new() } else { text.to_owned() };
    let mut shown = json!({
        "id": story.id,
        "title": story.title,
        "authorId": story.author.id,
        "tags": story.tags,
        "url": story.url,
        "canonicalUrl": unless_draft(&story.canonical),
        "publishStatus": story.status,
        "license": unless_draft(&story.license),
        "licenseUrl": "https://policy.medium.com/medium-terms-of-service-9db0094a1e0f",
    });
    if !draft {
        shown["publishedAt"] = json!(story.created);
    }
    if let Some(publication) = &story.publication {
        shown["publicationId"] = json!(publication);
    }
    shown
}
