//! Pictures on a real WordPress: scaled and cleaned on their way, there once, replaced when they
//! change, with their words.

use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    everywhere::{Everywhere, Plan},
    http,
    photo::{CAMERA, bytes, photo, says},
    wordpress::{Flavour, Role},
};

fn everywhere(flavour: Flavour) -> Everywhere {
    Everywhere::new(&Plan::blog(flavour, Role::Author))
}

fn uploads(all: &Everywhere) -> usize {
    all.requests().iter().filter(|request| *request == "POST /wp-json/wp/v2/media").count()
}

/// The post of a note written with [`Everywhere::note`].
fn post(all: &Everywhere, path: &str) -> Value {
    let title = format!("{} {path}", all.word);
    let posts = all.posts();
    let found = posts.iter().find(|post| post["title"]["raw"] == *title);
    found.unwrap_or_else(|| panic!("no post for {path}: {posts:#?}")).clone()
}

/// The address of the one picture in a post.
fn address(post: &Value) -> String {
    let content = Everywhere::content(post);
    assert_eq!(content.matches("<img ").count(), 1, "{content}");
    content.split("<img src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

/// The file that a reader gets.
fn download(address: &str) -> Vec<u8> {
    let answer = http::send(Method::GET, address, None, None).unwrap();
    assert_eq!(answer.status, 200, "{address}");
    answer.body
}

fn attachment(all: &Everywhere, post: &Value) -> Value {
    let content = Everywhere::content(post);
    let id = content.split("wp-image-").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    all.blog().site.get(&format!("wp/v2/media/{id}?context=edit"))
}

fn warnings(report: &Value) -> Vec<(String, u64)> {
    let warnings =
        report["steps"].as_array().unwrap().iter().flat_map(|step| step["warnings"].as_array().unwrap());
    warnings.map(|w| (w["code"].as_str().unwrap().to_owned(), w["line"].as_u64().unwrap())).collect()
}

fn a_photo_goes_out_small_clean_and_once(flavour: Flavour) {
    let all = everywhere(flavour);
    all.project.write("img/team.jpg", photo(&all.word, 4000, 3000));
    all.note("notes/a.md", "Hello.\n\n![The team](../img/team.jpg \"In *May*\")");
    all.note("notes/b.md", "![The team again](../img/team.jpg)");

    let (code, report) = all.json(&["publish"]);
    assert_eq!(code, Some(0), "{report:#}");
    let line = |line| [("picture-scaled".to_owned(), line), ("location-removed".to_owned(), line)];
    assert_eq!(warnings(&report), [line(7), line(5)].concat());
    assert_eq!(uploads(&all), 1, "{:?}", all.requests());

    let (a, b) = (post(&all, "notes/a.md"), post(&all, "notes/b.md"));
    assert_eq!(address(&a), address(&b));
    let file = download(&address(&a));
    assert!(!says(&file, CAMERA) && !says(&file, "Exif"));
    let size = imagesize::blob_size(&file).unwrap();
    assert_eq!((size.width, size.height), (2560, 1920), "{}", address(&a));
    let stored = attachment(&all, &a);
    assert_eq!(stored["media_details"]["width"], 2560);
    assert_eq!(stored["media_details"]["original_image"], Value::Null, "WordPress had nothing to scale");
    let alt = stored["alt_text"].as_str().unwrap();
    assert!(["The team", "The team again"].contains(&alt), "{alt}");
    assert!(
        Everywhere::content(&a).contains("<figcaption class=\"wp-element-caption\">In *May*</figcaption>")
    );
    assert!(Everywhere::content(&b).contains("alt=\"The team again\""));
    let shown = a["content"]["rendered"].as_str().unwrap();
    assert!(shown.contains("width=\"2560\"") && shown.contains("height=\"1920\""), "{shown}");
    assert!(shown.contains("srcset=") && shown.contains("alt=\"The team\""), "{shown}");

    all.forget();
    all.publish();
    assert_eq!(all.requests(), Vec::<String>::new(), "nothing for nothing");
    all.note("notes/c.md", "![Still the team](../img/team.jpg)");
    all.publish();
    assert_eq!(uploads(&all), 0, "another note, another run: {:?}", all.requests());
    assert_eq!(address(&post(&all, "notes/c.md")), address(&a));
}

#[test]
fn a_photo_goes_out_small_clean_and_once_on_7_1() {
    a_photo_goes_out_small_clean_and_once(Flavour::Wp71);
}

#[test]
fn a_photo_goes_out_small_clean_and_once_on_6_1() {
    a_photo_goes_out_small_clean_and_once(Flavour::Wp61);
}

#[test]
fn a_photo_that_is_small_enough_loses_its_place_and_not_a_pixel() {
    let all = everywhere(Flavour::Wp71);
    let original = photo(&all.word, 640, 480);
    all.project.write("notes/small.jpg", &original);
    all.note("notes/a.md", "![A small one](small.jpg)");
    all.publish();
    let file = download(&address(&post(&all, "notes/a.md")));
    assert!(says(&original, CAMERA) && !says(&file, CAMERA));
    assert_eq!(image::load_from_memory(&file).unwrap(), image::load_from_memory(&original).unwrap());
}

#[test]
fn a_changed_picture_replaces_the_old_one_wherever_it_stands() {
    let all = everywhere(Flavour::Wp71);
    let picture = |word: &str| bytes(&format!("{}{word}", all.word), (300, 200), ImageFormat::Png);
    all.project.write("img/chart.png", picture("before"));
    for note in ["notes/a.md", "notes/b.md"] {
        all.note(note, "![The chart](../img/chart.png)");
    }
    all.publish();
    let before = post(&all, "notes/a.md");
    assert_eq!(download(&address(&before)), picture("before"));

    all.forget();
    all.project.write("img/chart.png", picture("after"));
    all.publish();
    assert_eq!(uploads(&all), 1);
    for note in ["notes/a.md", "notes/b.md"] {
        let after = post(&all, note);
        assert_ne!(address(&after), address(&before));
        assert_eq!(download(&address(&after)), picture("after"));
        assert_ne!(attachment(&all, &after)["id"], attachment(&all, &before)["id"]);
    }
    assert_eq!(post(&all, "notes/a.md")["id"], before["id"]);

    // And back: the first one is still there, but no record knows it any more.
    all.project.write("img/chart.png", picture("before"));
    all.publish();
    assert_eq!(download(&address(&post(&all, "notes/a.md"))), picture("before"));
}

#[test]
fn a_featured_picture_has_its_words_and_a_drawing_becomes_a_png() {
    for flavour in [Flavour::Wp71, Flavour::Wp61] {
        let all = everywhere(flavour);
        let colour = blake(&all.word);
        let drawing = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='40'><rect width='60' height='40' fill='#{colour}'/></svg>"
        );
        all.project.write("notes/plan.svg", drawing);
        let head = format!("title: {} notes/a.md\nimage: plan.svg\nimage_alt: The plan & more", all.word);
        all.project.write("notes/a.md", format!("---\n{head}\n---\n\nWords.\n"));
        let (code, report) = all.json(&["publish"]);
        assert_eq!(code, Some(0), "{report:#}");
        assert_eq!(warnings(&report), [("picture-converted".to_owned(), 3)]);
        let featured = &post(&all, "notes/a.md")["featured_media"];
        let stored = all.blog().site.get(&format!("wp/v2/media/{featured}?context=edit"));
        assert_eq!(stored["alt_text"], "The plan & more");
        assert_eq!(stored["mime_type"], "image/png");
        assert_eq!(stored["media_details"]["width"], 120);
        assert_eq!(stored["title"]["raw"], "plan");
    }
}

/// A colour of one's own.
fn blake(word: &str) -> String {
    crosspost::render::Digest::of(word.as_bytes()).short()[..6].to_owned()
}

#[test]
fn the_limit_is_the_configurations() {
    let all = everywhere(Flavour::Wp71);
    let config = all.project.read("crosspost.toml");
    all.project.write("crosspost.toml", format!("{config}\n[pictures]\nmax_width = 400\n"));
    all.project.write("notes/wide.png", bytes(&all.word, (800, 100), ImageFormat::Png));
    all.note("notes/a.md", "![A wide one](wide.png)");
    let (_, report) = all.json(&["plan"]);
    assert_eq!(warnings(&report), [("picture-scaled".to_owned(), 5)], "the plan says so");
    assert_eq!(uploads(&all), 0);
    all.publish();
    let file = download(&address(&post(&all, "notes/a.md")));
    assert_eq!(imagesize::blob_size(&file).map(|size| (size.width, size.height)).ok(), Some((400, 50)));
    let stored = attachment(&all, &post(&all, "notes/a.md"));
    assert_eq!(stored["alt_text"], json!("A wide one"));
}
