use proptest::prelude::*;

use super::*;
use crate::note::Source;

fn note(text: &str) -> Note {
    Note::parse(Source { path: "n.md".into(), text: text.into() }, &[]).unwrap()
}

fn public(text: &str) -> Cleared {
    clear(&note(text), Audience::Public).unwrap()
}

/// The problems of a body, which are the same for both audiences.
fn problems(text: &str) -> Vec<String> {
    let tell = |audience| match clear(&note(text), audience) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(|e| format!("{} {}", e.place().unwrap(), e.message())).collect(),
    };
    let (public, internal): (Vec<String>, _) = (tell(Audience::Public), tell(Audience::Internal));
    assert_eq!(public, internal);
    public
}

#[test]
fn a_passage_is_cut_for_the_public_and_kept_for_colleagues() {
    let text = "---\ntitle: T\n---\nOne.\n:::internal\nSecret.\n\n  More.\n:::\nTwo.\n";
    let cleared = public(text);
    assert_eq!(cleared.text, "One.\n\nTwo.\n");
    assert_eq!(cleared.lines, [4, 9, 10]);
    assert_eq!(cleared.source_line(3), 10);
    assert_eq!(cleared.removed, ["Secret.", "More."]);
    let cleared = clear(&note(text), Audience::Internal).unwrap();
    assert_eq!(cleared.text, "One.\n\nSecret.\n\n  More.\n\nTwo.\n");
    assert_eq!(cleared.lines, [4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(cleared.removed, [""; 0]);
}

#[test]
fn a_body_without_passages_stays_as_it_is() {
    for text in ["One.\n\nTwo: https://x.org/a::b", "\n\nOne\n", "One", "Ünï: “quoted” 日本語：はい\n"]
    {
        let cleared = public(text);
        assert_eq!(cleared.text, text);
        assert_eq!(cleared.lines.len(), text.split_terminator('\n').count());
        assert_eq!(cleared.source_line(1), 1);
    }
}

#[test]
fn a_passage_may_stand_anywhere() {
    for (text, left) in [
        (":::internal\nx\n:::\nTwo.\n", "Two.\n"),
        ("One.\n:::internal\nx\n:::\n", "One.\n"),
        ("One.\n:::internal\nx\n:::", "One.\n"),
        (":::internal\nx\n:::\n:::internal\ny\n:::\n", ""),
        ("One.\n\n:::internal\nx\n:::\n\nTwo.\n", "One.\n\n\nTwo.\n"),
        ("```\na\n:::internal\nx\n:::\nb\n```\n", "```\na\n\nb\n```\n"),
        ("a\n:::internal\n```\nx\n:::\nb\n```\nc\n", "a\n\nb\n```\nc\n"),
        ("<!--\n:::internal\nx\n:::\n-->\n", "<!--\n\n-->\n"),
        ("|a|\n|-|\n|b|\n:::internal\n|x|\n:::\n|c|\n", "|a|\n|-|\n|b|\n|c|\n"),
        ("- a\n:::internal\n- x\n:::\n- b\n", "- a\n- b\n"),
        ("1. a\n:::internal\n2. x\n:::\n3. b\n", "1. a\n3. b\n"),
        ("a\n:::internal\n:::\nb\n", "a\n\nb\n"),
        ("para\n:::internal\nx\n:::\n---\n", "para\n\n---\n"),
        ("a[^1] [b]\n\n:::internal\n[^1]: x\n[b]: https://x\n:::\n", "a[^1] [b]\n\n"),
    ] {
        assert_eq!(public(text).text, left, "{text:?}");
    }
}

#[test]
fn unclosed_nested_and_stray_ones_are_errors() {
    assert_eq!(problems("a\n:::internal\nb\n"), ["n.md:2:1 this internal passage is never closed"]);
    assert_eq!(
        problems("a\n:::internal\nb\n:::internal\nc\n:::\nd\n:::\n"),
        [
            "n.md:4:1 an internal passage begins inside the one of line 2",
            "n.md:8:1 this closes an internal passage, and none is open",
        ]
    );
    assert_eq!(problems("a\n:::\nb\n"), ["n.md:2:1 this closes an internal passage, and none is open"]);
}

#[test]
fn whatever_looks_like_a_directive_is_one_or_an_error() {
    for line in [
        ":::interal",
        ":::Internal",
        ":::INTERNAL",
        "::: internal",
        ":::internal ",
        ":::internal\t",
        ":::internal extra",
        ":::internal:::",
        ":::internal{.x}",
        ":::internal[x]",
        "::internal",
        ":internal",
        ":internal:",
        "::::internal",
        "::::",
        ":::: internal",
        "::: ",
        ":::\t",
        " :::internal",
        " :::",
        "\t:::internal",
        "    :::internal",
        "\u{a0}:::internal",
        "\u{200b}:::internal",
        "\u{feff}:::",
        ":::internal\u{a0}",
        ":::internal\u{200b}",
        ":::\u{200b}internal",
        ":\u{200b}::internal",
        ":::inter\u{ad}nal",
        "\u{3000}:::internal",
        "\u{2800}:::internal",
        "\u{202e}:::internal",
        "\u{ff1a}\u{ff1a}\u{ff1a}internal",
        "\u{ff1a}\u{ff1a}\u{ff1a}",
        ":\u{2236}:internal",
        "\u{2237}:internal",
        "\u{a789}\u{a789}\u{a789}internal",
        "\u{205d}internal",
        ":::\u{456}nternal",
        ":::intern\u{430}l",
        ":::\u{ff49}nternal",
        ":::1nternal",
        ":::interna\u{4cf}",
        ":::intern",
        ":::interne",
        ":::private",
        ":::note",
        ":::warning Title",
        "::: {.internal}",
        "> :::internal",
        ">:::",
        "- :::internal",
        "* :::",
        "1. :::internal",
        "2) :::",
        "a :::internal",
        "text :::internal secret :::",
        "`:::internal`",
        "<!-- :::internal -->",
        "| :::internal |",
        "[^1]: :::internal",
        ":internal[secret]",
        "a :internal[secret] b",
        "(:internal[secret])",
        ":Internal{secret}",
        "::internal[secret]",
        "::internal secret",
        ";;;internal",
        "a\u{2028}:::internal",
        "a\u{2029}:::",
        "a\u{b}:::internal",
        "a\u{c}:::",
        "a\u{85}:::internal",
        "a\r:::internal\rsecret\r:::\rb",
        ":::internal\r",
        ":::\r",
        "\u{2028}:::internal",
        ":::internal\u{2028}x",
        ":::internal\0",
        "\u{1b}:::internal",
    ] {
        let found = problems(&format!("one\n{line}\ntwo\n"));
        assert_eq!(found.len(), 1, "{line:?}: {found:?}");
        assert!(found[0].starts_with("n.md:2:"), "{line:?}: {found:?}");
    }
}

#[test]
fn what_only_shares_a_colon_is_text() {
    for line in [
        "std::fmt::Display",
        "use crate::internal::x;",
        "::internal::detail::f();",
        "::before { content: none }",
        "::1 is this machine",
        "audience: internal",
        "Status: internal, not public",
        ": internal",
        "a::internal",
        "https://internal.example.org/",
        ":smile: :tada:",
        "|:--|:-:|",
        "10:30::15",
        "Note: see below",
        "interval::interval[0]",
        "Ärger: intern",
        "a ::: b",
        "日本語：テスト",
        ";;; internal functions",
        "a; internal",
        "`:::`",
        "Rust's `a:::b`",
        "mod::internal[0]",
    ] {
        let text = format!("one\n{line}\ntwo\n");
        assert_eq!(problems(&text), [""; 0], "{line:?}");
        assert_eq!(public(&text).text, text);
    }
}

#[test]
fn what_is_wrong_is_said_with_the_column() {
    insta::assert_snapshot!(
        [
            ":::interal", "::: internal", ":::internal x", "  :::internal", "::::", "\u{ff1a}::internal",
            ":::internal\u{200b}", "a\u{2028}:::internal", ":::note", "é `:::internal`", ":internal[x]",
        ]
        .map(|line| problems(&format!("{line}\n")).join("\n"))
        .join("\n"),
        @"
    n.md:1:1 this looks like `:::internal` and is not: the word is `interal`
    n.md:1:1 this looks like `:::internal` and is not: white space follows the colons
    n.md:1:1 this looks like `:::internal` and is not: something follows it on its line
    n.md:1:3 this looks like `:::internal` and is not: it does not begin in the first column
    n.md:1:1 this looks like `:::` and is not: it has 4 colons and not 3
    n.md:1:1 this looks like `:::internal` and is not: it has the character U+FF1A where `:` belongs
    n.md:1:1 this looks like `:::internal` and is not: it holds the invisible character U+200B
    n.md:1:3 this looks like `:::internal` and is not: it holds the invisible character U+2028
    n.md:1:1 crosspost knows no passage of this name
    n.md:1:4 this looks like `:::internal` and is not: it does not begin in the first column
    n.md:1:1 this looks like `:::internal` and is not: it has 1 colons and not 3
    "
    );
}

#[test]
fn a_backslash_makes_text_of_it_and_goes() {
    for (line, shown) in [
        ("\\:::internal", ":::internal"),
        ("\\:::", ":::"),
        ("Write `\\:::internal` and `\\:::`.", "Write `:::internal` and `:::`."),
        ("    \\:::internal", "    :::internal"),
        ("> \\:::note", "> :::note"),
        ("\\\\:::internal", "\\:::internal"),
        ("\\:internal[x]", ":internal[x]"),
        ("a\\:b \\::c", "a\\:b \\::c"),
    ] {
        let cleared = public(&format!("one\n{line}\ntwo\n"));
        assert_eq!(cleared.text, format!("one\n{shown}\ntwo\n"));
        assert_eq!(cleared.lines, [1, 2, 3]);
    }
}

#[test]
fn an_internal_note_is_never_cleared_for_the_public() {
    let note = note("---\naudience: internal\n---\nx\n");
    let errors = clear(&note, Audience::Public).unwrap_err();
    assert_eq!(errors[0].place().unwrap().to_string(), "n.md:2:1");
    assert_eq!(clear(&note, Audience::Internal).unwrap().text, "x\n");
}

/// A line of text that is no directive and nothing like one.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("```".to_owned()),
        Just("| a | b |".to_owned()),
        Just("- item".to_owned()),
        Just("> quote".to_owned()),
        Just("[^1]: foot".to_owned()),
        Just("<div>".to_owned()),
        "[a-z:(*`\\[ ]{1,20}",
    ]
    .prop_filter("no directive", |line| !directive::is_suspect(line))
}

/// A note: passages (each line of them marked) between lines that are public.
fn parts() -> impl Strategy<Value = Vec<(bool, Vec<String>)>> {
    prop::collection::vec((any::<bool>(), prop::collection::vec(line(), 0..5)), 0..8)
}

proptest! {
    #[test]
    fn a_secret_never_stands_in_what_the_public_gets(parts in parts()) {
        let mut text = String::from("# T\n");
        let mut kept = vec![("# T".to_owned(), 1)];
        let mut kept_inside = kept.clone();
        let mut number = 1;
        for (internal, lines) in &parts {
            if *internal {
                text.push_str(":::internal\n");
                number += 1;
            }
            for line in lines {
                number += 1;
                let line = if *internal { format!("{line} hush{number}") } else { line.clone() };
                text.push_str(&line);
                text.push('\n');
                if !internal {
                    kept.push((line.clone(), number));
                }
                kept_inside.push((line, number));
            }
            if *internal {
                text.push_str(":::\n");
                number += 1;
            }
        }
        let note = note(&text);
        for (audience, kept) in [(Audience::Public, &kept), (Audience::Internal, &kept_inside)] {
            let cleared = clear(&note, audience).unwrap();
            if audience == Audience::Public {
                prop_assert!(!cleared.text.contains("hush"));
            }
            let lines: Vec<&str> = cleared.text.split_terminator('\n').collect();
            prop_assert_eq!(lines.len(), cleared.lines.len());
            prop_assert!(cleared.lines.is_sorted());
            // Everything else is there, in order, and knows its line; all there is besides are
            // blank lines where something was cut.
            let mut rest = lines.iter().copied().zip(cleared.lines.iter().copied());
            for (line, number) in kept {
                prop_assert!(rest.any(|(l, n)| (l, n) == (line.as_str(), *number)), "{:?}", line);
            }
            let words = |lines: &[&str]| lines.iter().filter(|l| !l.is_empty()).count();
            let kept: Vec<&str> = kept.iter().map(|(l, _)| l.as_str()).collect();
            prop_assert_eq!(words(&lines), words(&kept));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "(:{1,4}|[：∷⁝]|internal|\\\\| |\n|\r|\u{2028}|\\PC){0,20}") {
        if let Ok(note) = Note::parse(Source { path: "n.md".into(), text: text.as_str().into() }, &[]) {
            let _ = clear(&note, Audience::Public);
        }
    }
}
