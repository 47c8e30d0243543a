//! Starting a site where `tests/run` did not.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use reqwest::Method;

use super::{http, lab_script};

/// Starts the shared site of this name in `flavour-up.sh`, or finds it running (it answers at the
/// path `alive`), and returns its `env` file.
pub(super) fn shared(flavour: &str, alive: &str) -> String {
    let lab = lab_folder();
    fs::create_dir_all(&lab).expect("the lab's folder can be made");
    let lock = File::create(lab.join(format!("{flavour}.lock"))).expect("a lock file");
    lock.lock().expect("the lock");
    let folder = lab.join(flavour);
    if let Ok(env) = fs::read_to_string(folder.join("env"))
        && answers(&env, alive)
    {
        return env;
    }
    let mut command = lab_script("flavour-up.sh");
    command.arg(flavour).arg(&folder);
    output(command, &folder)
}

/// One for each checkout, since a site runs with its checkout's plugins. In /tmp, not deeper: the
/// path of a database's socket must stay under a hundred characters.
fn lab_folder() -> PathBuf {
    let checkout = blake3::hash(env!("CARGO_MANIFEST_DIR").as_bytes()).to_hex();
    Path::new("/tmp").join(format!("crosspost-lab-{}", &checkout[..8]))
}

fn answers(env: &str, alive: &str) -> bool {
    env.lines().filter_map(|line| line.strip_prefix("URL=")).any(|url| {
        http::send(Method::GET, &format!("{url}/{alive}"), None, None)
            .is_ok_and(|answer| answer.status == 200)
    })
}

/// What a script of the lab printed.
pub(super) fn output(mut command: Command, folder: &Path) -> String {
    let output = command.stdin(Stdio::null()).output().expect("bash runs the lab's scripts");
    assert!(
        output.status.success(),
        "this test needs a real server, which does not start (in {}); `tests/run` installs what is \
         missing:\n{}",
        folder.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}
