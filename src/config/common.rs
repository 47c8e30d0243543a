//! What the table of every kind of target may say.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::{
    frames,
    table::Table,
    text::{ConfigText, at},
};
use crate::{
    error::{Error, Place, Result},
    note::Audience,
    render::frame::Frame,
    targets::Common,
};

/// The keys that every target's table may have; the rest is its driver's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCommon {
    audience: Option<Audience>,
    canonical: Option<Spanned<String>>,
    #[serde(default)]
    authors: Vec<String>,
    timeout: Option<Spanned<f64>>,
    concurrency: Option<Spanned<usize>>,
    #[serde(default)]
    insecure_http: bool,
    ca_file: Option<PathBuf>,
    client_certificate: Option<PathBuf>,
    proxy: Option<Spanned<String>>,
    header: Option<Spanned<String>>,
    footer: Option<Spanned<String>>,
}

/// The keys that the table of every kind of target may have, besides `kind`.
pub const COMMON_KEYS: &[&str] = &[
    "audience",
    "canonical",
    "authors",
    "timeout",
    "concurrency",
    "insecure_http",
    "ca_file",
    "client_certificate",
    "proxy",
    "header",
    "footer",
];

/// Reads and checks them.
pub fn read(
    source: &ConfigText,
    root: &Path,
    timezone: &TimeZone,
    name: &Spanned<Cow<'_, str>>,
    table: Table<'_>,
) -> Result<Common> {
    let missing = table
        .error(format!("`{}` does not say its `audience`", table.path))
        .help("add `audience = \"public\"` or `audience = \"internal\"`: internal passages only go to internal targets");
    let raw: RawCommon = table.read()?;
    let timeout = raw.timeout.as_ref().map_or(40.0, |t| *t.get_ref());
    if !(0.1..=3600.0).contains(&timeout) {
        return Err(Error::invalid("`timeout` must lie between 0.1 and 3600 seconds").at(raw
            .timeout
            .as_ref()
            .map_or_else(|| Place::file(&source.shown), |t| source.place(t.span().start))));
    }
    let concurrency = raw.concurrency.as_ref().map_or(4, |c| *c.get_ref());
    if !(1..=64).contains(&concurrency) {
        return Err(Error::invalid("`concurrency` must lie between 1 and 64").at(raw
            .concurrency
            .as_ref()
            .map_or_else(|| Place::file(&source.shown), |c| source.place(c.span().start))));
    }
    if let Some(proxy) = &raw.proxy {
        check_proxy(proxy.get_ref()).map_err(|error| at(source, proxy, error))?;
    }
    let frame = Frame {
        header: raw.header.as_ref().map(|text| frames::read(source, text)).transpose()?,
        footer: raw.footer.as_ref().map(|text| frames::read(source, text)).transpose()?,
    };
    Ok(Common {
        frame,
        name: name.get_ref().clone().into_owned(),
        audience: raw.audience.ok_or(missing)?,
        canonical: raw.canonical.map(Spanned::into_inner),
        authors: raw.authors,
        timeout: Duration::from_secs_f64(timeout),
        concurrency,
        insecure_http: raw.insecure_http,
        ca_file: raw.ca_file.map(|p| root.join(p)),
        client_certificate: raw.client_certificate.map(|p| root.join(p)),
        proxy: raw.proxy.map(Spanned::into_inner),
        root: root.to_path_buf(),
        timezone: timezone.clone(),
    })
}

/// A proxy's address, without the password that it may ask for.
fn check_proxy(text: &str) -> Result<()> {
    match url::Url::parse(text) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => Err(Error::invalid(
            "`proxy` carries a user name or a password, and secrets do not stand in the configuration",
        )
        .code("secret-in-config")
        .help("set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT in the environment, and leave `proxy` out")),
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(()),
        _ => Err(Error::invalid("`proxy` is no address of a proxy")
            .help("write it in full, as `http://proxy.example.gov.uk:3128`")),
    }
}
