//! The digest of everything that a rendering is made of. While it stays the same the rendering does,
//! so an unchanged note is recognised without being read as Markdown, let alone rendered. One that
//! differs proves nothing: then the note is rendered, and the renderings' digests are compared.

use std::collections::{BTreeMap, HashMap};

use super::{Run, links::Link};
use crate::{
    note::Marker,
    render::{Digest, RemotePicture, frame::Template},
    targets::Target,
};

/// Raised when this file changes what goes into the digest.
const VERSION: &str = "2";

/// What holds for all notes at each target of a run, by the target's name.
pub struct Fingerprints(HashMap<String, Digest>);

/// What one note's rendering at one target is made of.
pub struct Inputs<'a> {
    /// The note's path.
    pub path: &'a str,
    /// Whether the note is known under the name that it gives itself.
    pub is_own_key: bool,
    /// Digest of its text.
    pub source: &'a Digest,
    /// By which its post is found.
    pub marker: Marker,
    /// The address of the original, where the target names one and it is known.
    pub permalink: Option<&'a str>,
    /// What the ledger remembers of the site, as far as it is for rendering.
    pub site: &'a BTreeMap<String, String>,
    /// Its links to other notes and what each leads to.
    pub links: &'a [Link],
    /// The paths of its pictures and the digests of their bytes.
    pub pictures: &'a [(String, Digest)],
    /// Where the site has the pictures that it shows.
    pub shown: &'a BTreeMap<Digest, RemotePicture>,
}

impl Fingerprints {
    /// For the targets of a run.
    #[must_use]
    pub fn new(run: &Run<'_>) -> Self {
        Self(run.targets.iter().map(|t| (t.common().name.clone(), settings(run, &**t))).collect())
    }

    /// The digest of what holds for all notes at a target.
    #[must_use]
    pub fn settings(&self, target: &dyn Target) -> Option<&Digest> {
        self.0.get(&target.common().name)
    }

    /// The digest of what a note's rendering at a target is made of.
    #[must_use]
    pub fn of(&self, target: &dyn Target, inputs: &Inputs<'_>) -> Digest {
        let mut all = Parts(Vec::with_capacity(MOST));
        if let Some(settings) = self.settings(target) {
            all.add_digest(settings);
        }
        all.add(inputs.path).add(if inputs.is_own_key { "own" } else { "" });
        all.add_digest(inputs.source).add_bytes(inputs.marker.as_bytes());
        all.add(inputs.permalink.unwrap_or_default());
        for (name, value) in inputs.site {
            all.add(name).add(value);
        }
        all.end();
        for link in inputs.links {
            link.tell(|text| {
                all.add(text);
            });
        }
        all.end();
        for (path, digest) in inputs.pictures {
            all.add(path).add_digest(digest);
        }
        all.end();
        for (digest, remote) in inputs.shown {
            all.add_digest(digest).add(remote.id.as_deref().unwrap_or_default()).add(&remote.url);
        }
        Digest::of(&all.0)
    }
}

/// Everything in the configuration and in this program that a rendering at a target depends on.
fn settings(run: &Run<'_>, target: &dyn Target) -> Digest {
    let common = target.common();
    let zone = run.zone.iana_name().map_or_else(|| format!("{:?}", run.zone), str::to_owned);
    let internal = (run.internal.hosts.patterns(), run.internal.links, &run.internal.label);
    let about_notes = (run.project, zone, internal, run.pictures.max_width, run.ignored_keys);
    let template = |template: &Option<Template>| template.as_ref().map(|t| t.source().to_owned());
    let frame = (template(&common.frame.header), template(&common.frame.footer));
    let formats: Vec<&str> = target.picture_formats().iter().map(|format| format.media_type()).collect();
    let about_target = (
        (target.kind(), target.location(), target.rendering_version()),
        (&common.name, common.audience, &common.canonical, &common.authors),
        (frame, formats, format!("{:?}", target.capabilities())),
    );
    Digest::of_json(&(VERSION, env!("CARGO_PKG_VERSION"), about_notes, about_target))
}

/// What most notes' rendering is made of has no more bytes.
const MOST: usize = 1024;

/// Texts and digests, each with its length, so that no two lists of them look the same.
struct Parts(Vec<u8>);

impl Parts {
    fn add(&mut self, text: &str) -> &mut Self {
        self.add_bytes(text.as_bytes())
    }

    fn add_digest(&mut self, digest: &Digest) -> &mut Self {
        self.add_bytes(digest.value())
    }

    fn add_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
        self.0.extend(bytes);
        self
    }

    /// Ends a list: no text is that long.
    fn end(&mut self) {
        self.0.extend(u64::MAX.to_le_bytes());
    }
}
