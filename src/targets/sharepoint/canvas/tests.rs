use std::collections::BTreeMap;

use super::*;
use crate::note::{NoteId, Status};

fn rendering(title: &str, body: &str) -> Rendering {
    Rendering {
        title: title.to_owned(),
        slug: None,
        excerpt: None,
        status: Status::Publish,
        date: None,
        tags: None,
        categories: None,
        author: None,
        canonical: None,
        featured: None,
        body: body.to_owned(),
        extra: BTreeMap::new(),
        needs: Vec::new(),
        warnings: Vec::new(),
    }
}

fn laid_out(rendering: &Rendering) -> Value {
    layout(rendering, Marker::derive("p", &NoteId::of_path("a.md"), "intranet"))
}

const BODY: &str = "<p>One &amp; <em>two</em></p>\n<figure><a href=\"https://a.example/\"><img src=\"https://a.example/p.png\" alt=\"A \"></a><figcaption>Three</figcaption></figure>\n<hr>\n<table><tbody><tr><th>A</th></tr></tbody></table>";

#[test]
fn a_body_comes_back_from_its_canvas_and_says_what_it_was_sent_from() {
    let rendering = rendering("A title", BODY);
    let canvas = laid_out(&rendering);
    assert_eq!(
        canvas.pointer("/horizontalSections/0/columns/0/webparts").unwrap().as_array().unwrap().len(),
        4
    );
    let (body, stamp) = read(&canvas, "A title");
    let stamp = stamp.expect("a stamp");
    assert_eq!(body, BODY);
    assert!(stamp.is_of(&rendering.digest()) && stamp.pristine);
}

#[test]
fn what_sharepoint_rewrites_is_no_edit_and_what_people_change_is_one() {
    let canvas = laid_out(&rendering("A title", BODY)).to_string();
    let read_again = |from: &str, to: &str| {
        assert!(canvas.contains(from), "{from}");
        read(&serde_json::from_str(&canvas.replace(from, to)).unwrap(), "A title")
            .1
            .expect("a stamp")
            .pristine
    };
    for (from, to) in [
        ("<table>", "<div class=\\\"canvasRteResponsiveTable\\\"><table class=\\\"x\\\">"),
        ("<em>two</em>", "<i style=\\\"color:red\\\">two</i>"),
        ("<p>One &amp; ", "<p>\\nOne  &amp;&#32;"),
    ] {
        assert!(read_again(from, to), "{to}");
    }
    for (from, to) in [
        ("One", "Zero"),
        ("<em>two</em>", "two"),
        ("a.example/p.png", "a.example/q.png"),
        ("\"linkUrl\",\"value\":\"https://a", "\"linkUrl\",\"value\":\"https://b"),
        ("\"captionText\":\"Three\"", "\"captionText\":\"Four\""),
    ] {
        assert!(!read_again(from, to), "{to}");
    }
    assert!(!read(&serde_json::from_str(&canvas).unwrap(), "Another").1.unwrap().pristine);
}

#[test]
fn an_id_that_sharepoint_drew_is_no_stamp() {
    let mut drawn = 0;
    for n in 0..50 {
        let mut canvas = laid_out(&rendering("A", &format!("<p>{n}</p>")));
        assert!(read(&canvas, "A").1.is_some(), "{n}");
        *canvas.pointer_mut("/horizontalSections/0/columns/0/webparts/0/id").unwrap() =
            json!(Uuid::new_v4().to_string());
        drawn += usize::from(read(&canvas, "A").1.is_none());
    }
    assert_eq!(drawn, 50);
}

#[test]
fn what_people_add_is_a_part_of_the_text() {
    let canvas = json!({
        "horizontalSections": [{ "columns": [
            { "webparts": [{ "innerHtml": "<p>A</p>" }] },
            { "webparts": [{ "webPartType": "c70391ea-0b10-4ee9-b2b4-006d3fcad0cd", "data": { "title": "Quick links" } }] },
        ] }],
        "verticalSection": { "webparts": [{ "innerHtml": "<p>B</p>" }] },
    });
    assert_eq!(read(&canvas, "A"), ("<p>A</p>\n<p>[Quick links]</p>\n<p>B</p>".to_owned(), None));
    assert_eq!(read(&Value::Null, "A"), (String::new(), None));
}
