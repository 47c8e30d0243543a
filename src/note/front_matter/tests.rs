use super::*;
use crate::note::{Audience, NoteDate};

fn read(text: &str) -> Result<FrontMatter, Vec<Error>> {
    parse(&Source { path: "n.md".into(), text: text.into() }, &["layout".to_owned()])
        .map(|parsed| parsed.meta)
}

fn yaml(lines: &str) -> FrontMatter {
    read(&format!("---\n{lines}\n---\ntext\n")).unwrap()
}

/// All errors, as a person sees them.
fn bad(text: &str) -> String {
    let errors = read(text).unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn bad_yaml(lines: &str) -> String {
    bad(&format!("---\n{lines}\n---\ntext\n"))
}

/// The first line of the first error and its place.
fn first(text: &str) -> String {
    let errors = read(text).unwrap_err();
    format!("{} {}", errors[0].place().unwrap(), errors[0].message())
}

#[test]
fn a_note_without_front_matter_is_all_body() {
    let parsed = parse(&Source { path: "n.md".into(), text: "# T\n\n---\n".into() }, &[]).unwrap();
    assert_eq!((parsed.body_start, parsed.body_line), (0, 1));
    assert!(parsed.meta.own.title.is_none());
}

#[test]
fn the_body_begins_after_the_closing_fence() {
    for (text, start, line) in [
        ("---\ntitle: T\n---\nbody", 17, 4),
        ("---\n---\nbody", 8, 3),
        ("---\ntitle: T\n---", 16, 4),
        ("+++\n+++\n", 8, 3),
    ] {
        let parsed = parse(&Source { path: "n.md".into(), text: text.into() }, &[]).unwrap();
        assert_eq!((parsed.body_start, parsed.body_line), (start, line), "{text:?}");
    }
}

#[test]
fn every_key_is_read_from_yaml() {
    let meta = yaml(
        "id: week-12\ntitle: \"Week 12: done\"\nslug: week-12\ndate: 2026-11-23 14:30\nstatus: pending\n\
         tags: [a, B, b]\ncategories:\n  - Notes\nexcerpt: |\n  One.\n  Two.\nimage: img/a.png\n\
         image_alt: A cat\nauthor: cate\ncanonical: https://example.org/a\naudience: internal\n\
         targets: [blog, medium]",
    );
    assert_eq!(meta.id.as_deref(), Some("week-12"));
    assert_eq!(meta.own.title.as_deref(), Some("Week 12: done"));
    assert_eq!(meta.own.slug.as_deref(), Some("week-12"));
    assert_eq!(meta.own.date, Some(NoteDate::parse("2026-11-23 14:30").unwrap()));
    assert_eq!(meta.own.status, Some(Status::Pending));
    assert_eq!(meta.own.tags.as_deref(), Some(&["a".to_owned(), "B".to_owned()][..]));
    assert_eq!(meta.own.categories.as_deref(), Some(&["Notes".to_owned()][..]));
    assert_eq!(meta.own.excerpt.as_deref(), Some("One.\nTwo."));
    assert_eq!(meta.own.image.as_deref(), Some("img/a.png"));
    assert_eq!(meta.own.image_alt.as_deref(), Some("A cat"));
    assert_eq!(meta.author.as_deref(), Some("cate"));
    assert_eq!(meta.own.canonical.as_deref(), Some("https://example.org/a"));
    assert_eq!(meta.audience, Some(Audience::Internal));
    assert_eq!(meta.targets.names().collect::<Vec<_>>(), ["blog", "medium"]);
    assert_eq!(meta.places["slug"].to_string(), "n.md:4:1");
}

#[test]
fn toml_means_the_same() {
    let meta = read(
        "+++\ntitle = \"T\"\ndate = 2026-11-23T14:30:00+01:00\ntags = [\"a\", \"b\"]\ndraft = true\n\
         [targets.medium]\ntitle = \"For Medium\"\n[targets]\nintranet = false\n+++\n",
    );
    // A table may not be opened again after its children in TOML only if it was defined: it was not.
    let meta = meta.unwrap();
    assert_eq!(meta.own.date, Some(NoteDate::Instant("2026-11-23T13:30:00Z".parse().unwrap())));
    assert_eq!(meta.own.status, Some(Status::Draft));
    assert_eq!(meta.at("medium").title.as_deref(), Some("For Medium"));
    assert!(!meta.goes_to("intranet"));
    assert!(meta.goes_to("blog"));
}

#[test]
fn scalars_come_out_as_they_were_typed() {
    for (typed, title) in [
        ("2026", "2026"),
        ("no", "no"),
        ("0755", "0755"),
        ("1.10", "1.10"),
        ("true", "true"),
        ("2026-01-02", "2026-01-02"),
        ("0x1F", "0x1F"),
        ("'it''s'", "it's"),
        ("\"a \\u00e9\"", "a é"),
        ("two\n  lines", "two lines"),
        (">\n  folded\n  text", "folded text"),
        ("C# and F#", "C# and F#"),
        ("a # a comment", "a"),
        ("a\n#tags: [b]", "a"),
        ("a ## loud #comment", "a"),
    ] {
        assert_eq!(yaml(&format!("title: {typed}")).own.title.as_deref(), Some(title), "{typed}");
    }
    assert_eq!(yaml("slug: 0755").own.slug.as_deref(), Some("0755"));
    assert_eq!(read("+++\ntitle = 0x1F\n+++\n").unwrap().own.title.as_deref(), Some("0x1F"));
}

#[test]
fn a_hash_within_quotes_is_no_comment() {
    let meta = yaml("tags: [a, 'b #c', \"#d\"]\nexcerpt: 'x #y' #z");
    assert_eq!(meta.own.tags.unwrap(), ["a", "b #c", "#d"]);
    assert_eq!(meta.own.excerpt.as_deref(), Some("x #y"));
}

#[test]
fn keys_without_a_value_are_as_good_as_absent_where_that_is_safe() {
    let meta = yaml("title:\ntags:\nexcerpt: ~\nslug: ''\ndate: null\ncategories: []");
    assert!(meta.own.title.is_none() && meta.own.tags.is_none() && meta.own.slug.is_none());
    assert_eq!(meta.own.categories, Some(Vec::new()));
    for key in ["id", "audience", "status", "draft", "targets"] {
        assert_eq!(first(&format!("---\n{key}:\n---\n")), format!("n.md:2:1 `{key}` has no value"));
    }
}

#[test]
fn other_tools_words_mean_the_same() {
    let meta = yaml(
        "layout: post\nsummary: S\npublishDate: 2026-11-23\ntag: a, b ,a\ncategory: Notes\n\
         cover_image: c.png\ncanonical_url: https://example.org/\nauthors: [cate]\ndraft: false",
    );
    assert_eq!(meta.own.excerpt.as_deref(), Some("S"));
    assert!(meta.own.date.is_some());
    assert_eq!(meta.own.tags.as_deref(), Some(&["a".to_owned(), "b".to_owned()][..]));
    assert_eq!(meta.own.image.as_deref(), Some("c.png"));
    assert_eq!(meta.own.canonical.as_deref(), Some("https://example.org/"));
    assert_eq!(meta.author.as_deref(), Some("cate"));
    assert_eq!(meta.own.status, Some(Status::Publish));
}

#[test]
fn the_three_words_for_the_state_agree_or_are_refused() {
    for (lines, status) in [
        ("draft: true", Status::Draft),
        ("published: false", Status::Draft),
        ("published: true", Status::Publish),
        ("draft: false\nstatus: pending", Status::Pending),
        ("published: false\nstatus: pending", Status::Pending),
        ("published: true\nstatus: private", Status::Private),
        ("draft: true\nstatus: draft\npublished: false", Status::Draft),
    ] {
        assert_eq!(yaml(lines).own.status, Some(status), "{lines}");
    }
    for lines in [
        "draft: true\nstatus: publish",
        "draft: true\npublished: true",
        "published: false\nstatus: private",
        "draft: false\npublished: false",
    ] {
        let (one, two) = lines.split_once('\n').unwrap();
        let word = |line: &str| line.split(':').next().unwrap().to_owned();
        assert_eq!(
            first(&format!("---\n{lines}\n---\n")),
            format!("n.md:3:1 `{}` says something else than `{}` on line 2", word(two), word(one))
        );
    }
}

#[test]
fn all_problems_are_told_at_once_each_with_its_place() {
    insta::assert_snapshot!(bad_yaml(
        "title: T\ncatgories: x\ndate: 2026-02-30\nslug: Week 12\nstatus: publsih\nsummary: a\ndescription: b\n\
         tags: [a, '']\ncanonical: /here\nid: a/b\npermalink: /x\nweight: 3\nauthor: [a, b]\ndraft: yes\n\
         targets:\n  blog: {titel: T, id: x}\n  medium: maybe\n  wiki: {slug: '-x'}"
    ));
}

#[test]
fn what_is_not_quite_yaml_is_explained() {
    insta::assert_snapshot!(
        [
            "title: Week 46: the one",
            "title: T\n\tslug: x",
            "title: *bold*",
            "title: T\ntitle: U",
            "title: Issue #4",
            "tags:\n  - #hackit",
            "tags:\n  - a\n  - #b",
            "title: #1 of them\nslug: x",
            "just text",
            "- a\n- b",
            "title: !!str 2026",
            "title: &a T",
            "tags: [a, b",
            "title: \"open",
            "[a]: b",
            "title: [T]",
            "excerpt: |\n  One.\n  :::internal\n  Secret.",
            "tags: [\"a\\u0000\"]",
        ]
        .map(bad_yaml)
        .join("\n\n")
    );
}

#[test]
fn what_is_not_quite_toml_is_explained() {
    insta::assert_snapshot!(bad("+++\ntitle = T\nslug = \"a\"\nslug = \"b\"\ndate = 2026-02-30\n+++\n"));
}

#[test]
fn whatever_looks_like_front_matter_is_front_matter_or_an_error() {
    for text in [
        "---\ntitle: T\n",
        "---\n",
        "---",
        "---\ntitle: T\n...\nbody\n",
        "---\ntitle: T\n--- \nbody\n---\n",
        "---\ntitle: T\n ---\nbody\n",
        "---\ntitle: T\n----\nbody\n---\n",
        "---\ntitle: T\n———\nbody\n",
        "---\ntitle: T\n+++\nbody\n",
        "--- \ntitle: T\n---\n",
        " ---\ntitle: T\n---\n",
        "\t---\ntitle: T\n---\n",
        "----\ntitle: T\n---\n",
        "--\ntitle: T\n---\n",
        "—\ntitle: T\n—\n",
        "–––\ntitle: T\n",
        "\n---\ntitle: T\n---\n",
        "\n \n---\ntitle: T\n---\n",
        "\u{feff}---\ntitle: T\n---\n",
        "\u{200b}---\ntitle: T\n---\n",
        "---yaml\ntitle: T\n---\n",
        "---\r\ntitle: T\r\n---\r\n",
        "+++ \ntitle = 'T'\n+++\n",
        "\n+++\ntitle = 'T'\n+++\n",
        "++++\ntitle = 'T'\n+++\n",
        "{\n\"title\": \"T\"\n}\n",
        "{\"title\": \"T\"}\n",
        ";;;\n{}\n;;;\n",
        "title: T\n---\nbody\n",
        "title: T\ndraft: true\n---\n\nbody\n",
        "title = \"T\"\n+++\n",
    ] {
        assert!(read(text).is_err(), "{text:?}");
    }
    for text in [
        "***\nA line.\n",
        "- - text\n",
        "-- text\n",
        "title: T\n\n---\n",
        "{% include x %}\n",
        "Dates: all\n---\n",
        "+1\n",
    ] {
        assert!(read(text).is_ok(), "{text:?}");
    }
}

#[test]
fn a_body_that_opens_with_a_line_is_told_what_to_write() {
    insta::assert_snapshot!(
        [
            "---\nOnce upon a time there was a line across the page.\n\nAnd text.\n",
            "---\nOnce upon a time: a line.\n\n---\n",
            "\n---\ntitle: T\n---\n",
            "--- \ntitle: T\n---\n",
            "title: T\n---\nbody\n",
        ]
        .map(bad)
        .join("\n\n")
    );
}

#[test]
fn the_depth_of_nesting_is_limited() {
    let deep = format!("layout: {}{}", "[".repeat(200), "]".repeat(200));
    assert!(bad_yaml(&deep).contains("nested too deeply"));
    let deeper = format!("layout: {}", "[".repeat(100_000));
    assert!(bad_yaml(&deeper).contains("error"));
    let toml = format!("+++\nlayout = {}\n+++\n", "[".repeat(100_000));
    assert!(bad(&toml).contains("not valid TOML"));
}

#[test]
fn crossposts_own_keys_cannot_be_passed_over() {
    let source = Source { path: "n.md".into(), text: "---\naudience: internal\nsummary: S\n---\n".into() };
    let parsed = parse(&source, &["audience".to_owned(), "summary".to_owned()]).unwrap();
    assert_eq!(parsed.meta.audience, Some(Audience::Internal));
    assert!(parsed.meta.own.excerpt.is_none());
}

#[test]
fn a_note_may_differ_by_target() {
    let meta = yaml(
        "title: T\ntags: [a]\ntargets:\n  medium:\n    title: M\n    tags: []\n    draft: true\n  wiki: true\n  blog: false",
    );
    assert_eq!(meta.at("medium").title.as_deref(), Some("M"));
    assert_eq!(meta.at("medium").tags, Some(Vec::new()));
    assert_eq!(meta.at("medium").status, Some(Status::Draft));
    assert_eq!(meta.at("wiki").title.as_deref(), Some("T"));
    assert!(meta.goes_to("wiki") && meta.goes_to("other") && !meta.goes_to("blog"));
    assert!(!yaml("targets: []").goes_to("blog"));
    assert!(yaml("targets: blog, wiki").goes_to("wiki"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(---|\\+\\+\\+)\n([a-z]{2,9}[:=] ?[\\PC\n]{0,30}\n){0,4}(---|\\+\\+\\+)?\n?\\PC{0,20}") {
        let _ = read(&text);
    }

    #[test]
    fn a_title_between_quotes_comes_out_as_it_was_written(title in "[a-zA-Z0-9 #:'{}\\[\\]&*!|>%@`,-]{1,30}") {
        let wanted = title.split_whitespace().collect::<Vec<_>>().join(" ");
        proptest::prop_assume!(!wanted.is_empty() && !crate::note::directive::is_suspect(&title));
        let meta = yaml(&format!("title: '{}'", title.replace('\'', "''")));
        proptest::prop_assert_eq!(meta.own.title, Some(wanted));
    }
}
