//! The repository and its branch: fetch, list, read, write, push. Only plumbing, and nothing of
//! the work tree, the index, `FETCH_HEAD` or the branches that people see.

mod objects;

use std::{
    fs::File,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::command::{Git, Output};
use crate::{
    error::{Error, Result, nearest},
    state::lock,
};

/// A repository, and the branch in it or in its remote.
pub(super) struct Branch {
    git: Git,
    /// The folder of git's own files, which all work trees share.
    common: PathBuf,
    /// Where the branch is; `None` for this repository itself.
    remote: Option<String>,
    name: String,
    /// `refs/heads/BRANCH`.
    head: String,
    /// What holds the branch here: a name of our own beside people's branches, so that its objects
    /// are not swept away.
    tracking: String,
    /// The history was cut already (a CI runner's `depth: 1`), so one more cut does no harm. A
    /// whole clone is kept whole, and its fetches bring what is new only.
    shallow: bool,
    /// Objects are missing until they are asked for (`--filter=blob:none`).
    partial: bool,
    /// `Name <address>` of the commits.
    author: String,
}

/// How a push ended.
pub(super) enum Pushed {
    /// The branch is what was pushed.
    Taken,
    /// It may be anything; this is what git said.
    Refused(String),
}

/// Attempts to reach the remote.
const ATTEMPTS: u32 = 3;

impl Branch {
    pub(super) fn open(root: &Path, remote: Option<&str>, name: &str) -> Result<Self> {
        let git = Git::at(root);
        let about = git.run(&["rev-parse", "--is-shallow-repository", "--git-common-dir"])?;
        if !about.ok() {
            return Err(Error::invalid("the ledger is a branch, and here is no git repository")
                .cause(about.complaint)
                .help("run this in a clone, or keep the ledger elsewhere: `state = \"file:.crosspost\"`"));
        }
        let about = about.line();
        let (shallow, common) = about.split_once('\n').unwrap_or(("false", about.as_str()));
        let head = format!("refs/heads/{name}");
        if name.starts_with('-') || !git.run(&["check-ref-format", &head])?.ok() {
            return Err(Error::invalid(format!("`{name}` cannot be a branch's name"))
                .help("write `state = \"git:crosspost-ledger\"`, or `git:REMOTE:BRANCH`"));
        }
        let remote = find_remote(&git, remote)?;
        let partial =
            git.run(&["config", "--get-regexp", r"^remote\..*\.promisor$|^extensions\.partialclone$"])?;
        Ok(Self {
            common: root.join(common),
            tracking: format!("refs/crosspost/{}/{name}", remote.as_deref().unwrap_or("local")),
            name: name.to_owned(),
            author: author(&git)?,
            shallow: shallow == "true",
            partial: partial.ok(),
            git,
            remote,
            head,
        })
    }

    pub(super) fn location(&self) -> String {
        match self.remote.as_deref() {
            Some("origin") | None => format!("git:{}", self.name),
            Some(remote) => format!("git:{remote}:{}", self.name),
        }
    }

    /// An entry as `git show` would take it.
    pub(super) fn shown(&self, path: &str) -> String {
        format!("{}:{path}", self.name)
    }

    /// Waits until no other crosspost uses this clone: git itself gives up where two fetch at once.
    pub(super) fn lock(&self) -> Result<File> {
        let path = self.common.join("crosspost.lock");
        lock::acquire(&path, &path.display().to_string(), lock::PATIENCE)
    }

    /// The branch's newest commit; `None` where there is no such branch.
    pub(super) fn fetch(&self) -> Result<Option<String>> {
        let Some(remote) = &self.remote else { return self.resolve(&self.head) };
        let mut complaint = String::new();
        for attempt in 1..=ATTEMPTS {
            let fetched = self.fetch_from(remote)?;
            if fetched.ok() {
                return self.resolve(&self.tracking);
            }
            complaint = fetched.complaint;
            // Exit code 2 is documented: the remote was reached, and has no such branch.
            let listed = self.git.run(&["ls-remote", "--exit-code", "--quiet", remote, &self.head])?;
            if listed.code == Some(2) {
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(300) * attempt);
        }
        Err(Error::failed(format!("the ledger's branch `{}` cannot be fetched from `{remote}`", self.name))
            .cause(complaint)
            .help(format!(
                "`git fetch {remote} {}` has to work here; in CI, check the job's credentials",
                self.name
            )))
    }

    fn fetch_from(&self, remote: &str) -> Result<Output> {
        let spec = format!("+{}:{}", self.head, self.tracking);
        let mut arguments = vec!["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-prune"];
        arguments.extend(["--no-recurse-submodules", "--no-filter", "--refmap="]);
        if self.shallow {
            arguments.push("--depth=1");
        }
        arguments.extend([remote, &spec]);
        self.git.run(&arguments)
    }

    fn resolve(&self, name: &str) -> Result<Option<String>> {
        let found = self.git.run(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
        Ok(found.ok().then(|| found.line()))
    }

    /// Moves the branch from one commit (`None`: from nothing) to another.
    pub(super) fn push(&self, commit: &str, from: Option<&str>) -> Result<Pushed> {
        let from = from.unwrap_or_default();
        let pushed = match &self.remote {
            None => self.git.run(&["update-ref", "-m", "crosspost", &self.head, commit, from])?,
            Some(remote) => {
                let lease = format!("--force-with-lease={}:{from}", self.head);
                let spec = format!("{commit}:{}", self.head);
                let options =
                    ["push", "--quiet", "--no-verify", "--recurse-submodules=no", &lease, remote, &spec];
                self.git.run(&options)?
            }
        };
        Ok(if pushed.ok() { Pushed::Taken } else { Pushed::Refused(pushed.complaint) })
    }

    /// Asks the remote whether it would take a push, and pushes nothing. A server's own hooks are
    /// only asked by a real one.
    pub(super) fn expect_writable(&self) -> Result<()> {
        let Some(remote) = &self.remote else { return Ok(()) };
        let _lock = self.lock()?;
        let commit = match self.fetch()? {
            Some(tip) => tip,
            None => match self.resolve("HEAD")? {
                Some(head) => head,
                // Nothing was ever committed, so there is nothing to try with.
                None => return Ok(()),
            },
        };
        let spec = format!("{commit}:{}", self.head);
        let options =
            ["push", "--dry-run", "--quiet", "--no-verify", "--recurse-submodules=no", remote, &spec];
        let tried = self.git.run(&options)?;
        if tried.ok() { Ok(()) } else { Err(self.cannot_push(&tried.complaint)) }
    }

    pub(super) fn cannot_push(&self, cause: &str) -> Error {
        let remote = self.remote.as_deref().unwrap_or("this repository");
        Error::failed(format!("the ledger's branch `{}` cannot be pushed to `{remote}`", self.name))
            .cause(cause)
            .help("the job or person needs the right to push it: in GitHub Actions `permissions: contents: write`, in GitLab CI a token with `write_repository`")
            .help("a protected branch has to let crosspost push")
    }
}

/// The remote that holds the branch: the one asked for, else `origin`, else none at all.
fn find_remote(git: &Git, asked: Option<&str>) -> Result<Option<String>> {
    let listing = git.run(&["remote"])?.or("the repository's remotes cannot be listed")?.line();
    let remotes: Vec<&str> = listing.lines().collect();
    let wanted = asked.unwrap_or("origin");
    if remotes.contains(&wanted) {
        return Ok(Some(wanted.to_owned()));
    }
    if asked.is_none() && remotes.is_empty() {
        return Ok(None);
    }
    let error = Error::invalid(format!("the repository has no remote `{wanted}` to keep the ledger in"));
    Err(match nearest(wanted, remotes.iter().copied()) {
        Some(near) => error.help(format!("did you mean `git:{near}:BRANCH`?")),
        None if remotes.is_empty() => error.help(format!("add it: `git remote add {wanted} URL`")),
        None => error.help(format!("name one of these as `git:REMOTE:BRANCH`: {}", remotes.join(", "))),
    })
}

/// Who makes the commits: whom git is configured for, else the program. Some servers refuse
/// commits of people they do not know, so a configured one comes first.
fn author(git: &Git) -> Result<String> {
    let configured = git.run(&["-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"])?;
    let line = configured.line();
    let known = line.rfind('>').and_then(|end| line.get(..=end)).filter(|_| configured.ok());
    Ok(known.unwrap_or("crosspost <crosspost@localhost>").to_owned())
}
