//! The places a note can go to: what every driver offers, and the one table of drivers.
//!
//! A target is three things. [`Target`] is its configuration and its pure half: what it can do and
//! how it renders. [`Reader`] asks the site and cannot change it; planning gets no more than this.
//! [`Writer`] changes it. [`Target::connect`] makes the latter two, and is only called when there
//! is something to ask: an unchanged note loads no secret and opens no connection.

pub mod client;
pub mod confluence;
pub mod diagnosis;
pub mod folder;
pub mod http;
pub mod mediawiki;
pub mod medium;
pub mod preview;
pub mod seen;
pub mod sharepoint;
pub mod wordpress;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    config::Table,
    error::{Error, Result},
    note::{Audience, Marker},
    pictures::Format,
    render::{Context, Digest, Document, Picture, RemotePicture, Rendering, frame::Frame, stamp::Stamp},
    secrets::Secrets,
};

use diagnosis::Diagnosis;
use preview::Preview;

/// Every kind of target, one line each.
pub static DRIVERS: &[&dyn Driver] = &[
    &confluence::Confluence,
    &folder::Folder,
    &http::Http,
    &mediawiki::MediaWiki,
    &medium::Medium,
    &sharepoint::SharePoint,
    &wordpress::WordPress,
];

/// The code of a kind of target.
pub trait Driver: Sync {
    /// The word in `kind = "…"`.
    fn kind(&self) -> &'static str;

    /// The secrets a target of this kind takes (`password`), each with a sentence that says what
    /// it is. The first is the one that `login` asks for.
    fn secrets(&self) -> &'static [(&'static str, &'static str)];

    /// Reads a target's own table. Keys common to all targets have been taken out of it.
    ///
    /// # Errors
    /// Unknown keys, wrong types and values that cannot be, each with its place.
    fn configure(&self, common: Common, table: Table<'_>) -> Result<Arc<dyn Target>>;
}

/// What every target's table may say.
#[derive(Debug, Clone)]
pub struct Common {
    /// `[targets.NAME]`.
    pub name: String,
    /// Who reads it.
    pub audience: Audience,
    /// `canonical`: the target whose permalink is this one's canonical URL.
    pub canonical: Option<String>,
    /// `authors`: only notes by one of these; empty for all.
    pub authors: Vec<String>,
    /// `timeout`: how long a request may take.
    pub timeout: Duration,
    /// `concurrency`: how many requests at once.
    pub concurrency: usize,
    /// `insecure_http`: plain HTTP to other hosts than this one.
    pub insecure_http: bool,
    /// `ca_file`: certificate authorities besides the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// `client_certificate`: certificate and key in one PEM file.
    pub client_certificate: Option<PathBuf>,
    /// `proxy`: else `HTTPS_PROXY` and `NO_PROXY` hold.
    pub proxy: Option<String>,
    /// `header` and `footer`: what stands before and after every note.
    pub frame: Frame,
    /// The configuration's folder, which relative paths start from.
    pub root: PathBuf,
    /// `timezone` of the whole configuration: on whose calendar a date is shown.
    pub timezone: TimeZone,
}

/// How a target can be asked whether it has a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// By marker, and "no" means no.
    Certain,
    /// Some posts can be seen, but "no" proves nothing (Medium's feed).
    Hints,
    /// Not at all.
    Never,
}

/// What a target can and cannot do. Differences between targets are told here and checked by the
/// plan, never by a target's name.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Capabilities {
    /// Whether a post can be looked for.
    pub find: Finding,
    /// Whether a post can be changed once it exists. Where not, a changed note is `manual`.
    pub update: bool,
    /// Whether a post can be taken down.
    pub unpublish: bool,
    /// Whether the site holds back a post whose date is to come. Where not, the note waits until
    /// then.
    pub schedules: bool,
    /// Whether creating the same post (same marker) twice leaves one: then an interrupted create
    /// needs no waiting before it is repeated.
    pub idempotent_create: bool,
    /// Whether it lies on this machine: looking costs nothing, so it is always looked at, and what
    /// somebody threw away is made again.
    pub local: bool,
    /// Whether a note with `status: private` may go there.
    pub private: bool,
    /// Whether a person creates its posts: crosspost prepares what that takes ([`Writer::hand_over`])
    /// and looks for what came of it.
    pub by_hand: bool,
    /// Whether a note that is not published yet (`draft`, `pending`) can be kept there unseen.
    pub drafts: bool,
}

/// A configured target: the pure half.
#[async_trait]
pub trait Target: Send + Sync {
    /// What its table says in common with others.
    fn common(&self) -> &Common;

    /// The word in `kind = "…"`.
    fn kind(&self) -> &'static str;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Where it is, for people: an address or a path, without secrets.
    fn location(&self) -> String;

    /// A digest of everything in its own configuration and in this program that changes what it
    /// renders. What it is given to render (header and footer in it) is not its to know.
    fn rendering_version(&self) -> Digest;

    /// What the target would be sent. Pure.
    ///
    /// # Errors
    /// What the note says that this target cannot take.
    fn render(&self, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>>;

    /// Whether what the ledger remembers of the site under this name is for rendering: only that
    /// stands in [`Context::site`], and a change of it has the notes rendered again.
    fn renders_by(&self, _name: &str) -> bool {
        true
    }

    /// The kinds of picture it takes; what else a note shows is converted to one of these, or
    /// refused.
    fn picture_formats(&self) -> &'static [Format] {
        &[Format::Jpeg, Format::Png, Format::Gif, Format::WebP]
    }

    /// The id of a post that can be told from its address alone (Medium's story addresses end in it).
    fn post_id(&self, _url: &str) -> Option<RemoteId> {
        None
    }

    /// Whether a post, as the site shows it, was sent from this rendering.
    fn is_current(&self, rendering: &Rendering, remote: &Remote) -> bool {
        remote.stamp.as_ref().is_some_and(|stamp| stamp.is_of(&rendering.digest()))
    }

    /// The exact text that would be sent as the post's body, for previews.
    fn payload(&self, rendering: &Rendering, marker: Marker) -> String {
        crate::render::stamp::stamped(rendering, marker)
    }

    /// How a person brings a note there, where [`Capabilities::by_hand`]: a line for each step or way.
    fn by_hand(&self, _rendering: &Rendering, _note: &str) -> Vec<String> {
        Vec::new()
    }

    /// The page on which a person makes the secret for this program, where the site has one and
    /// tells where. Asked as a stranger, since there is no secret yet.
    ///
    /// # Errors
    /// When the site cannot be asked, or gives out no such secrets.
    async fn secret_page(&self) -> Result<Option<Url>> {
        Ok(None)
    }

    /// Whole requests that would be sent, with a word in place of their secrets: where they are
    /// described in the configuration, people want to see what became of it. Then they are shown in
    /// place of [`Target::payload`].
    fn requests(&self, _rendering: &Rendering, _marker: Marker) -> Option<String> {
        None
    }

    /// How the note will look there. Pure. What `context` knows of pictures is a name for each, by
    /// which the preview's page shows them. A target whose payload is not HTML makes some from the
    /// same document.
    ///
    /// # Errors
    /// As for [`Target::render`].
    fn preview(&self, document: &Document, context: &Context<'_>) -> Result<Preview, Vec<Error>> {
        self.render(document, context).map(|rendering| Preview::plain(&rendering))
    }

    /// The half that talks to the site. Loads secrets, opens no connection yet.
    ///
    /// # Errors
    /// A secret or a certificate that is missing or unusable.
    fn connect(&self, secrets: &Secrets) -> Result<Box<dyn Writer>>;
}

/// A post's id at its site, as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(pub String);

/// A post as the site gives it back. Sites rewrite what they are sent, so drift is told by
/// comparing two of these, never by comparing with what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its id.
    pub id: RemoteId,
    /// Where it is, or will be, read. `None` where the site gives none yet.
    pub url: Option<String>,
    /// Whether `url` is the address that it keeps: a draft's preview link is not.
    pub permanent: bool,
    /// Whether it lies in the trash.
    pub trashed: bool,
    /// The markers found in it.
    pub markers: Vec<Marker>,
    /// What its comment says of what it was sent with, where it says it.
    pub stamp: Option<Stamp>,
    /// Its parts as the site stores them (`title`, `body`, `excerpt`, `slug`, `status`, `tags`…),
    /// by name: what drift is told by and shown from. After a write only the parts that were sent
    /// stand here (what the note does not set, the site's editors may), after a look all do; a
    /// status that time alone changes (scheduled, then published) reads the same before and after.
    pub parts: BTreeMap<String, String>,
}

impl Remote {
    /// The digest of each part, as a receipt keeps them.
    #[must_use]
    pub fn echo(&self) -> BTreeMap<String, Digest> {
        self.parts.iter().map(|(name, text)| (name.clone(), Digest::of(text.as_bytes()))).collect()
    }
}

/// What a look at a known post found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is there (perhaps in the trash: see [`Remote::trashed`]).
    Present(Box<Remote>),
    /// It is gone for good. Only answered when the credentials are known to be good.
    Gone,
    /// The site shows no post to those who ask, so nothing is known of it and nothing has drifted.
    Unseen,
}

/// What is looked for: a note's post.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The marker that stands in it.
    pub marker: Marker,
    /// The rendering's title.
    pub title: String,
    /// The slug it would have, or nearly: for telling suspected duplicates.
    pub slug: Option<String>,
    /// The canonical URL in its footer, for targets without markers.
    pub canonical: Option<String>,
}

/// What looking for a post found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The posts that carry the marker: none, one, or (somebody copied a post) more.
    pub ours: Vec<Remote>,
    /// Posts without it whose title or slug is the same.
    pub lookalikes: Vec<Remote>,
}

/// Asks a site and changes nothing.
#[async_trait]
pub trait Reader: Send + Sync {
    /// Looks for posts by marker. The answer has one entry for each of `wanted`, in order; a
    /// driver asks for many at a time where the site can. With `lookalikes`, also for posts of
    /// others that have the same slug or title.
    ///
    /// # Errors
    /// When the site cannot be asked, or answers as somebody else than the configured user. Never
    /// "not found" for wrong credentials.
    async fn find(&self, wanted: &[Wanted], lookalikes: bool) -> Result<Vec<Found>>;

    /// Looks at a post whose id is known.
    ///
    /// # Errors
    /// As for [`Reader::find`].
    async fn fetch(&self, id: &RemoteId) -> Result<Fetched>;

    /// The id of the post at an address of the site, if there is one.
    ///
    /// # Errors
    /// As for [`Reader::find`].
    async fn locate(&self, _url: &str) -> Result<Option<RemoteId>> {
        Ok(None)
    }

    /// What must be known of the site to plan this rendering, and is not in `known` yet: whether
    /// its categories exist, what its editor can do. Returns what to remember, by name.
    ///
    /// # Errors
    /// As for [`Reader::find`]; also what this user may not do there.
    async fn survey(
        &self,
        _rendering: &Rendering,
        _known: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        Ok(BTreeMap::new())
    }

    /// Looks for pictures that are on the site already, by content. One entry for each, in order.
    ///
    /// # Errors
    /// As for [`Reader::find`].
    async fn find_pictures(&self, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
        Ok(vec![None; pictures.len()])
    }

    /// What `doctor` says of this target: is it reachable, what is it, who am I there, what may I
    /// do. In the order in which a person would look; ends at the first thing that makes the rest
    /// meaningless. Asks, and changes nothing.
    async fn diagnose(&self) -> Vec<Diagnosis> {
        Vec::new()
    }
}

/// How a write ended when it did not end well.
#[derive(Debug, Clone)]
pub enum WriteError {
    /// Nothing was changed: it was never received, or it was refused.
    NotDone(Error),
    /// It may or may not have been done.
    Unknown(Error),
}

impl WriteError {
    /// The error in it.
    #[must_use]
    pub fn into_error(self) -> Error {
        match self {
            Self::NotDone(error) | Self::Unknown(error) => error,
        }
    }
}

/// A picture with its bytes, ready to be sent.
#[derive(Debug, Clone)]
pub struct Upload {
    /// What it is.
    pub picture: Picture,
    /// Alternative text.
    pub alt: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a write needs besides the rendering.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// The marker.
    pub marker: Marker,
    /// The pictures' addresses and ids on the site, by `src`.
    pub pictures: &'a crate::render::Pictures,
    /// What the ledger remembers of the site.
    pub site: &'a BTreeMap<String, String>,
}

/// What a write left behind.
#[derive(Debug, Clone)]
pub struct Written {
    /// The post as the site stored it.
    pub remote: Remote,
    /// What to remember of the site (the id of a tag that was created).
    pub learned: BTreeMap<String, String>,
    /// What the site did otherwise than asked (another slug, since it was taken).
    pub warnings: Vec<crate::error::Warning>,
}

/// Changes a site.
#[async_trait]
pub trait Writer: Reader {
    /// Puts a picture on the site.
    ///
    /// # Errors
    /// What the site said. A picture twice is no harm, so there is no "unknown" here.
    async fn upload(&self, upload: Upload) -> Result<RemotePicture>;

    /// Creates the post. Never repeated by itself once it may have been received.
    ///
    /// # Errors
    /// [`WriteError::Unknown`] whenever the site may have created it.
    async fn create(&self, rendering: &Rendering, sending: Sending<'_>) -> Result<Written, WriteError>;

    /// Brings the post to the rendering.
    ///
    /// # Errors
    /// As for [`Writer::create`].
    async fn update(
        &self,
        id: &RemoteId,
        rendering: &Rendering,
        sending: Sending<'_>,
    ) -> Result<Written, WriteError>;

    /// Takes the post down: into the trash where there is one.
    ///
    /// # Errors
    /// As for [`Writer::create`].
    async fn unpublish(&self, id: &RemoteId) -> Result<(), WriteError>;

    /// Puts down, on this machine, what a person needs who brings a note there: only called where
    /// [`Capabilities::by_hand`]. The same again changes nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    async fn hand_over(&self, _rendering: &Rendering, _note: &str) -> Result<()> {
        Ok(())
    }

    /// Called once when a run's writes to this target are over, whether or not they all succeeded:
    /// for what stands for all posts together (a list, a feed) and would cost too much after each.
    /// What a crash leaves out of date here, the next call brings level.
    ///
    /// # Errors
    /// When that cannot be written. The posts themselves are not in question.
    async fn finish(&self) -> Result<()> {
        Ok(())
    }
}

/// The time, which the core is told and never asks.
pub type Now = Timestamp;
