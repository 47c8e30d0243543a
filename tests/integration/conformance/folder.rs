//! The folder, on this machine's disk.

use super::Place;
use crate::harness::program::Project;

struct Folder;

fn pages(project: &Project) -> Vec<String> {
    let files = project.files("crosspost-out").into_iter();
    files.filter(|f| f.ends_with(".html") && !f.ends_with("index.html")).collect()
}

impl Place for Folder {
    fn table(&self) -> String {
        "kind = \"folder\"\naudience = \"public\"\n".to_owned()
    }

    fn environment(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn posts(&self, project: &Project, word: &str) -> Vec<String> {
        pages(project).iter().map(|page| project.read(page)).filter(|text| text.contains(word)).collect()
    }

    fn edit(&self, project: &Project, _word: &str, from: &str, to: &str) -> bool {
        for page in pages(project) {
            let text = project.read(&page);
            project.write(&page, text.replace(from, to));
        }
        true
    }

    fn lose_next_answer(&self) -> bool {
        false
    }

    fn uploads(&self, project: &Project) -> Option<usize> {
        Some(project.files("crosspost-out").iter().filter(|f| f.contains("pictures/")).count())
    }
}

crate::conformance!(Folder);
