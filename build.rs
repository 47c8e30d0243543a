//! Has the released program linked without what it never needs, where the system can load it so. GNU
//! ld and LLD know both options; gold knows neither, and cannot link a release.

use std::{env, fs, path::Path, process::Command};

/// The first glibc whose loader knows packed relative relocations (`DT_RELR`).
const PACKS_RELOCATIONS: (u32, u32) = (2, 36);

/// Tables for unwinding the stack, which a program that aborts on panic (as Cargo.toml has it for a
/// release) never does.
const NO_UNWINDING: &str = "\
SECTIONS {
  /DISCARD/ : { *(.eh_frame) *(.eh_frame_hdr) *(.gcc_except_table .gcc_except_table.*) }
} INSERT AFTER .text;
";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if !(is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && is("PROFILE", "release"))
    {
        return;
    }
    // Profilers and debuggers read the tables.
    if is("DEBUG", "false") {
        without_unwinding();
    }
    let is_built_for_itself = env::var("HOST").is_ok_and(|host| is("TARGET", &host));
    if is_built_for_itself && glibc().is_some_and(|version| version >= PACKS_RELOCATIONS) {
        link("-Wl,-z,pack-relative-relocs");
    }
}

fn is(name: &str, value: &str) -> bool {
    env::var(name).is_ok_and(|found| found == value)
}

fn link(argument: &str) {
    println!("cargo::rustc-link-arg-bins={argument}");
}

/// Where the script cannot be written the program is as good, and larger.
fn without_unwinding() {
    let Ok(folder) = env::var("OUT_DIR") else { return };
    let script = Path::new(&folder).join("no-unwinding.ld");
    if fs::write(&script, NO_UNWINDING).is_ok() {
        link(&format!("-Wl,-T,{}", script.display()));
    }
}

/// The version of this machine's C library.
fn glibc() -> Option<(u32, u32)> {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let (major, minor) = told.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
