//! Medium's stand-in.

use std::cell::Cell;

use super::Place;
use crate::{
    fakes::medium::{CATE, Fault, Medium},
    harness::program::Project,
};

struct Stories {
    medium: Medium,
    counted: Cell<usize>,
}

fn stories() -> Stories {
    Stories { medium: Medium::start(), counted: Cell::new(0) }
}

impl Place for Stories {
    fn table(&self) -> String {
        format!("kind = \"medium\"\naudience = \"public\"\napi = \"{}\"\ntimeout = 2\n", self.medium.api())
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![("CROSSPOST_PLACE_TOKEN".to_owned(), CATE.token.to_owned())]
    }

    fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
        let text =
            |s: crate::fakes::medium::Story| format!("{}\n{}\n{}", s.title, s.content, s.tags.join(" "));
        self.medium.stories().into_iter().map(text).filter(|text| text.contains(word)).collect()
    }

    fn edit(&self, _project: &Project, _word: &str, _from: &str, _to: &str) -> bool {
        false
    }

    fn requests(&self) -> usize {
        let all = self.medium.log().len();
        all - self.counted.replace(all)
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
