//! The driver of described APIs, with the real program against a home-made API. What runs against real
//! servers stands in `real`.

mod access;
mod confinement;
mod doubt;
mod public;
mod recipes;
mod sending;

use serde_json::Value;

use crate::{
    fakes::api::{Api, CLIENT, SECRET},
    harness::{
        program::{Project, Run},
        unique,
    },
};

/// A project whose one target is a home-made API.
pub struct Bench {
    pub project: Project,
    pub api: Api,
}

impl Bench {
    /// With the whole description.
    pub fn new() -> Self {
        Self::with(|config| config)
    }

    /// With a description that was changed.
    pub fn with(change: impl FnOnce(String) -> String) -> Self {
        let api = Api::start();
        let mut project = Project::with_config(&change(config(&api.address)));
        project.env("CROSSPOST_INTRANET_CLIENT_SECRET", SECRET).replace(&api.address, "[API]");
        Self { project, api }
    }

    /// Writes the note.
    pub fn note(&self, front: &str, text: &str) {
        self.project.write("notes/week.md", format!("---\ntitle: Week 12\n{front}---\n\n{text}\n"));
    }

    /// Publishes.
    pub fn publish(&self) -> Run {
        self.project.run(&["publish"])
    }

    /// The one post.
    #[track_caller]
    pub fn post(&self) -> Value {
        let posts = self.api.posts();
        assert_eq!(posts.len(), 1, "{posts:#?}");
        posts[0].clone()
    }
}

/// The description of the home-made API.
pub fn config(address: &str) -> String {
    format!(
        r#"project = "{}"
[targets.intranet]
kind = "http"
audience = "internal"
timeout = 5
url = "{address}/api"

[targets.intranet.auth]
kind = "oauth2"
token_url = "{address}/oauth/token"
client_id = "{CLIENT}"

[targets.intranet.check]
path = "/me"
who = "/user/name"

[targets.intranet.post]
id = "/id"
url = "https://intranet.example.org/news/{{{{ id }}}}"
lock = "/version"
parts = {{ title = "/title", content = "/html" }}

[targets.intranet.find]
path = "/posts"
query = {{ key = "{{{{ marker }}}}" }}
list = "/posts"
next = "/next"

[targets.intranet.fetch]
path = "/posts/{{{{ id }}}}"
at = "/post"

[targets.intranet.create]
path = "/posts"
at = "/post"
error_if = "/error"
body = {{ title = "{{{{ title }}}}", html = "{{{{ body }}}}", tags = "{{{{ tags }}}}" }}

[targets.intranet.update]
path = "/posts/{{{{ id }}}}"
at = "/post"
body = {{ title = "{{{{ title }}}}", html = "{{{{ body }}}}", tags = "{{{{ tags }}}}", version = "{{{{ lock + 1 }}}}" }}

[targets.intranet.delete]
path = "/posts/{{{{ id }}}}"
"#,
        unique("http")
    )
}
