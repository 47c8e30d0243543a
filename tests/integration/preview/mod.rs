//! `crosspost preview`: the page as a file, and from its server. How it looks in a browser stands in
//! `real::browser`.

mod comment;
mod page;
mod serve;

use crate::harness::program::Project;

/// A target of every kind, none of which can be reached.
pub const CONFIG: &str = r#"
project = "preview"
notes = ["notes/*.md"]
[internal]
hosts = ["intranet.example.gov.uk"]
[targets.blog]
kind = "wordpress"
url = "https://blog.invalid"
user = "bot"
audience = "public"
[targets.medium]
kind = "medium"
audience = "public"
canonical = "blog"
[targets.site]
kind = "folder"
audience = "public"
[targets.intranet]
kind = "wordpress"
url = "https://intranet.example.gov.uk"
user = "bot"
audience = "internal"
[targets.wiki]
kind = "mediawiki"
url = "https://wiki.invalid"
user = "Bot@crosspost"
audience = "internal"
"#;

/// A note that every target loses something of.
pub const NOTE: &str = "---
title: All & \"sundry\" <b>
date: 2026-11-20
author: jo
tags: [a, b, c, d]
image: week.png
image_alt: A week
---
Text with a footnote[^1], [a link](https://example.org/) and a [place](#for-all).

| Name | Born |
|:--|--:|
| Ada | 1815 |

:::internal
## For us

Colleagues read zqmole here.
:::

## For all

> [!WARNING]
> Mind the gap.

- [ ] to do
- [x] done

```rust
fn main() {}
```

https://www.youtube.com/watch?v=dQw4w9WgXcQ

![From elsewhere](https://example.org/p.png)

<script>document.title = \"ran\"</script><b onclick=\"document.title = 'ran'\">bold</b>

Some `code` at the end.

[^1]: The note.
";

/// A project with that note, and a second one.
pub fn project() -> Project {
    let project = Project::with_config(CONFIG);
    let png = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/pictures/week-24.png"));
    project.write("notes/week.png", png);
    project.write("notes/all.md", NOTE);
    project.write("notes/second.md", "---\ntitle: The second\n---\nShort, with a [link](all.md).\n");
    project
}
