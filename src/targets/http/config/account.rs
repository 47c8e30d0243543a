//! `auth`: who asks.

use toml::Spanned;

use super::{raw, read::Reader};
use crate::{
    error::{Error, Result, nearest},
    targets::http::auth::Auth,
};

impl Reader<'_> {
    /// Who asks, as the table says.
    pub fn auth(&self, raw: Option<&Spanned<raw::Auth>>) -> Result<Auth> {
        let help = "add `auth = { kind = \"bearer\" }`, or one of: basic, header, oauth2, none";
        let raw = raw.ok_or_else(|| self.missing("auth", help))?;
        let (place, raw) = (self.places.of(raw), raw.get_ref());
        let need = |value: &Option<Spanned<String>>, key: &str| {
            value
                .as_ref()
                .map(|value| value.get_ref().clone())
                .ok_or_else(|| Error::invalid(format!("`auth` does not say its `{key}`")).at(place.clone()))
        };
        let kind = raw.kind.get_ref().as_str();
        let keys: &[&str] = match kind {
            "none" | "bearer" => &[],
            "basic" => &["user"],
            "header" => &["header", "prefix"],
            "oauth2" => &["token_url", "client_id", "scope"],
            other => {
                let kinds = ["none", "bearer", "basic", "header", "oauth2"];
                let error =
                    Error::invalid(format!("`{other}` is no kind of `auth`")).at(self.places.of(&raw.kind));
                return Err(match nearest(other, kinds) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help(format!("there are: {}", kinds.join(", "))),
                });
            }
        };
        let all = [
            ("user", &raw.user),
            ("header", &raw.header),
            ("prefix", &raw.prefix),
            ("token_url", &raw.token_url),
            ("client_id", &raw.client_id),
            ("scope", &raw.scope),
        ];
        for (key, value) in all {
            if let Some(value) = value.as_ref().filter(|_| !keys.contains(&key)) {
                return Err(Error::invalid(format!("`{key}` means nothing in `auth` of the kind `{kind}`"))
                    .at(self.places.of(value)));
            }
        }
        Ok(match kind {
            "bearer" => Auth::Bearer,
            "basic" => Auth::Basic { user: need(&raw.user, "user")? },
            "header" => {
                let name = need(&raw.header, "header")?;
                let name = name.parse().map_err(|_| {
                    Error::invalid(format!("`{name}` is no name of a header")).at(place.clone())
                })?;
                let prefix = raw.prefix.as_ref().map(|p| p.get_ref().clone()).unwrap_or_default();
                Auth::Header { name, prefix }
            }
            "oauth2" => {
                need(&raw.token_url, "token_url")?;
                let token_url =
                    raw.token_url.as_ref().map(|url| self.address("token_url", url)).transpose()?;
                Auth::OAuth2 {
                    token_url: token_url.ok_or_else(|| self.missing("auth", help))?,
                    client_id: need(&raw.client_id, "client_id")?,
                    scope: raw.scope.as_ref().map(|scope| scope.get_ref().clone()),
                }
            }
            _ => Auth::None,
        })
    }
}
