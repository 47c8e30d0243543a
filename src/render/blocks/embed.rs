//! Embeds, as the editor writes them when an address is pasted.

use serde_json::Value;

use super::{escape, markup};
use crate::render::document::Provider;

/// What the editor knows of a service that WordPress embeds.
struct Service {
    slug: &'static str,
    kind: &'static str,
    /// The shape that the editor finds out for videos; without it they are shown too small.
    class: Option<&'static str>,
}

const WIDE: Option<&str> = Some("wp-embed-aspect-16-9 wp-has-aspect-ratio");

/// WordPress embeds no gists: it has no provider for them.
fn service(provider: Provider) -> Option<Service> {
    match provider {
        Provider::YouTube => Some(Service { slug: "youtube", kind: "video", class: WIDE }),
        Provider::Vimeo => Some(Service { slug: "vimeo", kind: "video", class: WIDE }),
        Provider::Twitter => Some(Service { slug: "twitter", kind: "rich", class: None }),
        Provider::Gist => None,
    }
}

/// An embed block, where WordPress embeds the service's pages: whether it does.
pub(super) fn block(provider: Provider, url: &str, out: &mut String) -> bool {
    let Some(Service { slug, kind, class }) = service(provider) else { return false };
    let mut attributes = vec![
        ("url", Value::from(escape::plain_address(url))),
        ("type", Value::from(kind)),
        ("providerNameSlug", Value::from(slug)),
        ("responsive", Value::from(true)),
    ];
    attributes.extend(class.map(|class| ("className", Value::from(class))));
    let class = class.map(|class| format!(" {class}")).unwrap_or_default();
    let address = escape::address(url);
    let html = format!(
        "<figure class=\"wp-block-embed is-type-{kind} is-provider-{slug} wp-block-embed-{slug}{class}\">\
         <div class=\"wp-block-embed__wrapper\">\n{address}\n</div></figure>"
    );
    markup::block(out, "embed", &markup::json(&attributes), &[&html]);
    true
}
