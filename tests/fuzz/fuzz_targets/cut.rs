//! No note gets an internal passage out, at any public target.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[path = "../../integration/leaks/compose.rs"]
mod compose;

static PUBLIC: LazyLock<compose::Public> = LazyLock::new(compose::Public::new);

fuzz_target!(|bytes: &[u8]| {
    let note = compose::compose(bytes);
    if let Some(leak) = PUBLIC.leak(&note) {
        panic!("{leak}\n--- in the note\n{note}");
    }
});
