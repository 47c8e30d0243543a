use image::GenericImageView;

use super::{samples::*, *};

const LIMITS: Limits = Limits { max_width: 300 };
const WORDPRESS: &[Format] = &[Format::Jpeg, Format::Png, Format::Gif, Format::WebP, Format::Avif];
const MEDIUM: &[Format] = &[Format::Jpeg, Format::Png, Format::Gif];

/// The whole way of a picture: what is sent, and the codes of what is said.
fn prepare(name: &str, bytes: &[u8], formats: &[Format]) -> (Order, Vec<u8>, Vec<&'static str>) {
    let original = Original::read(name, bytes).unwrap();
    let order = order(name, &original, formats, LIMITS).unwrap();
    let made = make(&original, bytes.to_vec(), order.recipe, &fonts()).unwrap();
    let codes = order.warnings(7).map(|warning| warning.code).collect();
    (order, made, codes)
}

fn fonts() -> Fonts {
    let mut fonts = resvg::usvg::fontdb::Database::new();
    fonts.load_system_fonts();
    fonts.into()
}

fn says(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

fn refusal(bytes: &[u8]) -> Unfit {
    Original::read("a.png", bytes).unwrap_err()
}

#[test]
fn what_needs_nothing_goes_out_as_it_is() {
    for (name, bytes) in [
        ("a.jpg", jpeg(40, 30)),
        ("a.png", png(40, 30)),
        ("a.webp", webp(40, 30)),
        ("b.webp", lossy_webp()),
        ("a.avif", avif()),
        ("a.svg", b"<svg/>".to_vec()),
    ] {
        let (order, made, codes) = prepare(name, &bytes, Format::ALL);
        assert_eq!((order.recipe, codes), (Recipe::AsItIs, vec![]), "{name}");
        assert_eq!(order.picture.digest, Digest::of(&bytes));
        assert_eq!(order.picture.file_name, name);
        assert_eq!(made, bytes);
    }
}

#[test]
fn sizes_are_read_without_decoding() {
    for (bytes, size) in [
        (jpeg(40, 30), (40, 30)),
        (talkative_jpeg(40, 30, 6), (30, 40)),
        (png(40, 30), (40, 30)),
        (talkative_png(40, 30, 5), (30, 40)),
        (webp(40, 30), (40, 30)),
        (talkative_webp(40, 30, 8), (30, 40)),
        (gif(1), (1, 1)),
        (avif(), (2, 2)),
        (talkative_avif(), (8, 6)),
    ] {
        let original = Original::read("a", &bytes).unwrap();
        assert_eq!((original.width, original.height), size, "{:?}", original.format);
    }
}

#[test]
fn what_is_private_is_taken_out_and_not_a_pixel_changes() {
    for (name, bytes, turned) in [
        ("a.jpg", talkative_jpeg(40, 30, 6), true),
        ("a.jpg", talkative_jpeg(40, 30, 1), false),
        ("a.png", talkative_png(40, 30, 6), true),
        ("a.webp", talkative_webp(40, 30, 6), true),
    ] {
        assert!(says(&bytes, SECRET));
        let (order, made, codes) = prepare(name, &bytes, WORDPRESS);
        assert_eq!((order.recipe, codes), (Recipe::Clean, vec!["location-removed"]), "{name}");
        assert!(!says(&made, SECRET) && !says(&made, "GPS"), "{name}");
        assert_ne!(order.picture.digest, Digest::of(&bytes));
        let (before, after) =
            (image::load_from_memory(&bytes).unwrap(), image::load_from_memory(&made).unwrap());
        assert_eq!(before, after, "{name}");
        let again = Original::read(name, &made).unwrap();
        assert_eq!((again.width, again.height) == (30, 40), turned, "{name} keeps its orientation");
        assert!(!again.location, "{name}");
        let anatomy = Anatomy::of(again.format, &made).unwrap();
        assert_eq!(anatomy.clean(), made, "{name} is clean");
    }
}

#[test]
fn an_avif_keeps_its_length_and_loses_its_words() {
    let bytes = talkative_avif();
    assert!(says(&bytes, SECRET));
    let (order, made, codes) = prepare("a.avif", &bytes, WORDPRESS);
    assert_eq!((order.recipe, codes), (Recipe::Clean, vec!["location-removed"]));
    assert!(!says(&made, SECRET) && !says(&made, "GPS"));
    assert_eq!(made.len(), bytes.len());
    assert!(!Original::read("a.avif", &made).unwrap().private);
}

#[test]
fn a_gif_keeps_its_frames_and_loses_its_comment() {
    for frames in [1, 3] {
        let (order, made, _) = prepare("a.gif", &gif(frames), MEDIUM);
        assert_eq!(order.recipe, Recipe::Clean);
        assert!(says(&made, "NETSCAPE2.0") && !says(&made, SECRET));
        assert_eq!(Original::read("a.gif", &made).unwrap().animated, frames > 1);
    }
}

#[test]
fn a_wide_picture_is_scaled_and_turned_upright() {
    let wide = talkative_jpeg(400, 800, 6);
    let (order, made, codes) = prepare("a.jpg", &wide, WORDPRESS);
    assert_eq!(order.recipe, Recipe::Redraw { format: Format::Jpeg, width: 300, height: 150 });
    assert_eq!(codes, ["picture-scaled", "location-removed"]);
    assert!(!says(&made, SECRET) && !says(&made, "Exif"));
    let shown = image::load_from_memory(&made).unwrap();
    assert_eq!(shown.dimensions(), (300, 150));
    // What was on the left is above, since the picture is turned clockwise.
    let (above, below) = (shown.get_pixel(150, 20).0, shown.get_pixel(150, 130).0);
    assert!(above[0] > 150 && below[2] > 150, "{above:?} {below:?}");
    assert_eq!(Original::read("a.jpg", &made).map(|o| (o.width, o.height)), Ok((300, 150)));
}

#[test]
fn scaling_lets_no_hidden_colour_come_in_at_the_edges() {
    let bytes = encode(&half_there(600, 60), image::ImageFormat::Png);
    let (order, made, _) = prepare("a.png", &bytes, WORDPRESS);
    assert_eq!(order.recipe, Recipe::Redraw { format: Format::Png, width: 300, height: 30 });
    let shown = image::load_from_memory(&made).unwrap();
    for (x, y, pixel) in shown.pixels() {
        let [red, green, _, alpha] = pixel.0;
        assert!(alpha < 8 || green < 60, "{x},{y}: {pixel:?}");
        assert!(x > 140 || (red > 200 && alpha > 250), "{x},{y}: {pixel:?}");
    }
}

#[test]
fn a_colour_profile_stays() {
    let mut profile = vec![0; 128];
    profile[16..20].copy_from_slice(b"RGB ");
    let mut wide = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut wide);
    image::ImageEncoder::set_icc_profile(&mut encoder, profile).unwrap();
    let image = halves(400, 10);
    encoder.encode_image(&image).unwrap();
    let (_, made, _) = prepare("a.jpg", &wide, WORDPRESS);
    assert!(says(&made, "ICC_PROFILE"));
    let small = Original::read("a.jpg", &made).unwrap();
    assert!(!small.private, "a profile is nothing private");
}

#[test]
fn what_a_target_does_not_take_is_converted() {
    for (name, bytes, becomes, file_name) in [
        ("a.webp", webp(40, 30), Format::Png, "a.png"),
        ("a.webp", lossy_webp(), Format::Jpeg, "a.jpg"),
        ("wrong.png", webp(40, 30), Format::Png, "wrong.png"),
    ] {
        let (order, made, codes) = prepare(name, &bytes, MEDIUM);
        assert_eq!(Format::of(&made), Some(becomes));
        assert_eq!(codes, ["picture-converted"]);
        assert_eq!((order.picture.media_type, &*order.picture.file_name), (becomes.media_type(), file_name));
    }
}

#[test]
fn what_cannot_be_converted_is_refused_with_what_to_do() {
    let original = Original::read("a.avif", &avif()).unwrap();
    let error = order("img/a.avif", &original, MEDIUM, LIMITS).unwrap_err();
    assert_eq!(
        error.message(),
        "the picture `img/a.avif` is AVIF, which this target does not take and crosspost cannot convert"
    );
    assert_eq!(error.hints(), ["convert it to one of these: JPEG, PNG, GIF"]);
}

#[test]
fn a_drawing_becomes_a_sharp_png() {
    let drawing = br#"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40">
        <rect width="30" height="40" fill="red"/><image href="/etc/hostname" width="9" height="9"/>
        <text x="2" y="20" font-family="No Such Font">words</text></svg>"#;
    let (order, made, codes) = prepare("plan.svg", drawing, WORDPRESS);
    assert_eq!(codes, ["picture-converted"]);
    assert_eq!(order.picture.file_name, "plan.png");
    let shown = image::load_from_memory(&made).unwrap();
    assert_eq!(shown.dimensions(), (120, 80));
    assert_eq!(shown.get_pixel(10, 70).0, [255, 0, 0, 255]);
    assert_eq!(shown.get_pixel(110, 70).0[3], 0);
    let black = shown.pixels().filter(|(_, _, pixel)| pixel.0 == [0, 0, 0, 255]).count();
    assert!(black > 20, "the text is drawn, in whatever font there is: {black}");
}

#[test]
fn a_drawing_with_text_is_refused_where_there_are_no_fonts() {
    let draw = |drawing: &[u8]| vector::draw(drawing, 300, &Fonts::default());
    let svg = |inside: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inside}</svg>").into_bytes()
    };
    assert!(draw(&svg("<text>a</text>")).unwrap_err().contains("no fonts"));
    assert!(draw(&svg("<textPath/><rect/>")).is_ok());
    assert!(draw(b"<svg").is_err());
    assert!(draw(b"<svg xmlns='http://www.w3.org/2000/svg' width='0' height='1e30'/>").is_err());
}

#[test]
fn nested_drawings_do_not_overflow_the_stack() {
    fn deep(levels: usize) -> Vec<u8> {
        let (open, close) = ("<g opacity='.9'>".repeat(levels), "</g>".repeat(levels));
        let inside = format!("{open}<rect width='9' height='9'/>{close}");
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inside}</svg>").into_bytes()
    }
    let draw = move || vector::draw(&deep(490), 300, &Fonts::default());
    let drawn = std::thread::Builder::new().stack_size(STACK).spawn(draw).unwrap().join();
    assert!(drawn.unwrap().is_ok());
    for levels in [501, 100_000] {
        assert!(vector::draw(&deep(levels), 300, &Fonts::default()).is_err());
    }
}

#[test]
fn the_digest_follows_the_file_and_the_recipe() {
    let bytes = jpeg(400, 40);
    let original = Original::read("a.jpg", &bytes).unwrap();
    let digest =
        |formats, max_width| order("a", &original, formats, Limits { max_width }).unwrap().picture.digest;
    assert_eq!(digest(MEDIUM, 300), digest(WORDPRESS, 300), "the same for both");
    assert_ne!(digest(MEDIUM, 300), digest(MEDIUM, 200));
    assert_eq!(digest(MEDIUM, 400), digest(MEDIUM, 9000), "a limit that does not touch it");
    let other = Original::read("a.jpg", &jpeg(400, 41)).unwrap();
    assert_ne!(order("a", &other, MEDIUM, LIMITS).unwrap().picture.digest, digest(MEDIUM, 300));
    let made = |recipe| make(&original, bytes.clone(), recipe, &Fonts::default()).unwrap();
    let recipe = Recipe::Redraw { format: Format::Jpeg, width: 300, height: 30 };
    assert_eq!(made(recipe), made(recipe));
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_never_taken_for_whole() {
    for whole in [
        talkative_jpeg(20, 20, 6),
        talkative_png(20, 20, 6),
        talkative_webp(20, 20, 6),
        gif(2),
        avif(),
        talkative_avif(),
    ] {
        // What follows the end of the picture itself may be missing.
        let end =
            whole.len() - if says(&whole[whole.len() - SECRET.len()..], SECRET) { SECRET.len() } else { 0 };
        for length in 0..end {
            let cut = &whole[..length];
            assert!(Original::read("a", cut).is_err(), "{:?} at {length} of {end}", Format::of(&whole));
        }
    }
}

#[test]
fn what_is_no_picture_is_told_by_its_name() {
    assert_eq!(refusal(b""), Unfit::Empty);
    assert_eq!(refusal(b"hello"), Unfit::Unknown(None));
    let error = |bytes: &[u8]| refusal(bytes).error("img/a.png").message().to_owned();
    assert!(error(b"%PDF-1.7 ...").contains("application/pdf"));
    assert!(error(b"version https://git-lfs.github.com/spec/v1").contains("Git LFS"));
    assert!(error(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").contains("image/heif"), "HEIC");
    assert!(
        error(b"<!DOCTYPE html><html><p>404</p>").contains("no picture")
            || error(b"<!DOCTYPE html><html><p>404</p>").contains("text/html")
    );
}

#[test]
fn a_bomb_is_refused_before_anything_is_decoded() {
    let mut bomb = png(1, 1);
    bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    assert_eq!(refusal(&bomb), Unfit::TooLarge(30_000, 30_000));
    bomb[16..24].copy_from_slice(&[0xff; 8]);
    assert!(matches!(refusal(&bomb), Unfit::TooLarge(..)));
}

#[test]
fn damaged_pixels_are_an_error_of_the_upload() {
    let mut bytes = png(400, 40);
    let at = bytes.windows(4).position(|four| four == b"IDAT").unwrap() + 8;
    bytes[at..at + 12].fill(0x5a);
    let original = Original::read("a.png", &bytes).unwrap();
    let recipe = Recipe::Redraw { format: Format::Png, width: 300, height: 30 };
    assert!(make(&original, bytes, recipe, &Fonts::default()).is_err());
}

proptest::proptest! {
    #[test]
    fn no_bytes_break_anything(kind in 0usize..6, noise in proptest::collection::vec((0usize..4000, 0u8..), 1..12)) {
        let mut bytes = match kind {
            0 => talkative_jpeg(16, 9, 3),
            1 => talkative_png(16, 9, 3),
            2 => talkative_webp(16, 9, 3),
            3 => gif(2),
            4 => avif(),
            _ => talkative_avif(),
        };
        for (at, value) in noise {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        if let Ok(original) = Original::read("a", &bytes) {
            let made = make(&original, bytes.clone(), Recipe::Clean, &Fonts::default()).unwrap();
            proptest::prop_assert!(Original::read("a", &made).is_ok());
            let redraw = Recipe::Redraw { format: Format::Jpeg, width: 8, height: 8 };
            let _ = make(&original, bytes, redraw, &Fonts::default());
        }
    }
}
