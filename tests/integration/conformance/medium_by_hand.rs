//! Medium without a token: the suite is the author, who copies the page into the editor.

use super::Place;
use crate::{
    fakes::medium::{Medium, Story},
    harness::program::Project,
};

struct Pages {
    medium: Medium,
}

fn pages() -> Pages {
    Pages { medium: Medium::start() }
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("{from} is not in {text}"));
    rest.split_once(to).unwrap_or_else(|| panic!("{to} is not in {text}")).0
}

impl Place for Pages {
    fn table(&self) -> String {
        "kind = \"medium\"\nmode = \"handoff\"\naudience = \"public\"\n".to_owned()
    }

    fn environment(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
        let text = |s: Story| format!("{}\n{}\n{}", s.title, s.content, s.tags.join(" "));
        self.medium.stories().into_iter().map(text).filter(|text| text.contains(word)).collect()
    }

    fn edit(&self, _project: &Project, _word: &str, _from: &str, _to: &str) -> bool {
        false
    }

    fn lose_next_answer(&self) -> bool {
        false
    }

    fn bring(&self, project: &Project, name: &str) -> String {
        let page = project.read(&format!("crosspost-out/handoff/place/notes/{name}.html"));
        let story = between(&page, "<main id=\"story\">", "</main>");
        let tags = page.split("<strong>").skip(1).filter_map(|rest| rest.split_once("</strong>"));
        let tags: Vec<String> = tags.map(|(tag, _)| tag.to_owned()).collect();
        self.medium.bring(between(story, "<h1>", "</h1>"), story, &tags)
    }

    fn uploads(&self, _project: &Project) -> Option<usize> {
        None
    }
}

crate::conformance!(pages());
