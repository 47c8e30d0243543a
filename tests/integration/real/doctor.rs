//! Each thing that `doctor` can find at a WordPress or a wiki, against the real ones.

use reqwest::Method;
use serde_json::json;

use crate::harness::{
    mediawiki,
    program::Project,
    proxy::{Fault, Proxy, Reply, Rule},
    unique,
    wordpress::{Flavour, Role, Site, User},
};

/// What `doctor` says of a blog: the codes of what is not good, and all of its texts.
struct Said {
    codes: Vec<String>,
    text: String,
    code: Option<i32>,
}

fn doctor(url: &str, user: &User, extra: &str) -> Said {
    let mut project = Project::with_config(&format!(
        "project = \"{}\"\n[targets.blog]\nkind = \"wordpress\"\nurl = \"{url}\"\nuser = \"{}\"\naudience = \"public\"\n{extra}",
        unique("doctor"),
        user.name
    ));
    project.env("CROSSPOST_BLOG_PASSWORD", &user.password);
    project.write("notes/a.md", "# A\n\nText.\n");
    ask(&project)
}

fn ask(project: &Project) -> Said {
    let run = project.run(&["doctor", "--format", "json"]);
    let (mut codes, mut text) = (Vec::new(), String::new());
    for section in run.json()["sections"].as_array().expect("sections") {
        for finding in section["findings"].as_array().expect("findings") {
            codes.extend(finding["code"].as_str().map(str::to_owned));
            text += &format!("{} {}\n", finding["text"].as_str().expect("a text"), finding["help"]);
        }
    }
    Said { codes, text, code: run.code }
}

impl Said {
    #[track_caller]
    fn bad(&self, code: &str) {
        assert_eq!(
            (self.code, self.codes.last().map(String::as_str)),
            (Some(1), Some(code)),
            "{}",
            self.text
        );
    }

    #[track_caller]
    fn doubtful(&self, codes: &[&str]) {
        // Other tests leave posts without blocks on the sites that all share.
        let counts = |code: &&str| *code != "classic-editor" || codes.contains(code);
        let found: Vec<&str> = self.codes.iter().map(String::as_str).filter(counts).collect();
        assert_eq!((self.code, found.as_slice()), (Some(0), codes), "{}", self.text);
    }
}

#[test]
fn a_site_where_all_is_well_is_told_with_its_version_and_who_we_are() {
    for flavour in Flavour::ALL {
        let site = Site::shared(flavour);
        let said = doctor(&site.url, &site.user(Role::Editor), "");
        said.doubtful(&[]);
        for words in [
            format!("WordPress {}", site.version),
            "logged in as edith, role: editor".to_owned(),
            "`post` (wp/v2/posts)".to_owned(),
            "may publish, upload, create categories".to_owned(),
            "agrees with the server of `blog`".to_owned(),
            "`CROSSPOST_BLOG_PASSWORD`".to_owned(),
        ] {
            assert!(said.text.contains(&words), "{words}\n{}", said.text);
        }
    }
}

#[test]
fn what_a_role_may_not_do_is_told() {
    let site = Site::shared(Flavour::Wp71);
    let author = ["no-new-categories", "own-posts-only"];
    doctor(&site.url, &site.user(Role::Author), "").doubtful(&author);
    let contributor = ["cannot-publish", "cannot-upload", author[0], author[1]];
    doctor(&site.url, &site.user(Role::Contributor), "").doubtful(&contributor);
}

#[test]
fn a_post_type_is_told_with_its_route_and_a_missing_one_is_bad() {
    let site = Site::shared(Flavour::Wp71);
    let editor = site.user(Role::Editor);
    let said = doctor(&site.url, &editor, "post_type = \"news\"\n");
    said.doubtful(&[]);
    assert!(said.text.contains("`news` (wp/v2/news)"), "{}", said.text);
    doctor(&site.url, &editor, "post_type = \"novels\"\n").bad("no-post-type");
}

#[test]
fn a_wrong_password_and_a_header_that_is_withheld_are_explained() {
    let site = Site::shared(Flavour::Wp71);
    let right = site.user(Role::Editor);
    let wrong = User { password: "abcd efgh ijkl".to_owned(), ..right.clone() };
    let said = doctor(&site.url, &wrong, "");
    said.bad("wrong-credentials");
    assert!(!said.text.contains("abcd"), "{}", said.text);
    let proxy = Proxy::in_front_of(&site.url);
    proxy.fail(Rule::on("*", ".", Fault::StripBefore("authorization")));
    let said = doctor(&proxy.url, &right, "");
    said.bad("wrong-credentials");
    assert!(said.text.contains("CGIPassAuth On"), "{}", said.text);
}

#[test]
fn an_api_that_is_closed_moved_or_not_there_is_told() {
    let site = Site::shared(Flavour::Wp71);
    let editor = site.user(Role::Editor);
    let proxy = Proxy::in_front_of(&site.url);
    let closed =
        Reply::text(401, "application/json", "{\"code\":\"rest_login_required\",\"message\":\"no\"}");
    proxy.fail(Rule::on("*", "/wp-json/", Fault::AnswerBefore(closed)));
    doctor(&proxy.url, &editor, "").bad("rest-closed");
    proxy.heal();
    proxy.fail(Rule::on("*", ".", Fault::AnswerBefore(Reply::redirect(301, "http://127.0.0.1:9/blog/"))));
    doctor(&proxy.url, &editor, "").bad("moved");
    proxy.heal();
    proxy.fail(Rule::on("*", ".", Fault::AnswerBefore(Reply::html(200))));
    doctor(&proxy.url, &editor, "").bad("no-rest-api");
    proxy.heal();
    let none = Reply::text(200, "application/json", "{\"authentication\":[]}");
    proxy.fail(Rule::on("GET", r"/wp-json/\?_fields=", Fault::AnswerBefore(none)));
    doctor(&proxy.url, &editor, "").bad("no-application-passwords");
}

#[test]
fn a_clock_that_is_wrong_is_doubtful() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let index = site.send(None, Method::GET, "?_fields=name,authentication", None).text();
    let me = site.send(Some(Role::Editor), Method::GET, "wp/v2/users/me?context=edit", None).text();
    let late = |body: &str| {
        let reply = Reply::text(200, "application/json", body);
        Fault::AnswerBefore(reply.header("date", "Thu, 01 Jan 2026 00:00:00 GMT"))
    };
    proxy.fail(Rule::on("GET", r"/wp-json/\?", late(&index)));
    proxy.fail(Rule::on("GET", "users/me", late(&me)));
    // Everything else is asked only where these go well, and ends the look.
    proxy.fail(Rule::on("GET", ".", late("{}")));
    let said = doctor(&proxy.url, &site.user(Role::Editor), "");
    assert!(said.codes.iter().any(|code| code == "clock"), "{:?}\n{}", said.codes, said.text);
    assert!(said.text.contains("ahead of the server of `blog`"), "{}", said.text);
}

#[test]
fn plain_permalinks_a_plugin_that_closes_the_api_and_the_classic_editor_are_told() {
    let site = Site::private(&[("WP", "7.1"), ("PERMALINKS", "plain")]);
    let editor = site.user(Role::Editor);
    doctor(&site.url, &editor, "").doubtful(&["plain-permalinks"]);
    for post in site.get("wp/v2/posts?status=any&per_page=100").as_array().expect("a list") {
        site.delete(&format!("wp/v2/posts/{}?force=true", post["id"]));
    }
    for title in ["a", "b", "c"] {
        site.post("wp/v2/posts", &json!({ "title": title, "content": "<p>Typed.</p>", "status": "publish" }));
    }
    doctor(&site.url, &editor, "").doubtful(&["plain-permalinks", "classic-editor"]);
    doctor(&site.url, &editor, "format = \"html\"\n").doubtful(&["plain-permalinks"]);
    let plugin = "<?php add_filter( 'rest_authentication_errors', function () { \
        return new WP_Error( 'rest_disabled', 'REST is closed.', array( 'status' => 403 ) ); } );";
    site.plugin("close-rest.php", plugin);
    doctor(&site.url, &editor, "").bad("rest-closed");
}

#[test]
fn a_wiki_is_told_with_its_version_and_rights() {
    let wiki = mediawiki::Wiki::shared();
    let mut project = Project::with_config(&format!(
        "project = \"{}\"\n[targets.wiki]\nkind = \"mediawiki\"\nurl = \"{}\"\nuser = \"{}\"\naudience = \"internal\"\n",
        unique("doctor"),
        wiki.url,
        wiki.user(mediawiki::Account::Publisher)
    ));
    project.write("notes/a.md", "# A\n\nText.\n");
    project.env("CROSSPOST_WIKI_PASSWORD", &wiki.password());
    let said = ask(&project);
    assert_eq!(said.code, Some(0), "{}", said.text);
    assert!(said.text.contains("MediaWiki 1.39"), "{}", said.text);
    assert!(said.text.contains("logged in as Publisher"), "{}", said.text);
    assert_eq!(said.codes, ["cannot-delete"], "{}", said.text);
    project.env("CROSSPOST_WIKI_PASSWORD", "wrong");
    ask(&project).bad("wrong-credentials");
}
