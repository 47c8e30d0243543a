//! WordPress

use std::sync::Arc;

use super::{Common, Driver, Target};
use crate::{config::Table, error::Result};

/// WordPress
pub struct WordPress;

impl Driver for WordPress {
    fn kind(&self) -> &'static str {
        "wordpress"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn configure(&self, _common: Common, _table: Table<'_>) -> Result<Arc<dyn Target>> {
        todo!()
    }
}
