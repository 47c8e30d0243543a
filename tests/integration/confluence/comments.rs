//! Readers' comments on words of a page.

use crosspost::targets::{Fetched, Reader};

use super::*;

fn on(words: &str) -> String {
    format!("<ac:inline-comment-marker ac:ref=\"r-1\">{words}</ac:inline-comment-marker>")
}

#[tokio::test]
async fn a_comment_is_no_edit_and_stays_with_its_words() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let page = changed(&rendering(marker, "Mine"), "One word, and another.");
        let created = create(&api, marker, &page).await.unwrap().remote;
        confluence.edit(&created.id.0, |page| page.body = page.body.replace("another", &on("another")));
        let Fetched::Present(seen) = api.fetch(&created.id).await.unwrap() else { panic!() };
        assert_eq!(seen.parts, created.parts, "nothing has drifted");
        let next = Rendering { body: page.body.replace("One word", "Some words"), ..page.clone() };
        let written = update(&api, &created.id, marker, &next).await.unwrap();
        assert_eq!(codes(&written), [""; 0]);
        assert!(written.remote.stamp.unwrap().pristine);
        assert!(confluence.current()[0].body.contains(&format!("Some words, and {}.", on("another"))));
    }
}

#[tokio::test]
async fn a_comment_whose_words_are_gone_is_told() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let page = rendering(marker, "Mine");
        let id = create(&api, marker, &page).await.unwrap().remote.id;
        confluence.edit(&id.0, |page| page.body = page.body.replace("text", &on("text")));
        api.fetch(&id).await.unwrap();
        let written = update(&api, &id, marker, &changed(&page, "Something else")).await.unwrap();
        assert_eq!(codes(&written), ["comment-detached"]);
        assert!(written.warnings[0].message.contains("\"text\""), "{:?}", written.warnings);
        assert!(!confluence.current()[0].body.contains("inline-comment"));
    }
}
