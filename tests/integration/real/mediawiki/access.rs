//! Who is let in, and what is said to who is not.

use crosspost::targets::Reader;

use super::*;
use crate::harness::proxy::{Fault, Proxy, Reply, Rule};

#[tokio::test]
async fn a_wrong_password_is_no_absence() {
    let wiki = Wiki::shared();
    let page = rendering(marker(), &title());
    let id = create(&api(&wiki), marker(), &page).await.unwrap().remote.id;
    let stranger = api_of(&config(&wiki.url, &wiki.user(Account::Publisher)), "wrong");
    let errors = [
        stranger.find(&[wanted(marker(), "t")], true).await.unwrap_err(),
        stranger.fetch(&id).await.unwrap_err(),
        stranger.find_pictures(&[pictures::picture(b"x")]).await.unwrap_err(),
        not_done(create(&stranger, marker(), &page).await),
        not_done(update(&stranger, &id, marker(), &page).await),
        not_done(stranger.unpublish(&id).await),
    ];
    for error in errors {
        assert_eq!(error.name(), Some("wrong-credentials"), "{error}");
        assert!(!error.to_string().contains("wrong\n"), "{error}");
    }
}

#[tokio::test]
async fn a_token_that_does_not_count_is_no_absence() {
    let wiki = Wiki::shared();
    let config = Config { user: None, ..config(&wiki.url, "x") };
    let token = Credentials::token("wiki", &SecretString::from("abc".to_owned())).unwrap();
    let api = Api::new(Connection::new(&common(), &config, token).unwrap());
    let error = api.fetch(&RemoteId("1".to_owned())).await.unwrap_err();
    assert_eq!(error.name(), Some("wrong-credentials"), "{error}");
}

#[tokio::test]
async fn a_session_that_ended_is_opened_again() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    let (api, marker, title) = (api_at(&proxy.url, &wiki), marker(), title());
    let page = rendering(marker, &title);
    let id = create(&api, marker, &page).await.unwrap().remote.id;
    let ended = r#"{"error":{"code":"assertuserfailed","info":"You are no longer logged in"}}"#;
    let ended = || Fault::AnswerBefore(Reply::text(200, "application/json", ended));
    proxy.fail(Rule::on("GET", "pageids", ended()).times(1));
    api.fetch(&id).await.unwrap();
    proxy.fail(Rule::when(ended(), |seen| has(seen, "action=edit")).times(1));
    update(&api, &id, marker, &changed(&page, "More.")).await.unwrap();
    assert!(wiki.text(&title).unwrap().starts_with("More."));
}

#[tokio::test]
async fn an_old_token_is_renewed() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    let (api, marker) = (api_at(&proxy.url, &wiki), marker());
    let old = r#"{"error":{"code":"badtoken","info":"Invalid CSRF token."}}"#;
    let old = Fault::AnswerBefore(Reply::text(200, "application/json", old));
    proxy.fail(Rule::when(old, |seen| has(seen, "action=edit")).times(1));
    create(&api, marker, &rendering(marker, &title())).await.unwrap();
}

#[tokio::test]
async fn a_wiki_that_lags_behind_is_waited_for() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    let (api, marker, title) = (api_at(&proxy.url, &wiki), marker(), title());
    for code in ["maxlag", "ratelimited"] {
        let busy = format!(r#"{{"error":{{"code":"{code}","info":"Wait."}}}}"#);
        let busy = Reply::text(200, "application/json", &busy).header("retry-after", "0");
        proxy.fail(Rule::when(Fault::AnswerBefore(busy), |seen| has(seen, "action=edit")).times(1));
    }
    create(&api, marker, &rendering(marker, &title)).await.unwrap();
    assert_eq!(wiki.pages_with(&title).len(), 1);
}

#[tokio::test]
async fn a_wiki_that_takes_no_edits_says_why() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    let (api, marker) = (api_at(&proxy.url, &wiki), marker());
    let readonly = r#"{"error":{"code":"readonly","info":"The wiki is moving house.","readonlyreason":"x"}}"#;
    let readonly = Fault::AnswerBefore(Reply::text(200, "application/json", readonly));
    proxy.fail(Rule::when(readonly, |seen| has(seen, "action=edit")));
    let error = not_done(create(&api, marker, &rendering(marker, &title())).await);
    assert_eq!(error.name(), Some("read-only"), "{error}");
    assert!(error.to_string().contains("moving house"), "{error}");
}

#[tokio::test]
async fn the_api_is_found_from_any_page_s_address() {
    let wiki = Wiki::shared();
    let text = |url: &str| {
        format!(
            "project = \"p\"\n[targets.wiki]\nkind = \"mediawiki\"\naudience = \"internal\"\nurl = \"{url}\"\nuser = \"{}\"\n",
            wiki.user(Account::Publisher)
        )
    };
    for url in [
        format!("{}/index.php/Main_Page", wiki.url),
        format!("{}/api.php?action=help", wiki.url),
        format!("{}/wiki/Main_Page", wiki.url),
    ] {
        let config =
            crosspost::config::Config::parse(&text(&url), std::path::Path::new("crosspost.toml")).unwrap();
        let there = &config.targets[0];
        assert_eq!(there.kind(), "mediawiki");
        let own = Config {
            url: there.location().parse().unwrap(),
            ..super::config(&wiki.url, &wiki.user(Account::Publisher))
        };
        let found = api_of(&own, &wiki.password()).find(&[wanted(marker(), "t")], false).await;
        assert!(found.is_ok(), "{url}: {found:?}");
    }
}

#[tokio::test]
async fn a_site_without_an_api_says_so() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    proxy.fail(Rule::on("GET", ".", Fault::AnswerBefore(Reply::html(200))));
    let error = api_at(&proxy.url, &wiki).find(&[wanted(marker(), "t")], false).await.unwrap_err();
    assert_eq!(error.name(), Some("no-api"), "{error}");
}

#[tokio::test]
async fn a_wiki_tells_what_it_can_do_once() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    let api = api_at(&proxy.url, &wiki);
    let page = rendering(marker(), "t");
    let learned = api.survey(&page, &Known::new()).await.unwrap();
    assert_eq!(learned["tags"], "ref references syntaxhighlight");
    assert_eq!(learned["article"], format!("{}/index.php/$1", proxy.url));
    assert!(!learned.contains_key("api"), "it is where it is looked for first");
    assert_eq!(learned["case"], "first-letter");
    let prefixes: Vec<&str> = learned["prefixes"].split('|').collect();
    assert!(prefixes.contains(&"news") && prefixes.contains(&"wikipedia"), "{prefixes:?}");
    let below = api_at(&format!("{}/wiki", proxy.url), &wiki);
    assert_eq!(below.survey(&page, &Known::new()).await.unwrap()["api"], format!("{}/api.php", proxy.url));
    proxy.forget();
    assert!(api.survey(&page, &learned).await.unwrap().is_empty());
    assert!(proxy.requests().is_empty());
}

#[tokio::test]
async fn a_namespace_that_is_not_there_says_so() {
    let wiki = Wiki::shared();
    let config =
        Config { namespace: Some("Novels".to_owned()), ..config(&wiki.url, &wiki.user(Account::Publisher)) };
    let api = api_of(&config, &wiki.password());
    let error = api.survey(&rendering(marker(), "t"), &Known::new()).await.unwrap_err();
    assert_eq!(error.name(), Some("no-namespace"), "{error}");
}

/// Whether a request's body has these fields.
pub fn has(seen: &crate::harness::proxy::Seen, field: &str) -> bool {
    String::from_utf8_lossy(&seen.body).contains(field)
}
