//! Pictures: each once, whatever their names.

use crosspost::{
    render::{Digest, Featured, Picture},
    targets::{Reader, Upload, Writer},
};

use super::*;
use crate::harness::{
    proxy::{Fault, Proxy, Reply, Rule},
    wordpress::Flavour,
};

/// A real picture of these grey pixels, in one row.
pub fn png(pixels: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let width = u8::try_from(pixels.len()).unwrap();
    chunk(&mut out, b"IHDR", &[0, 0, 0, width, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let row: Vec<u8> = [&[0], pixels].concat();
    // One stored (uncompressed) deflate block within a zlib stream (RFC 1950, RFC 1951).
    let mut zlib = vec![0x78, 0x01, 0x01, width + 1, 0, !(width + 1), 0xff];
    zlib.extend_from_slice(&row);
    let (a, b) = row.iter().fold((1u32, 0u32), |(a, b), x| {
        let a = (a + u32::from(*x)) % 65521;
        (a, (b + a) % 65521)
    });
    zlib.extend_from_slice(&((b << 16) | a).to_be_bytes());
    chunk(&mut out, b"IDAT", &zlib);
    chunk(&mut out, b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8], data: &[u8]) {
    out.extend_from_slice(&u32::try_from(data.len()).unwrap().to_be_bytes());
    let body = [kind, data].concat();
    let crc = !body.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    });
    out.extend_from_slice(&body);
    out.extend_from_slice(&crc.to_be_bytes());
}

pub fn picture(pixels: &[u8]) -> Picture {
    Picture {
        digest: Digest::of(&png(pixels)),
        file_name: "équipe \"photo\".png".to_owned(),
        media_type: "image/png",
        width: u32::try_from(pixels.len()).unwrap(),
        height: 1,
    }
}

/// Pixels that no other test uses.
fn pixels() -> Vec<u8> {
    unique("p").into_bytes()
}

#[tokio::test]
async fn a_first_post_with_two_new_pictures_takes_four_requests() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let api = api_at(&proxy.url, &site.user(Role::Author));
    let marker = marker();
    assert!(api.find(&[wanted(marker, "t")], false).await.unwrap()[0].ours.is_empty());
    let mut pictures = Pictures::default();
    for name in ["a.png", "b.png"] {
        let pixels = pixels();
        let upload = Upload { picture: picture(&pixels), alt: "é & \"x\"".to_owned(), bytes: png(&pixels) };
        let remote = api.upload(upload).await.unwrap();
        assert!(
            remote.url.ends_with("/equipe-photo.png") || remote.url.contains("/equipe-photo-"),
            "{}",
            remote.url
        );
        pictures.insert(name, picture(&pixels), Some(remote));
    }
    let mut post = rendering(marker, "t");
    post.featured = Some(Featured { src: "b.png".to_owned(), url: String::new(), alt: String::new() });
    let written =
        api.create(&post, Sending { marker, pictures: &pictures, site: &Known::new() }).await.unwrap();
    assert_eq!(proxy.requests().len(), 4);
    let id = pictures.get("b.png").unwrap().1.unwrap().id.clone().unwrap();
    assert_eq!(written.remote.parts["featured"], id);
    let stored = site.get(&format!("wp/v2/media/{id}?context=edit"));
    assert_eq!(stored["alt_text"], "é & \"x\"");
    assert_eq!(stored["title"]["raw"], "équipe \"photo\"");
}

#[tokio::test]
async fn a_picture_is_found_again_by_whoever_asks() {
    for flavour in Flavour::ALL {
        let site = Site::shared(flavour);
        let (known, unknown) = (pixels(), pixels());
        let upload = Upload { picture: picture(&known), alt: String::new(), bytes: png(&known) };
        let remote = api(&site, Role::Author).upload(upload).await.unwrap();
        for role in [Role::Author, Role::Editor] {
            let proxy = Proxy::in_front_of(&site.url);
            let found = api_at(&proxy.url, &site.user(role))
                .find_pictures(&[picture(&unknown), picture(&known)])
                .await
                .unwrap();
            assert!(found[0].is_none());
            assert_eq!(
                found[1].as_ref().and_then(|found| found.id.as_ref()),
                remote.id.as_ref(),
                "{flavour:?}"
            );
            assert_eq!(proxy.requests().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_picture_that_met_another_at_the_folder_of_a_new_month_is_sent_once_more() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let refusal = serde_json::json!({
        "code": "rest_upload_sideload_error",
        "message": "Unable to create directory wp-content/uploads/2026/11. Is its parent directory writable by the server?",
        "data": {"status": 500},
    });
    let refusal = Reply::text(500, "application/json; charset=UTF-8", &refusal.to_string());
    proxy.fail(Rule::on("POST", "media", Fault::AnswerBefore(refusal)).times(1));
    let pixels = pixels();
    let upload = Upload { picture: picture(&pixels), alt: String::new(), bytes: png(&pixels) };
    let remote = api_at(&proxy.url, &site.user(Role::Author)).upload(upload).await.unwrap();
    assert!(remote.url.contains("equipe-photo"), "{}", remote.url);
    assert_eq!(proxy.count("POST", "media"), 2);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_with_a_reason() {
    let site = Site::shared(Flavour::Wp71);
    let bytes = b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec();
    let picture = Picture {
        digest: Digest::of(&bytes),
        media_type: "image/svg+xml",
        file_name: "a.svg".to_owned(),
        width: 0,
        height: 0,
    };
    let error =
        api(&site, Role::Author).upload(Upload { picture, alt: String::new(), bytes }).await.unwrap_err();
    assert!(error.to_string().contains("rest_upload_sideload_error"), "{error}");
    assert!(error.hints().iter().any(|hint| hint.contains("SVG only with a plugin")), "{error}");
}

#[tokio::test]
async fn a_featured_picture_that_was_deleted_is_told() {
    let site = Site::shared(Flavour::Wp71);
    let api = api(&site, Role::Author);
    let marker = marker();
    let mut pictures = Pictures::default();
    let pixels = pixels();
    let remote = crosspost::render::RemotePicture { id: Some("99999999".to_owned()), url: "x".to_owned() };
    pictures.insert("a.png", picture(&pixels), Some(remote));
    let mut post = rendering(marker, "t");
    post.featured = Some(Featured { src: "a.png".to_owned(), url: String::new(), alt: String::new() });
    let written =
        api.create(&post, Sending { marker, pictures: &pictures, site: &Known::new() }).await.unwrap();
    assert_eq!(codes(&written), ["featured-missing"]);
}
