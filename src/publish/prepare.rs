//! A note made ready: cut for each audience, parsed once, its pictures known; and the rendering of
//! it for one target.

mod basis;
mod held;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, OnceLock},
};

use held::Held;

use super::{
    Run,
    fingerprint::Fingerprints,
    links::{Address, KnownLinks, addresses},
    veil::Veil,
};
use crate::{
    error::{Error, Place, Result, Warning},
    note::{self, Audience, Cleared, LeakGuard, Marker, Note, NoteId},
    pictures::{Format, Found, Limits, Orders},
    render::{
        Context, Digest, Document, Meta, PENDING_LINK, Picture, Pictures, RemotePicture, Rendering, internal,
        last_look, links::LinkRules, parse, pins, pins::Pin, sanitise,
    },
    state::{Basis, Record, TargetRecord},
    targets::{Target, preview::Preview},
};

/// A note of this run.
pub struct Prepared {
    /// The note.
    pub note: Note,
    /// Its key in the ledger.
    pub key: NoteId,
    /// Digest of its body.
    pub text: Digest,
    source: OnceLock<Digest>,
    title: OnceLock<String>,
    public: Held,
    internal: Held,
}

/// A note as one audience has it.
pub struct Part {
    /// The cut text.
    pub cleared: Cleared,
    /// Its tree.
    pub document: Document,
    /// The addresses in it that may lead to notes, each once.
    pub links: Arc<[Address]>,
    /// The local pictures in it, by `src`.
    pub pictures: HashMap<String, Found>,
    /// Knows what was cut out of it, and finds it in what would be sent.
    guard: LeakGuard,
}

/// A rendering and what it was made with.
#[derive(Clone)]
pub struct Rendered {
    /// What would be sent.
    pub rendering: Rendering,
    /// The note's pictures and where the site has them.
    pub pictures: Pictures,
    /// How each of them is made ready.
    pub orders: Orders,
    /// Its digest.
    pub digest: Digest,
    /// The notes whose addresses at this target it waits for, by path.
    pub waits_for: Vec<String>,
    /// Digest of everything that it was made of.
    pub made_of: Digest,
    /// What that was, where the ledger may tell.
    pub basis: Option<Basis>,
}

impl Prepared {
    /// A note whose key in the ledger is known.
    #[must_use]
    pub fn new(note: Note, key: NoteId) -> Self {
        let text = Digest::of(note.body().as_bytes());
        let (public, internal) = (Held::default(), Held::default());
        Self { note, key, text, source: OnceLock::new(), title: OnceLock::new(), public, internal }
    }

    /// Digest of its whole text.
    #[must_use]
    pub fn source(&self) -> &Digest {
        self.source.get_or_init(|| Digest::of(self.note.source.text.as_bytes()))
    }

    /// Whether the ledger knows it under the name that it gives itself: not so when it has moved.
    #[must_use]
    pub fn is_own_key(&self) -> bool {
        self.note.id == self.key
    }

    /// The note for an audience, parsed at the first call, and at the first after [`Self::forget`].
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn part(&self, run: &Run<'_>, audience: Audience) -> Result<Arc<Part>, Vec<Error>> {
        self.held(audience).part(|| self.make(run, audience))
    }

    /// The [`Part::links`] of the note for an audience, if there is nothing wrong with it.
    #[must_use]
    pub fn links(&self, run: &Run<'_>, audience: Audience) -> Option<Arc<[Address]>> {
        self.held(audience).links(|| self.make(run, audience))
    }

    /// Whether there is nothing wrong with the note for an audience.
    #[must_use]
    pub fn is_in_order(&self, run: &Run<'_>, audience: Audience) -> bool {
        self.links(run, audience).is_some()
    }

    /// Lets go of what was parsed.
    pub fn forget(&self, run: &Run<'_>) {
        if self.public.is_here() {
            // It may be a heading of the text.
            let _ = self.title(run);
        }
        self.public.forget();
        self.internal.forget();
    }

    fn held(&self, audience: Audience) -> &Held {
        match audience {
            Audience::Public => &self.public,
            Audience::Internal => &self.internal,
        }
    }

    /// What messages about the note for an audience may repeat of it.
    fn veil<'r>(&'r self, run: &'r Run<'_>, audience: Audience) -> Veil<'r> {
        Veil::new(&run.internal.hosts, &self.note, audience)
    }

    fn make(&self, run: &Run<'_>, audience: Audience) -> Result<Part, Vec<Error>> {
        let cleared = note::audience::clear(&self.note, audience)?;
        self.read(run, cleared).map_err(|errors| self.veil(run, audience).errors(errors))
    }

    fn read(&self, run: &Run<'_>, cleared: Cleared) -> Result<Part, Vec<Error>> {
        let guard = last_look::guard(&self.note, &cleared);
        let mut document = parse::parse(self.note.path(), &cleared, self.note.meta.own.title.as_deref())?;
        let mut errors = Vec::new();
        if cleared.audience == Audience::Public {
            let cut = self.cut_anchors(&cleared, &document);
            let hidden = internal::hide(&mut document, run.internal, &cut, self.note.path());
            errors.extend(hidden.err().into_iter().flatten());
        }
        let mut pictures = HashMap::new();
        for (src, place) in self.places(run, &document) {
            if is_remote(&src) || pictures.contains_key(&src) {
                continue;
            }
            match run.files.picture(self.note.path(), &src) {
                Ok(original) => drop(pictures.insert(src, Found { original, place })),
                Err(error) => errors.push(error.at(place)),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let links = addresses(self.note.path(), &document).into();
        Ok(Part { cleared, document, links, pictures, guard })
    }

    /// The anchors of the headings that only colleagues can read, if the public text has links within
    /// the note: a link's address would tell what such a heading says.
    fn cut_anchors(&self, cleared: &Cleared, document: &Document) -> BTreeSet<String> {
        let within = |document: &Document| document.links().iter().any(|link| link.href.starts_with('#'));
        if cleared.removed.is_empty() || !within(document) {
            return BTreeSet::new();
        }
        let whole = note::audience::clear(&self.note, Audience::Internal);
        let title = self.note.meta.own.title.as_deref();
        let Ok(whole) = whole.and_then(|whole| parse::parse(self.note.path(), &whole, title)) else {
            return BTreeSet::new();
        };
        let public: BTreeSet<String> = document.headings().iter().map(|h| h.anchor.to_owned()).collect();
        let all = whole.headings().into_iter().map(|heading| heading.anchor.to_owned());
        all.filter(|anchor| !public.contains(anchor)).collect()
    }

    /// The pictures in the text and those that stand for the note, each with its place.
    fn places(&self, run: &Run<'_>, document: &Document) -> Vec<(String, Place)> {
        let inline =
            document.images().into_iter().map(|shown| (shown.src, self.note.source.line(shown.line)));
        let featured = run.targets.iter().filter_map(|t| self.note.meta.at(&t.common().name).image);
        let key = || self.note.meta.places.get("image").cloned().unwrap_or_else(|| self.note.source.line(1));
        inline.chain(featured.map(|src| (src, key()))).collect()
    }

    /// The title that the ledger keeps, if the note has one: that of its front matter, or that of
    /// its text as the public may read it. None that names an internal host: ledgers are public
    /// where their repositories are.
    #[must_use]
    pub fn title(&self, run: &Run<'_>) -> &str {
        self.title.get_or_init(|| {
            let heading = || {
                let part = self.part(run, Audience::Public).ok()?;
                part.document.heading.as_ref().map(|h| h.text.clone())
            };
            let title = self.note.meta.own.title.clone().or_else(heading);
            title.filter(|title| run.internal.hosts.mentions(title).is_none()).unwrap_or_default()
        })
    }

    /// The title that logs may show: none for a note that is internal as a whole.
    #[must_use]
    pub fn shown_title(&self, run: &Run<'_>) -> &str {
        if self.note.meta.is_for(Audience::Public) { self.title(run) } else { "" }
    }

    /// What a target would be sent, as far as the ledger and the site's abilities tell.
    ///
    /// # Errors
    /// Everything that is wrong with the note, or that this target cannot take.
    pub fn render(
        &self,
        run: &Run<'_>,
        target: &dyn Target,
        view: &View<'_>,
    ) -> Result<Rendered, Vec<Error>> {
        let veil = self.veil(run, target.common().audience);
        let mut rendered = self.unveiled(run, target, view).map_err(|errors| veil.errors(errors))?;
        rendered.rendering.warnings = veil.warnings(rendered.rendering.warnings);
        Ok(rendered)
    }

    /// How the note will look at a target, with marks in it (see [`pins`]).
    ///
    /// # Errors
    /// As for [`Prepared::render`].
    pub fn preview(&self, run: &Run<'_>, target: &dyn Target, view: &View<'_>) -> Result<Shown, Vec<Error>> {
        let rendered = self.render(run, target, view)?;
        let part = self.part(run, target.common().audience)?;
        let meta = self.meta(run, target, &part, view.record)?;
        let orders = Orders::new(&part.pictures, Format::ALL, PREVIEW);
        let mut pictures = Pictures::default();
        for src in part.pictures.keys() {
            pictures.insert(src, orders.picture(src).ok_or_else(Vec::new)?, None);
        }
        let links = link_rules(run, self.note.path(), target, view);
        let context = context(target, &meta, (view.marker, view.site), &pictures, &links);
        let inside = self.internal_lines(&part);
        let (document, pins) = pins::pinned(
            &part.document,
            &rendered.rendering.warnings,
            inside.as_ref().unwrap_or(&BTreeSet::new()),
        );
        let document = target.common().frame.around(&document, &meta, run.zone).map_err(|e| vec![e])?;
        let preview = target.preview(&document, &context)?;
        let hosts = &run.internal.hosts;
        if target.common().audience == Audience::Public {
            last_look::look_at(&self.note, &part.guard, hosts, &preview.html).map_err(|e| vec![e])?;
        }
        Ok(Shown {
            rendered,
            preview,
            pins,
            whole: inside.is_none(),
            orders,
            pictures,
            lines: quotable(&part),
        })
    }

    /// The lines of an internal part that the public does not get; `None` where it gets none at all.
    fn internal_lines(&self, part: &Part) -> Option<BTreeSet<u32>> {
        if part.cleared.audience == Audience::Public {
            return Some(BTreeSet::new());
        }
        let public = note::audience::clear(&self.note, Audience::Public).ok()?;
        let public: HashSet<u32> = public.lines.into_iter().collect();
        let texts = part.cleared.text.split('\n');
        let lines = part.cleared.lines.iter().zip(texts).filter(|(_, text)| !text.trim().is_empty());
        Some(lines.map(|(line, _)| *line).filter(|line| !public.contains(line)).collect())
    }

    fn unveiled(&self, run: &Run<'_>, target: &dyn Target, view: &View<'_>) -> Result<Rendered, Vec<Error>> {
        let part = self.part(run, target.common().audience)?;
        let meta = self.meta(run, target, &part, view.record)?;
        let orders = Orders::new(&part.pictures, target.picture_formats(), run.pictures);
        let pictures = pictures(&part, &orders, target, view);
        let links = link_rules(run, self.note.path(), target, view);
        let context = context(target, &meta, (view.marker, view.site), &pictures, &links);
        let frame = &target.common().frame;
        let document =
            frame.around(&part.document, &meta, run.zone).map_err(|e| vec![e.or_at(self.note.path())])?;
        let mut rendering = target.render(&document, &context)?;
        frame.wait(&mut rendering, &meta);
        let mut refused = links.refused();
        refused.extend(orders.refused(&rendering));
        if !refused.is_empty() {
            return Err(refused);
        }
        if target.common().audience == Audience::Public {
            last_look::look(&self.note, &part.guard, &run.internal.hosts, &rendering).map_err(|e| vec![e])?;
            rendering.warnings.extend(part.cleared.dangling_references());
        }
        rendering.warnings.extend(orders.warnings(&rendering));
        rendering.warnings.extend(self.featured_without_alt(&rendering));
        let digest = rendering.digest();
        let waits_for = links.pending().iter().map(|path| view.links.real(path)).collect();
        let shown = used_pictures(&pictures, &rendering);
        let basis = self.basis(target, view, (&part, &rendering, &shown));
        let made_of = basis.digest;
        let basis = self.told(run, target, basis);
        Ok(Rendered { rendering, pictures, orders, digest, waits_for, made_of, basis })
    }

    /// A featured picture that says nothing to those who do not see it (WCAG 2.2, 1.1.1).
    fn featured_without_alt(&self, rendering: &Rendering) -> Option<Warning> {
        let featured = rendering.featured.as_ref().filter(|featured| featured.alt.trim().is_empty())?;
        let line = self.note.meta.places.get("image").map_or(0, |place| place.line);
        let message =
            format!("the featured picture `{}` has no alternative text: add `image_alt`", featured.src);
        Some(Warning::new(sanitise::MISSING_ALT, line, message))
    }

    fn meta(
        &self,
        run: &Run<'_>,
        target: &dyn Target,
        part: &Part,
        record: Option<&Record>,
    ) -> Result<Meta, Vec<Error>> {
        let heading = part.document.heading.as_ref().map(|h| h.text.as_str());
        let canonical = self.canonical(target, record);
        Meta::of(&self.note, &target.common().name, heading, canonical, run.zone).map_err(|e| vec![e])
    }

    /// The canonical target's permalink, or the placeholder for it.
    fn canonical(&self, target: &dyn Target, record: Option<&Record>) -> Option<String> {
        let name = target.common().canonical.as_ref().filter(|name| self.note.meta.goes_to(name))?;
        let permalink = record.and_then(|record| permalink(record, target));
        Some(permalink.map_or_else(|| format!("{PENDING_LINK}{name}"), str::to_owned))
    }
}

/// The address of the original, once it is known.
#[must_use]
pub fn permalink<'r>(record: &'r Record, target: &dyn Target) -> Option<&'r str> {
    record.address(target.common().canonical.as_ref()?)
}

/// The pictures that a rendering shows and where the site has them.
#[must_use]
pub fn used_pictures(known: &Pictures, rendering: &Rendering) -> BTreeMap<Digest, RemotePicture> {
    let used = rendering.needs.iter().filter_map(|(src, _)| known.get(src));
    used.filter_map(|(picture, remote)| Some((picture.digest, remote?.clone()))).collect()
}

impl Rendered {
    /// The pictures that the site does not have yet, as far as is known.
    #[must_use]
    pub fn missing_pictures(&self) -> Vec<Picture> {
        let mut seen = HashSet::new();
        let needed = self.rendering.needs.iter().filter_map(|(src, _)| self.pictures.get(src));
        needed
            .filter(|(_, remote)| remote.is_none())
            .map(|(picture, _)| picture.clone())
            .filter(|picture| seen.insert(picture.digest))
            .collect()
    }
}

/// Pictures in a preview are no wider: two columns of text at the resolution of good screens.
const PREVIEW: Limits = Limits { max_width: 1280 };

/// A note as it will look at a target.
pub struct Shown {
    /// What would be sent.
    pub rendered: Rendered,
    /// How it will look.
    pub preview: Preview,
    /// What the marks in it stand for.
    pub pins: Vec<Pin>,
    /// Whether all of it is for colleagues alone.
    pub whole: bool,
    /// How its pictures are made ready for the preview.
    pub orders: Orders,
    /// The pictures in it.
    pub pictures: Pictures,
    /// The lines of the note that may be quoted, by number.
    pub lines: BTreeMap<u32, String>,
}

/// The lines of a part by number. None for the public: what a line says is settled once it is parsed,
/// and an address may be spelled in it in ways that only a parser reads.
fn quotable(part: &Part) -> BTreeMap<u32, String> {
    match part.cleared.audience {
        Audience::Public => BTreeMap::new(),
        Audience::Internal => {
            let texts = part.cleared.text.split('\n').map(str::to_owned);
            part.cleared.lines.iter().copied().zip(texts).collect()
        }
    }
}

fn link_rules<'a>(run: &'a Run<'_>, note: &'a str, target: &dyn Target, view: &'a View<'_>) -> LinkRules<'a> {
    LinkRules::new(target.common().audience, run.internal, note, &view.links.known)
}

fn context<'a>(
    target: &dyn Target,
    meta: &'a Meta,
    (marker, site): (Marker, &'a BTreeMap<String, String>),
    pictures: &'a Pictures,
    links: &'a LinkRules<'_>,
) -> Context<'a> {
    Context { audience: target.common().audience, meta, marker, pictures, links, site }
}

/// What a rendering may know of the world.
pub struct View<'a> {
    /// Makes the digest of all of it.
    pub fingerprints: &'a Fingerprints,
    /// The post's marker.
    pub marker: Marker,
    /// The note's record.
    pub record: Option<&'a Record>,
    /// What is known of the site.
    pub site: &'a BTreeMap<String, String>,
    /// Pictures that were uploaded, or found on the site, in this run.
    pub found_pictures: &'a BTreeMap<Digest, RemotePicture>,
    /// What is known of the notes that it links to.
    pub links: &'a KnownLinks,
    /// Pictures that other notes have put on the site.
    pub elsewhere: &'a dyn Fn(&Digest) -> Option<&'a RemotePicture>,
}

/// The note's pictures, and where the site has them as far as is known.
fn pictures(part: &Part, orders: &Orders, target: &dyn Target, view: &View<'_>) -> Pictures {
    let mut known = Pictures::default();
    let at = |name: &String| view.record.and_then(|r| r.targets.get(name));
    let own = at(&target.common().name);
    // A target that only points at the original can show the original's pictures.
    let original = target.common().canonical.as_ref().and_then(at);
    let public = |r: &TargetRecord, digest: &Digest| {
        let remote = r.pictures.get(digest).filter(|remote| is_web(&remote.url))?;
        Some(RemotePicture { id: None, url: remote.url.clone() })
    };
    for src in part.pictures.keys() {
        let Some(picture) = orders.picture(src) else { continue };
        let remote = view
            .found_pictures
            .get(&picture.digest)
            .or_else(|| own.and_then(|r| r.pictures.get(&picture.digest)))
            .or_else(|| (view.elsewhere)(&picture.digest))
            .cloned()
            .or_else(|| original.and_then(|r| public(r, &picture.digest)));
        known.insert(src, picture, remote);
    }
    known
}

/// The marker of a note at a target: the recorded one, or else the derived one.
#[must_use]
pub fn marker(run: &Run<'_>, key: &NoteId, target: &str, record: Option<&TargetRecord>) -> Marker {
    record.map_or_else(|| Marker::derive(run.project, key, target), |r| r.marker)
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Whether a `src` is an address, not a file beside the note.
#[must_use]
pub fn is_remote(src: &str) -> bool {
    src.starts_with("//") || url::Url::parse(src).is_ok()
}
