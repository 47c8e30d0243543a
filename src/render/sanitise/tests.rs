use super::*;
use crate::render::LinkFate;

#[test]
fn what_is_harmless_stays() {
    for html in [
        "<p align=\"center\">Hi <kbd>Ctrl</kbd></p>",
        "<table><tbody><tr><td style=\"text-align:right\">1</td></tr></tbody></table>",
        "<video controls=\"\" src=\"clip.mp4\"></video>",
        "<a href=\"week-45.md\" id=\"there\">x</a>",
        "<img alt=\"\" src=\"../pics/a b.png\">",
    ] {
        assert_eq!(clean(html), html);
    }
}

#[test]
fn what_could_harm_goes() {
    for (html, left) in [
        ("<p onclick=\"x()\">a</p>", "<p>a</p>"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<iframe src=\"https://e.org\">x</iframe>", ""),
        ("<svg><script>alert(1)</script></svg>", ""),
        ("<a href=\"java\nscript:alert(1)\">x</a>", "<a>x</a>"),
        ("<a href=\" JaVaScRiPt:alert(1)\">x</a>", "<a>x</a>"),
        ("<form action=\"/x\"><input><button>go</button></form>", "go"),
        ("<p style=\"color:red;text-align:center\">a</p>", "<p style=\"text-align:center\">a</p>"),
        ("<blockquote cite=\"https://intranet.example\">a</blockquote>", "<blockquote>a</blockquote>"),
        ("<div><b>never closed", "<div><b>never closed</b></div>"),
        ("</div>stray", "stray"),
        ("a<!-- comment -->b", "ab"),
    ] {
        assert_eq!(clean(html), left, "{html}");
    }
}

#[test]
fn cleaning_twice_changes_nothing() {
    for html in
        ["<pre>\n\nx</pre>", "<li>a<li>b", "<ul><li>a<li>b</ul>", "<dl><dt>a<dd>b</dl><dd>c", "a & b < c"]
    {
        let once = clean(html);
        assert_eq!(clean(&once), once, "{html}");
    }
}

#[test]
fn every_loss_is_said_with_its_line() {
    let html = "<p>\n<marquee>x</marquee>\n<p onclick=\"x\" style=\"color: red\">y\n<a href=\"vbscript:x\" target=\"_blank\">z</a>";
    let mut warnings = Vec::new();
    report(&token::pieces(html), &mut warnings);
    let said: Vec<_> =
        warnings.iter().map(|warning| (warning.line, warning.code, warning.message.as_str())).collect();
    assert_eq!(
        said,
        [
            (1, "html-removed", "the HTML element <marquee> was removed: it is not safe in a post"),
            (2, "html-removed", "attributes were removed from <p>: `onclick`, `style`"),
            (3, "unsafe-link", "the address `vbscript:x` was removed: its scheme is not safe"),
        ]
    );
}

#[test]
fn blanks_do_not_hide_a_scheme() {
    for address in
        ["javascript:x", "java\tscript:x", " \u{1}javascript:x", "data:text/html,x", "file:///etc/passwd"]
    {
        assert!(!is_safe_address(address), "{address}");
    }
    for address in
        ["", "a.md", "/a:b", "#a:b", "?q=javascript:x", "HTTPS://e.org", "mailto:a@e.org", "./a:b.md"]
    {
        assert!(is_safe_address(address), "{address}");
    }
    assert!(is_safe_picture("data:image/png;base64,AAAA"));
    assert!(!is_safe_picture("data:image/svg+xml;base64,AAAA"));
}

/// Addresses with `in` in them are internal.
fn mapped(html: &str) -> String {
    let pieces = map_addresses(html, &mut |kind, address| match (kind, address) {
        (_, address) if !address.contains("in") => LinkFate::To(format!("/x/{address}")),
        (AddressKind::Media, _) => LinkFate::Unlink,
        _ => LinkFate::Label("[internal]".to_owned()),
    });
    token::write(&pieces)
}

fn changed(html: &str, change: impl FnOnce(&mut [token::Piece])) -> String {
    let mut pieces: Vec<_> = token::pieces(html).into_iter().map(|placed| placed.piece).collect();
    change(&mut pieces);
    token::write(&pieces)
}

#[test]
fn addresses_are_mapped_and_internal_ones_leave_their_words() {
    for (html, expected) in [
        ("<a href=\"b c\" title=\"t\">b</a>", "<a href=\"/x/b%20c\" title=\"t\">b</a>"),
        (
            "<p><a href=\"https://in\">see <b>this</b></a> &amp; on</p>",
            "<p>see <b>this</b> [internal] &amp; on</p>",
        ),
        ("<a href=\"https://in\">https://in</a>", "[internal]"),
        ("<img alt=\"A &lt;\" src=\"in.png\">", "A &lt; [internal]"),
        ("<img alt=\"A\" src=\"a.png\">", "<img alt=\"A\" src=\"/x/a.png\">"),
        ("<video src=\"in.mp4\" poster=\"p.png\"></video>", "<video></video>"),
        ("<video><source src=\"a.mp4\"><source></video>", "<video><source src=\"/x/a.mp4\"></video>"),
        ("<a id=\"x\">no address</a>", "<a id=\"x\">no address</a>"),
        ("<pre>\n\nx</pre>", "<pre>\n\nx</pre>"),
    ] {
        assert_eq!(mapped(html), expected, "{html}");
    }
}

#[test]
fn headings_are_lowered_to_the_sixth_level() {
    let html = "<h1>a</h1><h6 id=\"x\">b</h6><hr><header>c</header>";
    let lower = |pieces: &mut [token::Piece]| shift_headings(pieces, 1);
    assert_eq!(changed(html, lower), "<h2>a</h2><h6 id=\"x\">b</h6><hr><header>c</header>");
}

#[test]
fn one_line_leaves_preformatted_text_alone() {
    assert_eq!(changed("<p>a\nb</p>\n<pre>a\nb</pre>", on_one_line), "<p>a b</p> <pre>a\nb</pre>");
}

#[test]
fn the_words_of_a_link_in_a_broken_tag_go_with_its_address() {
    let broken = "<span id=<a href='//h.example/x' title='words'>text</span>";
    assert_eq!(clean(broken), "<span id=\"&lt;a\">text</span>");
    assert_eq!(clean("<a href=\"/x\" title=\"t\">b</a>"), "<a href=\"/x\" title=\"t\">b</a>");
    let mut tag = Tag { name: "span".to_owned(), attributes: Vec::new() };
    tag.attributes = [("href", "//h.example"), ("title", "words"), ("lang", "en")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    assert_eq!(inline_attributes(&tag), [("lang".to_owned(), "en".to_owned())]);
}
