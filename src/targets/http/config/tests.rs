use std::path::Path;

use crate::config::Config;

/// A description that is whole; tests put one thing into it.
const WHOLE: &str = r#"[targets.api]
kind = "http"
audience = "internal"
url = "https://intranet.example.org/api"
auth = { kind = "bearer" }
check = { path = "/me" }
post = { id = "/id", lock = "/version", parts = { title = "/title", content = "/html" } }
find = { path = "/posts", query = { key = "{{ marker }}" }, list = "/posts" }
fetch = { path = "/posts/{{ id }}" }

[targets.api.create]
path = "/posts"
body = { title = "{{ title }}", html = "{{ body }}", tags = "{{ tags }}" }

[targets.api.update]
path = "/posts/{{ id }}"
body = { title = "{{ title }}", html = "{{ body }}", version = "{{ lock + 1 }}" }
"#;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("crosspost.toml")).map_err(|error| error.to_string())
}

/// What is said of the description with one text in place of another.
#[track_caller]
fn refused(from: &str, to: &str) -> String {
    assert!(WHOLE.contains(from), "{from}");
    parse(&WHOLE.replacen(from, to, 1)).err().unwrap_or_else(|| panic!("{to} is taken"))
}

#[test]
fn a_whole_description_is_taken_and_tells_what_it_can() {
    let config = parse(WHOLE).unwrap();
    let can = config.targets[0].capabilities();
    assert!(can.update && !can.unpublish && !can.idempotent_create && !can.drafts);
    assert_eq!(can.find, crate::targets::Finding::Certain);
    let less = WHOLE.split("[targets.api.update]").next().unwrap().replace("lock = \"/version\", ", "");
    let less = less.lines().filter(|line| !line.starts_with("find")).collect::<Vec<_>>().join("\n");
    let can = parse(&less).unwrap().targets[0].capabilities();
    assert!(!can.update);
    assert_eq!(can.find, crate::targets::Finding::Never);
}

#[test]
fn a_name_that_there_is_not_is_told_with_its_line_and_column() {
    insta::assert_snapshot!(refused("{{ title }}", "{{ titel }}"), @r"
    error: the template names `titel`, which there is not here
      --> crosspost.toml:13:18
      help: did you mean `title`?
    ");
    insta::assert_snapshot!(refused("\"{{ tags }}\"", "[\"a\", { deep = '''x\n{{ nope }}''' }]"), @r"
    error: the template names `nope`, which there is not here
      --> crosspost.toml:14
      help: there are: title, body, slug, excerpt, status, date, tags, categories, author, canonical, featured, marker, mark
    ");
    insta::assert_snapshot!(refused("path = \"/posts\"\nbody", "path = \"/posts/{{ id }}\"\nbody"), @r"
    error: the template names `id`, which there is not here
      --> crosspost.toml:12:8
      help: there are: title, body, slug, excerpt, status, date, tags, categories, author, canonical, featured, marker, mark
    ");
}

#[test]
fn a_template_that_is_none_is_told_with_its_place() {
    insta::assert_snapshot!(refused("{{ title }}", "{{ title"), @r"
    error: the template is not understood
      --> crosspost.toml:13:18
      cause: unexpected end of input, expected end of variable block
    ");
    insta::assert_snapshot!(refused("{{ title }}", "{{ title | shout }}"), @r"
    error: the template is not understood
      --> crosspost.toml:13:18
      cause: filter shout is unknown
    ");
}

#[test]
fn what_would_break_a_promise_is_no_description() {
    insta::assert_snapshot!(refused("check = { path = \"/me\" }\n", ""), @r#"
    error: the target `api` does not say its `check`
      --> crosspost.toml:1:10
      help: describe a request that only the right account gets an answer to: without it, wrong credentials would read as "there is no such post"
    "#);
    insta::assert_snapshot!(refused("fetch = { path = \"/posts/{{ id }}\" }\n", ""), @r"
    error: `update` needs a `fetch`: else it would overwrite what somebody edited there
      --> crosspost.toml:14:1
    ");
    insta::assert_snapshot!(refused("\"{{ lock + 1 }}\"", "2"), @r#"
    error: `lock` is read and never sent back
      --> crosspost.toml:15:1
      help: send it with `update`, as `headers = { If-Match = "{{ lock }}" }` or in its body
    "#);
    insta::assert_snapshot!(refused("html = \"{{ body }}\", tags", "tags"), @r"
    error: `create` sends neither `{{ body }}` nor `{{ mark }}`: its post could not be found again
      --> crosspost.toml:11:1
      help: the mark stands as a comment at the end of `{{ body }}`; a server that removes comments needs a field for `{{ mark }}`
    ");
    insta::assert_snapshot!(refused(", content = \"/html\"", ""), @r#"
    error: `update` needs `parts.content` in `post`: else edits there would not be seen
      --> crosspost.toml:15:1
      help: say where in a post it stands, as `parts = { title = "/title", content = "/body" }`
    "#);
    insta::assert_snapshot!(refused("query = { key = \"{{ marker }}\" }, list = \"/posts\"", "at = \"/x\""), @r"
    error: `find` does not name `{{ marker }}`, and gives no `list`
      --> crosspost.toml:8:8
      help: let it ask for the post of the marker, or list all posts and say in `list` where they are
    ");
    insta::assert_snapshot!(
        refused("[targets.api.create]\n", "[targets.api.create]\nidempotent = true\n"),
        @r"
        error: `create` cannot be `idempotent` without `{{ marker }}`
          --> crosspost.toml:12:14
          help: what makes it so is that the post's id or address is made of the marker
        "
    );
    insta::assert_snapshot!(
        refused("[targets.api.create]\n", "[targets.api.publish]\npath = \"/go\"\n[targets.api.create]\n"),
        @r#"
        error: `publish` needs `published` in `post`, and a `fetch`: else nobody knows whether it was done
          --> crosspost.toml:11:1
          help: say what a post has once everybody sees it, as `published = "/published_at"`
        "#
    );
}

#[test]
fn a_path_that_leads_elsewhere_is_refused_when_it_is_read() {
    for path in [
        "https://evil.example.org/",
        "//evil.example.org/",
        "/../admin",
        "/a/%2e%2e/b",
        "/a%2Fb",
        "posts",
        "/posts?all=1",
    ] {
        let said = refused("check = { path = \"/me\" }", &format!("check = {{ path = \"{path}\" }}"));
        assert!(said.contains("crosspost.toml:6:18"), "{said}");
    }
}

#[test]
fn what_means_nothing_where_it_stands_is_told() {
    insta::assert_snapshot!(refused("check = { path = \"/me\" }", "check = { path = \"/me\", list = \"/a\" }"), @r"
    error: `list` means nothing in `check`
      --> crosspost.toml:6:32
    ");
    insta::assert_snapshot!(refused("check = { path = \"/me\" }", "check = { pth = \"/me\" }"), @r"
    error: unknown key `pth`
      --> crosspost.toml:6:11
      in: [targets.api]
      help: did you mean `path`?
    ");
    insta::assert_snapshot!(refused("auth = { kind = \"bearer\" }", "auth = { kind = \"bearer\", user = \"me\" }"), @r"
    error: `user` means nothing in `auth` of the kind `bearer`
      --> crosspost.toml:5:34
    ");
    insta::assert_snapshot!(refused("auth = { kind = \"bearer\" }", "auth = { kind = \"baerer\" }"), @r"
    error: `baerer` is no kind of `auth`
      --> crosspost.toml:5:17
      help: did you mean `bearer`?
    ");
    insta::assert_snapshot!(refused("[targets.api.create]\n", "[targets.api.create]\nmethod = \"DELETE\"\n"), @r"
    error: `DELETE` cannot be the method of `create`
      --> crosspost.toml:12:10
      help: it can be one of: POST, PUT, PATCH
    ");
    insta::assert_snapshot!(
        refused("[targets.api.create]\n", "[targets.api.create]\nheaders = { Authorization = \"Bearer x\" }\n"),
        @r"
        error: the header `authorization` is not set here
          --> crosspost.toml:12:29
          help: who asks is said in `auth`, and the rest by the program
        "
    );
    insta::assert_snapshot!(refused("\"/version\"", "\"version\""), @r"
    error: `version` is no place in an answer
      --> crosspost.toml:7:29
      help: write a JSON pointer as `/data/id`, or a header as `header:ETag`
      help: where a place may be a template: with `{{ … }}`
    ");
    insta::assert_snapshot!(refused("/api\"", "/api?key=1\""), @r"
    error: `url` has a `?` or a `#`
      --> crosspost.toml:4:7
      help: put it into the `query` of a request
    ");
    insta::assert_snapshot!(refused("https://intranet", "http://intranet"), @r"
    error: the target `api` would send its password over plain HTTP
      --> crosspost.toml:4:7
      url: http://intranet.example.org/api
      help: use https://
      help: or, where nobody can listen, set `insecure_http = true` in its table
    ");
}

#[test]
fn a_secret_in_a_body_is_refused() {
    let said = refused("tags = \"{{ tags }}\"", "api_key = \"0123456789\"");
    assert!(said.contains("secrets do not stand in the configuration"), "{said}");
}
