//! Taxonomies and fields of the site's own.

use serde_json::{Value, json};

use super::Intranet;
use crate::{
    conformance::step,
    harness::{
        proxy::{Fault, Rule},
        unique,
        wordpress::Role,
    },
};

const TABLES: &str = r#"
[targets.intranet.taxonomies]
news-types = ["Digital"]
news-topic = []

[targets.intranet.meta]
crosspost_id = "x1"
news_pinned = true
news_audience = ["staff", "members"]
"#;

fn codes(report: &Value) -> Vec<String> {
    let warnings = report["steps"][0]["warnings"].as_array().cloned().unwrap_or_default();
    warnings.iter().filter_map(|warning| Some(warning["code"].as_str()?.to_owned())).collect()
}

fn error(report: &Value) -> String {
    report["steps"][0]["error"].to_string()
}

#[test]
fn a_private_note_becomes_news_with_terms_and_fields_behind_the_councils_own_certificate() {
    let intranet = Intranet::encrypted(Role::Editor, &format!("ca_file = \"council-ca.pem\"\n{TABLES}"));
    let topic = unique("Bins");
    intranet.note(
        &format!("status: private\ntaxonomies:\n  news-topic: [{topic}]\n  news-types: [People, Digital]\n"),
        ":::internal\nOnly for colleagues.\n:::\n\nThe first text",
    );
    let report = intranet.publish(0);
    assert_eq!(step(&report, "a"), "create done", "{report:#}");
    assert_eq!(codes(&report), [""; 0], "{report:#}");
    let post = intranet.one();
    assert_eq!(post["status"], "private");
    assert!(post["content"]["raw"].as_str().unwrap().contains("Only for colleagues."));
    assert_eq!(intranet.terms("news-topic"), [topic]);
    let mut types = intranet.terms("news-types");
    types.sort();
    assert_eq!(types, ["Digital", "People"]);
    assert_eq!(post["meta"]["crosspost_id"], "x1");
    assert_eq!(post["meta"]["news_pinned"], true);
    assert_eq!(post["meta"]["news_audience"], json!(["staff", "members"]));

    intranet.proxy.forget();
    assert_eq!(step(&intranet.publish(0), "a"), "unchanged done");
    assert!(intranet.proxy.requests().is_empty(), "an unchanged note costs no request");

    intranet.note("status: private\ntaxonomies: {news-topic: []}\n", "The second text");
    let report = intranet.publish(0);
    assert_eq!((step(&report, "a").as_str(), codes(&report).len()), ("update done", 0), "{report:#}");
    assert_eq!(intranet.proxy.requests().len(), 2, "a look and an update: {:?}", intranet.proxy.requests());
    assert!(intranet.terms("news-topic").is_empty(), "an empty list takes the terms off");
    assert_eq!(intranet.terms("news-types").len(), 1, "the target's own stays");
}

#[test]
fn what_an_editor_does_to_terms_and_fields_is_an_edit_where_the_note_sets_them() {
    let intranet = Intranet::plain(Role::Editor, TABLES);
    intranet.note("", "The first text");
    intranet.publish(0);
    let id = intranet.one()["id"].to_string();
    let topic = intranet.site.post("wp/v2/news-topic", &json!({ "name": unique("topic") }))["id"].clone();
    intranet.site.post(&format!("wp/v2/news/{id}"), &json!({ "news-topic": [topic] }));
    intranet.note("", "The second text");
    let report = intranet.publish(0);
    assert_eq!(step(&report, "a"), "update done", "nobody set the topic: {report:#}");
    assert_eq!(intranet.terms("news-topic").len(), 1, "and so it stays");

    let change = json!({ "news-types": [], "meta": { "news_pinned": false } });
    intranet.site.post(&format!("wp/v2/news/{id}"), &change);
    intranet.note("", "The third text");
    let report = intranet.publish(3);
    let reason = report["steps"][0]["reason"].as_str().unwrap().to_owned();
    assert_eq!(reason, "edited on the site: meta.news_pinned, taxonomies.news-types");
    let run = intranet.project.run(&["publish", "--on-drift", "overwrite"]);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert_eq!(intranet.one()["meta"]["news_pinned"], true);
    assert_eq!(intranet.terms("news-types").len(), 1);
}

#[test]
fn what_the_site_does_not_have_is_told_before_anything_is_sent() {
    let meta = |line: &str| format!("[targets.intranet.meta]\n{line}\n");
    let taxonomy = |line: &str| format!("[targets.intranet.taxonomies]\n{line}\n");
    for (lines, told) in [
        (meta("crosspost_di = \"x\""), "no field `crosspost_di`"),
        (meta("news_expires = \"2030\""), "no field `news_expires`"),
        (meta("news_pinned = \"yes\""), "the field `news_pinned` is of the type boolean"),
        (meta("news_audience = \"staff\""), "the field `news_audience` is of the type array of string"),
        (taxonomy("departments = [\"IT\"]"), "no taxonomy `departments`"),
        (taxonomy("news-type = [\"Digital\"]"), "the site's API calls it `news-types`"),
    ] {
        let intranet = Intranet::plain(Role::Author, &lines);
        intranet.note("", "Text");
        let report = intranet.publish(1);
        assert!(error(&report).contains(told), "{lines}: {report:#}");
        assert!(intranet.proxy.writes().is_empty(), "{lines}");
    }
}

#[test]
fn a_term_is_created_where_the_role_may_and_else_named() {
    let (topic, kind) = (unique("topic"), unique("kind"));
    let intranet = Intranet::plain(Role::Author, TABLES);
    intranet.note(&format!("taxonomies: {{news-types: [{kind}]}}\n"), "Text");
    let report = intranet.publish(1);
    assert!(error(&report).contains(&kind), "{report:#}");
    let run = intranet.project.run(&["check", "--remote", "--format", "json"]);
    assert_eq!(run.json()["problems"][0]["code"], "no-term", "{}", run.transcript());
    assert_eq!(run.json()["problems"][0]["line"], 4, "{}", run.transcript());
    assert!(intranet.proxy.writes().is_empty());
    intranet.site.post("wp/v2/news-types", &json!({ "name": kind }));
    intranet.site.send(
        Some(Role::Administrator),
        reqwest::Method::POST,
        "wp/v2/news-types",
        Some(&json!({ "name": "Digital" })),
    );
    intranet.note(&format!("taxonomies: {{news-types: [{kind}], news-topic: [{topic}]}}\n"), "Text");
    intranet.publish(0);
    assert_eq!(intranet.terms("news-topic"), [topic], "whoever may post may create terms without parents");
    assert!(intranet.terms("news-types").contains(&kind));
}

#[test]
fn a_field_that_this_user_may_not_write_leaves_one_post_and_a_warning() {
    for key in ["crosspost_admin", "_news_hidden"] {
        let lines = format!("[targets.intranet.meta]\n{key} = \"x\"\ncrosspost_id = \"x\"\n");
        let intranet = Intranet::plain(Role::Author, &lines);
        intranet.note("", "Text");
        let report = intranet.publish(0);
        assert_eq!(step(&report, "a"), "create done", "{report:#}");
        assert_eq!(codes(&report), ["fields-refused"], "{report:#}");
        assert!(report["steps"][0]["warnings"].to_string().contains(key), "{report:#}");
        assert_eq!(intranet.one()["meta"]["crosspost_id"], "x", "what may be written is");
        assert_eq!(step(&intranet.publish(0), "a"), "unchanged done");
    }
}

#[test]
fn a_run_that_ends_between_the_text_and_the_fields_is_brought_to_its_end_by_the_next() {
    for fault in [Fault::DropBefore, Fault::DropAfter] {
        let intranet = Intranet::plain(Role::Editor, &format!("timeout = 4\n{TABLES}"));
        intranet.proxy.fail(Rule::on("POST", r"/wp/v2/news/\d+", fault.clone()).nth(1));
        intranet.note("", "Text");
        intranet.project.run(&["publish"]);
        intranet.publish(0);
        assert_eq!(intranet.one()["meta"]["news_pinned"], true, "{fault:?}");
        assert_eq!(step(&intranet.publish(0), "a"), "unchanged done", "{fault:?}");
    }
}

#[test]
fn a_taxonomy_that_the_targets_table_does_not_name_is_left_out_with_a_warning() {
    let intranet = Intranet::plain(Role::Author, "");
    intranet.note("taxonomies: {news-topic: [Bins]}\n", "Text");
    let report = intranet.publish(0);
    assert_eq!(codes(&report), ["taxonomy-unknown"], "{report:#}");
    assert!(intranet.terms("news-topic").is_empty());
}
