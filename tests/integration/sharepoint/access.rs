//! Who publishes, and what is told to those who may not.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crosspost::{
    note::Audience,
    targets::{
        Common, Reader as _,
        diagnosis::Grade,
        sharepoint::{api::Api, config::Config, connection::Connection, session::Credentials},
    },
};
use secrecy::SecretString;

use super::{assert_step, bench};
use crate::{
    conformance::{Bench, sharepoint::Intranet},
    fakes::sharepoint::{CLIENT, EXPIRED, Fault, ID_TOKEN, JOB_TOKEN, SECRET, SharePoint, TENANT},
};

#[test]
fn a_site_that_may_not_be_seen_never_reads_as_a_page_that_is_gone() {
    let (sharepoint, bench) = bench();
    bench.note("one", "", "Before");
    bench.publish(&[]);
    sharepoint.set(|state| state.visible = false);
    bench.note("one", "", "Afterwards");
    bench.note("two", "", "Another");
    let run = bench.run(&["publish"]);
    assert_eq!(run.code, Some(1), "{}", run.transcript());
    let told = run.transcript();
    assert!(told.contains("Sites.Selected") && !told.contains("deleted"), "{told}");
    assert_eq!((sharepoint.pages().len(), sharepoint.count("POST", "/pages")), (1, 1));
}

#[test]
fn a_page_that_is_gone_from_a_site_that_can_be_seen_is_told_as_gone() {
    let (sharepoint, bench) = bench();
    bench.note("one", "", "Before");
    bench.publish(&[]);
    sharepoint.set(|state| state.pages.clear());
    bench.note("one", "", "Afterwards");
    let run = bench.run(&["publish"]);
    assert!(run.transcript().contains("deleted"), "{}", run.transcript());
}

#[test]
fn a_token_serves_a_whole_run_and_is_renewed_when_it_ends() {
    let (sharepoint, bench) = bench();
    for name in ["one", "two", "three"] {
        bench.note(name, "", "Text of");
    }
    bench.publish(&[]);
    assert_eq!(sharepoint.count("POST", "/token"), 1);
    sharepoint.fail("GET", "/pages", Fault::Refuse { status: 401, code: "InvalidAuthenticationToken" });
    bench.note("four", "", "Text of");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(sharepoint.count("POST", "/token"), 3);
}

#[test]
fn a_secret_that_has_expired_is_told_as_that_and_not_shown() {
    let (sharepoint, mut bench) = bench();
    bench.project.env("CROSSPOST_PLACE_SECRET", EXPIRED);
    bench.note("one", "", "Text");
    let run = bench.run(&["publish"]);
    let told = run.transcript();
    assert!(told.contains("the client secret has expired") && told.contains("AADSTS7000222"), "{told}");
    assert!(!told.contains(EXPIRED) && !told.contains("Trace ID"), "{told}");
    assert_eq!(sharepoint.count("POST", "/token"), 1);
}

/// A project without a secret.
fn without_secret() -> (Arc<SharePoint>, Bench<Intranet>) {
    let sharepoint = Arc::new(SharePoint::start());
    let bench = Bench::new(Intranet::at(&sharepoint).without_secret());
    bench.note("one", "", "Text");
    (sharepoint, bench)
}

#[test]
fn without_a_secret_it_is_told_what_there_could_be() {
    let (sharepoint, bench) = without_secret();
    let told = bench.run(&["publish"]).transcript();
    for words in [
        "CROSSPOST_PLACE_SECRET",
        "id-token: write",
        "CROSSPOST_PLACE_ID_TOKEN",
        "api://AzureADTokenExchange",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
    assert!(sharepoint.log().is_empty());
}

#[test]
fn a_job_of_github_actions_needs_no_secret() {
    let (sharepoint, mut bench) = without_secret();
    bench
        .project
        .env("ACTIONS_ID_TOKEN_REQUEST_URL", &format!("{}/github?api-version=2.0", sharepoint.address()));
    bench.project.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", JOB_TOKEN);
    let run = bench.run(&["publish", "--format", "json"]);
    assert_step(&run.json(), "create done");
    assert!(!run.transcript().contains(JOB_TOKEN) && !run.transcript().contains(ID_TOKEN));
    assert_eq!(sharepoint.count("GET", "/github"), 1);
}

#[test]
fn a_token_of_another_ci_service_will_do_as_well_as_its_file() {
    let (_sharepoint, mut bench) = without_secret();
    bench.project.env("CROSSPOST_PLACE_ID_TOKEN", ID_TOKEN);
    assert_step(&bench.publish(&[]).1, "create done");
    let (_sharepoint, mut bench) = without_secret();
    bench.project.write("token", format!("{ID_TOKEN}\n"));
    let file = bench.project.root().join("token").display().to_string();
    bench.project.env("AZURE_FEDERATED_TOKEN_FILE", &file);
    assert_step(&bench.publish(&[]).1, "create done");
}

#[test]
fn a_job_that_no_federated_credential_fits_is_told_so() {
    let (_sharepoint, mut bench) = without_secret();
    bench.project.env("CROSSPOST_PLACE_ID_TOKEN", "another.job.token");
    let told = bench.run(&["publish"]).transcript();
    assert!(told.contains("no federated credential of the application fits this job"), "{told}");
    assert!(!told.contains("another.job.token"), "{told}");
}

fn api(sharepoint: &SharePoint, secret: &str, path: &str) -> Api {
    let url = |path: &str| format!("{}{path}", sharepoint.address()).parse().expect("an address");
    let common = Common {
        name: "place".to_owned(),
        audience: Audience::Internal,
        canonical: None,
        authors: Vec::new(),
        timeout: Duration::from_secs(5),
        concurrency: 2,
        insecure_http: false,
        ca_file: None,
        client_certificate: None,
        proxy: None,
        frame: crosspost::render::frame::Frame::default(),
        root: PathBuf::new(),
        timezone: jiff::tz::TimeZone::UTC,
    };
    let config = Config {
        url: url(path),
        tenant: TENANT.to_owned(),
        client: CLIENT.to_owned(),
        news: false,
        library: None,
        login: url("/"),
        api: url("/v1.0/"),
    };
    let credentials = Credentials::Secret(SecretString::from(secret));
    Api::new(Connection::new(&common, &config, credentials).expect("a connection"))
}

#[tokio::test]
async fn a_diagnosis_goes_as_far_as_publishing_would() {
    let sharepoint = SharePoint::start();
    let good = api(&sharepoint, SECRET, "/sites/intranet/").diagnose().await;
    let texts: Vec<&str> = good.iter().map(|told| told.text.as_str()).collect();
    assert!(good.iter().all(|told| told.grade == Grade::Good), "{texts:?}");
    assert_eq!(good.len(), 5, "{texts:?}");
    assert!(
        texts[1].ends_with("Sites.Selected")
            && texts[2].contains("\"Intranet\" is there, with the id 127.0.0.1,")
    );
    for (secret, path, count, words) in [
        ("wrong", "/sites/intranet/", 1, "does not accept the application's credentials"),
        (SECRET, "/sites/other/", 3, "did not show the site"),
    ] {
        let told = api(&sharepoint, secret, path).diagnose().await;
        let last = told.last().expect("something");
        assert!(told.len() == count && last.grade == Grade::Bad && last.text.contains(words), "{told:?}");
        assert!(!last.help.is_empty());
    }
    assert_eq!(sharepoint.pages().len(), 0);
}
