//! Alerts (`> [!NOTE]`): a group with a coloured edge, so that it stands out in any theme.

use super::{escape, markup};
use crate::render::document::AlertKind;

/// GitHub's own colours.
fn colour(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Note => "#0969da",
        AlertKind::Tip => "#1a7f37",
        AlertKind::Important => "#8250df",
        AlertKind::Warning => "#9a6700",
        AlertKind::Caution => "#cf222e",
    }
}

/// The words at the top of an alert, as rich text.
pub(super) fn title(kind: AlertKind, title: Option<&str>, out: &mut String) {
    let title = title.filter(|title| !title.trim().is_empty()).unwrap_or(kind.label());
    let start = out.len();
    out.extend(["<strong>", &escape::text(title), "</strong>"]);
    escape::keep_shortcodes_out(out, start);
}

/// The start of the group around an alert's blocks.
pub(super) fn open(kind: AlertKind, out: &mut String) {
    let (name, colour) = (kind.name(), colour(kind));
    let attributes = [
        "{\"className\":\"callout callout-",
        name,
        "\",\"style\":{\"border\":{\"left\":{\"color\":\"",
        colour,
        "\",\"width\":\"4px\"}},\"spacing\":{\"padding\":{\"left\":\"1em\"}}},\
         \"layout\":{\"type\":\"constrained\"}}",
    ];
    markup::open(out, "group", &attributes.concat());
    out.extend([
        "<div class=\"wp-block-group callout callout-",
        name,
        "\" style=\"border-left-color:",
        colour,
        ";border-left-width:4px;padding-left:1em\">",
    ]);
}

/// Its end.
pub(super) fn close(out: &mut String) {
    out.push_str("</div>");
    markup::close(out, "group");
}
