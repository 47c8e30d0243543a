//! Whole notes, from Markdown to the site.

use std::path::Path;

use crosspost::{
    note::Cleared,
    render::{Context, KeepLinks, Meta, parse::parse},
    targets::{Fetched, Reader, Target},
};

use super::*;
use crate::harness::{http, wordpress::Flavour};

const NOTE: &str = r#"
Tom & "Jerry" <3 `a && b < c` \\ C:\new and 🎉 — it's 5 > 4.

- [x] done
- [ ] to do

```rust
let x = v[0]; // [gallery] && "quoted" --> done
```

| a | b |
|---|--:|
| 1 & 2 | \| |

A note[^1], and again[^1].

[^1]: With **bold** & more.
"#;

/// A target as the configuration makes it.
fn target(site: &Site, extra: &str) -> std::sync::Arc<dyn Target> {
    let text = format!(
        "project = \"p\"\n[targets.blog]\nkind = \"wordpress\"\naudience = \"public\"\nuser = \"bot\"\nurl = \"{}\"\n{extra}",
        site.url
    );
    let config = crosspost::config::Config::parse(&text, Path::new("crosspost.toml")).unwrap();
    config.targets[0].clone()
}

fn render(target: &dyn Target, marker: Marker, site: &Known) -> Rendering {
    let lines = (1..=u32::try_from(NOTE.lines().count()).unwrap()).collect();
    let cleared = Cleared { audience: Audience::Public, text: NOTE.to_owned(), lines, removed: Vec::new() };
    let document = parse("notes/a.md", &cleared, None).unwrap();
    let meta = Meta {
        title: unique("Tom & \"Jerry\""),
        stem: "a".to_owned(),
        excerpt: Some("R&D <in short>".to_owned()),
        ..Meta::default()
    };
    let pictures = Pictures::default();
    let context = Context {
        audience: Audience::Public,
        meta: &meta,
        marker,
        pictures: &pictures,
        links: &KeepLinks,
        site,
    };
    target.render(&document, &context).unwrap()
}

/// Renders, surveys, renders again with what was learned, and creates.
async fn publish(site: &Site, role: Role, extra: &str) -> (Api, Rendering, Written, Known) {
    let (api, target, marker) = (api(site, role), target(site, extra), marker());
    let known = api.survey(&render(&*target, marker, &Known::new()), &Known::new()).await.unwrap();
    let rendering = render(&*target, marker, &known);
    let written = create(&api, marker, &rendering, &known).await.unwrap();
    (api, rendering, written, known)
}

#[tokio::test]
async fn an_editor_of_a_single_site_stores_every_byte() {
    for flavour in [Flavour::Wp71, Flavour::Wp61] {
        let site = Site::shared(flavour);
        for format in ["blocks", "html"] {
            let (_, rendering, written, _) =
                publish(&site, Role::Editor, &format!("format = \"{format}\"")).await;
            let sent = crosspost::render::stamp::stamped(&rendering, written.remote.markers[0]);
            assert_eq!(written.remote.parts["content"], sent, "{flavour:?} {format}");
            assert_eq!(written.remote.parts["excerpt"], "R&D <in short>");
            assert!(written.warnings.is_empty(), "{:?}", written.warnings);
        }
    }
}

#[tokio::test]
async fn whoever_writes_an_unchanged_post_reads_the_same_for_ever() {
    for flavour in Flavour::ALL {
        let site = Site::shared(flavour);
        for role in [Role::Author, Role::Editor] {
            let (api, rendering, written, known) = publish(&site, role, "").await;
            let marker = written.remote.markers[0];
            let Fetched::Present(seen) = api.fetch(&written.remote.id).await.unwrap() else { panic!() };
            let again = update(&api, &written.remote.id, marker, &rendering, &known).await.unwrap();
            for (part, text) in &written.remote.parts {
                assert_eq!(Some(text), seen.parts.get(part), "{flavour:?} {role:?} {part}");
                assert_eq!(Some(text), again.remote.parts.get(part), "{flavour:?} {role:?} {part}");
            }
        }
    }
}

#[tokio::test]
async fn footnotes_are_the_sites_own_where_it_has_them() {
    for (flavour, own) in [(Flavour::Wp71, true), (Flavour::Wp71Network, true), (Flavour::Wp61, false)] {
        let site = Site::shared(flavour);
        let (_, rendering, written, _) = publish(&site, Role::Author, "").await;
        assert_eq!(rendering.body.contains("<!-- wp:footnotes /-->"), own, "{flavour:?}");
        assert_eq!(written.remote.parts.contains_key("footnotes"), own, "{flavour:?}");
        let page = page(&written);
        assert!(
            page.contains("With <strong>bold</strong> &amp; more."),
            "{flavour:?}: the footnote is shown"
        );
    }
}

#[tokio::test]
async fn code_is_shown_as_it_was_written() {
    for flavour in Flavour::ALL {
        let site = Site::shared(flavour);
        for (role, format) in [(Role::Author, "blocks"), (Role::Editor, "html"), (Role::Author, "html")] {
            let (_, _, written, _) = publish(&site, role, &format!("format = \"{format}\"")).await;
            let page = page(&written);
            let code = page.split("let x = v").nth(1).and_then(|rest| rest.split("</code>").next()).unwrap();
            let code = crosspost::targets::wordpress::text::unescape(code);
            assert_eq!(
                code.trim(),
                "[0]; // [gallery] && \"quoted\" --> done",
                "{flavour:?} {role:?} {format}"
            );
        }
    }
}

/// The post as a reader gets it.
fn page(written: &Written) -> String {
    let url = written.remote.url.as_deref().unwrap();
    http::send(reqwest::Method::GET, url, None, None).unwrap().text()
}
