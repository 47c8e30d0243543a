//! The whole path, as a team goes it: a pull request, merges, a runner that dies, and a first run on a
//! repository of old notes. The blog is a real WordPress.

use std::{thread, time::Duration};

use serde_json::json;

use super::runner::{Event, Repository};
use crate::harness::{
    everywhere::{Everywhere, Plan},
    proxy::{Fault, Rule},
    wordpress::{Flavour, Role},
};

/// Seconds; a dead run's intent holds half as long again.
const TIMEOUT: f64 = 3.0;

struct Team {
    all: Everywhere,
    repository: Repository,
}

/// A blog, and a repository with a configuration and these notes.
fn team(notes: &[(&str, &str)]) -> Team {
    let plan = Plan {
        blog: Some((Flavour::Wp71, Role::Author)),
        medium: false,
        pages: false,
        state: "git:crosspost-ledger".to_owned(),
        timeout: TIMEOUT,
        ..Plan::default()
    };
    let all = Everywhere::new(&plan);
    let notes: Vec<(String, String)> =
        notes.iter().map(|(name, text)| ((*name).to_owned(), note(&all, name, text))).collect();
    let config = all.config(&plan);
    let mut files = vec![("crosspost.toml", config.as_str())];
    files.extend(notes.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let mut repository = Repository::new(&files);
    repository.secrets.push(("CROSSPOST_BLOG_PASSWORD".to_owned(), all.blog().user.password.clone()));
    Team { all, repository }
}

fn note(all: &Everywhere, name: &str, text: &str) -> String {
    format!("---\ntitle: {} {name}\n---\n\n{text}\n", all.word)
}

impl Team {
    fn push(&self, branch: &str, name: &str, text: &str) {
        self.repository.push(branch, &[(name, &note(&self.all, name, text))]);
    }

    /// The texts of the posts, oldest first.
    fn posts(&self) -> Vec<String> {
        self.all.posts().iter().map(|post| Everywhere::content(post).to_owned()).collect()
    }
}

#[test]
fn a_pull_request_two_merges_and_a_runner_that_dies() {
    let team = team(&[("notes/one.md", "The first.")]);
    let (blog, repository) = (&team.all.blog().proxy, &team.repository);

    team.push("second", "notes/two.md", "The second.");
    let job = repository.job(Event::Pull("second"), &[]).expect(0);
    let comments = repository.github.comments();
    assert_eq!(comments.len(), 1, "{job:#?}");
    assert!(comments[0].contains("notes/one.md") && comments[0].contains("notes/two.md"), "{comments:?}");
    assert!(blog.writes().is_empty(), "a plan writes nothing at the blog");
    assert_eq!(repository.branches(), ["main", "second"], "nor in the repository");

    repository.merge("second");
    repository.job(Event::Push("main"), &[]).expect(0);
    assert_eq!(team.posts().len(), 2);
    assert_eq!(repository.branches(), ["crosspost-ledger", "main", "second"]);

    team.push("change", "notes/one.md", "The first, changed.");
    repository.merge("change");
    blog.forget();
    repository.job(Event::Push("main"), &[]).expect(0);
    let posts = team.posts();
    assert_eq!(posts.len(), 2, "{posts:?}");
    // Both were sent at once: either may have been first.
    for text in ["The first, changed.", "The second."] {
        assert!(posts.iter().any(|post| post.contains(text)), "{posts:?}");
    }
    assert_eq!(blog.writes().len(), 1, "only what changed is sent");

    team.push("main", "notes/three.md", "The third.");
    blog.forget();
    blog.fail(Rule::on("POST", "/wp/v2/posts", Fault::SlowAfter(Duration::from_secs(3600))));
    let mut running = repository.start(Event::Push("main"));
    let stored = || blog.writes().iter().any(|seen| seen.status.is_some());
    while !stored() && !running.is_over() {
        thread::sleep(Duration::from_millis(20));
    }
    running.kill();
    blog.heal();
    assert_eq!(team.posts().len(), 3, "the blog has the post, and nobody was told");
    let job = repository.job(Event::Schedule, &[]).expect(0);
    assert_eq!(team.posts().len(), 3, "{job:#?}");
    blog.forget();
    repository.job(Event::Schedule, &[]).expect(0);
    assert!(blog.requests().is_empty(), "all is known");
    assert!(!job.log.contains(&team.all.blog().user.password));
}

#[test]
fn a_first_run_on_old_notes_posts_nothing_again() {
    let names = ["notes/old.md", "notes/older.md"];
    let team = team(&names.map(|name| (name, "As the note has it.")));
    let (site, repository) = (&team.all.blog().site, &team.repository);
    let author =
        site.query(&format!("SELECT ID FROM wp_users WHERE user_login = '{}'", team.all.blog().user.name));
    for name in names {
        let title = format!("{} {name}", team.all.word);
        let post =
            json!({"title": title, "content": "As it was pasted.", "status": "publish", "author": author[0]});
        site.post("wp/v2/posts", &post);
    }
    let job = repository.job(Event::Push("main"), &[]).expect(3);
    assert!(job.log.contains("suspected-duplicate") && job.log.contains("crosspost adopt"), "{}", job.log);
    assert!(team.posts().iter().all(|post| post == "As it was pasted.") && team.posts().len() == 2);

    // Somebody ties them, in their own clone.
    let mut local = std::process::Command::new(env!("CARGO_BIN_EXE_crosspost"));
    local.current_dir(repository.work()).envs(repository.secrets.iter().map(|(name, value)| (name, value)));
    let output = local.args(["adopt", "--all", "--target", "blog", "--yes"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("2 found, 0 left to you"), "{output:?}");
    assert!(team.posts().iter().all(|post| post == "As it was pasted."), "nothing is sent by that");

    repository.job(Event::Push("main"), &[]).expect(0);
    let posts = team.posts();
    assert!(posts.len() == 2 && posts.iter().all(|post| post.contains("As the note has it.")), "{posts:?}");
}
