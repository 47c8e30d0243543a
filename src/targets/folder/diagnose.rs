//! What `doctor` says of a folder of pages.

use super::site::Site;
use crate::targets::diagnosis::Diagnosis;

/// Whether the pages can be read, and the folder written to.
pub(super) fn diagnose(site: &Site) -> Vec<Diagnosis> {
    let pages = match site.known_afresh() {
        Ok(known) => known.count(),
        Err(error) => return vec![Diagnosis::from(&error)],
    };
    if let Err(error) = site.folder.expect_writable() {
        return vec![Diagnosis::from(&error).code("folder-closed")];
    }
    let shown = &site.settings.shown;
    vec![Diagnosis::good(format!("`{shown}` holds {pages} pages of crosspost's, and can be written to"))]
}
