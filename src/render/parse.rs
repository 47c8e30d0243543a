//! stub
use crate::{error::Error, note::Cleared};
use super::Document;
/// stub
pub fn parse(_c: &Cleared, _t: Option<&str>) -> Result<Document, Vec<Error>> { todo!() }
