//! Folder

use std::sync::Arc;

use super::{Common, Driver, Target};
use crate::{config::Table, error::Result};

/// Folder
pub struct Folder;

impl Driver for Folder {
    fn kind(&self) -> &'static str {
        "folder"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn configure(&self, _common: Common, _table: Table<'_>) -> Result<Arc<dyn Target>> {
        todo!()
    }
}
