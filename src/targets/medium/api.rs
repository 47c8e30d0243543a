//! Medium's API: who the author is, one picture, one story.

use std::collections::BTreeMap;

use async_trait::async_trait;
use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::{
    config::{Settings, Visibility},
    diagnose,
    errors::{self, Asked},
    feed,
};
use crate::{
    error::{Error, Result},
    note::Status,
    render::{Picture, RemotePicture, Rendering, medium::MEDIA_TYPES},
    secrets::Secrets,
    targets::{
        Common, Fetched, Found, Reader, Remote, RemoteId, Sending, Upload, Wanted, WriteError, Writer,
        Written,
        client::{Answer, Body, Client, NoAnswer, Request, shown},
        diagnosis::Diagnosis,
    },
};

/// What the ledger remembers: the author's id, so that a story costs one request.
const USER_ID: &str = "user_id";

/// A connection to Medium.
pub struct Api {
    pub(super) client: Client,
    pub(super) target: String,
    pub(super) settings: Settings,
    authorization: HeaderValue,
    /// The token's owner, asked once however many stories go out at the same time.
    me: OnceCell<String>,
}

/// Every answer's envelope.
#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

/// `GET /me`, as far as it matters.
#[derive(Deserialize)]
struct User {
    id: String,
}

/// `POST /images`.
#[derive(Deserialize)]
struct Image {
    url: String,
}

/// A story that was created.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Story {
    id: String,
    url: Option<String>,
    title: Option<String>,
    tags: Option<Vec<String>>,
    canonical_url: Option<String>,
    publish_status: Option<String>,
}

impl Api {
    /// A connection with a token. Nothing is asked yet.
    ///
    /// # Errors
    /// A certificate or a proxy that cannot be used; a token with characters that none has.
    pub fn new(common: &Common, settings: &Settings, token: &SecretString) -> Result<Self> {
        let bearer = format!("Bearer {}", token.expose_secret().trim());
        let mut authorization = HeaderValue::from_str(&bearer).map_err(|_| {
            Error::invalid(format!("the token of `{}` has characters that no token has", common.name))
                .help(format!("copy it anew: `{}`", Secrets::variable(&common.name, super::TOKEN)))
        })?;
        authorization.set_sensitive(true);
        Ok(Self {
            client: Client::new(common)?,
            target: common.name.clone(),
            settings: settings.clone(),
            authorization,
            me: OnceCell::new(),
        })
    }

    /// The id of the token's owner.
    async fn user_id(&self) -> Result<String> {
        let request = self.request(Method::GET, &["me"]);
        let user: User = self.ask(&request, StatusCode::OK).await?;
        Ok(user.id)
    }

    pub(super) fn request(&self, method: Method, path: &[&str]) -> Request {
        let mut url = self.settings.api.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        Request::new(method, url).header(AUTHORIZATION, self.authorization.clone())
    }

    /// Sends what may be sent again, and reads its answer.
    pub(super) async fn ask<T: for<'a> Deserialize<'a>>(
        &self,
        request: &Request,
        expected: StatusCode,
    ) -> Result<T> {
        let answer = self.client.send(request).await.map_err(NoAnswer::into_error)?;
        let described = described(request);
        data(&answer, expected).ok_or_else(|| errors::of_read(self.asked(&described), &answer))
    }

    /// Sends a story, once: a second one would be a second story.
    async fn post(&self, author: &str, story: &Value) -> Result<Story, WriteError> {
        let path = match &self.settings.publication {
            Some(id) => ["publications", id, "posts"],
            None => ["users", author, "posts"],
        };
        let request = self.request(Method::POST, &path).json(story.clone());
        let answer = self.client.send_once(&request).await.map_err(errors::no_answer)?;
        let described = described(&request);
        data(&answer, StatusCode::CREATED).ok_or_else(|| errors::of_write(self.asked(&described), &answer))
    }

    fn asked<'a>(&'a self, request: &'a str) -> Asked<'a> {
        Asked { target: &self.target, request }
    }

    /// Whose stories they are: remembered, or asked. A publication's are sent to the publication.
    async fn author(&self, site: &BTreeMap<String, String>) -> Result<String> {
        match (&self.settings.publication, site.get(USER_ID)) {
            (Some(_), _) => Ok(String::new()),
            (None, Some(id)) => Ok(id.clone()),
            (None, None) => self.me.get_or_try_init(|| self.user_id()).await.cloned(),
        }
    }

    /// The token's owner, if that is somebody else than was remembered; else the refusal stands.
    async fn owner_instead_of(&self, remembered: &str, refusal: Error) -> Result<String, WriteError> {
        match self.user_id().await {
            Ok(owner) if owner != remembered && !remembered.is_empty() => Ok(owner),
            Ok(_) => Err(WriteError::NotDone(refusal)),
            Err(error) => Err(WriteError::NotDone(error)),
        }
    }

    /// What is sent for a rendering. Every choice is said: Medium's defaults publish and notify.
    fn story(&self, rendering: &Rendering) -> Result<Value> {
        let mut story = json!({
            "title": rendering.title,
            "contentFormat": "html",
            "content": rendering.body,
            "publishStatus": self.visibility(rendering.status)?.as_str(),
            "notifyFollowers": self.settings.notify,
        });
        if let Some(tags) = &rendering.tags {
            story["tags"] = json!(tags);
        }
        if let Some(canonical) = &rendering.canonical {
            story["canonicalUrl"] = json!(canonical);
        }
        if let Some(license) = &self.settings.license {
            story["license"] = json!(license);
        }
        Ok(story)
    }

    fn visibility(&self, status: Status) -> Result<Visibility> {
        match status {
            Status::Draft | Status::Pending => Ok(Visibility::Draft),
            Status::Publish => Ok(self.settings.visibility),
            Status::Private => Err(Error::invalid(format!("`{}` has no private stories", self.target))
                .help("leave the target out for this note, or give the note another `status` there")),
        }
    }

    fn cannot(&self, what: &str) -> WriteError {
        WriteError::NotDone(
            Error::failed(format!("Medium has no way to {what} a story of `{}` from outside", self.target))
                .help("do it in Medium's own editor"),
        )
    }
}

#[async_trait]
impl Reader for Api {
    async fn find(&self, wanted: &[Wanted], lookalikes: bool) -> Result<Vec<Found>> {
        feed::look(&self.client, &self.target, self.settings.feed.as_ref(), wanted, lookalikes).await
    }

    async fn fetch(&self, _id: &RemoteId) -> Result<Fetched> {
        Ok(Fetched::Unseen)
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        diagnose::diagnose(self).await
    }
}

#[async_trait]
impl Writer for Api {
    async fn upload(&self, upload: Upload) -> Result<RemotePicture> {
        let Picture { file_name, media_type, .. } = upload.picture;
        if !MEDIA_TYPES.contains(&media_type) {
            return Err(Error::invalid(format!("Medium does not take `{file_name}` ({media_type})"))
                .help("it takes JPEG, PNG, GIF and TIFF"));
        }
        let mut request = self.request(Method::POST, &["images"]);
        request.body = Body::File {
            field: "image".into(),
            name: file_name,
            media_type: media_type.to_owned(),
            bytes: upload.bytes,
        };
        let image: Image = self.ask(&request, StatusCode::CREATED).await?;
        Ok(RemotePicture { id: None, url: image.url })
    }

    async fn create(&self, rendering: &Rendering, sending: Sending<'_>) -> Result<Written, WriteError> {
        let story = self.story(rendering).map_err(WriteError::NotDone)?;
        let author = self.author(sending.site).await.map_err(WriteError::NotDone)?;
        let (created, author) = match self.post(&author, &story).await {
            // Refused, so nothing was made; the token may be another author's by now.
            Err(WriteError::NotDone(error)) if sending.site.contains_key(USER_ID) && is_forbidden(&error) => {
                let owner = self.owner_instead_of(&author, error).await?;
                (self.post(&owner, &story).await?, owner)
            }
            outcome => (outcome?, author),
        };
        Ok(Written { remote: remote(created), learned: learned(author), warnings: Vec::new() })
    }

    async fn update(
        &self,
        _id: &RemoteId,
        _rendering: &Rendering,
        _sending: Sending<'_>,
    ) -> Result<Written, WriteError> {
        Err(self.cannot("change"))
    }

    async fn unpublish(&self, _id: &RemoteId) -> Result<(), WriteError> {
        Err(self.cannot("take down"))
    }
}

/// The data of an answer with the status expected.
fn data<T: for<'a> Deserialize<'a>>(answer: &Answer, expected: StatusCode) -> Option<T> {
    let body: Data<T> = (answer.status == expected).then(|| serde_json::from_slice(&answer.body).ok())??;
    Some(body.data)
}

fn is_forbidden(error: &Error) -> bool {
    error.name() == Some(errors::FORBIDDEN)
}

/// What to remember of a create by this author.
fn learned(author: String) -> BTreeMap<String, String> {
    if author.is_empty() { BTreeMap::new() } else { BTreeMap::from([(USER_ID.to_owned(), author)]) }
}

/// A request, for messages.
fn described(request: &Request) -> String {
    format!("{} {}", request.method, shown(&request.url))
}

/// The story as Medium says that it stored it.
fn remote(story: Story) -> Remote {
    let status = story.publish_status.unwrap_or_default();
    // A draft's address is for its author and ends when it is published.
    let permanent = story.url.is_some() && matches!(status.as_str(), "public" | "unlisted");
    let parts = [
        ("title", story.title),
        ("tags", story.tags.map(|tags| tags.join(", "))),
        ("canonical", story.canonical_url),
        ("status", Some(status)),
    ];
    let said = parts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    // A draft's answer has empty values for what it has not got.
    let parts = said.filter(|(_, value)| !value.is_empty()).collect();
    Remote {
        id: RemoteId(story.id),
        url: story.url,
        permanent,
        trashed: false,
        markers: Vec::new(),
        stamp: None,
        parts,
    }
}
