//! What the core takes for one note: `cargo bench --bench core`. Whole processes are measured by
//! `benches/processes.sh`.
//!
//! Each figure is taken of three notes: `week` is one as people write them, `guide` a long page, and `rich` has every construct there is, raw HTML and rarities, in little
//! text. The `comrak` figures are what the parser alone takes for the same notes, with the same
//! extensions; how fast crosspost is, is told as a ratio to those.

use std::path::Path;

use crosspost::{
    config::Config,
    note::{Audience, Marker, Note, Source, audience},
    render::{Context, Digest, Document, KeepLinks, Meta, Pictures, parse},
    targets::Target,
};
use jiff::tz::TimeZone;

/// The notes by name.
const NOTES: &[&str] = &["guide", "rich", "week"];
const GUIDE: &str = include_str!("../docs/architecture.md");
const RICH: &str = include_str!("../tests/fixtures/rich.md");
const WEEK: &str = include_str!("../examples/weeknote.md");

const CONFIG: &str = "project = \"bench\"\n\
    [targets.blog]\nkind = \"wordpress\"\nurl = \"https://blog.example\"\nuser = \"u\"\naudience = \"public\"\n\
    [targets.medium]\nkind = \"medium\"\naudience = \"public\"\n\
    [targets.pages]\nkind = \"folder\"\naudience = \"public\"\n";

fn main() {
    divan::main();
}

/// The Markdown of a note.
fn body(name: &str) -> &'static str {
    match name {
        "guide" => GUIDE,
        "rich" => RICH,
        // The example has front matter of its own.
        _ => WEEK.splitn(3, "---\n").last().unwrap_or(WEEK),
    }
}

fn text(name: &str) -> String {
    format!("---\ntitle: A note\ndate: 2026-11-13\ntags: [one, two]\n---\n\n{}", body(name))
}

fn note(name: &str) -> Note {
    let source = Source::decode("notes/a.md", text(name).as_bytes()).expect("text");
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

#[divan::bench(args = NOTES)]
fn digest(bencher: divan::Bencher<'_, '_>, name: &str) {
    let text = text(name);
    bencher.bench(|| Digest::of(text.as_bytes()));
}

#[divan::bench(args = NOTES)]
fn front_matter(bencher: divan::Bencher<'_, '_>, name: &str) {
    bencher.bench(|| note(name));
}

#[divan::bench(args = NOTES)]
fn parse_one_note(bencher: divan::Bencher<'_, '_>, name: &str) {
    let note = note(name);
    bencher.bench(|| document(&note));
}

#[divan::bench(args = NOTES, consts = [0, 1, 2])]
fn render_one_note<const TARGET: usize>(bencher: divan::Bencher<'_, '_>, name: &str) {
    let (config, note) = (config(), note(name));
    let document = document(&note);
    bencher.bench(|| render(&*config.targets[TARGET], &note, &document));
}

/// From the text of a note to what WordPress, Medium and a folder of pages would be sent.
#[divan::bench(args = NOTES)]
fn one_note_for_three_targets(bencher: divan::Bencher<'_, '_>, name: &str) {
    let (config, note) = (config(), note(name));
    bencher.bench(|| {
        let document = document(&note);
        config.targets.iter().map(|target| render(&**target, &note, &document)).sum::<usize>()
    });
}

/// What [`one_note_for_three_targets`] is compared with: plain HTML, once.
#[divan::bench(args = NOTES)]
fn comrak_html(bencher: divan::Bencher<'_, '_>, name: &str) {
    let options = options();
    bencher.bench(|| comrak::markdown_to_html(body(name), &options).len());
}

/// The same with one parse and three renderings.
#[divan::bench(args = NOTES)]
fn comrak_html_three_times(bencher: divan::Bencher<'_, '_>, name: &str) {
    let options = options();
    bencher.bench(|| {
        let arena = comrak::Arena::new();
        let root = comrak::parse_document(&arena, body(name), &options);
        let mut html = String::new();
        for _ in 0..3 {
            comrak::format_html(root, &options, &mut html).expect("a string takes all");
        }
        html.len()
    });
}

/// The parse alone.
#[divan::bench(args = NOTES)]
fn comrak_parse(bencher: divan::Bencher<'_, '_>, name: &str) {
    let options = options();
    bencher.bench(|| {
        let arena = comrak::Arena::new();
        comrak::parse_document(&arena, body(name), &options).data().sourcepos.end.line
    });
}

/// Those that crosspost parses with. Its own HTML has footnotes at the end.
fn options() -> comrak::Options<'static> {
    let mut options = parse::options();
    options.parse.leave_footnote_definitions = false;
    options
}
