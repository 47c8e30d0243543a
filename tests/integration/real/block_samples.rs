//! The block markup that the renderings were designed from, before the editors of two releases.

use std::{fmt::Write as _, fs};

use crate::harness::{
    fixture,
    validator::{self, Release, Verdict},
};

#[test]
fn each_sample_is_judged_as_recorded() {
    let samples = samples();
    let columns = Release::ALL.map(|release| validator::validate(release, &samples));
    let mut table = String::new();
    for (new, old) in columns[0].iter().zip(&columns[1]) {
        let _ = writeln!(table, "{:<28}{:<28}{}", new.name, word(new), word(old));
    }
    insta::assert_snapshot!(table);
}

/// Every sample, in the order of their names.
fn samples() -> Vec<(String, String)> {
    let mut samples: Vec<_> = fs::read_dir(fixture("blocks"))
        .expect("the samples are there")
        .map(|entry| entry.expect("a file").path())
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("UTF-8"))
        })
        .collect();
    samples.sort();
    samples
}

fn word(verdict: &Verdict) -> String {
    let mut word = if verdict.valid { "valid" } else { "INVALID" }.to_owned();
    if verdict.migrated > 0 {
        word += ", migrated";
    }
    if !verdict.round_trip {
        word += ", differs";
    }
    word
}

#[test]
fn what_the_editor_would_write_itself_passes() {
    let samples = [("p", "<!-- wp:paragraph -->\n<p>Hi</p>\n<!-- /wp:paragraph -->")];
    for release in Release::ALL {
        validator::assert_native(release, &samples);
    }
}

#[test]
#[should_panic(expected = "core/heading invalid")]
fn what_it_would_call_broken_does_not() {
    let samples = [("h", "<!-- wp:heading -->\n<h3>Hi</h3>\n<!-- /wp:heading -->")];
    validator::assert_native(Release::Wp71, &samples);
}

#[test]
#[should_panic(expected = "the editor would save")]
fn nor_does_what_it_would_drop() {
    let samples = [(
        "unclosed",
        "<!-- wp:paragraph -->\n<p>Hi</p>\n<!-- /wp:paragraph -->\n<!-- wp:quote -->\n<p>x</p>",
    )];
    validator::assert_native(Release::Wp71, &samples);
}

#[test]
fn hundreds_of_contents_take_one_process() {
    let content = "<!-- wp:paragraph -->\n<p>A paragraph that is long enough to fill a pipe.</p>\n<!-- /wp:paragraph -->\n\n";
    let contents: Vec<_> = (0..400).map(|i| (i.to_string(), content.repeat(20))).collect();
    let verdicts = validator::validate(Release::Wp71, &contents);
    assert!(verdicts.iter().all(|verdict| verdict.valid && verdict.blocks.len() == 20));
    assert_eq!(verdicts[399].name, "399");
}
