//! The stand-in itself, held to Medium's documentation: a stand-in that is kinder than Medium would
//! hide mistakes.

use std::time::Duration;

use crosspost::targets::client::{Answer, Body, Client, Request};
use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderValue},
};
use serde_json::{Value, json};
use url::Url;

use crate::fakes::medium::{CATE, DORA, EDITED, Medium, WRITTEN};

async fn ask(
    medium: &Medium,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Option<Value>,
) -> Answer {
    let url = Url::parse(&format!("{}{path}", medium.api())).expect("an address");
    let mut request = Request::new(method, url);
    if let Some(token) = token {
        let value = HeaderValue::from_str(&format!("Bearer {token}")).expect("a header");
        request = request.header(AUTHORIZATION, value);
    }
    request.body = body.map_or(Body::Empty, Body::Json);
    let client = Client::new(&super::common(Duration::from_secs(10))).expect("a client");
    client.send_once(&request).await.expect("an answer")
}

async fn post(medium: &Medium, path: &str, body: Value) -> Answer {
    ask(medium, Method::POST, path, Some(CATE.token), Some(body)).await
}

fn data(answer: &Answer) -> Value {
    answer.json().expect("JSON")["data"].clone()
}

fn error(answer: &Answer) -> (u16, i64) {
    let code = answer.json().expect("JSON")["errors"][0]["code"].as_i64().expect("a code");
    (answer.status.as_u16(), code)
}

fn posts_of(id: &str) -> String {
    format!("/users/{id}/posts")
}

fn story() -> Value {
    json!({ "title": "T", "contentFormat": "html", "content": "<h1>T</h1><p>text</p>" })
}

fn story_with(field: &str, value: Value) -> Value {
    let mut story = story();
    story[field] = value;
    story
}

#[tokio::test]
async fn who_asks_is_told_who_they_are() {
    let medium = Medium::start();
    let me = data(&ask(&medium, Method::GET, "/me", Some(CATE.token), None).await);
    assert_eq!((me["id"].as_str(), me["username"].as_str()), (Some(CATE.id), Some("cate")));
    assert_eq!(error(&ask(&medium, Method::GET, "/me", None, None).await), (401, 6000));
    assert_eq!(error(&ask(&medium, Method::GET, "/me", Some("x"), None).await), (401, 6003));
}

#[tokio::test]
async fn publications_and_their_contributors_are_listed() {
    let medium = Medium::start();
    let path = format!("/users/{}/publications", CATE.id);
    let list = data(&ask(&medium, Method::GET, &path, Some(CATE.token), None).await);
    assert_eq!(list.as_array().map(Vec::len), Some(2));
    let foreign = ask(&medium, Method::GET, &path, Some(DORA.token), None).await;
    assert_eq!(foreign.status, 403);
    let path = format!("/publications/{WRITTEN}/contributors");
    let list = data(&ask(&medium, Method::GET, &path, Some(CATE.token), None).await);
    assert_eq!(list[0], json!({ "publicationId": WRITTEN, "userId": CATE.id, "role": "writer" }));
}

#[tokio::test]
async fn the_defaults_publish_and_notify() {
    let medium = Medium::start();
    let answer = post(&medium, &posts_of(CATE.id), story()).await;
    assert_eq!(answer.status, 201);
    let stored = &medium.stories()[0];
    let kept = (stored.status.as_str(), stored.license.as_str(), stored.notified);
    assert_eq!(kept, ("public", "all-rights-reserved", true));
    assert!(data(&answer)["publishedAt"].is_i64());
}

#[tokio::test]
async fn a_draft_tells_little_of_itself() {
    let medium = Medium::start();
    let mut draft = story_with("publishStatus", json!("draft"));
    draft["canonicalUrl"] = json!("https://blog.example/a");
    let shown = data(&post(&medium, &posts_of(CATE.id), draft).await);
    assert_eq!((&shown["canonicalUrl"], &shown["license"]), (&json!(""), &json!("")));
    assert_eq!(shown.get("publishedAt"), None);
}

#[tokio::test]
async fn the_same_request_twice_makes_two_stories() {
    let medium = Medium::start();
    let first = data(&post(&medium, &posts_of(CATE.id), story()).await);
    let second = data(&post(&medium, &posts_of(CATE.id), story()).await);
    assert_ne!(first["id"], second["id"]);
    assert_eq!(first["id"].as_str().map(str::len), Some(12));
    assert_eq!(medium.stories().len(), 2);
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let medium = Medium::start();
    for body in [
        story_with("slug", json!("x")),
        story_with("tags", json!("a, b")),
        story_with("publishStatus", json!("private")),
        story_with("license", json!("mit")),
        story_with("contentFormat", json!("text")),
        story_with("title", json!("")),
        json!({ "title": "T", "content": "x" }),
        json!([]),
    ] {
        assert_eq!(post(&medium, &posts_of(CATE.id), body.clone()).await.status, 400, "{body}");
    }
    let empty = story_with("content", json!(" "));
    assert_eq!(error(&post(&medium, &posts_of(CATE.id), empty).await), (400, 2002));
    assert_eq!(post(&medium, &posts_of(DORA.id), story()).await.status, 403);
    assert_eq!(medium.stories().len(), 0);
}

#[tokio::test]
async fn a_writer_may_only_hand_in_drafts() {
    let medium = Medium::start();
    let path = |id: &str| format!("/publications/{id}/posts");
    assert_eq!(post(&medium, &path(WRITTEN), story()).await.status, 403);
    let draft = story_with("publishStatus", json!("draft"));
    let shown = data(&post(&medium, &path(WRITTEN), draft).await);
    assert_eq!(shown["publicationId"], WRITTEN);
    assert_eq!(post(&medium, &path(EDITED), story()).await.status, 201);
    assert_eq!(post(&medium, &path("0000"), story()).await.status, 403);
}

#[tokio::test]
async fn three_tags_are_kept_and_long_ones_dropped() {
    let medium = Medium::start();
    let long = "a tag of more than twenty-five";
    let tagged = story_with("tags", json!(["a", long, "b", "c"]));
    let shown = data(&post(&medium, &posts_of(CATE.id), tagged).await);
    assert_eq!(shown["tags"], json!(["a", "b"]));
}

#[tokio::test]
async fn a_long_title_is_taken_and_replaced() {
    let medium = Medium::start();
    let shown = data(&post(&medium, &posts_of(CATE.id), story_with("title", json!("x".repeat(101)))).await);
    assert_eq!(shown["title"], "T");
}

#[tokio::test]
async fn stories_can_be_neither_listed_nor_read_nor_changed_nor_removed() {
    let medium = Medium::start();
    let story = data(&post(&medium, &posts_of(CATE.id), story()).await);
    let one = format!("/posts/{}", story["id"].as_str().expect("an id"));
    for (method, path) in [
        (Method::GET, posts_of(CATE.id)),
        (Method::GET, one.clone()),
        (Method::PUT, one.clone()),
        (Method::DELETE, one),
    ] {
        assert_eq!(
            ask(&medium, method.clone(), &path, Some(CATE.token), None).await.status,
            404,
            "{method} {path}"
        );
    }
}
