//! Who we are, and where the API is.

use crosspost::targets::{Reader, RemoteId, Upload, WriteError, Writer};

use super::*;
use crate::harness::{
    proxy::{Fault, Proxy, Reply, Rule},
    wordpress::Flavour,
};

fn wrong(site: &Site) -> Api {
    api_of(&config(&site.url, &site.user(Role::Author).name), "abcd efgh ijkl mnop qrst uvwx")
}

#[tokio::test]
async fn wrong_credentials_never_read_as_not_found() {
    for flavour in Flavour::ALL {
        let site = Site::shared(flavour);
        let api = wrong(&site);
        let marker = marker();
        let many: Vec<_> = (0..5).map(|_| wanted(super::marker(), "t")).collect();
        let editor = super::api(&site, Role::Editor);
        let written = create(&editor, marker, &rendering(marker, "t"), &Known::new()).await.unwrap();
        let published = written.remote.id;
        let errors = [
            api.find(&[wanted(marker, "t")], false).await.unwrap_err(),
            api.find(&many, true).await.unwrap_err(),
            api.fetch(&published).await.unwrap_err(),
            api.fetch(&RemoteId("99999999".to_owned())).await.unwrap_err(),
            create(&api, marker, &rendering(marker, "t"), &Known::new()).await.unwrap_err().into_error(),
            update(&api, &published, marker, &rendering(marker, "t"), &Known::new())
                .await
                .unwrap_err()
                .into_error(),
            api.unpublish(&published).await.unwrap_err().into_error(),
            api.unpublish(&RemoteId("99999999".to_owned())).await.unwrap_err().into_error(),
        ];
        for error in errors {
            assert_eq!(error.name(), Some("wrong-credentials"), "{flavour:?}: {error}");
            assert!(!error.to_string().contains("abcd"), "{error}");
        }
    }
}

#[tokio::test]
async fn an_email_and_a_password_with_spaces_are_taken() {
    let site = Site::shared(Flavour::Wp71);
    let password = site.user(Role::Author).password;
    let spaced: Vec<String> =
        password.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    let api = api_of(&config(&site.url, "arthur@example.test"), &spaced.join(" "));
    assert!(api.find(&[wanted(marker(), "t")], false).await.unwrap()[0].ours.is_empty());
}

#[tokio::test]
async fn an_id_that_is_no_number_reaches_no_other_route() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let api = api_at(&proxy.url, &site.user(Role::Administrator));
    for id in ["../users/1", "1?force=true", "", "-1", "١"] {
        let id = RemoteId(id.to_owned());
        assert!(api.fetch(&id).await.is_err());
        let marker = marker();
        assert!(update(&api, &id, marker, &rendering(marker, "t"), &Known::new()).await.is_err());
        assert!(api.unpublish(&id).await.is_err());
    }
    assert!(proxy.writes().is_empty());
}

#[tokio::test]
async fn a_stripped_header_is_explained() {
    let site = Site::shared(Flavour::Wp71);
    let api = wrong(&site);
    let error = api.find(&[wanted(marker(), "t")], false).await.unwrap_err();
    assert!(error.hints().iter().any(|hint| hint.contains("`Authorization`")), "{error}");
}

#[tokio::test]
async fn a_site_without_application_passwords_says_so() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let none = Reply::text(200, "application/json", "{\"authentication\":[]}");
    proxy.fail(Rule::on("GET", r"/wp-json/\?_fields=authentication", Fault::AnswerBefore(none)));
    let api = api_of(&config(&proxy.url, "arthur"), "wrong");
    let error = api.find(&[wanted(marker(), "t")], false).await.unwrap_err();
    assert_eq!(error.name(), Some("no-application-passwords"), "{error}");
}

#[tokio::test]
async fn an_api_that_a_plugin_closes_says_so() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let closed =
        Reply::text(401, "application/json", "{\"code\":\"rest_login_required\",\"message\":\"no\"}");
    proxy.fail(Rule::on("GET", "/wp-json/", Fault::AnswerBefore(closed)));
    let error =
        api_at(&proxy.url, &site.user(Role::Author)).find(&[wanted(marker(), "t")], false).await.unwrap_err();
    assert_eq!(error.name(), Some("rest-closed"), "{error}");
}

#[tokio::test]
async fn a_firewall_in_front_says_so() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    proxy.fail(Rule::on("POST", "/wp-json/", Fault::AnswerBefore(Reply::html(403))));
    let api = api_at(&proxy.url, &site.user(Role::Author));
    let marker = marker();
    let error = create(&api, marker, &rendering(marker, "t"), &Known::new()).await.unwrap_err();
    let WriteError::NotDone(error) = error else { panic!("{error:?}") };
    assert!(error.to_string().contains("firewall"), "{error}");
    assert!(site.posts_with_marker(&marker.token()).is_empty());
}

#[tokio::test]
async fn a_contributor_is_told_what_to_do_instead() {
    let site = Site::shared(Flavour::Wp71);
    let api = api(&site, Role::Contributor);
    let marker = marker();
    let mut post = rendering(marker, "t");
    let error = create(&api, marker, &post, &Known::new()).await.unwrap_err();
    let WriteError::NotDone(error) = error else { panic!("{error:?}") };
    assert_eq!(error.name(), Some("not-allowed"));
    assert!(error.to_string().contains("`status: pending`"), "{error}");
    post.status = Status::Pending;
    let written = create(&api, marker, &post, &Known::new()).await.unwrap();
    assert_eq!(written.remote.parts["status"], "pending");
    let upload = Upload {
        picture: super::pictures::picture(&[1]),
        alt: String::new(),
        bytes: super::pictures::png(&[1]),
    };
    let error = api.upload(upload).await.unwrap_err();
    assert_eq!(error.name(), Some("not-allowed"), "{error}");
}

#[tokio::test]
async fn plain_permalinks_are_found_out_and_remembered() {
    let site = Site::private(&[("WP", "7.1"), ("PERMALINKS", "plain")]);
    let proxy = Proxy::in_front_of(&site.url);
    let api = api_at(&proxy.url, &site.user(Role::Author));
    let marker = marker();
    assert!(api.find(&[wanted(marker, "t")], true).await.unwrap()[0].ours.is_empty());
    let written = create(&api, marker, &rendering(marker, "t"), &Known::new()).await.unwrap();
    assert_eq!(written.learned["rest"], format!("{}/index.php?rest_route=/", proxy.url));
    assert_eq!(written.remote.url, Some(format!("{}/?p={}", proxy.url, written.remote.id.0)));
    assert!(written.remote.permanent);
    assert_eq!(api.find(&[wanted(marker, "t")], false).await.unwrap()[0].ours.len(), 1);

    proxy.forget();
    let later = api_at(&proxy.url, &site.user(Role::Author));
    later.survey(&rendering(marker, "t"), &written.learned).await.unwrap();
    assert_eq!(later.find(&[wanted(marker, "t")], false).await.unwrap()[0].ours.len(), 1);
    assert_eq!(proxy.requests().len(), 1, "{:?}", proxy.requests());
}

#[tokio::test]
async fn what_is_remembered_wrongly_is_put_right() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let known = Known::from([
        ("rest".to_owned(), format!("{}/nothing/", proxy.url)),
        ("posts".to_owned(), "wp/v2/nothing".to_owned()),
    ]);
    let api = api_at(&proxy.url, &site.user(Role::Author));
    let marker = marker();
    api.survey(&rendering(marker, "t"), &known).await.unwrap();
    let learned = create(&api, marker, &rendering(marker, "t"), &known).await.unwrap().learned;
    assert_eq!(learned["rest"], format!("{}/wp-json/", proxy.url));
    assert_eq!(learned["posts"], "wp/v2/posts");
    assert_eq!(site.posts_with_marker(&marker.token()).len(), 1);
}

#[tokio::test]
async fn the_first_write_of_a_run_also_finds_out_where_the_api_is() {
    let site = Site::private(&[("WP", "7.1"), ("PERMALINKS", "plain")]);
    let marker = marker();
    create(&api(&site, Role::Author), marker, &rendering(marker, "t"), &Known::new()).await.unwrap();
    assert_eq!(site.posts_with_marker(&marker.token()).len(), 1);
}

#[tokio::test]
async fn a_path_that_is_no_blog_names_the_site_that_answers() {
    let site = Site::shared(Flavour::Wp71Network);
    let url = format!("{}/hackney", site.root);
    let error =
        api_at(&url, &site.user(Role::Author)).find(&[wanted(marker(), "t")], false).await.unwrap_err();
    assert_eq!(error.name(), Some("other-site"), "{error}");
    assert!(error.hints()[0].contains(&format!("`url = \"{}\"`", site.root)), "{error}");
}

#[tokio::test]
async fn a_server_without_wordpress_says_so() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    proxy.fail(Rule::on("GET", ".", Fault::AnswerBefore(Reply::html(200))));
    let error =
        api_at(&proxy.url, &site.user(Role::Author)).find(&[wanted(marker(), "t")], false).await.unwrap_err();
    assert_eq!(error.name(), Some("no-rest-api"), "{error}");
}

#[tokio::test]
async fn a_redirect_names_the_right_url_and_gets_no_password() {
    let (site, other) = (Site::shared(Flavour::Wp71), Site::shared(Flavour::Wp61));
    let (proxy, elsewhere) = (Proxy::in_front_of(&site.url), Proxy::in_front_of(&other.url));
    let to = format!("{}/wp-json/wp/v2/posts", elsewhere.url);
    proxy.fail(Rule::on("GET", ".", Fault::AnswerBefore(Reply::redirect(301, &to))));
    let error =
        api_at(&proxy.url, &site.user(Role::Author)).find(&[wanted(marker(), "t")], false).await.unwrap_err();
    assert_eq!(error.name(), Some("moved"), "{error}");
    assert!(error.hints()[0].contains(&format!("`url = \"{}\"`", elsewhere.url)), "{error}");
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_post_type_of_the_sites_own_is_posted_to() {
    let site = Site::shared(Flavour::Wp71);
    let user = site.user(Role::Editor);
    let news = Config { post_type: "news".to_owned(), ..config(&site.url, &user.name) };
    let api = api_of(&news, &user.password);
    let marker = marker();
    let mut post = rendering(marker, "t");
    post.categories = Some(vec!["Uncategorized".to_owned()]);
    assert!(api.find(&[wanted(marker, "t")], true).await.unwrap()[0].ours.is_empty());
    let written = create(&api, marker, &post, &Known::new()).await.unwrap();
    assert_eq!(site.entries_with_marker("news", &marker.token()).len(), 1);
    assert_eq!(codes(&written), ["not-supported"], "news have no categories");
}

#[tokio::test]
async fn a_post_type_that_is_not_there_says_so() {
    let site = Site::shared(Flavour::Wp61);
    let user = site.user(Role::Editor);
    let api =
        api_of(&Config { post_type: "novels".to_owned(), ..config(&site.url, &user.name) }, &user.password);
    let error = api.find(&[wanted(marker(), "t")], false).await.unwrap_err();
    assert_eq!(error.name(), Some("no-post-type"), "{error}");
}

#[tokio::test]
async fn a_type_whose_route_is_not_its_name_is_asked_for() {
    let site = Site::shared(Flavour::Wp71);
    let user = site.user(Role::Editor);
    let api =
        api_of(&Config { post_type: "wp_block".to_owned(), ..config(&site.url, &user.name) }, &user.password);
    assert!(api.find(&[wanted(marker(), "t")], false).await.unwrap()[0].ours.is_empty());
    let learned = api.survey(&rendering(marker(), "t"), &Known::new()).await.unwrap();
    assert_eq!(learned["posts"], "wp/v2/blocks");
}
