use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderValue},
};

use super::*;

fn home(url: &str) -> Url {
    Url::parse(url).unwrap()
}

fn page(links: &[&'static str], body: &str) -> Answer {
    let mut headers = HeaderMap::new();
    for link in links {
        headers.append("link", HeaderValue::from_static(link));
    }
    Answer { status: StatusCode::OK, headers, body: body.as_bytes().to_vec() }
}

#[test]
fn the_usual_root_lies_below_the_blogs_own_path() {
    let root = Root::usual(&home("https://host.example/hackit/"));
    assert_eq!(root.to_string(), "https://host.example/hackit/wp-json/");
    let route = root.route("wp/v2/posts", &[("search", "a b&c"), ("status", "any,trash")]);
    assert_eq!(
        route.as_str(),
        "https://host.example/hackit/wp-json/wp/v2/posts?search=a+b%26c&status=any%2Ctrash"
    );
}

#[test]
fn with_plain_permalinks_the_route_stands_in_the_query() {
    let home = home("https://host.example/");
    let root = Root::parse("https://host.example/index.php?rest_route=/", &home).unwrap();
    assert_eq!(
        root.route("wp/v2/posts/3", &[("context", "edit")]).as_str(),
        "https://host.example/index.php?rest_route=%2Fwp%2Fv2%2Fposts%2F3&context=edit"
    );
    assert_eq!(Root::parse(&root.to_string(), &home), Some(root), "what is remembered reads the same");
}

#[test]
fn a_root_of_another_blog_or_server_is_none_of_ours() {
    let home = home("https://host.example/hackit/");
    for other in [
        "https://host.example/wp-json/",
        "https://host.example/hackit-two/wp-json/",
        "https://evil.example/hackit/wp-json/",
        "http://host.example/wp-json/",
        "//evil.example/hackit/wp-json/",
        "https://host.example/hackit/../wp-json/",
    ] {
        assert_eq!(Root::parse(other, &home), None, "{other}");
    }
    let plain = Root::parse("http://host.example/hackit/wp-json/", &home);
    assert_eq!(plain, Some(Root::usual(&home)), "it is not asked in the open");
    assert!(Root::parse("/hackit/api/", &home).is_some(), "a site may call its API otherwise");
}

#[test]
fn the_link_header_tells_where_the_api_is() {
    let page = page(
        &["<https://a.example/?p=1>; rel=shortlink, <https://a.example/api/>; rel=\"https://api.w.org/\""],
        "",
    );
    assert_eq!(told_root(&page).as_deref(), Some("https://a.example/api/"));
}

#[test]
fn without_the_header_the_page_tells() {
    let body = "<link rel='stylesheet' href='x.css'><link rel=\"https://api.w.org/\" href=\"https://a.example/?a=1&#038;rest_route=/\" /><p>";
    assert_eq!(told_root(&page(&[], body)).as_deref(), Some("https://a.example/?a=1&rest_route=/"));
    assert_eq!(told_root(&page(&[], "<link rel=\"https://api.w.org/\" <link")), None);
    assert_eq!(told_root(&page(&[], "no link")), None);
}

#[test]
fn a_redirect_elsewhere_names_the_right_url() {
    let error =
        moved(&home("http://blog.example/"), &home("https://blog.example/wp-json/wp/v2/posts?search=x"));
    assert_eq!(error.message(), "http://blog.example/ redirects to another address");
    assert!(error.hints()[0].contains("`url = \"https://blog.example\"`"), "{error}");
}
