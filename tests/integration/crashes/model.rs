//! Two kinds of site in memory: one that can be asked by marker and changed, as WordPress, and one
//! that can do neither, as Medium. Both keep every request to create, and make a post of each.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use crosspost::{
    error::{Error, Result},
    note::{Audience, Marker},
    render::{
        self, Context, Digest, Document, Picture, RemotePicture, Rendering,
        html::{self, Options},
        stamp,
    },
    secrets::Secrets,
    targets::{
        Capabilities, Common, Fetched, Finding, Found, Reader, Remote, RemoteId, Sending, Target, Upload,
        Wanted, WriteError, Writer, Written,
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Can be asked by marker, and changed.
    Askable,
    /// Can be told once, and never asked.
    Mute,
}

#[derive(Debug, Clone)]
pub struct Post {
    pub title: String,
    pub body: String,
    pub status: String,
    pub trashed: bool,
}

/// What a site has. A post's id is its place; none is ever forgotten.
#[derive(Default)]
pub struct State {
    pub posts: Vec<Post>,
    pub pictures: BTreeMap<Digest, RemotePicture>,
    pub uploads: usize,
}

/// A configured target and its site.
#[derive(Clone)]
pub struct Model {
    kind: Kind,
    common: Common,
    state: Arc<Mutex<State>>,
}

impl Model {
    pub fn new(name: &str, kind: Kind, canonical: Option<&str>) -> Self {
        let common = Common {
            name: name.to_owned(),
            audience: Audience::Public,
            canonical: canonical.map(str::to_owned),
            authors: Vec::new(),
            timeout: Duration::from_secs(40),
            concurrency: 4,
            insecure_http: false,
            ca_file: None,
            client_certificate: None,
            proxy: None,
            frame: crosspost::render::frame::Frame::default(),
            root: PathBuf::new(),
            timezone: jiff::tz::TimeZone::UTC,
        };
        Self { kind, common, state: Arc::default() }
    }

    /// The same site with another patience.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.common.timeout = timeout;
        self
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The posts whose text has this word in it.
    pub fn posts_of(&self, word: &str) -> Vec<Post> {
        self.state().posts.iter().filter(|post| post.body.contains(word)).cloned().collect()
    }

    fn remote(&self, id: usize, post: &Post) -> Remote {
        let mut parts = BTreeMap::from([
            ("title".to_owned(), post.title.clone()),
            ("status".to_owned(), post.status.clone()),
        ]);
        let markers = Marker::all_in(&post.body);
        if self.kind == Kind::Askable {
            parts.insert("content".to_owned(), post.body.clone());
        }
        Remote {
            id: RemoteId(id.to_string()),
            url: Some(format!("https://{}.example/{id}", self.common.name)),
            permanent: true,
            trashed: post.trashed,
            stamp: markers.first().and_then(|marker| stamp::read(&post.title, &post.body, *marker)),
            markers,
            parts,
        }
    }

    fn store(&self, id: Option<usize>, rendering: &Rendering, marker: Marker) -> Written {
        let post = Post {
            title: rendering.title.clone(),
            body: stamp::stamped(rendering, marker),
            status: rendering.status.as_str().to_owned(),
            trashed: false,
        };
        let mut state = self.state();
        let id = id.unwrap_or(state.posts.len());
        if id == state.posts.len() {
            state.posts.push(post.clone());
        } else {
            state.posts[id] = post.clone();
        }
        Written { remote: self.remote(id, &post), learned: BTreeMap::new(), warnings: Vec::new() }
    }
}

impl Target for Model {
    fn common(&self) -> &Common {
        &self.common
    }

    fn kind(&self) -> &'static str {
        "model"
    }

    fn capabilities(&self) -> Capabilities {
        let askable = self.kind == Kind::Askable;
        Capabilities {
            find: if askable { Finding::Certain } else { Finding::Never },
            update: askable,
            unpublish: askable,
            schedules: true,
            idempotent_create: false,
            by_hand: false,
            local: false,
            private: askable,
            drafts: true,
        }
    }

    fn location(&self) -> String {
        format!("https://{}.example/", self.common.name)
    }

    fn rendering_version(&self) -> Digest {
        Digest::of(b"1")
    }

    fn render(&self, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
        let html = html::render(document, context, &Options::default(), &mut Vec::new());
        let body = match self.kind {
            Kind::Askable => format!("{html}\n{}", stamp::comment(context.marker)),
            Kind::Mute => html,
        };
        let meta = context.meta;
        Ok(Rendering {
            title: meta.title.clone(),
            slug: None,
            excerpt: None,
            status: meta.status,
            date: None,
            tags: None,
            categories: None,
            author: None,
            canonical: meta.canonical.clone(),
            featured: None,
            body,
            extra: BTreeMap::new(),
            needs: render::needs(document, context),
            warnings: Vec::new(),
        })
    }

    fn connect(&self, _secrets: &Secrets) -> Result<Box<dyn Writer>> {
        Ok(Box::new(self.clone()))
    }
}

#[async_trait]
impl Reader for Model {
    async fn find(&self, wanted: &[Wanted], _lookalikes: bool) -> Result<Vec<Found>> {
        assert_eq!(self.kind, Kind::Askable, "a site that cannot be asked is not asked");
        let state = self.state();
        let ours = |wanted: &Wanted| {
            let posts = state.posts.iter().enumerate().map(|(id, post)| self.remote(id, post));
            posts.filter(|remote| remote.markers.contains(&wanted.marker)).collect()
        };
        Ok(wanted.iter().map(|wanted| Found { ours: ours(wanted), lookalikes: Vec::new() }).collect())
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        let id: usize = id.0.parse().map_err(|_| Error::failed("no id"))?;
        let state = self.state();
        Ok(match (self.kind, state.posts.get(id)) {
            (Kind::Mute, _) => Fetched::Unseen,
            (Kind::Askable, Some(post)) => Fetched::Present(Box::new(self.remote(id, post))),
            (Kind::Askable, None) => Fetched::Gone,
        })
    }

    async fn survey(
        &self,
        _rendering: &Rendering,
        _known: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        Ok(BTreeMap::new())
    }

    async fn find_pictures(&self, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
        let state = self.state();
        let known = |picture: &Picture| state.pictures.get(&picture.digest).cloned();
        Ok(pictures
            .iter()
            .map(|picture| if self.kind == Kind::Askable { known(picture) } else { None })
            .collect())
    }
}

#[async_trait]
impl Writer for Model {
    async fn upload(&self, upload: Upload) -> Result<RemotePicture> {
        let mut state = self.state();
        state.uploads += 1;
        let url = format!("https://{}.example/{}.png", self.common.name, state.uploads);
        let remote = RemotePicture { id: Some(state.uploads.to_string()), url };
        state.pictures.insert(upload.picture.digest, remote.clone());
        Ok(remote)
    }

    async fn create(&self, rendering: &Rendering, sending: Sending<'_>) -> Result<Written, WriteError> {
        Ok(self.store(None, rendering, sending.marker))
    }

    async fn update(
        &self,
        id: &RemoteId,
        rendering: &Rendering,
        sending: Sending<'_>,
    ) -> Result<Written, WriteError> {
        assert_eq!(self.kind, Kind::Askable, "a site that cannot change a post is not told to");
        let id = id.0.parse().map_err(|_| WriteError::NotDone(Error::failed("no id")))?;
        Ok(self.store(Some(id), rendering, sending.marker))
    }

    async fn unpublish(&self, id: &RemoteId) -> Result<(), WriteError> {
        let id: usize = id.0.parse().map_err(|_| WriteError::NotDone(Error::failed("no id")))?;
        self.state().posts[id].trashed = true;
        Ok(())
    }
}
