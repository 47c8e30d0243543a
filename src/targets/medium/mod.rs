//! Medium

use std::sync::Arc;

use super::{Common, Driver, Target};
use crate::{config::Table, error::Result};

/// Medium
pub struct Medium;

impl Driver for Medium {
    fn kind(&self) -> &'static str {
        "medium"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn configure(&self, _common: Common, _table: Table<'_>) -> Result<Arc<dyn Target>> {
        todo!()
    }
}
