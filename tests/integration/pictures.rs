//! Pictures on their way to a folder and to the stand-in for Medium: what is wrong with them is told
//! at their line, what cannot be taken is converted.

use image::ImageFormat;
use serde_json::Value;

use crate::harness::{
    everywhere::{Everywhere, Plan},
    photo::{CAMERA, bytes, photo, says},
};

fn pages() -> Everywhere {
    Everywhere::new(&Plan { blog: None, medium: false, ..Plan::default() })
}

fn pictures(all: &Everywhere) -> Vec<String> {
    all.project.files("out/pictures")
}

/// What publishing a note with such a picture says.
fn complaint(file: &str, content: &[u8], src: &str) -> String {
    let all = pages();
    all.project.write(file, content);
    all.note("notes/a.md", &format!("Hello.\n\n![Words]({src})"));
    let run = all.project.run(&["publish"]).expect(2);
    assert!(run.stderr.contains("--> notes/a.md:7:1"), "{}", run.stderr);
    assert_eq!(all.project.files("out"), Vec::<String>::new());
    run.stderr
}

#[test]
fn what_is_wrong_with_a_picture_is_told_at_its_line() {
    let png = bytes("p", (30, 20), ImageFormat::Png);
    let mut bomb = png.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    for (content, says) in [
        (&b""[..], "the picture `a.png` is empty"),
        (&png[..png.len() - 20], "the picture `a.png` is cut off: its end is missing"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "the picture `a.png` is "),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "run `git lfs pull`"),
        (&bomb, "the picture `a.png` is 30000 × 30000 pixels large"),
    ] {
        let told = complaint("notes/a.png", content, "a.png");
        assert!(told.contains(says), "{says}: {told}");
    }
}

#[test]
fn a_name_in_another_case_is_no_other_name_for_the_file() {
    let png = bytes("p", (30, 20), ImageFormat::Png);
    let told = complaint("notes/Img/Team.PNG", &png, "img/team.png");
    assert!(told.contains("did you mean `notes/Img/Team.PNG`?"), "{told}");
    let told = complaint("notes/img/team.png", &png, "img/taem.png");
    assert!(told.contains("did you mean `notes/img/team.png`?"), "{told}");
}

#[cfg(unix)]
#[test]
fn no_picture_comes_from_outside_of_the_project() {
    let all = pages();
    let outside = all.project.root().parent().unwrap().join("secret.png");
    std::fs::write(&outside, bytes("p", (3, 2), ImageFormat::Png)).unwrap();
    all.project.write("notes/b.md", "# b\n");
    std::os::unix::fs::symlink(&outside, all.project.root().join("notes/link.png")).unwrap();
    for (src, why) in [
        ("../../secret.png", "leads out of the folder of the configuration"),
        ("link.png", "the file lies outside the project's folder"),
    ] {
        all.note("notes/a.md", &format!("![Words]({src})"));
        let run = all.project.run(&["publish", "notes/a.md"]).expect(2);
        assert!(run.stderr.contains(why) && run.stderr.contains("notes/a.md:5:1"), "{}", run.stderr);
    }
}

#[test]
fn a_picture_of_another_kind_than_its_name_says_gets_a_true_one() {
    let all = pages();
    all.project.write("notes/team.png", bytes("p", (30, 20), ImageFormat::Jpeg));
    all.note("notes/a.md", "![Words](team.png)");
    all.publish();
    let found = pictures(&all);
    assert!(found[0].ends_with("-team.jpg"), "{found:?}");
}

#[test]
fn photos_are_cleaned_and_scaled_once_for_all_notes() {
    let all = pages();
    all.project.write("img/wide.jpg", photo("p", 3000, 1500));
    for note in ["notes/a.md", "notes/b.md", "notes/c.md"] {
        all.note(note, "![Words](../img/wide.jpg)");
    }
    all.publish();
    let [found] = <[String; 1]>::try_from(pictures(&all)).unwrap();
    let file = std::fs::read(all.project.root().join(found)).unwrap();
    assert!(!says(&file, CAMERA));
    assert_eq!(imagesize::blob_size(&file).map(|size| (size.width, size.height)).ok(), Some((2560, 1280)));
}

fn warnings(report: &Value) -> Vec<(&str, u64)> {
    let warnings =
        report["steps"].as_array().unwrap().iter().flat_map(|step| step["warnings"].as_array().unwrap());
    warnings.map(|w| (w["code"].as_str().unwrap(), w["line"].as_u64().unwrap())).collect()
}

#[test]
fn a_picture_without_words_is_told_and_mere_decoration_is_not() {
    let all = pages();
    all.project.write("notes/a.png", bytes("p", (3, 2), ImageFormat::Png));
    let text = "![](a.png)\n\nx <img src=\"a.png\" alt=\"\"> y\n\n<div class=\"x\"><section>\n<img src=\"a.png\"></section></div>\n\n![Words](a.png)";
    all.project
        .write("notes/a.md", format!("---\ntitle: T\ndate: 2026-01-02\nimage: a.png\n---\n\n{text}\n"));
    let (code, report) = all.json(&["publish"]);
    assert_eq!(code, Some(0), "{report:#}");
    let mut told = warnings(&report);
    told.sort_unstable();
    assert_eq!(told, [("missing-alt", 4), ("missing-alt", 7), ("missing-alt", 12)], "{report:#}");
    let run = all.project.run(&["check"]);
    for place in ["notes/a.md:4:", "notes/a.md:7:", "notes/a.md:12:"] {
        assert!(run.stdout.contains(place), "{}", run.transcript());
    }
    assert_eq!(run.stdout.matches("missing-alt").count(), 3, "each once: {}", run.transcript());
}

#[test]
fn medium_gets_what_it_takes() {
    let all = Everywhere::new(&Plan { blog: None, pages: false, ..Plan::default() });
    all.project.write("notes/team.webp", bytes(&all.word, (30, 20), ImageFormat::WebP));
    all.note("notes/a.md", "![The team](team.webp)\n\n![Afar](https://pictures.example/x.png)");
    let (code, report) = all.json(&["publish"]);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(warnings(&report), [("picture-converted", 5)]);
    let log = all.medium().log();
    let file = &log.iter().find(|request| request.path == "/v1/images").unwrap().files[0];
    assert_eq!(file.media_type, "image/png");
    assert!(file.bytes.starts_with(b"\x89PNG"));
    let story = &all.medium().stories()[0];
    assert!(story.content.contains("https://pictures.example/x.png"), "addresses stay: {}", story.content);
}
