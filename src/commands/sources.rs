//! Where a note's lines can be opened, as the environment tells.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::report::source::Sources;

/// On the forge that this runner works for: GitHub Actions and GitLab CI say it. No addresses
/// elsewhere. `root` is the project's folder.
pub fn of_forge(root: &Path) -> Sources {
    let value = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let github = || {
        let (server, repository) = (value("GITHUB_SERVER_URL")?, value("GITHUB_REPOSITORY")?);
        let tree = format!("{server}/{repository}/blob/{}", value("GITHUB_SHA")?);
        Some(Sources::at_forge(&tree, &folder(root, &value("GITHUB_WORKSPACE")?)?))
    };
    let gitlab = || {
        let tree = format!("{}/-/blob/{}", value("CI_PROJECT_URL")?, value("CI_COMMIT_SHA")?);
        Some(Sources::at_forge(&tree, &folder(root, &value("CI_PROJECT_DIR")?)?))
    };
    github().or_else(gitlab).unwrap_or_default()
}

/// In the editor from whose terminal the program was started, if it is one that has an address
/// scheme for files.
pub fn of_editor(root: &Path) -> Sources {
    let root = real(root);
    match env::var("TERM_PROGRAM").as_deref() {
        Ok("vscode") => Sources::in_editor("vscode", &root.to_string_lossy().replace('\\', "/")),
        _ => Sources::default(),
    }
}

/// The project's folder within the repository.
fn folder(root: &Path, repository: &str) -> Option<String> {
    let root = real(root);
    let inside = root.strip_prefix(real(Path::new(repository))).ok()?;
    Some(inside.to_string_lossy().replace('\\', "/"))
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
