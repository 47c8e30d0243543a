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

/// A word that stands in internal passages alone.
pub const SECRET: &str = "zqmolezq";
/// A word that stands in the addresses of internal links alone.
const PATH: &str = "zqlinkzq";

const CONFIG: &str = r#"
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
"#;

/// A note from random bytes: each is a piece of Markdown. The secret is only written where a passage
/// is open.
pub fn compose(bytes: &[u8]) -> String {
    let mut note = "---\ntitle: T\n---\n".to_owned();
    let mut inside = false;
    for byte in bytes {
        match byte {
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
        let mut document = parse::parse(note.path(), &cleared, None).ok()?;
        internal::hide(&mut document, &self.config.internal, &std::collections::BTreeSet::new(), note.path())
            .ok()?;
        let title = document.heading.as_ref().map_or("T", |heading| heading.text.as_str()).to_owned();
        for target in &self.config.targets {
            // WordPress alone has footnotes of its own, and not everywhere.
            let abilities = if target.kind() == "wordpress" { &["true", "false"][..] } else { &["false"] };
            for footnotes in abilities {
                let site = BTreeMap::from([("footnotes".to_owned(), (*footnotes).to_owned())]);
                let leak = self.leak_at(&**target, &note, &document, &cleared, &title, &site);
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
        title: &str,
        site: &BTreeMap<String, String>,
    ) -> Option<String> {
        let name = &target.common().name;
        let (notes, marker) = (BTreeMap::new(), Marker::derive("fuzz", &note.id, name));
        let links = LinkRules::new(Audience::Public, &self.config.internal, note.path(), &notes);
        let meta = meta(title);
        let context = Context {
            audience: Audience::Public,
            meta: &meta,
            marker,
            pictures: &Pictures::default(),
            links: &links,
            site,
        };
        let rendering = target.render(document, &context).ok()?;
        let warnings = rendering.warnings.iter().chain(&document.warnings).map(|w| w.message.clone());
        let warnings = warnings.chain(cleared.dangling_references().into_iter().map(|w| w.message));
        let texts = rendering.texts().map(str::to_owned).chain([target.payload(&rendering, marker)]);
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

fn meta(title: &str) -> Meta {
    Meta { title: title.to_owned(), stem: "n".to_owned(), ..Meta::default() }
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
