//! Addresses: how they are shown, and which are safe.

use url::Url;

use crate::{
    error::{Error, Result},
    targets::Common,
};

/// An address without credentials, query and fragment. Of what is no address of a server, only the
/// scheme is shown: `user:password@host` reads as one of the scheme `user`.
#[must_use]
pub fn shown(url: &Url) -> String {
    if url.cannot_be_a_base() {
        return format!("{}:…", url.scheme());
    }
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

/// Refuses plain HTTP to another machine, where a password would travel in the open.
///
/// # Errors
/// When `url` is such an address and `insecure_http` does not allow it.
pub fn require_https(url: &Url, common: &Common) -> Result<()> {
    let local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if local || common.insecure_http => Ok(()),
        "http" => Err(Error::invalid(format!(
            "the target `{}` would send its password over plain HTTP",
            common.name
        ))
        .detail("url", shown(url))
        .help("use https://")
        .help("or, where nobody can listen, set `insecure_http = true` in its table")),
        other => Err(Error::invalid(format!("`{other}` is no address of a web site"))
            .detail("url", shown(url))
            .help("use https://…")),
    }
}
