//! A project that publishes everywhere: to a real WordPress, to a stand-in for Medium whose
//! canonical addresses are the blog's, and to a folder. The program reaches the first two through
//! recording proxies.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    program::{Project, Run},
    proxy::Proxy,
    unique,
    wordpress::{Flavour, Role, Site, User},
};
use crate::fakes::medium::{CATE, Medium};

/// The parts that a test puts together, with what most tests want.
pub struct Plan {
    /// Which WordPress, and as whom; `None` for a project without one.
    pub blog: Option<(Flavour, Role)>,
    /// Whether stories go to Medium.
    pub medium: bool,
    /// Whether pages go to a folder.
    pub pages: bool,
    /// Whether Medium's feed is read.
    pub feed: bool,
    /// Where the ledger is.
    pub state: String,
    /// Seconds that a request may take.
    pub timeout: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            blog: Some((Flavour::Wp71, Role::Author)),
            medium: true,
            pages: true,
            feed: false,
            state: "file:.crosspost".to_owned(),
            timeout: 20.0,
        }
    }
}

impl Plan {
    /// Only a blog.
    pub fn blog(flavour: Flavour, role: Role) -> Self {
        Self { blog: Some((flavour, role)), medium: false, pages: false, ..Self::default() }
    }
}

/// The blog of a project.
pub struct Blog {
    /// The site, to look behind the program.
    pub site: Site,
    /// What the program talks to.
    pub proxy: Proxy,
    /// The program's user.
    pub user: User,
}

/// A project and its targets: `blog`, `medium` and `pages`.
pub struct Everywhere {
    /// The folder and the program.
    pub project: Project,
    /// What nobody else's posts have: it is the project's name and part of every title.
    pub word: String,
    blog: Option<Blog>,
    medium: Option<(Medium, Proxy)>,
}

impl Everywhere {
    /// Starts the targets and writes the configuration.
    pub fn new(plan: &Plan) -> Self {
        let blog = plan.blog.map(|(flavour, role)| {
            let site = Site::shared(flavour);
            Blog { proxy: Proxy::in_front_of(&site.url), user: site.user(role), site }
        });
        let medium = plan.medium.then(|| {
            let medium = Medium::start();
            let proxy = Proxy::in_front_of(medium.api().as_str());
            (medium, proxy)
        });
        let mut all = Self { project: Project::new(), word: unique("week"), blog, medium };
        all.project.write("crosspost.toml", all.config(plan));
        let password = all.blog.as_ref().map(|blog| blog.user.password.clone());
        if let Some(password) = password {
            all.project.env("CROSSPOST_BLOG_PASSWORD", &password);
        }
        all.project.env("CROSSPOST_MEDIUM_TOKEN", CATE.token);
        all
    }

    /// The configuration of a plan, for projects that are not this one's (another clone).
    pub fn config(&self, plan: &Plan) -> String {
        let mut config = format!("project = \"{}\"\nstate = \"{}\"\n", self.word, plan.state);
        let common = format!("audience = \"public\"\ntimeout = {:?}\n", plan.timeout);
        if let Some(blog) = &self.blog {
            let (url, user) = (&blog.proxy.url, &blog.user.name);
            let _ = write!(
                config,
                "\n[targets.blog]\nkind = \"wordpress\"\nurl = \"{url}\"\nuser = \"{user}\"\n{common}"
            );
        }
        if let Some((medium, proxy)) = &self.medium {
            let _ =
                write!(config, "\n[targets.medium]\nkind = \"medium\"\napi = \"{}\"\n{common}", proxy.url);
            if self.blog.is_some() {
                config.push_str("canonical = \"blog\"\n");
            }
            if plan.feed {
                let _ = writeln!(config, "feed = \"{}\"", medium.feed(CATE.username));
            }
        }
        if plan.pages {
            let _ = write!(config, "\n[targets.pages]\nkind = \"folder\"\npath = \"out\"\n{common}");
        }
        config
    }

    /// The blog.
    pub fn blog(&self) -> &Blog {
        self.blog.as_ref().expect("this project has a blog")
    }

    /// The stand-in for Medium.
    pub fn medium(&self) -> &Medium {
        &self.medium.as_ref().expect("this project has Medium").0
    }

    /// The way to it.
    pub fn medium_proxy(&self) -> &Proxy {
        &self.medium.as_ref().expect("this project has Medium").1
    }

    /// Writes a short note whose title and text nobody else's post has.
    pub fn note(&self, path: &str, text: &str) {
        self.project.write(path, format!("---\ntitle: {} {path}\n---\n\n{text}\n", self.word));
    }

    /// Writes a picture that nobody else has; a small one, since WordPress takes seconds to scale a
    /// large one.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn picture(&self, path: &str) {
        let mut pixels = vec![0; 8 * 8 * 3];
        blake3::Hasher::new()
            .update(self.word.as_bytes())
            .update(path.as_bytes())
            .finalize_xof()
            .fill(&mut pixels);
        let picture = image::RgbImage::from_raw(8, 8, pixels).expect("a colour for each pixel");
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, image::ImageFormat::Png).expect("a PNG");
        self.project.write(path, png.into_inner());
    }

    /// Runs the program with its results as JSON.
    pub fn json(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let run = self.project.run(&[arguments, &["--format", "json"]].concat());
        (run.code, run.json())
    }

    /// Publishes everything, which must succeed.
    #[track_caller]
    pub fn publish(&self) -> Run {
        self.project.run(&["publish"]).expect(0)
    }

    /// The posts of this project at the blog, whatever their status.
    pub fn posts(&self) -> Vec<Value> {
        self.blog().site.posts_with_marker(&self.word)
    }

    /// The one post of this project at the blog.
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[track_caller]
    pub fn post(&self) -> Value {
        let mut posts = self.posts();
        assert_eq!(posts.len(), 1, "one post: {posts:#?}");
        posts.remove(0)
    }

    /// The text of a post's content.
    pub fn content(post: &Value) -> &str {
        post["content"]["raw"].as_str().unwrap_or_default()
    }

    /// Forgets the requests so far, at every target.
    pub fn forget(&self) {
        let blog = self.blog.iter().map(|blog| &blog.proxy);
        blog.chain(self.medium.iter().map(|(_, proxy)| proxy)).for_each(Proxy::forget);
    }

    /// All requests at the blog and at Medium, as `POST /wp-json/…`, without their queries.
    pub fn requests(&self) -> Vec<String> {
        let blog = self.blog.iter().map(|blog| &blog.proxy);
        let proxies = blog.chain(self.medium.iter().map(|(_, proxy)| proxy));
        let seen = proxies.flat_map(Proxy::requests);
        seen.map(|seen| format!("{} {}", seen.method, seen.path.split('?').next().unwrap_or_default()))
            .collect()
    }

    /// The ledger as text, for whatever must or must not stand in it.
    pub fn ledger(&self) -> String {
        self.project.files(".crosspost").iter().map(|file| self.project.read(file)).collect()
    }
}
