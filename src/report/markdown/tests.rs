use comrak::{Options, markdown_to_html};

use super::*;
use crate::{
    error::{Place, Warning},
    plan::change::{Change, Mark, Piece},
};

const NASTY: &str = "a | b <!-- x --> </details> @octocat #12 `code` [l](javascript:x) **b** $x$ \n\n# h";

fn step(note: &str, title: &str) -> Step {
    Step {
        reason: Some("changed".to_owned()),
        url: Some("https://blog.example/a_(b)?x=|y".to_owned()),
        warnings: vec![Warning::new("table-flattened", 31, "a table became a list")],
        ..Step::new(note.into(), title.into(), "blog".into(), Action::Update, Outcome::Planned)
    }
}

fn piece(mark: Mark, text: &str) -> Piece {
    Piece { mark, text: text.to_owned() }
}

fn comment(plan: &Plan) -> String {
    let sources = Sources::at_forge("https://github.com/o/r/blob/c", "");
    super::plan(plan, true, Links { preview: Some("https://preview.example/1/"), sources: &sources })
}

fn html(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.render.r#unsafe = true;
    markdown_to_html(markdown, &options)
}

#[test]
fn it_says_what_happens_where_with_links_to_lines_post_and_preview() {
    let change = Change {
        part: "text",
        passages: vec![vec![
            piece(Mark::Kept, "We ship on "),
            piece(Mark::Removed, "Monday."),
            piece(Mark::Added, "Friday."),
        ]],
    };
    let step = Step { changes: vec![change], ..step("notes/a.md", "A title") };
    let plan = Plan {
        steps: vec![step],
        errors: vec![Error::invalid("unknown key `x`").at(Place::new("b.md", 2, 1))],
        ..Plan::default()
    };
    insta::assert_snapshot!(comment(&plan));
}

#[test]
fn no_value_breaks_out_of_its_place() {
    let mut nasty = step("notes/a|b.md", NASTY);
    nasty.reason = Some(NASTY.to_owned());
    nasty.warnings = vec![Warning::new("x", 3, NASTY)];
    nasty.by_hand = vec![NASTY.to_owned()];
    let words = format!("````\n</details>\n@octocat {NASTY}");
    nasty.changes = vec![Change { part: "title", passages: vec![vec![piece(Mark::Added, &words)]] }];
    let plan = Plan {
        steps: vec![nasty],
        errors: vec![Error::invalid(NASTY).detail("cause", NASTY).help(NASTY)],
        ..Plan::default()
    };
    let markdown = comment(&plan);
    let html = html(&markdown);
    assert_eq!(html.matches("<!--").count(), 1, "its own marker alone: {html}");
    assert_eq!(html.matches("<tr>").count(), 2, "a head and a row: {html}");
    assert_eq!(html.matches("<td").count(), 5, "five cells: {html}");
    assert_eq!(html.matches("</details>").count(), 1, "{html}");
    assert!(!html.contains("href=\"javascript"), "{html}");
    assert!(!html.contains("<strong>b</strong>") && html.matches("<h").count() == 1, "{html}");
    let outside_of_code: String =
        html.split("<pre>").map(|part| part.rsplit("</pre>").next().unwrap_or("")).collect();
    assert!(!outside_of_code.contains("@octocat") && !outside_of_code.contains("#12"), "{html}");
}

#[test]
fn what_is_left_to_a_person_is_said() {
    let handed = Step {
        action: Action::Manual,
        warnings: Vec::new(),
        by_hand: vec!["import https://blog.example/a/ at https://medium.com/p/import".to_owned()],
        ..step("notes/a.md", "A title")
    };
    let markdown = comment(&Plan { steps: vec![handed], ..Plan::default() });
    assert!(markdown.contains("what is left to you"), "{markdown}");
    assert!(markdown.contains("medium.com/p/import"), "{markdown}");
}

#[test]
fn a_link_is_one_of_the_web() {
    assert_eq!(link("x", "javascript:alert(1)"), None);
    assert_eq!(link("x", "https://e.x/a)b>|c d").unwrap(), "[x](<https://e.x/a)b%3E%7Cc%20d>)");
}

#[test]
fn the_comment_for_twenty_long_notes_fits_and_says_what_it_leaves_out() {
    let words = "words that change a lot ".repeat(400);
    let steps = (0..20).flat_map(|n| {
        ["blog", "medium", "intranet", "pages"].map(|target| {
            let passage = vec![piece(Mark::Removed, &words), piece(Mark::Added, &words)];
            let warnings =
                (0..60).map(|line| Warning::new("x", line + 1, "something is lost here")).collect();
            Step {
                target: target.into(),
                changes: vec![Change { part: "text", passages: vec![passage; 12] }],
                warnings,
                ..step(&format!("notes/note-{n}.md"), "A title of some length, as titles are")
            }
        })
    });
    let markdown = comment(&Plan { steps: steps.collect(), ..Plan::default() });
    assert!(markdown.len() < LIMIT && markdown.len() > LIMIT / 2, "{} bytes", markdown.len());
    assert!(markdown.contains("notes/note-19.md"), "every note is in the table");
    assert!(markdown.contains(" notes are left out: a comment can hold no more"), "{markdown}");
    assert_eq!(markdown.matches("<details>").count(), markdown.matches("</details>").count());
}

#[test]
fn a_thousand_notes_still_fit() {
    let steps = (0..1000).map(|n| step(&format!("notes/a-note-with-a-long-name-{n}.md"), "T")).collect();
    let errors = (0..500).map(|n| Error::invalid(format!("wrong {n} {}", "x".repeat(200)))).collect();
    let markdown = comment(&Plan { steps, errors, ..Plan::default() });
    assert!(markdown.len() < LIMIT, "{} bytes", markdown.len());
    assert!(markdown.contains(" more: there is no room for them here."));
}

#[test]
fn an_internal_target_tells_which_parts_change_and_no_more() {
    let change = |part| Change { part, passages: Vec::new() };
    let step =
        Step { changes: vec![change("title"), change("text")], warnings: Vec::new(), ..step("a.md", "") };
    let markdown = comment(&Plan { steps: vec![step], ..Plan::default() });
    assert!(markdown.contains("Changes: title, text\n") && !markdown.contains("```"), "{markdown}");
}
