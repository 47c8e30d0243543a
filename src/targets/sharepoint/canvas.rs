//! A body as a page's canvas: one section with one column of web parts.
//!
//! SharePoint keeps no comments, so what a page was sent from is told by the id of its first web
//! part: an id is ours to choose, and holds two digests of 16 digits. One that SharePoint drew
//! instead is told from it by its variant.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    note::Marker,
    render::{
        Digest, Rendering,
        canvas::{Part, join, normal, parts},
        stamp::Stamp,
    },
};

/// The type of an image web part (Microsoft Graph, "standardWebPart").
const IMAGE: &str = "d1d91016-032f-456d-98a4-721247c305e8";
/// The type of a divider.
const DIVIDER: &str = "2161a1c6-db61-4731-b97c-3cdb303f7cbb";

/// The canvas of a rendering.
#[must_use]
pub fn layout(rendering: &Rendering, marker: Marker) -> Value {
    let mut all = parts(&rendering.body);
    if all.is_empty() {
        all.push(Part::Text("<p></p>".to_owned()));
    }
    let id = |index: usize| match index {
        0 => stamp(rendering),
        _ => marker.part(&format!("part {index}")),
    };
    let web_parts: Vec<Value> =
        all.iter().enumerate().map(|(index, part)| web_part(part, id(index))).collect();
    json!({
        "horizontalSections": [{
            "layout": "oneColumn",
            "id": "1",
            "emphasis": "none",
            "columns": [{ "id": "1", "width": 12, "webparts": web_parts }],
        }],
    })
}

fn web_part(part: &Part, id: Uuid) -> Value {
    match part {
        Part::Text(html) => json!({
            "@odata.type": "#microsoft.graph.textWebPart",
            "id": id.to_string(),
            "innerHtml": html,
        }),
        Part::Divider => standard(
            id,
            DIVIDER,
            &json!({
                "dataVersion": "1.0",
                "title": "Divider",
                "description": "Add a line to divide areas on your page.",
                "properties": { "length": 100, "weight": 0 },
            }),
        ),
        Part::Picture { src, alt, caption, link } => {
            let links: Vec<Value> =
                link.iter().map(|link| json!({ "key": "linkUrl", "value": link })).collect();
            standard(
                id,
                IMAGE,
                &json!({
                    "dataVersion": "1.9",
                    "title": "Image",
                    "description": "Show an image on your page",
                    "properties": {
                        "imageSourceType": 2,
                        "altText": alt,
                        "captionText": caption,
                        "overlayText": "",
                        "alignment": "Center",
                        "fixAspectRatio": false,
                    },
                    "serverProcessedContent": {
                        "htmlStrings": [],
                        "searchablePlainTexts": [{ "key": "captionText", "value": caption }],
                        "imageSources": [{ "key": "imageSource", "value": src }],
                        "links": links,
                    },
                }),
            )
        }
    }
}

fn standard(id: Uuid, kind: &str, data: &Value) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.standardWebPart",
        "id": id.to_string(),
        "webPartType": kind,
        "data": data,
    })
}

/// What a canvas says: its body, and what it was sent from.
#[must_use]
pub fn read(canvas: &Value, title: &str) -> (String, Option<Stamp>) {
    let list =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let columns =
        list(canvas, "horizontalSections").into_iter().flat_map(|section| list(&section, "columns"));
    let beside = canvas.get("verticalSection").cloned();
    let all: Vec<Value> = columns.chain(beside).flat_map(|column| list(&column, "webparts")).collect();
    let body = join(&all.iter().map(part).collect::<Vec<_>>());
    let first = all.first().and_then(|part| part.get("id")?.as_str()?.parse::<Uuid>().ok());
    let digits = first.map(|id| id.simple().to_string()).unwrap_or_default();
    let stamp = digits.split_at_checked(16).filter(|(_, content)| !is_drawn(content));
    let stamp = stamp.map(|(rendering, content)| Stamp {
        rendering: rendering.to_owned(),
        pristine: content_digits(title, &body) == content,
    });
    (body, stamp)
}

fn part(value: &Value) -> Part {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(html) = value.get("innerHtml").and_then(Value::as_str) {
        return Part::Text(html.to_owned());
    }
    let sent = |list: &str, key: &str| {
        let entries = value.pointer(&format!("/data/serverProcessedContent/{list}"))?.as_array()?;
        let entry = entries.iter().find(|entry| entry.get("key").and_then(Value::as_str) == Some(key))?;
        Some(entry.get("value")?.as_str()?.to_owned())
    };
    match text("/webPartType").to_ascii_lowercase().as_str() {
        DIVIDER => Part::Divider,
        IMAGE => Part::Picture {
            src: sent("imageSources", "imageSource").unwrap_or_default(),
            alt: text("/data/properties/altText"),
            caption: text("/data/properties/captionText"),
            link: sent("links", "linkUrl").filter(|link| !link.is_empty()),
        },
        // What people add there is shown as an edit, if only by its name.
        _ => {
            let title = crate::render::html::escape::escaped(&text("/data/title"));
            Part::Text(format!("<p>[{title}]</p>"))
        }
    }
}

/// The id that says what a page is sent from: as the comment of other targets, a digest of the
/// rendering and one of title and text.
fn stamp(rendering: &Rendering) -> Uuid {
    let content = content_digits(&rendering.title, &rendering.body);
    Uuid::parse_str(&format!("{}{content}", rendering.digest().short())).unwrap_or_default()
}

/// Digits that cannot stand in an id that SharePoint drew by itself.
fn content_digits(title: &str, body: &str) -> String {
    let body = normal(body);
    let digits = |salt: u32| Digest::of(format!("{salt}\0{title}\0{body}").as_bytes()).short();
    (0..64).map(digits).find(|digits| !is_drawn(digits)).unwrap_or_default()
}

/// Whether the second half of an id has the variant of those that are drawn or derived (RFC 9562,
/// section 4.1).
fn is_drawn(half: &str) -> bool {
    half.starts_with(['8', '9', 'a', 'b'])
}

#[cfg(test)]
mod tests;
