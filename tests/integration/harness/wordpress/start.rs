//! Starting a site where `tests/run` did not.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use reqwest::Method;

use super::Flavour;
use crate::harness::{http, lab_script};

/// Starts a shared site, or finds it running, and returns its `env` file.
pub(super) fn shared(flavour: Flavour) -> String {
    let lab = lab_folder();
    fs::create_dir_all(&lab).expect("the lab's folder can be made");
    let lock = File::create(lab.join(format!("{}.lock", flavour.name()))).expect("a lock file");
    lock.lock().expect("the lock");
    let folder = lab.join(flavour.name());
    if let Ok(env) = fs::read_to_string(folder.join("env"))
        && answers(&env)
    {
        return env;
    }
    let mut command = lab_script("flavour-up.sh");
    command.arg(flavour.name()).arg(&folder);
    output(command, &folder)
}

/// One for each checkout, since a site runs with its checkout's plugins. In /tmp, not deeper: the
/// path of a database's socket must stay under a hundred characters.
fn lab_folder() -> PathBuf {
    let checkout = blake3::hash(env!("CARGO_MANIFEST_DIR").as_bytes()).to_hex();
    Path::new("/tmp").join(format!("crosspost-lab-{}", &checkout[..8]))
}

fn answers(env: &str) -> bool {
    env.lines().filter_map(|line| line.strip_prefix("URL=")).any(|url| {
        http::send(Method::GET, &format!("{url}/index.php?rest_route=/"), None, None)
            .is_ok_and(|answer| answer.status == 200)
    })
}

/// What a script of the lab printed.
pub(super) fn output(mut command: Command, folder: &Path) -> String {
    let output = command.stdin(Stdio::null()).output().expect("bash runs the lab's scripts");
    assert!(
        output.status.success(),
        "this test needs a real WordPress, which does not start (in {}); `tests/run` installs what is \
         missing:\n{}",
        folder.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}
