//! What the core takes for one note: `cargo bench --bench core`. Whole processes are measured by
//! `benches/processes.sh`.

use std::path::Path;

use crosspost::{
    config::Config,
    note::{Audience, Marker, Note, Source, audience},
    render::{Context, Digest, Document, KeepLinks, Meta, Pictures, parse},
    targets::Target,
};
use jiff::tz::TimeZone;

/// A note with everything in it.
const NOTE: &str = include_str!("../tests/fixtures/rich.md");

const CONFIG: &str = "project = \"bench\"\n\
    [targets.blog]\nkind = \"wordpress\"\nurl = \"https://blog.example\"\nuser = \"u\"\naudience = \"public\"\n\
    [targets.medium]\nkind = \"medium\"\naudience = \"public\"\n\
    [targets.pages]\nkind = \"folder\"\naudience = \"public\"\n";

fn main() {
    divan::main();
}

fn text() -> String {
    format!("---\ntitle: A note\ndate: 2026-11-13\ntags: [one, two]\n---\n\n{NOTE}")
}

fn note() -> Note {
    let source = Source::decode("notes/a.md", text().as_bytes()).expect("text");
    Note::parse(source, &[]).expect("a note")
}

fn document(note: &Note) -> Document {
    let cleared = audience::clear(note, Audience::Public).expect("passages in order");
    parse::parse(note.path(), &cleared, Some("A note")).expect("a document")
}

fn config() -> Config {
    Config::parse(CONFIG, Path::new("/nowhere/crosspost.toml")).expect("a configuration")
}

fn render(target: &dyn Target, note: &Note, document: &Document) -> usize {
    let name = &target.common().name;
    let meta = Meta::of(note, name, None, None, &TimeZone::UTC).expect("values");
    let context = Context {
        audience: Audience::Public,
        meta: &meta,
        marker: Marker::derive("bench", &note.id, name),
        pictures: &Pictures::default(),
        links: &KeepLinks,
        site: &std::collections::BTreeMap::new(),
    };
    target.render(document, &context).map_or(0, |rendering| rendering.body.len())
}

#[divan::bench]
fn digest(bencher: divan::Bencher<'_, '_>) {
    let text = text();
    bencher.bench(|| Digest::of(text.as_bytes()));
}

#[divan::bench]
fn front_matter() -> Note {
    note()
}

#[divan::bench]
fn parse_one_note(bencher: divan::Bencher<'_, '_>) {
    let note = note();
    bencher.bench(|| document(&note));
}

#[divan::bench(args = ["blog", "medium", "pages"])]
fn render_one_note(bencher: divan::Bencher<'_, '_>, target: &str) {
    let (config, note) = (config(), note());
    let document = document(&note);
    let target = config.target(target).expect("a target");
    bencher.bench(|| render(&**target, &note, &document));
}

#[divan::bench]
fn one_note_for_three_targets(bencher: divan::Bencher<'_, '_>) {
    let config = config();
    bencher.bench(|| {
        let note = note();
        let document = document(&note);
        config.targets.iter().map(|target| render(&**target, &note, &document)).sum::<usize>()
    });
}
