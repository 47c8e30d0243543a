//! Internal addresses in what the public reads, beyond what a label can stand in for.

use crate::{
    check::{Code, Facts, Lint, Look, Problem, Subject, locate::Finder, trial::goes_public},
    note::Audience,
    render::{
        document::{Block, BlockKind, Inline, Link, Node},
        links::InternalHosts,
    },
};

const BARE_INTERNAL_LINK: Code = Code::warning(
    "bare-internal-link",
    "a link whose text is the internal address: in public nothing is left of it but the label",
);
/// An internal host that the public could read.
pub const INTERNAL_HOST: Code =
    Code::error("internal-host", "the name of an internal host, readable in what goes to the public");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&BARE_INTERNAL_LINK, &INTERNAL_HOST], look: Look::Note(look) };

fn look(subject: &Subject<'_>, facts: &Facts<'_>) -> Vec<Problem> {
    let hosts = &facts.policy.hosts;
    let Some(cut) = subject.cut(Audience::Public).filter(|_| goes_public(subject)) else { return Vec::new() };
    if hosts.is_empty() {
        return Vec::new();
    }
    let mut problems = in_front_matter(subject, hosts);
    let mut look = Search { subject, hosts, finder: subject.finder(), line: 1, problems: Vec::new() };
    cut.document.walk(&mut |node| match node {
        Node::Block(block) => look.block(block),
        Node::Inline(Inline::Link(link)) if hosts.is_internal(&link.href) => look.link(link),
        _ => {}
    });
    problems.append(&mut look.problems);
    problems
}

struct Search<'a> {
    subject: &'a Subject<'a>,
    hosts: &'a InternalHosts,
    finder: Finder<'a>,
    line: u32,
    problems: Vec<Problem>,
}

impl Search<'_> {
    fn link(&mut self, link: &Link) {
        let text = crate::render::document::plain_text(&link.content);
        if link.bare || self.hosts.mentions(&text).is_some() {
            let spot = self.finder.address(link.line, &link.href);
            let message = "the text of this link is an internal address: in public only a label is left";
            self.problems.push(
                Problem::new(&BARE_INTERNAL_LINK, self.subject.note.path(), spot, message)
                    .help("say what it leads to: `[the plan](…)`"),
            );
        }
    }

    fn block(&mut self, block: &Block) {
        self.line = block.line;
        match &block.kind {
            BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => self.inlines(content),
            BlockKind::Table(table) => {
                let cells = table.header.iter().chain(table.rows.iter().flatten());
                cells.for_each(|cell| self.inlines(cell));
            }
            BlockKind::Descriptions(entries) => entries.iter().for_each(|e| self.inlines(&e.term)),
            BlockKind::Details { summary, .. } => self.inlines(summary),
            BlockKind::Figure(figure) => {
                self.text(&figure.image.alt);
                self.inlines(&figure.caption);
            }
            BlockKind::Code { text, .. } | BlockKind::Math(text) => self.text(text),
            BlockKind::Alert { title: Some(title), .. } => self.text(title),
            _ => {}
        }
    }

    /// Text that the public reads. A link's address is seen to elsewhere, and its text where the link
    /// is internal.
    fn inlines(&mut self, content: &[Inline]) {
        for inline in content {
            match inline {
                Inline::Text(text) | Inline::Code(text) | Inline::Math { tex: text, .. } => self.text(text),
                Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strikethrough(inner) => {
                    self.inlines(inner);
                }
                Inline::Link(link) if !self.hosts.is_internal(&link.href) => self.inlines(&link.content),
                Inline::Element(raw) => self.inlines(&raw.content),
                Inline::Image(image) => self.text(&image.alt),
                Inline::Link(_) | Inline::SoftBreak | Inline::HardBreak | Inline::FootnoteRef { .. } => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        for line in text.lines() {
            if let Some(host) = self.hosts.mentions(line) {
                let spot = self.finder.find(self.line, &[("", &host)]);
                self.problems.push(problem(self.subject.note.path(), spot));
            }
        }
    }
}

/// No message repeats the name, since logs may be public too.
fn problem(path: &str, spot: crate::check::Spot) -> Problem {
    Problem::new(&INTERNAL_HOST, path, spot, "an internal host is named in what goes to the public")
        .help("take the name out, or move it into an internal passage (`:::internal` … `:::`)")
}

fn in_front_matter(subject: &Subject<'_>, hosts: &InternalHosts) -> Vec<Problem> {
    let own = &subject.note.meta.own;
    let values = [("title", &own.title), ("excerpt", &own.excerpt), ("image_alt", &own.image_alt)];
    let named = values
        .into_iter()
        .filter(|(_, value)| value.as_deref().is_some_and(|value| hosts.mentions(value).is_some()));
    named.map(|(key, _)| problem(subject.note.path(), subject.key(key))).collect()
}
