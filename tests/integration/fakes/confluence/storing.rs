//! What becomes of a body when it is stored: checked, and written in Confluence's own way.

/// The named characters of storage format that the tests meet.
const ENTITIES: &str =
    "<!DOCTYPE body [<!ENTITY nbsp \"&#160;\"><!ENTITY rsquo \"&#8217;\"><!ENTITY ldquo \"&#8220;\">]>";

/// The body as it is stored, or what is wrong with it.
pub fn stored(body: &str) -> Result<String, String> {
    let whole = format!("{ENTITIES}<body xmlns:ac=\"urn:ac\" xmlns:ri=\"urn:ri\">{body}</body>");
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    roxmltree::Document::parse_with_options(&whole, options)
        .map_err(|error| format!("Error parsing xhtml: {error}"))?;
    let own = "ac:schema-version=\"1\" ac:macro-id=\"0f0e\"";
    let mut out = body.replace(&format!("<ac:structured-macro {own} "), "<ac:structured-macro ");
    out = out.replace("<ac:structured-macro ", &format!("<ac:structured-macro {own} "));
    Ok(out.replace('’', "&rsquo;").replace("<hr/>", "<hr />").replace("</p>\n", "</p>"))
}
