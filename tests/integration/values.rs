//! What a note says of one target alone, at a target of every kind: each value arrives there or is one
//! that the kind does not take, and no other target hears of it.

use std::{collections::BTreeMap, path::Path};

use crosspost::{
    config::Config,
    note::{Audience, Marker, Note, Source, Status, audience},
    render::{Context, KeepLinks, Meta, Pictures, Rendering, parse},
    targets::Target,
};
use jiff::tz::TimeZone;

/// Every key that may differ, once for all targets.
const OWN: &str = "title: Own\nslug: own-slug\nstatus: publish\ndate: 2026-01-02\ntags: [own]\n\
                   categories: [Own]\nexcerpt: Own words.\nimage: https://a.example/own.png\nimage_alt: Own alt\n";
/// And once for one.
const OTHER: &str = "title: Other, slug: other-slug, status: draft, date: 2026-03-04, tags: [other], \
                     categories: [Other], excerpt: Other words., image: https://a.example/other.png, \
                     image_alt: Other alt";

fn config() -> Config {
    Config::parse(&crate::docs::read("config.example.toml"), Path::new("crosspost.toml"))
        .expect("the example")
}

fn rendering(target: &dyn Target, targets: &str) -> Rendering {
    let text = format!("---\n{OWN}{targets}---\n\nText.\n");
    let source = Source::decode("notes/n.md", text.as_bytes()).expect("text");
    let note = Note::parse(source, &[]).expect("a note");
    let cleared = audience::clear(&note, Audience::Public).expect("no passages");
    let document = parse::parse(note.path(), &cleared, Some("Own")).expect("a document");
    let name = &target.common().name;
    let meta = Meta::of(&note, name, None, None, &TimeZone::UTC).expect("values");
    let context = Context {
        audience: Audience::Public,
        meta: &meta,
        marker: Marker::derive("p", &note.id, name),
        pictures: &Pictures::default(),
        links: &KeepLinks,
        site: &BTreeMap::new(),
    };
    target.render(&document, &context).expect("a rendering")
}

/// Everything of a rendering that is not the text, as one text.
fn values(rendering: &Rendering) -> String {
    let terms = [&rendering.tags, &rendering.categories];
    format!(
        "{:?} {:?} {:?} {:?} {terms:?} {:?} {:?} {:?} {}",
        rendering.title,
        rendering.slug,
        rendering.excerpt,
        rendering.date.map(|date| date.to_string()),
        rendering.status,
        rendering.featured,
        rendering.extra,
        rendering.body,
    )
}

#[test]
fn a_table_for_one_target_is_that_targets_alone_on_every_kind() {
    for target in &config().targets {
        let (name, kind) = (&target.common().name, target.kind());
        let plain = rendering(&**target, "");
        let elsewhere = rendering(&**target, &format!("targets:\n  somewhere: {{{OTHER}}}\n"));
        assert_eq!(values(&plain), values(&elsewhere), "{kind}: what is said of another target");
        let here = rendering(&**target, &format!("targets:\n  {name}: {{{OTHER}}}\n"));
        assert_eq!(here.title, "Other", "{kind}");
        assert_eq!(here.status, Status::Draft, "{kind}");
        let date = plain.date.and(Some("2026-03-04T00:00:00Z".to_owned()));
        assert_eq!(here.date.map(|date| date.to_string()), date, "{kind}");
        // Nothing of the note's own values is left of any that differ there.
        let left = ["own-slug", "\"own\"", "\"Own\"", "Own words", "own.png", "Own alt", "2026-01-02"];
        let told = values(&here);
        for value in left {
            assert!(!told.contains(value), "{kind}: {value} in {told}");
        }
        for (mine, theirs) in
            [("own-slug", "other-slug"), ("\"own\"", "\"other\""), ("Own words", "Other words")]
        {
            let taken = values(&plain).contains(mine);
            assert_eq!(told.contains(theirs), taken, "{kind}: {theirs} in {told}");
        }
    }
}

/// What is tried above is every key that may differ but for those that need a site's own.
#[test]
fn every_key_that_may_differ_is_tried() {
    let tried = |key: &str| OTHER.contains(&format!("{key}: ")) && OWN.contains(&format!("{key}: "));
    let keys = crosspost::note::front_matter::keys::KEYS.iter().filter(|key| key.per_target);
    let left: Vec<&str> = keys.map(|key| key.name).filter(|key| !tried(key)).collect();
    assert_eq!(left, ["taxonomies", "canonical"]);
}

#[test]
fn what_is_wrong_in_a_targets_table_is_told_with_its_place() {
    let project = crate::harness::program::Project::with_config(
        "project = \"p\"\n[targets.site]\nkind = \"folder\"\naudience = \"public\"\n",
    );
    project.write(
        "notes/a.md",
        "---\ntitle: A\ntargets:\n  site:\n    slug: \"a b/c\"\n    status: published\n    catgories: [x]\n    \
         author: jo\n    date: 2026-13-01\n    tags: {a: b}\n---\nText.\n",
    );
    project.write("notes/b.md", "---\ntitle: B\ntargets:\n  site: true\n  sight: {title: X}\n---\nText.\n");
    project.write("notes/c.md", "---\ntitle: C\ntargets:\n  site: maybe\n---\nText.\n");
    insta::assert_snapshot!(project.run(&["check"]).expect(2).transcript());
}
