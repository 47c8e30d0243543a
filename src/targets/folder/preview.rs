//! How a page will look: it is a page already, in its own style.

use super::config::Settings;
use crate::{render::Rendering, targets::preview::Preview};

/// The page's own body.
#[must_use]
pub fn page(settings: &Settings, rendering: &Rendering) -> Preview {
    let page = rendering.body.as_str();
    let body = page.split_once("<body>").map_or(page, |(_, rest)| rest);
    let body = body.rsplit_once("</body>").map_or(body, |(body, _)| body);
    Preview {
        language: settings.language.clone(),
        ..Preview::new(body.to_owned(), include_str!("style.css"))
    }
}
