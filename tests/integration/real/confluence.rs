//! What is sent to Confluence Cloud, held to Atlassian's contract: every request of the suite but for
//! those of the row `interrupted`, which are the same ones, cut short.

use crosspost::targets::{Fetched, Reader, Writer};

use crate::{
    confluence::{api, changed, create, marker, rendering, update},
    conformance::{
        self,
        confluence::{Space, cloud},
    },
    fakes::confluence::{Confluence, Edition, Log},
    harness::contract::{Sent, assert_kept},
};

/// Requests of the API that there is a contract for, below its address.
fn of_contract(log: &Log) -> Vec<Sent> {
    let sent = log.lock().expect("nobody panicked").clone().into_iter();
    sent.filter_map(|sent| Some(Sent { path: sent.path.strip_prefix("/api/v2")?.to_owned(), ..sent }))
        .collect()
}

#[test]
fn every_request_of_the_suite_keeps_atlassians_contract() {
    let log = Log::default();
    let rows: [fn(Space); 14] = [
        conformance::create,
        conformance::update,
        conformance::unchanged,
        conformance::costs,
        conformance::drift,
        conformance::conflict,
        conformance::find_again,
        conformance::pictures,
        conformance::links,
        conformance::statuses,
        conformance::tags,
        conformance::unpublish,
        conformance::exactly_once,
        conformance::wrong_secret,
    ];
    for row in rows {
        row(cloud(&log));
    }
    crate::harness::wait(seldom(Log::clone(&log)));
    let sent = of_contract(&log);
    let kinds: std::collections::BTreeSet<String> =
        sent.iter().map(|sent| format!("{} {}", sent.method, without_ids(&sent.path))).collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        [
            "DELETE /pages/N",
            "GET /pages",
            "GET /pages/N/attachments",
            "GET /pages/N/children",
            "GET /pages/N/labels",
            "GET /pages/N/properties",
            "GET /spaces",
            "GET /spaces/N/operations",
            "POST /pages",
            "POST /pages/N/properties",
            "PUT /pages/N",
            "PUT /pages/N/properties/N",
        ]
    );
    assert_kept("confluence-v2", &sent);
}

/// What the suite does not ask for: `doctor`, and a page that is taken out of the trash.
async fn seldom(log: Log) {
    let confluence = Confluence::with_log(Edition::Cloud, log);
    let (api, marker) = (api(&confluence), marker());
    api.diagnose().await;
    let page = rendering(marker, "Seldom");
    let id = create(&api, marker, &page).await.unwrap().remote.id;
    api.unpublish(&id).await.unwrap();
    assert!(matches!(api.fetch(&id).await.unwrap(), Fetched::Present(_)));
    update(&api, &id, marker, &changed(&page, "Back")).await.unwrap();
}

fn without_ids(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let part = |part: &str| {
        if part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty() { "N" } else { part }.to_owned()
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
