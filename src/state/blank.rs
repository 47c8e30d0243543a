//! A ledger that knows nothing and keeps nothing: for looking at notes where the real one would have
//! to be asked over a network.

use async_trait::async_trait;

use super::{Change, Entry, Key, Ledger, Scan, Swap, Versioned};
use crate::error::{Error, Result};

/// The ledger.
pub struct Blank;

#[async_trait]
impl Ledger for Blank {
    fn location(&self) -> String {
        "nowhere".to_owned()
    }

    async fn read(&self, _key: &Key) -> Result<Option<Versioned<Entry>>> {
        Ok(None)
    }

    async fn scan(&self) -> Result<Scan> {
        Ok(Vec::new())
    }

    async fn commit(&self, _changes: Vec<Change>) -> Result<Vec<Swap>> {
        Err(Error::failed("this ledger keeps nothing"))
    }
}
