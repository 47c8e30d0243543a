//! The browser of whoever sits in front of this machine, if there is one.

use std::env;

/// Opens an address or a file in the browser. Returns whether a browser was asked to: on a server,
/// or over SSH, there is none, and the address has to be shown instead.
pub fn open(address: &str) -> bool {
    has_screen() && open::that_detached(address).is_ok()
}

/// Without a screen, the openers of Linux fall back to a browser in the terminal, which would take
/// the terminal away.
fn has_screen() -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(any(target_os = "macos", windows)) {
        return !is_set("SSH_CONNECTION");
    }
    is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") || is_set("WSL_DISTRO_NAME")
}
