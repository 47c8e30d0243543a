//! Requests to services that cannot be run here, held to their vendors' contracts.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use crate::{
    conformance::{self, Bench, sharepoint::Intranet},
    fakes::sharepoint::SharePoint,
    harness::contract::{Contract, Sent, assert_kept},
};

fn sent(method: &str, path: &str, headers: &[(&str, &str)], body: &serde_json::Value) -> Sent {
    let mut headers: BTreeMap<String, String> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    if !body.is_empty() {
        headers.insert("content-type".to_owned(), "application/json".to_owned());
    }
    Sent { method: method.to_owned(), path: path.to_owned(), headers, body }
}

/// A good request, and for each way to break a contract one that does and what is said of it.
#[track_caller]
fn assert_told(contract: &Contract, good: &[Sent], bad: &[(Sent, &str)]) {
    assert_eq!(contract.violations(good), [""; 0]);
    for (request, words) in bad {
        let told = contract.violations(std::slice::from_ref(request));
        assert!(told.len() == 1 && told[0].contains(words), "{words} in {told:#?}");
    }
}

#[test]
fn a_request_that_breaks_the_contract_of_site_pages_is_told() {
    let contract = Contract::named("graph-pages");
    let token = [("authorization", "Bearer x")];
    let pages = "/sites/a.example%2C1%2C2/pages";
    let page = |more: &serde_json::Value| {
        let mut page = json!({ "@odata.type": "#microsoft.graph.sitePage", "name": "a.aspx", "title": "A" });
        page.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        page
    };
    let nothing = json!(null);
    let part = json!({ "canvasLayout": { "horizontalSections": [{ "columns": [{ "webparts": [
        { "@odata.type": "#microsoft.graph.textWebPart", "innerHtml": "<p>A</p>", "html": "<p>A</p>" }
    ] }] }] } });
    assert_told(
        &contract,
        &[
            sent("GET", &format!("{pages}?$filter=name%20eq%20'a.aspx'"), &token, &nothing),
            sent("POST", pages, &token, &page(&json!({}))),
            sent("POST", &format!("{pages}/1/microsoft.graph.sitePage/publish"), &token, &nothing),
        ],
        &[
            (sent("GET", pages, &[], &nothing), "security scheme"),
            (sent("GET", "/sites/1/page", &token, &nothing), "NO_PATH_MATCHED"),
            (sent("PUT", pages, &token, &nothing), "NO_METHOD_MATCHED"),
            (sent("GET", &format!("{pages}?$search=a"), &token, &nothing), "no query parameter `$search`"),
            (sent("POST", pages, &token, &page(&json!({ "name": "a.html" }))), "must match pattern"),
            (sent("POST", pages, &token, &json!({ "name": "a.aspx" })), "required property"),
            (sent("POST", pages, &token, &page(&part)), "found 'html'"),
        ],
    );
}

#[test]
fn a_request_that_breaks_the_contract_of_confluence_is_told() {
    let contract = Contract::named("confluence-v2");
    let login = [("authorization", "Basic eDp5")];
    let nothing = json!(null);
    let page =
        json!({ "spaceId": "1", "title": "A", "body": { "representation": "storage", "value": "<p>A</p>" } });
    assert_told(
        &contract,
        &[
            sent("POST", "/pages", &login, &page),
            sent("GET", "/pages/7?body-format=storage", &login, &nothing),
        ],
        &[
            (sent("GET", "/pages/7", &[], &nothing), "security scheme"),
            (sent("GET", "/pages/seven", &login, &nothing), "must be integer"),
            (sent("GET", "/pages/7?expand=body", &login, &nothing), "no query parameter `expand`"),
            (sent("POST", "/pages", &login, &json!({ "title": "A" })), "required property"),
        ],
    );
}

/// One stand-in for each row of the suite; what all of them were sent.
fn sent_by_the_suite() -> Vec<Sent> {
    let rows: [fn(Intranet); 14] = [
        conformance::create,
        conformance::update,
        conformance::unchanged,
        conformance::costs,
        conformance::drift,
        conformance::conflict,
        conformance::find_again,
        conformance::pictures,
        conformance::links,
        conformance::statuses,
        conformance::tags,
        conformance::unpublish,
        conformance::exactly_once,
        conformance::wrong_secret,
    ];
    let mut sent = Vec::new();
    for row in rows {
        let sharepoint = Arc::new(SharePoint::start());
        row(Intranet::at(&sharepoint));
        sent.extend(sharepoint.sent_of_pages());
    }
    sent
}

/// A note with everything that becomes a web part, as news, made and changed.
fn sent_for_a_rich_note() -> Vec<Sent> {
    let sharepoint = Arc::new(SharePoint::start());
    let bench = Bench::new(Intranet::with(&sharepoint, "news = true\n"));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let picture = std::fs::read(root.join("examples/pictures/week-24.png")).expect("the example's picture");
    bench.project.write("notes/p.png", picture);
    let text = "## A\n\n| B | C |\n|---|---|\n| 1 | 2 |\n\n[![D](p.png \"E\")](https://a.example/)\n\n---\n\n> F\n\nG[^h]\n\n[^h]: I\n\nText";
    let front = "excerpt: In short\nimage: p.png\nimage_alt: J\ntags: [k]\n";
    for text in [text.to_owned(), format!("{text} again")] {
        bench.note("one", front, &text);
        let (code, report) = bench.publish(&[]);
        assert_eq!(code, 0, "{report:#}");
    }
    sharepoint.sent_of_pages()
}

#[test]
fn every_request_to_sharepoint_keeps_the_contract_of_site_pages() {
    let sent = [sent_by_the_suite(), sent_for_a_rich_note()].concat();
    let methods = |method: &str| sent.iter().filter(|request| request.method == method).count();
    for method in ["GET", "POST", "PATCH", "DELETE"] {
        assert!(methods(method) > 0, "no {method} to hold to the contract");
    }
    assert_kept("graph-pages", &sent);
}
