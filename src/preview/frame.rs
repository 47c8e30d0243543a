//! One target's look as a document for a frame. The frame is sandboxed and its policy lets nothing
//! run or load; what could only confuse is taken out besides.

use crate::{
    error::Warning,
    render::{
        PENDING_LINK, PENDING_PICTURE,
        html::escape::escaped,
        pins::{self, Pin},
        sanitise::token::{self, Piece, Tag},
    },
    targets::preview::Preview,
};

/// What the frame may do: show its own style and pictures that stand in the page. (Content Security
/// Policy Level 3.)
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// Elements that have no business in a look, with all they hold.
const REMOVED: &[&str] = &["script", "style", "iframe", "object", "embed", "form", "template", "noscript"];
/// The same, without content.
const REMOVED_TAGS: &[&str] = &["link", "meta", "base", "audio", "video", "source", "track"];

/// What the marks in a look stand for.
pub struct Marks<'a> {
    /// In their order.
    pub pins: &'a [Pin],
    /// The rendering's warnings.
    pub warnings: &'a [Warning],
    /// Whether all of the note is for colleagues alone.
    pub whole: bool,
}

/// The document. `title` is the frame's.
#[must_use]
pub fn document(preview: &Preview, title: &str, marks: &Marks<'_>) -> String {
    let banner = if marks.whole {
        "<p class=\"crosspost-whole\">For colleagues only: the whole note</p>\n"
    } else {
        ""
    };
    let body = with_marks(&shown(&preview.html), marks);
    // Inside the landmark, as the marks are.
    let body = match body.find("<main").and_then(|at| Some(at + body[at..].find('>')? + 1)) {
        Some(at) => format!("{}{banner}{}", &body[..at], &body[at..]),
        None => format!("{banner}{body}"),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\n\
         <style>{}\n{}</style></head>\n<body>\n{body}\n</body></html>\n",
        escaped(&preview.language),
        escaped(title),
        preview.style,
        include_str!("frame.css"),
    )
}

/// HTML as a frame shows it: links open elsewhere, pictures are those of the page, and what runs or
/// loads is gone.
fn shown(html: &str) -> String {
    let mut out: Vec<Piece> = Vec::new();
    let mut hidden: Option<(String, usize)> = None;
    for placed in token::pieces(html) {
        match (placed.piece, &mut hidden) {
            (Piece::Open(tag), Some((name, depth))) if tag.name == *name => *depth += 1,
            (Piece::Close(closed), Some((name, depth))) if closed == *name => {
                *depth -= 1;
                if *depth == 0 {
                    hidden = None;
                }
            }
            (_, Some(_)) | (Piece::Comment(_), None) => {}
            (Piece::Open(tag), None) if REMOVED.contains(&&*tag.name) => hidden = Some((tag.name, 1)),
            (Piece::Open(tag), None) if REMOVED_TAGS.contains(&&*tag.name) => {}
            (Piece::Close(name), None) if REMOVED_TAGS.contains(&&*name) => {}
            (Piece::Open(tag), None) if tag.name == "img" => out.extend(picture(tag)),
            (Piece::Open(tag), None) => out.push(Piece::Open(quiet(tag))),
            (piece, None) => out.push(piece),
        }
    }
    token::write(&out)
}

/// A tag without handlers; a link that leads out of the note opens a window of its own.
fn quiet(mut tag: Tag) -> Tag {
    tag.attributes.retain(|(name, _)| !name.starts_with("on") && name != "srcset" && name != "target");
    if tag.name == "a" {
        let href = tag.get("href").unwrap_or_default().to_owned();
        if href.starts_with(PENDING_LINK) {
            tag.attributes.retain(|(name, _)| name != "href");
            tag.attributes
                .push(("title".to_owned(), "the address will be known once it is published".to_owned()));
        } else if !href.is_empty() && !href.starts_with('#') {
            tag.attributes.push(("target".to_owned(), "_blank".to_owned()));
        }
    }
    if tag.name == "input" && tag.get("aria-label").is_none() {
        tag.attributes.push(("aria-label".to_owned(), "done".to_owned()));
    }
    tag
}

/// A picture of the page, or a box that says what would be loaded from elsewhere.
fn picture(tag: Tag) -> Vec<Piece> {
    let tag = quiet(tag);
    let src = tag.get("src").unwrap_or_default();
    if src.starts_with(PENDING_PICTURE) || src.starts_with("data:image/") {
        return vec![Piece::Open(tag)];
    }
    let alt = tag.get("alt").filter(|alt| !alt.is_empty()).map(|alt| format!(": {alt}"));
    let text = format!("Picture from elsewhere{} ({src})", alt.unwrap_or_default());
    let class = ("class".to_owned(), "crosspost-elsewhere".to_owned());
    vec![
        Piece::Open(Tag { name: "span".to_owned(), attributes: vec![class] }),
        Piece::Text(text),
        Piece::Close("span".to_owned()),
    ]
}

/// Puts what they stand for into the marks' places.
fn with_marks(html: &str, marks: &Marks<'_>) -> String {
    let mut out = html.to_owned();
    for (index, pin) in marks.pins.iter().enumerate() {
        let word = pins::word(index);
        let html = mark(pin, marks.warnings);
        // Its paragraph goes with it, whatever a dialect made of that.
        let Some(at) = out.find(&word) else { continue };
        let start = out[..at].rfind("<p").filter(|start| !out[*start..at].contains("</"));
        let end = out[at..].find("</p>").map(|end| at + end + "</p>".len());
        match start.zip(end).filter(|(_, end)| out[at + word.len()..*end].trim() == "</p>") {
            Some((start, end)) => out.replace_range(start..end, &html),
            None => out.replace_range(at..at + word.len(), ""),
        }
    }
    out
}

fn mark(pin: &Pin, warnings: &[Warning]) -> String {
    let label = |class: &str, text: &str| format!("<p class=\"crosspost-pin {class}\">{text}</p>");
    match pin {
        Pin::Warnings(about) => {
            let one =
                |warning: &Warning| format!("<b>Line {}</b> {}", warning.line, escaped(&warning.message));
            let all: Vec<String> = about.iter().filter_map(|index| warnings.get(*index)).map(one).collect();
            label("crosspost-warning", &all.join("<br>"))
        }
        Pin::Opens => {
            format!("<div class=\"crosspost-internal\">{}", label("crosspost-inside", "For colleagues only"))
        }
        Pin::Closes => "</div>".to_owned(),
        Pin::Holds => label("crosspost-inside", "What follows holds lines for colleagues only"),
        Pin::Footnotes => label("crosspost-inside", "Some of the footnotes are for colleagues only"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(html: &str) -> Preview {
        Preview::new(html.to_owned(), "")
    }

    fn body(html: &str, pins: &[Pin], warnings: &[Warning]) -> String {
        let document = document(&plain(html), "T", &Marks { pins, warnings, whole: false });
        document.split_once("<body>").unwrap().1.replace('\n', "")
    }

    #[test]
    fn nothing_that_runs_or_loads_reaches_a_frame() {
        let html = "<main><script>alert(1)</script><p onclick=\"x()\">a</p><iframe src=\"https://e.x\"><p>b</p></iframe>\
                    <img src=\"https://e.x/p.png\" alt=\"P\" onerror=x><link rel=stylesheet href=x><meta http-equiv=refresh>\
                    <img src=\"crosspost-picture:ab\" alt=\"\"></main>";
        let shown = body(html, &[], &[]);
        for bad in ["script", "onclick", "iframe", "onerror", "<link", "<meta", "src=\"https"] {
            assert!(!shown.contains(bad), "{bad} in {shown}");
        }
        assert!(
            shown.contains("<p>a</p>") && shown.contains("Picture from elsewhere: P (https://e.x/p.png)")
        );
        assert!(shown.contains("<img src=\"crosspost-picture:ab\" alt=\"\">"));
    }

    #[test]
    fn links_open_elsewhere_and_anchors_here() {
        let shown = body(
            "<a href=\"https://e.x\">a</a><a href=\"#fn\">b</a><a href=\"crosspost-pending:blog\">c</a>",
            &[],
            &[],
        );
        assert!(shown.contains("<a href=\"https://e.x\" target=\"_blank\">"), "{shown}");
        assert!(shown.contains("<a href=\"#fn\">") && !shown.contains("pending:"));
    }

    #[test]
    fn marks_become_what_they_stand_for() {
        let pins = [Pin::Warnings(vec![0]), Pin::Opens, Pin::Closes];
        let html = format!(
            "<p>a</p><p class=\"x\">{}</p><p>{}</p><p>in</p><p>{}</p>",
            pins::word(0),
            pins::word(1),
            pins::word(2)
        );
        let shown = body(&html, &pins, &[Warning::new("x", 7, "a <b> is lost")]);
        assert!(
            shown.contains(
                "<p>a</p><p class=\"crosspost-pin crosspost-warning\"><b>Line 7</b> a &lt;b&gt; is lost</p>"
            ),
            "{shown}"
        );
        assert!(
            shown.contains("<div class=\"crosspost-internal\">") && shown.contains("<p>in</p></div>"),
            "{shown}"
        );
        assert!(!shown.contains("crosspostpin"));
    }
}
