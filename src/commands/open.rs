//! `open`: a note's post in the browser.

use std::path::Path;

use super::{browser, notes, output::Output, record::OneNote, shell::Shell};
use crate::{
    cli::{self, Format, Global},
    error::{Error, Result},
    report::json,
    state::TargetRecord,
};

/// `crosspost open`
pub async fn open(global: &Global, args: &cli::Open, output: &Output) -> Result<u8> {
    let shell = Shell::open(global, Some(&args.note), output)?;
    let targets: Vec<String> = args.target.iter().cloned().collect();
    let targets = shell.targets(&targets)?;
    let name = notes::select(&shell, std::slice::from_ref(&args.note))?.remove(0);
    let one = OneNote::read(&shell, &name).await?;
    let names: Vec<&str> = targets.iter().map(|target| target.common().name.as_str()).collect();
    let mut found = None;
    for target in &names {
        let url = one.at(target).and_then(url);
        found = found.or(url.map(|url| (*target, url)));
    }
    let Some((target, url)) = found else { return Err(nothing(&name, &names)) };
    let url = address(&url, &shell.config.root);
    if output.format == Format::Json {
        output.result(&json::to_text(
            &serde_json::json!({ "schema": json::SCHEMA, "command": "open", "note": name, "target": target, "url": url }),
        ));
    } else if args.print || !browser::open(&url) {
        output.result(&format!("{url}\n"));
    } else {
        output.remark(&format!("opened {url}"));
    }
    Ok(0)
}

fn url(record: TargetRecord) -> Option<String> {
    record.receipt.filter(|receipt| !receipt.unpublished)?.url
}

/// A page in a folder is told by its path from the configuration's folder.
fn address(url: &str, root: &Path) -> String {
    if url.contains("://") { url.to_owned() } else { root.join(url).display().to_string() }
}

fn nothing(note: &str, targets: &[&str]) -> Error {
    Error::invalid(format!("`{note}` has no post with an address"))
        .detail("looked at", targets.join(", "))
        .help("`crosspost status` shows what is published where")
}
