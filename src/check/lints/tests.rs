use crate::check::{
    fix,
    tests::{note, problems, shown},
};

fn of(body: &str, code: &str) -> String {
    shown(&[("notes/n.md", &note(body))], &[code])
}

#[test]
fn a_picture_without_words_is_told_and_one_that_decorates_is_not() {
    insta::assert_snapshot!(of("![](../img/team.png) ![team.png](../img/team.png)", "missing-alt"), @r#"
    notes/n.md:4:5 15 the picture `../img/team.png` has no alternative text
      say in words what the picture shows: `![words](…)`; `<img src="…" alt="">` if it only decorates
    notes/n.md:4:34 15 the alternative text of the picture `../img/team.png` is a file name
      say in words what the picture shows
    "#);
    insta::assert_snapshot!(of("<p><img src=\"../img/team.png\"></p>", "missing-alt"), @r#"
    notes/n.md:4:14 15 the picture `../img/team.png` has no alternative text
      say in words what the picture shows: `![words](…)`; `<img src="…" alt="">` if it only decorates
    "#);
    for fine in [
        "![Four people at a table](../img/team.png)",
        "<img src=\"../img/team.png\" alt=\"\">",
        "<video src=\"https://x.org/a.mp4\" poster=\"../img/team.png\"></video>",
    ] {
        assert_eq!(of(fine, "missing-alt"), "", "{fine}");
    }
}

#[test]
fn a_featured_picture_needs_words_too() {
    let text = |more: &str| format!("---\ntitle: t\nimage: ../img/team.png\n{more}---\nText.\n");
    insta::assert_snapshot!(shown(&[("notes/n.md", &text(""))], &["missing-alt"]), @r"
    notes/n.md:3:1 5 the featured picture `../img/team.png` has no alternative text
      say in words what the picture shows: `image_alt: …` in the front matter
    ");
    assert_eq!(shown(&[("notes/n.md", &text("image_alt: The team\n"))], &["missing-alt"]), "");
}

#[test]
fn links_to_what_is_not_there_are_told_with_the_nearest_name() {
    let body = "[a](weke-46.md) [b](../files/gone.pdf) [c](../../../etc/passwd)\n\n[[week-47]] ![[gone.png]]";
    let notes = [("notes/n.md", &*note(body)), ("notes/2026/week-46.md", &*note("x"))];
    insta::assert_snapshot!(shown(&notes, &["broken-link"]), @r"
    notes/n.md:4:5 10 there is no note `notes/weke-46.md`
      did you mean `notes/2026/week-46.md`?
    notes/n.md:4:21 17 there is no file `files/gone.pdf`
    notes/n.md:4:44 19 the link `../../../etc/passwd` leads out of the folder of the configuration
    notes/n.md:6:3 7 there is no note `notes/week-47`
    ");
}

#[test]
fn links_to_what_is_there_are_no_problem() {
    let body = "[a](2026/week-46.md) [a](2026/week-46) [[week-46]] [[Week-46|last week]] [b](https://x.org) [c](//x.org) \
                [d](mailto:a@b.org) [e](#) [f](2026/week-46.md#what-we-did)";
    let other = note("## What we did");
    let notes = [("notes/n.md", &*note(body)), ("notes/2026/week-46.md", &*other)];
    assert_eq!(shown(&notes, &["broken-link", "link-to-file", "not-a-note", "broken-anchor"]), "");
}

#[test]
fn files_that_are_not_published_are_told() {
    insta::assert_snapshot!(of("[plan](../files/plan.pdf)", "link-to-file"), @r"
    notes/n.md:4:8 17 `files/plan.pdf` is a file, and files are not published
      its link becomes plain text: put the file where readers can reach it, and link to that
    ");
    insta::assert_snapshot!(of("[read me](../README.md)", "not-a-note"), @r"
    notes/n.md:4:11 12 `README.md` is there and is no note of this project
      its link becomes plain text; `notes` in crosspost.toml says which files are notes
    ");
}

#[test]
fn an_anchor_that_is_not_there_is_told_with_the_nearest() {
    let body =
        "## What we did\n\n[a](#what-we-di) [b](o.md#nowhere) <a id=\"x\"></a>[c](#x) [d](#what-we-did)";
    let notes = [("notes/n.md", &*note(body)), ("notes/o.md", &*note("## One\n\n## Two"))];
    insta::assert_snapshot!(shown(&notes, &["broken-anchor"]), @r"
    notes/n.md:6:5 11 there is no heading `#what-we-di` in this note
      did you mean `#what-we-did`?
    notes/n.md:6:22 12 there is no heading `#nowhere` in notes/o.md
      its headings: `#one`, `#two`
    ");
}

#[test]
fn headings_that_leave_out_a_level_are_told() {
    insta::assert_snapshot!(of("### Deep\n\n## Fine\n\n### Fine\n\n## Fine\n\n##### Deeper", "heading-skipped"), @r"
    notes/n.md:4:1 8 a heading of level 3 follows the title
      make it `## Deep`
    notes/n.md:12:1 12 a heading of level 5 follows one of level 2
      make it `### Deeper`
    ");
    insta::assert_snapshot!(of("##\n\ntext\n\n<h2></h2>", "empty-heading"), @r"
    notes/n.md:4:1 2 a heading without text was left out
    notes/n.md:8:1 9 a heading without text was left out
    ");
}

#[test]
fn links_without_text_and_links_called_here_are_told() {
    let body = "[](https://a.org) and [here](https://a.org), [**Click here!**](https://a.org) [here you go](https://a.org)";
    insta::assert_snapshot!(of(body, "empty-link"), @r"
    notes/n.md:4:4 13 the link to `https://a.org` has no text
      nobody can see or follow it: give it a text, or take it out
    ");
    insta::assert_snapshot!(of(body, "vague-link-text"), @r"
    notes/n.md:4:24 4 the link's text `here` does not say where it leads
      link the words that name the place, as `read [the plan](…)`
    notes/n.md:4:49 11 the link's text `Click here!` does not say where it leads
      link the words that name the place, as `read [the plan](…)`
    ");
    assert_eq!(of("[![the team](../img/team.png)](https://a.org)", "empty-link"), "");
}

#[test]
fn pasted_bullets_are_told_wherever_they_begin_a_line() {
    let body = "Intro:\n• one\n  • two\n\n> ◦ three\n\n· four\n· five";
    insta::assert_snapshot!(of(body, "pasted-bullet"), @r"
    notes/n.md:5:1 1 `•` does not make a list item
      begin the line with `- `; `crosspost check --fix` does it
    notes/n.md:6:3 1 `•` does not make a list item
      begin the line with `- `; `crosspost check --fix` does it
    notes/n.md:8:3 1 `◦` does not make a list item
      begin the line with `- `; `crosspost check --fix` does it
    notes/n.md:10:1 1 `·` does not make a list item
      begin the line with `- `; `crosspost check --fix` does it
    notes/n.md:11:1 1 `·` does not make a list item
      begin the line with `- `; `crosspost check --fix` does it
    ");
    for fine in ["```\n• code\n```", "a • b", "– Robin, Northgate", "- • x", "·", "•"] {
        assert_eq!(of(fine, "pasted-bullet"), "", "{fine}");
    }
}

#[test]
fn mended_bullets_make_the_list_that_was_meant() {
    let text = note("Intro:\n•\tone\n• two\n   ◦ three\n\n> – a\n> – b");
    let found = problems(&[("n.md", &text)]);
    let edits: Vec<_> = found.iter().filter_map(|problem| problem.fix.as_ref()).collect();
    let mended = fix::mend(text.as_bytes(), &edits).unwrap();
    let mended = String::from_utf8(mended).unwrap();
    assert_eq!(mended, note("Intro:\n- one\n- two\n   - three\n\n> - a\n> - b"));
    assert_eq!(problems(&[("n.md", &mended)]).iter().filter(|p| p.code == "pasted-bullet").count(), 0);
}

#[test]
fn internal_addresses_that_readers_would_see_are_told_and_never_repeated() {
    let body = "See https://intranet.example.gov.uk/plan, [the plan](https://intranet.example.gov.uk/p) \
                and [intranet.example.gov.uk](https://intranet.example.gov.uk/).\n\n\
                `ssh intranet.example.gov.uk`\n\n![at intranet.example.gov.uk](../img/team.png)";
    insta::assert_snapshot!(of(body, "bare-internal-link"), @r"
    notes/n.md:4:5 36 the text of this link is an internal address: in public only a label is left
      say what it leads to: `[the plan](…)`
    notes/n.md:4:119 32 the text of this link is an internal address: in public only a label is left
      say what it leads to: `[the plan](…)`
    ");
    insta::assert_snapshot!(of(body, "internal-host"), @r"
    notes/n.md:6:6 23 an internal host is named in what goes to the public
      take the name out, or move it into an internal passage (`:::internal` … `:::`)
    notes/n.md:8:6 23 an internal host is named in what goes to the public
      take the name out, or move it into an internal passage (`:::internal` … `:::`)
    ");
    let internal = format!(":::internal\n{body}\n:::");
    assert_eq!(of(&internal, "internal-host") + &of(&internal, "bare-internal-link"), "");
    let found = problems(&[("notes/n.md", &note(body))]);
    let told = found.iter().filter(|p| p.code.contains("internal"));
    assert!(told.flat_map(|p| p.help.iter().chain([&p.message])).all(|text| !text.contains("intranet")));
}

#[test]
fn no_problem_repeats_an_internal_address() {
    let body = "![](https://intranet.example.gov.uk/a.png) [](https://intranet.example.gov.uk/b)";
    let found = problems(&[("notes/n.md", &note(body))]);
    assert!(["missing-alt", "empty-link"].iter().all(|code| found.iter().any(|p| p.code == *code)));
    assert!(
        found.iter().flat_map(|p| p.help.iter().chain([&p.message])).all(|text| !text.contains("intranet"))
    );
}

#[test]
fn an_internal_host_in_the_title_is_told() {
    let text = "---\ntitle: News from intranet.example.gov.uk\n---\nText.\n";
    insta::assert_snapshot!(shown(&[("notes/n.md", text)], &["internal-host"]), @r"
    notes/n.md:2:1 5 an internal host is named in what goes to the public
      take the name out, or move it into an internal passage (`:::internal` … `:::`)
    ");
}

#[test]
fn internal_passages_are_mentioned_once_in_a_run() {
    let passage = note("a\n\n:::internal\nb\n:::");
    let notes = [("a.md", &*note("x")), ("b.md", &*passage), ("c.md", &*passage), ("d.md", &*passage)];
    insta::assert_snapshot!(shown(&notes, &["internal-passages"]), @r"
    b.md:6:1 11 this note has internal passages (and so do 2 others): they go to no public target
      but everybody who can read the repository can read them: do not keep it in a public one
    ");
}

#[test]
fn references_to_what_was_cut_are_told() {
    insta::assert_snapshot!(of("A[^1].\n\n:::internal\n[^1]: b\n:::", "reference-to-internal"), @r"
    notes/n.md:4:2 4 `[^1]` is only defined in an internal passage and will show as it is typed
      define it outside of the passage, or move the reference into it
    ");
}

#[test]
fn pictures_that_cannot_be_used_are_told_each_time_they_are_shown() {
    let text =
        "---\ntitle: t\nimage: cover.png\n---\n![A](gone.png)\n\n![A](gone.png) ![B](https://x.org/a.png)\n";
    insta::assert_snapshot!(shown(&[("n.md", text)], &["picture"]), @r"
    n.md:3:1 5 the picture `cover.png` cannot be used
    n.md:5:6 8 the picture `gone.png` cannot be used
    n.md:7:6 8 the picture `gone.png` cannot be used
    ");
}

#[test]
fn notes_with_one_id_or_one_slug_are_told_of_each_other() {
    let with = |keys: &str| format!("---\ntitle: t\n{keys}\n---\nText.\n");
    let notes = [
        ("a.md", &*with("id: x\nslug: same")),
        ("b.md", &*with("id: x\nslug: same")),
        ("c.md", &*with("slug: same\ntargets: [intranet]")),
        ("d.md", &*with("slug: other")),
    ];
    insta::assert_snapshot!(shown(&notes, &["duplicate-id", "duplicate-slug"]), @r"
    a.md:3:1 2 `b.md` has the same id `x`
      an id is one note's alone: the two would overwrite each other's posts
    a.md:4:1 4 `b.md` has the same slug `same`
      give one of the two another `slug`
    a.md:4:1 4 `c.md` has the same slug `same` (at intranet)
      give one of the two another `slug`
    b.md:3:1 2 `a.md` has the same id `x`
      an id is one note's alone: the two would overwrite each other's posts
    b.md:4:1 4 `a.md` has the same slug `same`
      give one of the two another `slug`
    b.md:4:1 4 `c.md` has the same slug `same` (at intranet)
      give one of the two another `slug`
    c.md:3:1 4 `a.md` has the same slug `same`
      give one of the two another `slug`
    c.md:3:1 4 `b.md` has the same slug `same`
      give one of the two another `slug`
    ");
}
