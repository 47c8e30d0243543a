//! A folder target in a temporary place, and notes on their way to it: what the program does
//! between reading a note and calling the target, without ledger and plan.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use crosspost::{
    config::Config,
    note::{Marker, Note, Source, audience},
    render::Meta,
    render::{Context, Digest, KeepLinks, Links, Picture, Pictures, Rendering, document::Document, parse},
    secrets::Secrets,
    targets::{Fetched, Found, RemoteId, Sending, Target, Upload, Wanted, WriteError, Writer, Written},
};
use jiff::tz::TimeZone;

/// The name of the target in every test.
const TARGET: &str = "folder";

pub struct Bench {
    pub dir: tempfile::TempDir,
    pub target: Arc<dyn Target>,
    timezone: TimeZone,
}

/// A note, rendered and ready to be sent.
pub struct Ready {
    pub marker: Marker,
    pub rendering: Rendering,
    pub pictures: Pictures,
}

impl Bench {
    pub fn new() -> Self {
        Self::with("")
    }

    /// With more keys in the target's table.
    pub fn with(keys: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let text = format!(
            "project = \"p\"\ntimezone = \"Europe/London\"\n\
             [targets.{TARGET}]\nkind = \"folder\"\naudience = \"public\"\n{keys}\n"
        );
        let config = Config::parse(&text, &dir.path().join("crosspost.toml")).expect("a configuration");
        let target = Arc::clone(config.target(TARGET).expect("the target"));
        Self { dir, target, timezone: config.timezone }
    }

    pub fn out(&self) -> PathBuf {
        self.dir.path().join("crosspost-out")
    }

    /// A connection of its own, as another process would have.
    pub fn connect(&self) -> Box<dyn Writer> {
        self.target.connect(&Secrets::new("p")).expect("a connection")
    }

    pub fn file(&self, name: &str) -> String {
        let path = self.out().join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    pub fn put_file(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.out()).expect("the folder");
        std::fs::write(self.out().join(name), text).expect("a file");
    }

    pub fn has(&self, name: &str) -> bool {
        self.out().join(name).exists()
    }

    /// The files of the folder, without those that begin with a dot.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.out()).expect("the folder");
        let mut names: Vec<String> =
            entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        names
    }

    pub fn ready(&self, path: &str, text: &str) -> Ready {
        self.ready_with(path, text, Pictures::default(), &KeepLinks)
    }

    pub fn ready_with(&self, path: &str, text: &str, pictures: Pictures, links: &dyn Links) -> Ready {
        let (note, document) = self.read(path, text);
        let marker = Marker::derive("p", &note.id, TARGET);
        let meta = self.meta(&note, &document);
        let context = Context {
            audience: self.target.common().audience,
            meta: &meta,
            marker,
            pictures: &pictures,
            links,
            site: &BTreeMap::new(),
        };
        let rendering = self.target.render(&document, &context).expect("a rendering");
        Ready { marker, rendering, pictures }
    }

    fn read(&self, path: &str, text: &str) -> (Note, Document) {
        let source = Source::decode(path, text.as_bytes()).expect("text");
        let note = Note::parse(source, &[]).expect("a note");
        let cleared = audience::clear(&note, self.target.common().audience).expect("directives in order");
        let title = note.meta.at(TARGET).title;
        let document = parse::parse(note.path(), &cleared, title.as_deref()).expect("a document");
        (note, document)
    }

    fn meta(&self, note: &Note, document: &Document) -> Meta {
        let own = note.meta.at(TARGET);
        let heading = document.heading.as_ref().map(|h| h.text.clone());
        let stem = note.path().rsplit('/').next().and_then(|name| name.strip_suffix(".md"));
        Meta {
            title: own.title.or(heading).expect("a title"),
            slug: own.slug,
            stem: stem.expect("a Markdown file").to_owned(),
            date: own.date.map(|date| date.instant(&self.timezone).expect("a date")),
            status: own.status.unwrap_or(crosspost::note::Status::Publish),
            tags: own.tags,
            categories: own.categories,
            excerpt: own.excerpt,
            image: own.image,
            image_alt: own.image_alt,
            author: note.meta.author.clone(),
            canonical: own.canonical,
            ..Meta::default()
        }
    }

    /// Uploads the pictures of a note, files below `from`, and renders with their addresses.
    pub async fn upload_all(&self, writer: &dyn Writer, path: &str, text: &str, from: &str) -> Ready {
        let (note, document) = self.read(path, text);
        let mut pictures = Pictures::default();
        let image = note.meta.at(TARGET).image;
        for src in document.pictures().into_iter().map(|(src, _)| src).chain(image) {
            let bytes = std::fs::read(std::path::Path::new(from).join(&src)).expect("a picture");
            let size = imagesize::blob_size(&bytes).expect("a size");
            let picture = Picture {
                digest: Digest::of(&bytes),
                file_name: src.rsplit('/').next().unwrap_or(&src).to_owned(),
                media_type: "image/png",
                width: u32::try_from(size.width).expect("a width"),
                height: u32::try_from(size.height).expect("a height"),
            };
            let upload = Upload { picture: picture.clone(), alt: String::new(), bytes };
            let remote = writer.upload(upload).await.expect("an upload");
            pictures.insert(&src, picture, Some(remote));
        }
        self.ready_with(path, text, pictures, &KeepLinks)
    }
}

impl Ready {
    pub async fn create(&self, writer: &dyn Writer) -> Result<Written, WriteError> {
        writer.create(&self.rendering, self.sending()).await
    }

    pub async fn update(&self, writer: &dyn Writer, id: &RemoteId) -> Result<Written, WriteError> {
        writer.update(id, &self.rendering, self.sending()).await
    }

    pub async fn find(&self, writer: &dyn Writer) -> Found {
        let wanted = Wanted {
            marker: self.marker,
            title: self.rendering.title.clone(),
            slug: self.rendering.slug.clone(),
            canonical: None,
        };
        writer.find(&[wanted], true).await.expect("an answer").pop().expect("one entry")
    }

    fn sending(&self) -> Sending<'_> {
        static NOTHING: BTreeMap<String, String> = BTreeMap::new();
        Sending { marker: self.marker, pictures: &self.pictures, site: &NOTHING }
    }
}

/// The text of a page that is there.
pub async fn page(writer: &dyn Writer, id: &RemoteId) -> Option<String> {
    match writer.fetch(id).await.expect("an answer") {
        Fetched::Present(remote) => remote.parts.get("page").cloned(),
        Fetched::Gone | Fetched::Unseen => None,
    }
}
