//! Requests to services that cannot be run here, held to their vendors' contracts.

use std::collections::BTreeMap;

use serde_json::json;

use crate::harness::contract::{Contract, Sent};

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
