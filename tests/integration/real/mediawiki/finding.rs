//! Pages are found by their marker, also where nothing but the title tells where to look.

use crosspost::targets::Reader;

use super::*;
use crate::harness::proxy::Proxy;

#[tokio::test]
async fn many_pages_are_found_in_few_requests() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    let api = api_at(&proxy.url, &wiki);
    let mut all = Vec::new();
    for _ in 0..5 {
        let (marker, title) = (marker(), title());
        create(&api, marker, &rendering(marker, &title)).await.unwrap();
        all.push(wanted(marker, &title));
    }
    all.push(wanted(marker(), &title()));
    proxy.forget();
    let found = api.find(&all, true).await.unwrap();
    let counts: Vec<usize> = found.iter().map(|found| found.ours.len()).collect();
    assert_eq!(counts, [1, 1, 1, 1, 1, 0]);
    assert!(found.iter().all(|found| found.lookalikes.is_empty()));
    assert_eq!(proxy.requests().len(), 3, "the links, the pages, the titles");
}

#[tokio::test]
async fn a_page_that_somebody_renamed_is_found() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    let id = create(&api, marker, &rendering(marker, &title)).await.unwrap().remote.id;
    let to = format!("{title} archived");
    wiki.ask(&[("action", "move"), ("fromid", &id.0), ("to", &to), ("noredirect", "1")]);
    let found = api.find(&[wanted(marker, &title)], true).await.unwrap().remove(0);
    assert_eq!(found.ours.len(), 1);
    assert_eq!((found.ours[0].id.clone(), found.ours[0].parts["title"].clone()), (id, to));
}

#[tokio::test]
async fn a_page_whose_link_the_wiki_has_not_noted_is_found_by_its_title() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    // The comment alone: as if the server had died before it wrote the links down.
    wiki.write(&title, &format!("The text.\n\n<!-- {} -->", marker.token()));
    let found = api.find(&[wanted(marker, &title)], true).await.unwrap().remove(0);
    assert_eq!((found.ours.len(), found.lookalikes.len()), (1, 0));
}

#[tokio::test]
async fn a_copy_of_a_page_is_found_too() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    create(&api, marker, &rendering(marker, &title)).await.unwrap();
    wiki.write(&format!("{title} copied"), &wiki.text(&title).unwrap());
    let found = api.find(&[wanted(marker, &title)], true).await.unwrap().remove(0);
    assert_eq!(found.ours.len(), 2, "a person has to decide");
}

#[tokio::test]
async fn a_page_is_located_by_any_of_its_addresses() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), format!("{} é?", title()));
    let written = create(&api, marker, &rendering(marker, &title)).await.unwrap();
    let id = written.remote.id;
    let url = written.remote.url.unwrap();
    let (root, encoded) = (&wiki.url, url.rsplit('/').next().unwrap());
    for address in [
        url.clone(),
        format!("{root}/index.php?title={encoded}&action=edit"),
        format!("{root}/index.php?curid={}", id.0),
    ] {
        assert_eq!(api.locate(&address).await.unwrap(), Some(id.clone()), "{address}");
    }
    for address in [format!("{root}/index.php/Nowhere_{title}"), "https://elsewhere.example/x".to_owned()] {
        assert_eq!(api.locate(&address).await.unwrap(), None, "{address}");
    }
}
