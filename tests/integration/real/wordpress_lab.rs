//! The sites that all other tests believe: they run, every role works, and they are what the
//! adapter was written against.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    http::{self, Answer},
    proxy::{Fault, Proxy, Reply, Rule},
    unique,
    wordpress::{Flavour, Role, Site},
};

#[test]
fn every_role_works_on_every_flavour() {
    for flavour in Flavour::ALL {
        let site = Site::shared(flavour);
        for role in Role::ALL {
            let me = site.send(Some(role), Method::GET, "wp/v2/users/me?context=edit", None).expect(200);
            assert_eq!(me["roles"], json!([role.name()]), "{flavour:?} {}", site.version);
            let title = unique("draft");
            let new = json!({"title": title, "content": "x"});
            let post = site.send(Some(role), Method::POST, "wp/v2/posts", Some(&new)).expect(201);
            assert_eq!(site.post_by_id(&post["id"].to_string())["title"]["raw"], title);
        }
    }
}

#[test]
fn a_wrong_password_is_nobody() {
    let site = Site::shared(Flavour::Wp71);
    let url = format!("{}/wp-json/wp/v2/posts", site.url);
    let new = json!({"title": "x", "content": "x"});
    let login = ("arthur", "abcd abcd abcd abcd abcd abcd");
    let answer = http::send(Method::POST, &url, Some(login), Some(&new)).expect("an answer");
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["code"], "rest_cannot_create");
}

#[test]
fn the_releases_are_the_ones_that_the_flavours_name() {
    // 7.1 comes from a distribution that moves on: what it moves on to must pass the same tests.
    for flavour in [Flavour::Wp71, Flavour::Wp71Network] {
        let version = Site::shared(flavour).version;
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        assert!((parts.next(), parts.next()) >= (Some(7), Some(1)), "{flavour:?} is {version}");
    }
    let version = Site::shared(Flavour::Wp61).version;
    assert!(version.starts_with("6.1."), "{version}");
}

#[test]
fn the_network_publishes_to_its_second_blog() {
    let site = Site::shared(Flavour::Wp71Network);
    assert_eq!(site.url, format!("{}/hackit", site.root));
    let token = unique("crosspost");
    site.post("wp/v2/posts", &json!({"title": token, "content": "x", "status": "publish"}));
    let posts = site.posts_with_marker(&token);
    let link = posts[0]["link"].as_str().unwrap();
    assert!(link.starts_with(&site.url), "{link}");
}

#[test]
fn posts_are_found_by_marker_in_any_status() {
    let site = Site::shared(Flavour::Wp61);
    let token = unique("crosspost");
    let content = format!("<!-- {token} -->");
    for status in ["publish", "draft", "pending", "private"] {
        site.post("wp/v2/posts", &json!({"title": "t", "content": content, "status": status}));
    }
    let id = site.posts_with_marker(&token)[0]["id"].to_string();
    site.delete(&format!("wp/v2/posts/{id}"));
    let mut statuses: Vec<_> =
        site.posts_with_marker(&token).iter().map(|post| post["status"].to_string()).collect();
    statuses.sort();
    assert_eq!(statuses, [r#""draft""#, r#""pending""#, r#""private""#, r#""trash""#]);
    assert!(site.posts_with_marker(&unique("crosspost")).is_empty());
}

#[test]
fn other_types_of_content_are_found_too() {
    let site = Site::shared(Flavour::Wp71);
    let token = unique("crosspost");
    site.post("wp/v2/news", &json!({"title": "t", "content": token}));
    assert_eq!(site.entries_with_marker("news", &token).len(), 1);
    assert!(site.posts_with_marker(&token).is_empty());
}

#[test]
fn a_site_of_its_own_has_plain_permalinks() {
    let site = Site::private(&[("WP", "7.1"), ("PERMALINKS", "plain")]);
    let post = site.post("wp/v2/posts", &json!({"title": "t", "content": "x", "status": "publish"}));
    assert_eq!(post["link"], format!("{}/?p={}", site.url, post["id"]));
    assert_eq!(site.get("wp/v2/posts?per_page=5").as_array().unwrap().len(), 2, "WordPress's own, and ours");
}

#[test]
fn a_site_behind_a_proxy_gives_the_proxys_addresses() {
    for flavour in Flavour::ALL {
        let site = Site::shared(flavour);
        let proxy = Proxy::in_front_of(&site.url);
        let page = get(&proxy, "/");
        let link = page.headers["link"].to_str().unwrap();
        assert!(link.contains(&format!("<{}/wp-json/>", proxy.url)), "{link}");
        assert!(page.text().contains(&proxy.url) && !page.text().contains(&site.root));
        let root = get(&proxy, "/wp-json/").expect(200);
        assert_eq!(root["url"], proxy.url);
    }
}

#[test]
fn an_address_sent_through_a_proxy_is_stored_as_the_sites_own_and_comes_back() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let new = json!({"title": unique("t"), "content": format!("see {}/x", proxy.url)});
    let post = create(&site, &proxy, &new).expect("an answer").expect(201);
    assert_eq!(post["content"]["raw"], format!("see {}/x", proxy.url));
    let stored = site.post_by_id(&post["id"].to_string());
    assert_eq!(stored["content"]["raw"], format!("see {}/x", site.url));
}

#[test]
fn a_lost_answer_leaves_the_post() {
    let site = Site::shared(Flavour::Wp71);
    for fault in [Fault::DropAfter, Fault::CutAfter, Fault::AnswerAfter(Reply::empty(504))] {
        let proxy = Proxy::in_front_of(&site.url);
        proxy.fail(Rule::on("POST", r"/wp/v2/posts$", fault.clone()).times(1));
        let token = unique("crosspost");
        let answer = create(&site, &proxy, &json!({"title": "t", "content": token}));
        assert!(answer.is_none_or(|answer| answer.status == 504), "{fault:?}");
        assert_eq!(site.posts_with_marker(&token).len(), 1, "{fault:?}");
        assert_eq!(proxy.writes()[0].status, Some(201), "{fault:?}");
    }
}

#[test]
fn a_lost_request_leaves_nothing() {
    let site = Site::shared(Flavour::Wp71);
    for fault in [Fault::DropBefore, Fault::AnswerBefore(Reply::html(403))] {
        let proxy = Proxy::in_front_of(&site.url);
        proxy.fail(Rule::on("POST", r"/wp/v2/posts$", fault.clone()).times(1));
        let token = unique("crosspost");
        let answer = create(&site, &proxy, &json!({"title": "t", "content": token}));
        assert!(answer.is_none_or(|answer| answer.status == 403), "{fault:?}");
        assert!(site.posts_with_marker(&token).is_empty(), "{fault:?}");
        assert_eq!(proxy.writes()[0].status, None, "{fault:?}");
    }
}

#[test]
fn wordpress_itself_fails_for_one_proxy_only() {
    let site = Site::shared(Flavour::Wp71);
    let (ill, well) = (Proxy::in_front_of(&site.url), Proxy::in_front_of(&site.url));
    site.fault(&ill, "1 POST /wp/v2/posts$ after-fatal");
    let token = unique("crosspost");
    let new = json!({"title": "t", "content": token});
    assert_eq!(create(&site, &well, &new).expect("an answer").status, 201);
    let answer = create(&site, &ill, &new).expect("an answer");
    assert_eq!(answer.status, 500);
    assert_eq!(site.posts_with_marker(&token).len(), 2, "the fatal error came after the work");
    assert_eq!(create(&site, &ill, &new).expect("an answer").status, 201, "once only");
}

/// A post by the author, through the proxy.
fn create(site: &Site, proxy: &Proxy, new: &Value) -> Option<Answer> {
    let user = site.user(Role::Author);
    let url = format!("{}/wp-json/wp/v2/posts", proxy.url);
    http::send(Method::POST, &url, Some((&user.name, &user.password)), Some(new)).ok()
}

fn get(proxy: &Proxy, path: &str) -> Answer {
    http::send(Method::GET, &format!("{}{path}", proxy.url), None, None).expect("an answer")
}
