//! Uploading pictures.

use crosspost::{
    render::{Digest, Picture},
    targets::{Upload, Writer},
};

use super::{open, target};
use crate::fakes::medium::Medium;

fn upload(media_type: &'static str) -> Upload {
    let bytes = b"bytes of a picture".to_vec();
    let picture = Picture {
        digest: Digest::of(&bytes),
        file_name: "team.png".to_owned(),
        media_type,
        width: 2,
        height: 1,
    };
    Upload { picture, alt: "The team".to_owned(), bytes }
}

#[tokio::test]
async fn a_picture_is_sent_as_a_form_with_one_field() {
    let medium = Medium::start();
    let picture = open(&target(&medium)).upload(upload("image/png")).await.expect("a picture");
    assert!(picture.url.starts_with("https://images.example/"), "{}", picture.url);
    let log = medium.log();
    assert_eq!((log[0].method.as_str(), log[0].path.as_str()), ("POST", "/v1/images"));
    assert_eq!(log[0].files.len(), 1);
    let file = &log[0].files[0];
    assert_eq!((file.field.as_str(), file.media_type.as_str()), ("image", "image/png"));
    assert_eq!(file.bytes, b"bytes of a picture");
}

#[tokio::test]
async fn a_picture_that_medium_does_not_take_is_not_sent() {
    let medium = Medium::start();
    let error = open(&target(&medium)).upload(upload("image/svg+xml")).await.expect_err("a refusal");
    assert!(error.to_string().contains("JPEG, PNG, GIF and TIFF"), "{error}");
    assert_eq!(medium.log().len(), 0);
}

#[tokio::test]
async fn no_picture_is_ever_found_again() {
    let medium = Medium::start();
    let api = open(&target(&medium));
    let pictures = [upload("image/png").picture, upload("image/gif").picture];
    assert_eq!(api.find_pictures(&pictures).await.expect("an answer"), [None, None]);
    assert_eq!(medium.log().len(), 0);
}
