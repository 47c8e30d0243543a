//! The kinds of picture, told by their first bytes and never by their names.

use serde::Serialize;

/// A kind of picture that crosspost knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Format {
    /// JPEG
    Jpeg,
    /// PNG, still or moving
    Png,
    /// GIF, still or moving
    Gif,
    /// WebP, still or moving
    WebP,
    /// AVIF: passed on, never decoded
    Avif,
    /// SVG: passed on, or drawn as PNG
    Svg,
}

impl Format {
    /// Each of them.
    pub const ALL: &'static [Self] = &[Self::Jpeg, Self::Png, Self::Gif, Self::WebP, Self::Avif, Self::Svg];

    /// The format of a file's bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => Some(Self::Avif),
            _ => is_svg(bytes).then_some(Self::Svg),
        }
    }

    /// `image/png`
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Avif => "image/avif",
            Self::Svg => "image/svg+xml",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Avif => "AVIF",
            Self::Svg => "SVG",
        }
    }

    /// The endings that its files have, the usual one first.
    #[must_use]
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png", "apng"],
            Self::Gif => &["gif"],
            Self::WebP => &["webp"],
            Self::Avif => &["avif"],
            Self::Svg => &["svg"],
        }
    }

    /// A file's name with an ending that is true.
    #[must_use]
    pub fn file_name(self, name: &str) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        if self.endings().iter().any(|known| ending.eq_ignore_ascii_case(known)) {
            return name.to_owned();
        }
        let is_ending = is_picture_ending(ending);
        let stem = if is_ending && !stem.is_empty() { stem } else { name };
        format!("{stem}.{}", self.endings()[0])
    }
}

/// Whether what follows the last dot is a picture's ending, and not a piece of the name (`v1.2`).
fn is_picture_ending(ending: &str) -> bool {
    let others = ["bmp", "tif", "tiff", "heic", "heif", "ico"];
    let known = Format::ALL.iter().flat_map(|format| format.endings()).chain(&others);
    known.into_iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Whether the first element of an XML text is `svg`, whatever its prefix.
fn is_svg(bytes: &[u8]) -> bool {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = String::from_utf8_lossy(&head[..head.len().min(16 * 1024)]);
    let mut rest = head.trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            // A document type may hold declarations in brackets.
            _ if rest.starts_with("<!DOCTYPE") => {
                let declared = rest.find('[').is_some_and(|at| rest.find('>').is_some_and(|end| at < end));
                if declared { "]>" } else { ">" }
            }
            _ => break,
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
    let name = rest.strip_prefix('<').and_then(|rest| rest.split([' ', '\t', '\r', '\n', '>', '/']).next());
    name.is_some_and(|name| name == "svg" || name.ends_with(":svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_is_known_by_its_first_element() {
        for text in [
            "<svg/>",
            "\u{feff}<?xml version='1.0'?>\n<!-- a <p> --><svg xmlns='x'>",
            "<!DOCTYPE svg PUBLIC \"a\" \"b\"><svg:svg>",
            "<!DOCTYPE svg [<!ENTITY a \"b\">]>\n<svg\n",
        ] {
            assert_eq!(Format::of(text.as_bytes()), Some(Format::Svg), "{text}");
        }
        for text in ["", "<", "<html><svg/></html>", "<!DOCTYPE html><html>", "<!-- <svg> ", "svg"] {
            assert_eq!(Format::of(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_name_gets_the_ending_of_what_is_in_the_file() {
        for (format, name, becomes) in [
            (Format::Jpeg, "team.JPEG", "team.JPEG"),
            (Format::Jpeg, "team.png", "team.jpg"),
            (Format::Png, "plan.v1.2", "plan.v1.2.png"),
            (Format::Png, "chart.svg", "chart.png"),
            (Format::WebP, ".webp", ".webp"),
            (Format::Gif, ".png", ".png.gif"),
            (Format::Gif, "noending", "noending.gif"),
        ] {
            assert_eq!(format.file_name(name), becomes);
        }
    }
}
