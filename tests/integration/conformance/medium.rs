//! Medium's stand-in.

use super::Place;
use crate::{
    fakes::medium::{CATE, Fault, Medium, Story},
    harness::{program::Project, proxy::Proxy},
};

struct Stories {
    medium: Medium,
    proxy: Proxy,
}

fn stories() -> Stories {
    let medium = Medium::start();
    Stories { proxy: Proxy::in_front_of(medium.api().as_str()), medium }
}

fn text(story: &Story) -> String {
    format!("{}\n{}\n{}", story.title, story.content, story.tags.join(" "))
}

impl Stories {
    fn with(&self, word: &str) -> Vec<Story> {
        self.medium.stories().into_iter().filter(|story| text(story).contains(word)).collect()
    }
}

impl Place for Stories {
    fn table(&self) -> String {
        format!("kind = \"medium\"\naudience = \"public\"\napi = \"{}\"\ntimeout = 2\n", self.proxy.url)
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![("CROSSPOST_PLACE_TOKEN".to_owned(), CATE.token.to_owned())]
    }

    fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
        self.with(word).iter().map(text).collect()
    }

    fn edit(&self, _project: &Project, _word: &str, _from: &str, _to: &str) -> bool {
        false
    }

    fn proxy(&self) -> Option<&Proxy> {
        Some(&self.proxy)
    }

    fn told(&self, word: &str) -> Option<(String, Option<String>)> {
        self.with(word).first().map(|story| (story.url.clone(), None))
    }

    fn lose_next_answer(&self) -> bool {
        self.medium.fail(Fault::Drop { created: true });
        true
    }

    fn uploads(&self, _project: &Project) -> Option<usize> {
        Some(self.medium.log().iter().filter(|r| r.path.ends_with("/images")).count())
    }
}

crate::conformance!(stories());
