//! Opens a browser.

use crate::commands::output::Output;

/// Shows an address in the person's browser; where there is none, says so.
pub fn browser(url: &str, output: &Output) {
    if let Err(error) = open::that_detached(url) {
        output.remark(&format!("no browser could be opened ({error}): open the address yourself"));
    }
}
