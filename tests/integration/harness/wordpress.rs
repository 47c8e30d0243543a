//! Real WordPress sites, one of each [`Flavour`], shared by all tests of a run.
//!
//! `tests/run` starts them and names them in environment variables
//! (`CROSSPOST_TEST_WORDPRESS_71=…/env`). Without those, the first test that asks starts one, under
//! a file lock since tests may be processes; it stays up for the next run and ends by itself when
//! nobody has used it for half an hour.
//!
//! Tests share a site, so each tells its own posts by [`unique`](super::unique) words and leaves
//! the site's settings alone; one that cannot takes a [`Site::private`] one.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use reqwest::Method;
use serde_json::Value;

use super::{
    http::{self, Answer},
    lab_script,
    proxy::Proxy,
    start,
};

/// Which WordPress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// 7.1, one site.
    Wp71,
    /// 7.1, a network; tests publish to its second blog, under `/hackit`.
    Wp71Network,
    /// 6.1, one site.
    Wp61,
}

impl Flavour {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Wp71, Self::Wp71Network, Self::Wp61];

    /// Its name in `tests/lab/flavour-up.sh`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wp71 => "wp71",
            Self::Wp71Network => "wp71-network",
            Self::Wp61 => "wp61",
        }
    }

    /// The variable that holds the path of its `env` file.
    fn variable(self) -> &'static str {
        match self {
            Self::Wp71 => "CROSSPOST_TEST_WORDPRESS_71",
            Self::Wp71Network => "CROSSPOST_TEST_WORDPRESS_71_NETWORK",
            Self::Wp61 => "CROSSPOST_TEST_WORDPRESS_61",
        }
    }
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything on a single site.
    Administrator,
    /// Everybody's posts.
    Editor,
    /// Posts of their own, pictures, tags.
    Author,
    /// Drafts of their own.
    Contributor,
}

impl Role {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Administrator, Self::Editor, Self::Author, Self::Contributor];

    /// Its name in WordPress.
    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Editor => "editor",
            Self::Author => "author",
            Self::Contributor => "contributor",
        }
    }
}

/// A user with an application password.
#[derive(Debug, Clone)]
pub struct User {
    /// The login name.
    pub name: String,
    /// The application password, as WordPress shows it to copy.
    pub password: String,
}

/// A running site.
pub struct Site {
    /// Where tests publish: a target's `url`. In a network the blog, `…/hackit`.
    pub url: String,
    /// The server's own address: in a network the main site, else the same as `url`.
    pub root: String,
    /// `7.1.4`.
    pub version: String,
    folder: PathBuf,
    values: BTreeMap<String, String>,
    own: Option<OwnFolder>,
}

/// The folder of a private site: what runs in it is stopped before it goes.
struct OwnFolder(tempfile::TempDir);

impl Site {
    /// The site of this flavour that all tests share.
    ///
    /// # Panics
    /// With the reason, when it does not run and cannot be started.
    pub fn shared(flavour: Flavour) -> Self {
        let env = match std::env::var_os(flavour.variable()) {
            Some(path) => fs::read_to_string(&path)
                .unwrap_or_else(|e| panic!("{} names {}: {e}", flavour.variable(), path.display())),
            None => start::shared(flavour.name(), "index.php?rest_route=/"),
        };
        let site = Self::from_env(&env, None);
        // Keeps it from being stopped as idle.
        fs::write(site.folder.join("used"), "").expect("the site's folder can be written to");
        site
    }

    /// A site of the test's own, deleted when dropped; takes some ten seconds. `settings` are
    /// `wordpress-up.sh`'s: `[("WP", "7.1"), ("PERMALINKS", "plain")]`.
    ///
    /// # Panics
    /// With the reason, when it cannot be started.
    pub fn private(settings: &[(&str, &str)]) -> Self {
        // In /tmp, as shared sites are, for the length of its path.
        let folder = tempfile::Builder::new().prefix("crosspost-lab-").tempdir_in("/tmp");
        let own = OwnFolder(folder.expect("a temporary folder"));
        let mut command = lab_script("wordpress-up.sh");
        command.arg(super::closed_port().to_string()).arg(own.0.path());
        command.envs(settings.iter().copied());
        let env = start::output(command, own.0.path());
        Self::from_env(&env, Some(own))
    }

    fn from_env(env: &str, own: Option<OwnFolder>) -> Self {
        let values: BTreeMap<_, _> = env
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.trim_matches('"').to_owned()))
            .collect();
        let root = values["URL"].clone();
        Self {
            url: values.get("BLOG_URL").unwrap_or(&root).clone(),
            version: values["WP_VERSION"].clone(),
            folder: values["DIR"].clone().into(),
            root,
            values,
            own,
        }
    }

    /// A user of this role.
    pub fn user(&self, role: Role) -> User {
        let key = role.name().to_uppercase();
        User {
            name: self.values[&format!("{key}_USER")].clone(),
            password: self.values[&format!("{key}_APP_PASSWORD")].clone(),
        }
    }

    /// Sends a request to the REST API of `url`, as a user or as nobody. `route` is what follows
    /// `wp-json/`: `wp/v2/posts?slug=x`.
    ///
    /// # Panics
    /// When there is no answer.
    pub fn send(&self, user: Option<Role>, method: Method, route: &str, json: Option<&Value>) -> Answer {
        let user = user.map(|role| self.user(role));
        let login = user.as_ref().map(|user| (user.name.as_str(), user.password.as_str()));
        http::send(method, &self.rest(route), login, json).expect("WordPress answers")
    }

    fn rest(&self, route: &str) -> String {
        match self.values.get("REST_URL") {
            // Plain permalinks: the route is a parameter of the query.
            Some(rest) if rest.contains('?') => format!("{rest}{}", route.replacen('?', "&", 1)),
            _ => format!("{}/wp-json/{route}", self.url),
        }
    }

    /// GET as the administrator; must succeed.
    pub fn get(&self, route: &str) -> Value {
        self.send(Some(Role::Administrator), Method::GET, route, None).expect(200)
    }

    /// POST as the administrator: 200 for a change, 201 for something new.
    ///
    /// # Panics
    /// When the answer is neither.
    pub fn post(&self, route: &str, json: &Value) -> Value {
        let answer = self.send(Some(Role::Administrator), Method::POST, route, Some(json));
        assert!(matches!(answer.status, 200 | 201), "{}: {}", answer.status, answer.text());
        answer.json()
    }

    /// DELETE as the administrator; must succeed.
    pub fn delete(&self, route: &str) -> Value {
        self.send(Some(Role::Administrator), Method::DELETE, route, None).expect(200)
    }

    /// A post with all its raw parts, as its editor sees it.
    pub fn post_by_id(&self, id: &str) -> Value {
        self.get(&format!("wp/v2/posts/{id}?context=edit"))
    }

    /// All posts in which this word stands (a marker's id), whatever their status, the trash too.
    pub fn posts_with_marker(&self, token: &str) -> Vec<Value> {
        self.entries_with_marker("posts", token)
    }

    /// The same for another type of content, by its place in the API: `news`, `pages`.
    pub fn entries_with_marker(&self, rest_base: &str, token: &str) -> Vec<Value> {
        let kind = match rest_base {
            "posts" => "post",
            "pages" => "page",
            other => other,
        };
        let posts = self.table("posts");
        // The database is asked: a search of WordPress's own would share the program's mistakes.
        let ids = self.query(&format!(
            "SELECT ID FROM {posts} WHERE post_type = '{kind}' AND post_status <> 'auto-draft' \
             AND CONCAT(post_title, post_excerpt, post_content) LIKE '%{token}%' ORDER BY ID"
        ));
        ids.iter().map(|id| self.get(&format!("wp/v2/{rest_base}/{id}?context=edit"))).collect()
    }

    /// A table's name in this site: those of a network's blogs have its number.
    pub fn table(&self, name: &str) -> String {
        if self.url == self.root { format!("wp_{name}") } else { format!("wp_2_{name}") }
    }

    /// Asks the site's database; one line for each row.
    ///
    /// # Panics
    /// When it does not take the query.
    pub fn query(&self, sql: &str) -> Vec<String> {
        let mut command = Command::new("mariadb");
        command.args(["--no-defaults", "--user=root", "--skip-column-names", "--batch"]);
        command.arg("--socket").arg(self.folder.join("db.sock")).args(["wp", "--execute", sql]);
        let output = command.stdin(Stdio::null()).output().expect("MariaDB's client is installed");
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// Adds a plugin that is always on, to a private site.
    ///
    /// # Panics
    /// When the site is shared, or its folder cannot be written to.
    pub fn plugin(&self, name: &str, php: &str) {
        assert!(self.own.is_some(), "a plugin on a shared site would meet the other tests");
        let folder = self.folder.join("www/wp-content/mu-plugins");
        fs::write(folder.join(name), php).expect("the site's folder can be written to");
    }

    /// Lets scheduled posts go out whose time has come.
    pub fn run_cron(&self) {
        let _ = http::send(Method::GET, &format!("{}/wp-cron.php", self.url), None, None);
    }

    /// Makes WordPress itself fail for requests that come through `proxy`. The rule is one line of
    /// `tests/lab/lib/mu-plugins/lab-faults.php`: `1 POST /wp/v2/posts$ after-fatal`.
    ///
    /// # Panics
    /// When the site's folder cannot be written to.
    pub fn fault(&self, proxy: &Proxy, rule: &str) {
        let mut command = lab_script("wordpress-fault.sh");
        command.env("LAB_TEST", proxy.test_name()).arg(&self.folder).args(rule.split(' '));
        assert!(command.status().expect("bash runs the lab's scripts").success(), "{rule}");
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        let _ = lab_script("wordpress-down.sh").arg(self.0.path()).stdout(Stdio::null()).status();
    }
}
