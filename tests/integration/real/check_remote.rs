//! `check --remote` asks the site, and changes nothing there.

use serde_json::json;

use crate::harness::{
    program::Project,
    proxy::Proxy,
    unique,
    wordpress::{Flavour, Role, Site},
};

#[test]
fn a_category_that_the_site_does_not_have_is_told_on_its_line() {
    let site = Site::shared(Flavour::Wp71);
    let (proxy, user) = (Proxy::in_front_of(&site.url), site.user(Role::Author));
    let (there, missing) = (unique("there"), unique("missing"));
    site.post("wp/v2/categories", &json!({ "name": there }));
    let mut project = Project::with_config(&format!(
        "[targets.blog]\nkind = \"wordpress\"\nurl = \"{}\"\nuser = \"{}\"\naudience = \"public\"\n",
        proxy.url, user.name
    ));
    project.env("CROSSPOST_BLOG_PASSWORD", &user.password);
    project.write("notes/a.md", format!("---\ntitle: A\ncategories: [{there}]\n---\nText.\n"));
    project.write("notes/b.md", format!("---\ntitle: B\ncategories: [{missing}]\n---\nText.\n"));
    let run = project.run(&["check", "--remote", "--format", "json"]).expect(2);
    let problems = run.json()["problems"].as_array().expect("problems").clone();
    assert_eq!(problems.len(), 1, "{}", run.transcript());
    assert_eq!(problems[0]["code"], "no-category");
    assert_eq!((&problems[0]["path"], &problems[0]["line"]), (&json!("notes/b.md"), &json!(3)));
    assert!(proxy.writes().is_empty(), "a check writes nothing");
}
