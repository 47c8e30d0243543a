//! Renderings in blocks, before the editors of two releases: whatever the note, they would have
//! written the same bytes, and every word of the note is there.

mod compositions;
mod corpus;
mod reading;
mod shown;
mod stored;

use std::collections::BTreeMap;

use crosspost::{
    error::Warning,
    note::{Audience, Cleared, Marker, NoteId},
    render::{
        Context, Digest, Document, KeepLinks, LinkFate, Links, Meta, Picture, Pictures, RemotePicture,
        blocks::{self, BlockOutput, FOOTNOTES, Options},
        parse,
    },
};

use crate::harness::validator::{self, Release, Verdict};

/// A site where `secret.example` is not to be linked to, and `internal.example` is labelled.
struct SomeLinks;

impl Links for SomeLinks {
    fn fate(&self, href: &str, _line: u32, _warnings: &mut Vec<Warning>) -> LinkFate {
        if href.contains("internal.example") {
            LinkFate::Label("[internal link]".to_owned())
        } else if href.contains("secret.example") {
            LinkFate::Unlink
        } else {
            LinkFate::To(href.to_owned())
        }
    }
}

fn document(markdown: &str) -> Document {
    let lines = (1..).take(markdown.split('\n').count()).collect();
    let cleared =
        Cleared { audience: Audience::Public, text: markdown.to_owned(), lines, removed: Vec::new() };
    parse::parse("note.md", &cleared, Some("The title")).expect("not too deep")
}

/// Pictures with an id in the site's library (`team.png`), with none (`loose.png`), and not
/// uploaded yet (`new.png`).
fn pictures() -> Pictures {
    let picture = |name: &str| Picture {
        digest: Digest::of(name.as_bytes()),
        file_name: name.to_owned(),
        media_type: "image/png",
        width: 1,
        height: 1,
    };
    let remote =
        |id: Option<&str>, url: &str| Some(RemotePicture { id: id.map(str::to_owned), url: url.to_owned() });
    let mut pictures = Pictures::default();
    pictures.insert("team.png", picture("team.png"), remote(Some("7"), "https://site.example/a/team-1.png"));
    pictures.insert("loose.png", picture("loose.png"), remote(None, "https://site.example/a.php?a=1&b=2"));
    pictures.insert("new.png", picture("new.png"), None);
    pictures
}

fn meta() -> Meta {
    Meta { title: "The title".to_owned(), stem: "note".to_owned(), ..Meta::default() }
}

fn render(document: &Document, footnotes: &str, links: &dyn Links) -> BlockOutput {
    let (meta, pictures) = (meta(), pictures());
    let site = BTreeMap::from([(FOOTNOTES.to_owned(), footnotes.to_owned())]);
    let context = Context {
        audience: Audience::Public,
        meta: &meta,
        marker: Marker::derive("tests", &NoteId::of_path("note.md"), "blog"),
        pictures: &pictures,
        links,
        site: &site,
    };
    blocks::render(document, &context, &Options::default())
}

/// Renders each note with the site's own footnotes and with a list of them, and asserts of both
/// that the editors would have written them and that no word is missing.
#[track_caller]
fn assert_all_native(notes: &[(String, String)]) {
    let mut contents = Vec::new();
    for (name, markdown) in notes {
        let document = document(markdown);
        for footnotes in ["true", "false"] {
            reading::assert_nothing_lost(name, &document, &render(&document, footnotes, &KeepLinks));
        }
        let native = render(&document, "true", &SomeLinks);
        let listed = render(&document, "false", &SomeLinks);
        if listed.body != native.body {
            contents.push((format!("{name}, footnotes listed"), listed.body));
        }
        contents.push((name.clone(), native.body));
    }
    for release in Release::ALL {
        let verdicts = validator::validate(release, &contents);
        let complaints: Vec<_> = verdicts
            .iter()
            .zip(&contents)
            .filter(|(verdict, _)| !verdict.is_native() || !is_well_nested(verdict))
            .map(|(verdict, (_, body))| format!("{}\nsent: {body}", verdict.complaint()))
            .collect();
        assert!(
            complaints.is_empty(),
            "on {release:?}: {} of {}\n{}",
            complaints.len(),
            contents.len(),
            complaints.join("\n\n")
        );
    }
}

/// WordPress' rules of nesting (`parent` and `allowedBlocks` in its `block.json` files), which
/// validity says nothing of: a list holds items, an item holds lists, and a leaf holds nothing.
fn is_well_nested(verdict: &Verdict) -> bool {
    let mut open: Vec<&str> = Vec::new();
    verdict.blocks.iter().all(|block| {
        open.truncate(block.depth);
        let parent = open.last().copied();
        open.push(&block.name);
        match (parent, block.name.as_str()) {
            (Some("core/list"), name) => name == "core/list-item",
            (_, "core/list-item") => false,
            (Some("core/list-item"), name) => name == "core/list",
            (Some(parent), _) => matches!(parent, "core/quote" | "core/group" | "core/details"),
            (None, _) => true,
        }
    })
}
