//! The operating system's keyring: Secret Service, Keychain, Credential Manager. It is only reached
//! for when a secret is asked for that the environment does not have.

use keyring::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};

use super::SERVICE;

/// Why the keyring does not answer, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is none.
    None(String),
    /// There is one, and it lets nobody in.
    Locked(String),
}

/// What stands under an account's name.
pub(super) fn read(account: &str) -> Result<Option<SecretString>, Trouble> {
    match entry(account)?.get_password() {
        Ok(secret) => Ok(Some(secret).filter(|secret| !secret.is_empty()).map(SecretString::from)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(trouble(&error)),
    }
}

/// Puts a secret under an account's name, in the place of the one that is there.
pub(super) fn write(account: &str, secret: &SecretString) -> Result<(), Trouble> {
    entry(account)?.set_password(secret.expose_secret()).map_err(|error| trouble(&error))
}

/// Removes what stands under an account's name, and tells whether there was anything.
pub(super) fn remove(account: &str) -> Result<bool, Trouble> {
    match entry(account)?.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(trouble(&error)),
    }
}

fn entry(account: &str) -> Result<Entry, Trouble> {
    // What went wrong with the store is told there; the entry's own error only says that it did.
    if let Err(error) = Entry::store_status() {
        return Err(trouble(error));
    }
    Entry::new(SERVICE, account).map_err(|error| trouble(&error))
}

/// The keyring's words, on one line.
fn trouble(error: &Error) -> Trouble {
    let words = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    match error {
        Error::NoStorageAccess(_) => Trouble::Locked(words),
        _ => Trouble::None(words),
    }
}
