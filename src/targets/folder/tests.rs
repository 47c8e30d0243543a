use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{
    card::{Card, Person, marker_of},
    config::Settings,
    feed::feed,
    index::{Listed, in_order, index},
    page::Page,
    render::render,
    seal,
};
use crate::{
    config::Config,
    error::Error,
    note::{Audience, Marker, Note, NoteId, Source, Status, audience},
    render::{Context, Digest, KeepLinks, Meta, Picture, Pictures, RemotePicture, Rendering, parse},
};

const TEXT: &str = "Some *text* & a [link](https://example.gov.uk/?a=1&b=2).[^1]\n\n\
    ## Part\n\n- [x] done\n- [ ] to do\n\n> [!TIP]\n> Look.\n\n\
    | a | b |\n|---|--:|\n| 1 | 2 |\n\n![Alt](p.png \"Caption\")\n\n[^1]: A note.\n";

fn settings(url: Option<&str>) -> Settings {
    Settings {
        folder: "crosspost-out".into(),
        shown: "crosspost-out".to_owned(),
        url: url.map(|url| url.parse().expect("a URL")),
        title: "Notes & <news>".to_owned(),
        language: "en-GB".to_owned(),
        timezone: TimeZone::fixed(jiff::tz::offset(1)),
    }
}

fn meta(stem: &str) -> Meta {
    Meta {
        title: "A \"title\" & <more>".to_owned(),
        stem: stem.to_owned(),
        date: Some("2026-06-11T23:00:00Z".parse().expect("a time")),
        tags: Some(vec!["Bins".to_owned(), "R&D".to_owned()]),
        categories: Some(vec!["bins".to_owned()]),
        image: Some("hero.png".to_owned()),
        image_alt: Some("A \"picture\"".to_owned()),
        author: Some("Jo".to_owned()),
        ..Meta::default()
    }
}

fn marker() -> Marker {
    Marker::derive("p", &NoteId::of_path("a.md"), "folder")
}

fn pictures() -> Pictures {
    let mut pictures = Pictures::default();
    for src in ["p.png", "hero.png"] {
        let picture = Picture {
            digest: Digest::of(src.as_bytes()),
            file_name: src.to_owned(),
            media_type: "image/png",
            width: 1200,
            height: 630,
        };
        pictures.insert(src, picture, Some(RemotePicture { id: None, url: format!("pictures/{src}") }));
    }
    pictures
}

fn rendered(url: Option<&str>, meta: &Meta, text: &str) -> Result<Rendering, Vec<Error>> {
    let source = Source { path: "a.md".into(), text: text.into() };
    let note = Note::parse(source, &[]).expect("a note");
    let cleared = audience::clear(&note, Audience::Public).expect("no directives");
    let document = parse::parse("a.md", &cleared, Some(&meta.title)).expect("a document");
    let context = Context {
        audience: Audience::Public,
        meta,
        marker: marker(),
        pictures: &pictures(),
        links: &KeepLinks,
        site: &BTreeMap::new(),
    };
    render(&settings(url), &document, &context)
}

fn listed(file: &str, headline: &str, date: Option<&str>) -> Listed {
    let mut card = Card::new(headline);
    card.date_published = date.map(|date| date.parse().expect("a time"));
    Listed { file: file.to_owned(), marker: Marker::derive("p", &NoteId::of_path(file), "folder"), card }
}

/// Some pages, in order.
fn some_pages() -> Vec<Listed> {
    let mut full = listed("new.html", "New & <improved>", Some("2026-06-11T23:30:00Z"));
    full.card.description = "It says \"more\" & less.".to_owned();
    full.card.author = Some(Person::new("Jo"));
    full.card.keywords = vec!["bins".to_owned(), "R&D".to_owned()];
    let mut pages = vec![
        listed("undated.html", "Undated", None),
        full,
        listed("old.html", "Old", Some("2025-01-01T12:00:00Z")),
    ];
    in_order(&mut pages);
    pages
}

#[test]
fn a_page_is_a_whole_document() {
    let rendering = rendered(Some("https://notes.example.gov.uk/w/"), &meta("a"), TEXT).expect("a page");
    insta::assert_snapshot!("page", rendering.body);
    assert_eq!(rendering.needs.len(), 2);
    check_html(&rendering.body);
}

#[test]
fn a_page_says_no_more_than_is_known() {
    let bare = Meta {
        date: None,
        tags: None,
        categories: None,
        image: None,
        image_alt: None,
        author: None,
        status: Status::Draft,
        ..meta("a")
    };
    let rendering = rendered(None, &bare, "# Another heading\n").expect("a page");
    insta::assert_snapshot!("bare_page", rendering.body);
    assert_eq!(rendering.excerpt, None);
    check_html(&rendering.body);
}

#[test]
fn a_list_and_a_feed_show_all_that_a_card_says() {
    let list = index(&settings(None), &some_pages()).expect("a list");
    check_html(&list);
    insta::assert_snapshot!("index", list);
    insta::assert_snapshot!("feed", feed(&settings(None), "folder", &some_pages()).expect("a feed"));
}

#[test]
fn a_feed_tells_of_the_newest_fifty() {
    let mut pages: Vec<Listed> = (0..60)
        .map(|n| listed(&format!("{n}.html"), "N", Some(&format!("2026-01-01T00:{n:02}:00Z"))))
        .collect();
    in_order(&mut pages);
    let text = feed(&settings(None), "folder", &pages).expect("a feed");
    let feed: atom_syndication::Feed = text.parse().expect("a feed");
    assert_eq!(feed.entries.len(), 50);
    assert_eq!(feed.entries[0].links[0].href, "59.html");
}

#[test]
fn the_featured_picture_is_not_shown_twice() {
    let shown = |text: &str| rendered(None, &meta("a"), text).expect("a page").body.matches("<img").count();
    assert_eq!(shown("No picture.\n"), 1);
    assert_eq!(shown("![The same](hero.png)\n"), 1);
}

#[test]
fn a_page_is_named_by_what_the_author_chose_or_its_file_or_its_title() {
    let slug = |slug: Option<&str>, stem: &str, title: &str| {
        let meta = Meta { slug: slug.map(str::to_owned), title: title.to_owned(), ..meta(stem) };
        rendered(None, &meta, "Text.\n")
            .map(|r| r.slug.expect("a slug"))
            .map_err(|e| e[0].message().to_owned())
    };
    assert_eq!(slug(Some("Chosen One"), "file", "Title").as_deref(), Ok("chosen-one"));
    assert_eq!(slug(Some("../../etc"), "file", "Title").as_deref(), Ok("etc"));
    assert_eq!(slug(None, "2026-06 Week 24", "Title").as_deref(), Ok("2026-06-week-24"));
    assert_eq!(slug(None, "index", "The Title").as_deref(), Ok("the-title"));
    let piece = marker().to_string().split('-').next().expect("a piece").to_owned();
    assert_eq!(slug(None, "…", "…"), Ok(format!("note-{piece}")));
    assert_eq!(slug(None, &"word ".repeat(60), "T").map(|s| s.len()), Ok(119));
    assert_eq!(
        slug(Some("Index"), "a", "T"),
        Err("the slug `index` is taken: `index.html` lists all notes".to_owned())
    );
}

#[test]
fn a_private_note_is_refused() {
    let meta = Meta { status: Status::Private, ..meta("a") };
    let errors = rendered(None, &meta, "Text.\n").expect_err("refused");
    assert!(errors[0].message().starts_with("a private note cannot go to a folder"));
}

#[test]
fn a_note_without_a_date_is_said_to_be_missing_from_the_feed() {
    let codes = |meta: &Meta| -> Vec<&str> {
        rendered(None, meta, "Text.\n").expect("a page").warnings.iter().map(|w| w.code).collect()
    };
    assert_eq!(codes(&Meta { date: None, ..meta("a") }), ["no-date"]);
    assert!(codes(&Meta { date: None, status: Status::Draft, ..meta("a") }).is_empty());
    assert!(codes(&meta("a")).is_empty());
}

#[test]
fn the_summary_is_the_excerpt_or_the_first_words() {
    let summary = |excerpt: Option<&str>, text: &str| {
        let meta = Meta { excerpt: excerpt.map(str::to_owned), ..meta("a") };
        rendered(None, &meta, text).expect("a page").excerpt
    };
    assert_eq!(summary(Some("Short."), "Long.\n").as_deref(), Some("Short."));
    assert_eq!(summary(None, "## Heading\n\nFirst\n*line*.\n\nSecond.\n").as_deref(), Some("First line."));
    let long = summary(None, &"wörd ".repeat(90)).expect("a summary");
    assert!(long.ends_with(" wörd…") && long.chars().count() <= 201, "{long}");
    assert_eq!(summary(None, "- only a list\n"), None);
}

#[test]
fn another_original_is_the_canonical_address() {
    let meta = Meta { canonical: Some("https://blog.example.gov.uk/a/".to_owned()), ..meta("a") };
    let body = rendered(Some("https://notes.example.gov.uk/"), &meta, "Text.\n").expect("a page").body;
    assert!(body.contains("<link rel=\"canonical\" href=\"https://blog.example.gov.uk/a/\">"));
    assert!(body.contains("<meta property=\"og:url\" content=\"https://notes.example.gov.uk/a.html\">"));
}

#[test]
fn dates_are_in_words_where_the_language_is_english() {
    let words = |language: &str| {
        let settings = Settings { language: language.to_owned(), ..settings(None) };
        index(&settings, &some_pages()).expect("a list").contains("12 June 2026")
    };
    assert!(words("en") && words("EN-gb"));
    assert!(!words("cy") && !words("eng"));
}

fn configured(table: &str) -> Result<String, String> {
    let text = format!("[targets.t]\nkind = \"folder\"\naudience = \"public\"\n{table}\n");
    match Config::parse(&text, std::path::Path::new("/home/jo/notes/crosspost.toml")) {
        Ok(config) => Ok(config.targets[0].location()),
        Err(error) => {
            assert!(error.place().is_some_and(|place| place.line > 0), "{error}");
            Err(error.message().to_owned())
        }
    }
}

#[test]
fn a_configuration_is_checked() {
    let err = |table: &str| configured(table).expect_err(table);
    assert_eq!(configured("").as_deref(), Ok("crosspost-out/"));
    assert_eq!(configured("path = \"./a/../site/\"").as_deref(), Ok("site/"));
    assert_eq!(configured("path = \"../site\"").as_deref(), Ok("../site/"));
    assert_eq!(configured("url = \"https://a.example/b\"").as_deref(), Ok("https://a.example/b/"));
    for path in ["", ".", "..", "../..", "/", "/home/jo", "x/..", "../../jo/notes"] {
        assert!(err(&format!("path = \"{path}\"")).starts_with("`path` is "), "{path}");
    }
    for url in [
        "notes",
        "ftp://a.example/",
        "https://a.example/?x",
        "https://a.example/#x",
        "https://u:p@a.example/",
    ] {
        assert!(err(&format!("url = \"{url}\"")).starts_with("`url` is no address of a site"), "{url}");
    }
    for language in ["", "e", "english language", "en_GB", "-en", "1en"] {
        assert!(err(&format!("language = \"{language}\"")).ends_with("is no language tag"), "{language}");
    }
    assert_eq!(err("title = \" \""), "`title` is empty");
    assert_eq!(err("pth = \"x\""), "unknown key `pth`");
}

proptest! {
    #[test]
    fn whatever_a_note_says_its_page_is_whole_and_its_card_is_read_back(
        headline in any::<String>(), description in any::<String>(), word in any::<String>(), alt in any::<String>(),
    ) {
        let mut card = Card::new(&headline);
        card.description = description;
        card.author = Some(Person::new(&word));
        card.keywords = vec![word];
        let picture = super::page::Featured { url: "pictures/a.png", alt: &alt, size: None };
        let page = Page {
            marker: marker(), address: None, canonical: Some(format!("https://example.gov.uk/{alt}")), card: card.clone(),
            picture: Some(picture), body: "<p>Text.</p>",
        };
        let html = page.html(&settings(None)).expect("a page");
        check_html(&html);
        prop_assert!(seal::is_intact(&html));
        prop_assert_eq!(marker_of(&html), Some(marker()));
        prop_assert_eq!(Card::read(&html), Some(card.clone()));
        let pages = [Listed { file: "a.html".to_owned(), marker: marker(), card }];
        check_html(&index(&settings(None), &pages).expect("a list"));
        let feed = feed(&settings(None), "t", &pages).expect("a feed");
        prop_assert!(feed.parse::<atom_syndication::Feed>().is_ok(), "{}", feed);
    }
}

/// Every element is closed in order, no id stands twice, and every link within the page leads
/// somewhere.
fn check_html(html: &str) {
    const VOID: &[&str] = &["meta", "link", "img", "input", "hr", "br", "wbr"];
    let (mut open, mut rest) = (Vec::new(), html.strip_prefix("<!DOCTYPE html>").expect("a document type"));
    while let Some((_, tag)) = rest.split_once('<') {
        let (inside, after) = tag.split_once('>').expect("a tag that ends");
        let name = inside.split([' ', '\n']).next().unwrap_or_default();
        rest = after;
        if name == "script" {
            rest = after.split_once("</script>").expect("a script that ends").1;
        } else if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "in {html}");
        } else if !name.starts_with('!') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    let values = |name: &str| -> Vec<&str> {
        html.split(name).skip(1).filter_map(|rest| rest.split_once('"')).map(|(value, _)| value).collect()
    };
    let mut ids = values(" id=\"");
    for link in values(" href=\"#") {
        assert!(ids.contains(&link), "#{link} leads nowhere");
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
}
