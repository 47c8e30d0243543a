//! Random notes with something internal in them, and what every public target would be sent of
//! them. Shared with the fuzz target in `tests/fuzz`.
//!
//! The last look before sending is left out on purpose: the cut alone must keep everything inside.

use std::{collections::BTreeMap, path::Path};

use crosspost::{
    config::Config,
    note::{Audience, Cleared, Marker, Note, Source, audience::clear},
    render::{Context, Meta, Pictures, internal, links::LinkRules, parse},
    targets::Target,
};
use jiff::tz::TimeZone;

/// A word that stands in internal passages alone.
pub const SECRET: &str = "zqmolezq";
/// A word that stands in the addresses of internal links alone.
const PATH: &str = "zqlinkzq";

/// One of every kind, and of every way to render.
pub const CONFIG: &str = r#"
project = "fuzz"
[internal]
hosts = ["zqhost.example"]
[targets.blog]
kind = "wordpress"
url = "https://blog.example"
user = "bot"
audience = "public"
[targets.old]
kind = "wordpress"
url = "https://old.example"
user = "bot"
format = "html"
audience = "public"
[targets.medium]
kind = "medium"
audience = "public"
[targets.columns]
kind = "medium"
tables = "code"
audience = "public"
[targets.pages]
kind = "folder"
audience = "public"
header = "> *{{ title }}*"
footer = "{% if canonical %}First published on [{{ canonical_host }}]({{ canonical }}).{% endif %}"
[targets.wiki]
kind = "mediawiki"
url = "https://wiki.example"
user = "Bot@crosspost"
audience = "public"
[targets.space]
kind = "confluence"
url = "https://example.atlassian.net/wiki"
space = "NEWS"
user = "bot@example.org"
audience = "public"
[targets.sharepoint]
kind = "sharepoint"
url = "https://contoso.sharepoint.com/sites/news"
tenant = "contoso.onmicrosoft.com"
client = "11111111-2222-3333-4444-555555555555"
audience = "public"
[targets.api]
kind = "http"
url = "https://api.example"
auth = { kind = "bearer" }
audience = "public"
check = { path = "/me" }
post = { id = "/id" }
create = { path = "/posts", body = { title = "{{ title }}", slug = "{{ slug }}", tags = "{{ tags }}", summary = "{{ excerpt }}", html = "{{ body }}" } }
"#;

/// Front matters: none of them says anything internal.
const FRONTS: &[&str] = &[
    "---\ntitle: T\n---\n",
    "",
    "+++\ntitle = \"T\"\n+++\n",
    "---\ntitle: T\nexcerpt: x\nslug: s\ntags: [a, b]\n---\n",
    "---\ntargets: {blog: {title: One, excerpt: x}, medium: {title: Two, tags: [c]}, old: false}\n---\n",
    "---\ntitle: \"*T* [x] <b>\"\ncanonical: https://a.example/\ncategories: [c]\n---\n",
];

/// How many of the last blocks are remembered as what a line begins with, when containers nest.
const DEEP: usize = 6;

/// A note from random bytes: the first is its front matter, each other a piece of Markdown. The
/// secret is only written where a passage is open. Bytes from 250 on open and leave containers
/// (quotations, lists, footnotes), whose marks stand before every line until then, as in a note that
/// nests on purpose.
pub fn compose(bytes: &[u8]) -> String {
    let (front, bytes) = bytes.split_first().map_or((0, bytes), |(first, rest)| (*first, rest));
    let mut note = FRONTS[usize::from(front) % FRONTS.len()].to_owned();
    let (mut inside, mut marks) = (false, Vec::<&str>::new());
    for byte in bytes {
        match byte {
            250..=253 if !inside && marks.len() < DEEP => {
                let (first, later) = CONTAINERS[usize::from(*byte - 250)];
                note = note + "\n" + &*marks.concat() + first;
                marks.push(later);
            }
            254 => drop(marks.pop()),
            255 => note = note + "\n" + &marks.concat(),
            0..=9 if !inside => (note, inside) = (note + "\n:::internal\n", true),
            0..=3 => (note, inside) = (note + "\n:::\n", false),
            4..=29 if inside => note.push_str(SECRET),
            4..=29 => note.push_str("word "),
            30..=49 => note.push('\n'),
            50..=57 => note.push_str("\n\n"),
            _ => note.push_str(PIECES[usize::from(*byte - 58) % PIECES.len()]),
        }
    }
    note + if inside { "\n:::\n" } else { "\n" }
}

/// What begins a container, and what each of its later lines begins with.
const CONTAINERS: [(&str, &str); 4] = [("> ", "> "), ("- ", "  "), ("1. ", "   "), ("[^n]: ", "    ")];

/// The public targets.
pub struct Public {
    config: Config,
}

impl Public {
    /// One of every kind, and of every way to render.
    pub fn new() -> Self {
        let config = Config::parse(CONFIG, Path::new("crosspost.toml")).expect("a configuration");
        Self { config }
    }

    /// What of a note's secrets would leave, and where. `None` as well for a note that is refused.
    pub fn leak(&self, text: &str) -> Option<String> {
        let note = Note::parse(Source::decode("notes/n.md", text.as_bytes()).ok()?, &[]).ok()?;
        if !is_inside(note.body()) {
            return None;
        }
        let cleared = clear(&note, Audience::Public).ok()?;
        let own = note.meta.own.title.as_deref();
        let mut document = parse::parse(note.path(), &cleared, own).ok()?;
        internal::hide(&mut document, &self.config.internal, &std::collections::BTreeSet::new(), note.path())
            .ok()?;
        for target in &self.config.targets {
            // WordPress alone has footnotes of its own, and not everywhere.
            let abilities = if target.kind() == "wordpress" { &["true", "false"][..] } else { &["false"] };
            for footnotes in abilities {
                let site = BTreeMap::from([("footnotes".to_owned(), (*footnotes).to_owned())]);
                let leak = self.leak_at(&**target, &note, &document, &cleared, &site);
                if leak.is_some() {
                    return leak;
                }
            }
        }
        None
    }

    fn leak_at(
        &self,
        target: &dyn Target,
        note: &Note,
        document: &crosspost::render::Document,
        cleared: &Cleared,
        site: &BTreeMap<String, String>,
    ) -> Option<String> {
        let name = &target.common().name;
        if !note.meta.goes_to(name) {
            return None;
        }
        let (notes, marker) = (BTreeMap::new(), Marker::derive("fuzz", &note.id, name));
        let links = LinkRules::new(Audience::Public, &self.config.internal, note.path(), &notes);
        let heading = document.heading.as_ref().map(|heading| heading.text.as_str());
        let meta = Meta::of(note, name, heading, None, &TimeZone::UTC).ok()?;
        let context = Context {
            audience: Audience::Public,
            meta: &meta,
            marker,
            pictures: &Pictures::default(),
            links: &links,
            site,
        };
        let document = target.common().frame.around(document, &meta, &TimeZone::UTC).ok()?;
        let rendering = target.render(&document, &context).ok()?;
        let warnings = rendering.warnings.iter().chain(&document.warnings).map(|w| w.message.clone());
        let warnings = warnings.chain(cleared.dangling_references().into_iter().map(|w| w.message));
        let texts = rendering.texts().map(str::to_owned).chain([target.payload(&rendering, marker)]);
        let texts = texts.chain(target.requests(&rendering, marker));
        let texts = texts.chain(target.preview(&document, &context).ok().map(|preview| preview.html));
        let found = |text: String| {
            let words = letters(&text);
            let told = |what: &str| Some(format!("{what} at `{name}`:\n{text}"));
            if words.contains(SECRET) {
                return told("the passage");
            }
            // Where the author's own words name the host, the note is refused.
            let refused = self.config.internal.hosts.mentions(&text).is_some();
            if words.contains(PATH) && !refused { told("the address") } else { None }
        };
        texts.chain(warnings).find_map(found)
    }
}

/// Whether the secret stands in internal passages alone: read on its own, line by line.
fn is_inside(body: &str) -> bool {
    let mut open = false;
    for line in body.split('\n') {
        match line {
            ":::internal" => open = true,
            ":::" => open = false,
            line if !open && line.contains(SECRET) => return false,
            _ => {}
        }
    }
    true
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Pieces of Markdown.
const PIECES: &[&str] = &[
    "# ",
    "## ",
    "\n===\n",
    "\n---\n",
    "- ",
    "  - ",
    "1. ",
    "12) ",
    "- [x] ",
    "> ",
    "> > ",
    "> [!NOTE]\n",
    "> [!TIP] ",
    "    ",
    "\t",
    "  ",
    "\\",
    "  \n",
    "```\n",
    "```\n",
    "````md\n",
    "~~~\n",
    "```math\n",
    "***\n",
    "| a | b |\n|---|:-:|\n",
    "| ",
    "|",
    "|---|",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "``",
    "$",
    "$$",
    "$`",
    "`$",
    "[",
    "]",
    "](",
    ")",
    "](<",
    ">)",
    "](x.md)",
    "](https://a.example)",
    "](https://zqhost.example/zqlinkzq)",
    "](//zqhost.example/zqlinkzq \"title\")",
    "<https://zqhost.example/zqlinkzq>",
    " https://zqhost.example/zqlinkzq ",
    "![alt](https://zqhost.example/zqlinkzq.png)",
    "[![a](b.png)](https://zqhost.example/zqlinkzq)",
    "<a href=\"https://zqhost.example/zqlinkzq\">",
    "<a href='//zqhost.example/zqlinkzq' title=zqlinkzq>",
    "<img src=\"https://zqhost.example/zqlinkzq\" alt=\"x\">",
    "[z]: https://zqhost.example/zqlinkzq\n",
    "[z]",
    "![",
    "[[",
    "]]",
    "[[x]]",
    "[[x|",
    "[[x#h]]",
    "![[y.png]]",
    "{{ title }}",
    "{% raw %}",
    "{{{",
    "[^1]",
    "\n[^1]: ",
    "[^a]",
    "\n\n[^a]: ",
    "[r]",
    "[t][r]",
    "\n[r]: ",
    "\n[r]: /x '",
    "'",
    "\"",
    "(",
    "\n: ",
    ":",
    ";",
    "<b>",
    "</b>",
    "<kbd title=\"",
    "\">",
    "</kbd>",
    "<div>\n",
    "<div>",
    "</div>\n",
    "<p>",
    "</p>",
    "<details>\n",
    "<details><summary>",
    "</summary>",
    "</details>\n",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<textarea>",
    "<title>",
    "<pre>\n",
    "</pre>",
    "<!-- ",
    " -->",
    "<!--more ",
    "<?",
    "?>",
    "<![CDATA[",
    "]]>",
    "<!D ",
    "<table><tr><td>",
    "</table>",
    "<figure><img src=\"y.png\"><figcaption>",
    "</figcaption></figure>",
    "<svg>",
    "</svg>",
    "<math>",
    "<video src=\"",
    "<select><option>",
    "<ul><li>",
    "</ul>",
    "<h2>",
    "</h2>",
    "<br>",
    "<wbr>",
    "<span id=",
    "<",
    ">",
    "=",
    "&amp;",
    "&#",
    "&lt;",
    "\r",
    "\r\n",
    "\u{b}",
    "\u{2028}",
    "\u{a0}",
    "\u{200b}",
    "\u{feff}",
    "é",
    "ß",
    "🚀",
    ":tada:",
    "https://youtu.be/",
    "https://a.example/",
    "www.a.example ",
    "mailto:",
    "a@a.example",
    "---\n",
    "+++\n",
    "title: ",
    "\\:::internal\n",
    "\\:::\n",
    "\n:::internal\n",
    "\n:::\n",
    "::",
    ":::",
    "internal",
    "[gallery]",
    "<!-- wp:html -->",
    "{\"",
    "<!-- crosspost:",
    "<input type=checkbox>",
    "%3A",
    "#",
    "](#a)",
    "1",
    " ",
    " a ",
];
