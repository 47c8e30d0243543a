//! Alerts (`> [!NOTE]`): a group with a coloured edge, so that it stands out in any theme.

use serde_json::json;

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
pub(super) fn title(kind: AlertKind, title: Option<&str>) -> String {
    let title = title.filter(|title| !title.trim().is_empty()).unwrap_or(kind.label());
    escape::without_shortcodes(&format!("<strong>{}</strong>", escape::text(title)))
}

/// The group around an alert's blocks.
pub(super) fn group(kind: AlertKind, inner: &str) -> String {
    let (name, colour) = (kind.name(), colour(kind));
    let attributes = [
        ("className", json!(format!("callout callout-{name}"))),
        (
            "style",
            json!({
                "border": {"left": {"color": colour, "width": "4px"}},
                "spacing": {"padding": {"left": "1em"}},
            }),
        ),
        ("layout", json!({"type": "constrained"})),
    ];
    let html = format!(
        "<div class=\"wp-block-group callout callout-{name}\" \
         style=\"border-left-color:{colour};border-left-width:4px;padding-left:1em\">{inner}</div>"
    );
    markup::block("group", &attributes, &html)
}
