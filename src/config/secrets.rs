//! Secrets do not stand in the configuration.

use toml::de::{DeTable, DeValue};

use super::text::{ConfigText, at};
use crate::error::{Error, Result};

/// Words for secrets; a key that is one of them, or ends in one, is refused.
const SECRET_WORDS: &[&str] =
    &["password", "passwd", "token", "secret", "api_key", "apikey", "client_secret"];

/// Refuses a file that holds one, wherever it stands.
pub fn refuse(source: &ConfigText, table: &DeTable<'_>) -> Result<()> {
    for (key, value) in table {
        let name = key.get_ref().to_lowercase();
        let plain = matches!(value.get_ref(), DeValue::String(_));
        if plain && SECRET_WORDS.iter().any(|word| name == *word || name.ends_with(&format!("_{word}"))) {
            return Err(at(source, key, Error::invalid(format!("`{name}` looks like a secret, and secrets do not stand in the configuration")))
                .code("secret-in-config")
                .help("remove it from the file (and change it, if the file was ever committed)")
                .help("set it in the environment, as CROSSPOST_<TARGET>_PASSWORD, or keep it in the operating system's keyring"));
        }
        if let DeValue::Table(inner) = value.get_ref() {
            refuse(source, inner)?;
        }
    }
    Ok(())
}
