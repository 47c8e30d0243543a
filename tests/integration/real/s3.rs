//! The ledger in object storage over an S3 server: the suite, and what a store can get wrong.

use std::path::PathBuf;

use crosspost::state::{Key, Ledger, object::ObjectLedger};

use crate::{
    harness::s3::{Fault, Proxy, S3},
    state::{
        Shared, conformance,
        entries::{known, put, read, site, win},
        object::{apart, counter, plant_in},
    },
};

/// A prefix of a real server's bucket.
struct Server(S3);

impl Shared for Server {
    fn writer(&self) -> Box<dyn Ledger> {
        Box::new(ObjectLedger::new(self.0.store(), &self.0.state(), &self.0.prefix))
    }

    fn address(&self) -> (String, PathBuf) {
        (self.0.state(), PathBuf::new())
    }

    fn environment(&self) -> Vec<(String, String)> {
        self.0.environment()
    }

    fn plant(&self, target: &str, text: &str) {
        apart(plant_in(&*self.0.store(), &self.0.prefix, target, text));
    }
}

conformance!(Server(S3::start()), increments: 5, kills: 20);

fn through(proxy: &Proxy, server: &S3) -> ObjectLedger {
    ObjectLedger::new(proxy.store(), &server.state(), &server.prefix)
}

#[tokio::test]
async fn a_store_that_ignores_conditions_is_refused() {
    let server = S3::start();
    let careless = Proxy::start(&server, Fault::IgnoresConditions);
    let error = through(&careless, &server).commit(vec![put(site("blog", &[]), None)]).await.unwrap_err();
    assert_eq!(error.name(), Some("unconditional-store"));
    assert!(through(&careless, &server).read_all().await.unwrap().is_empty(), "nothing was written");
    // The control: the same way to the same server, conditions and all.
    let honest = Proxy::start(&server, Fault::None);
    win(&through(&honest, &server), put(site("blog", &[]), None)).await;
}

#[tokio::test]
async fn a_put_whose_answer_was_lost_has_won() {
    let server = S3::start();
    let ledger = through(&Proxy::start(&server, Fault::None), &server);
    let first = win(&ledger, put(site("blog", &[("n", "1")]), None)).await;
    let faulty = Proxy::start(&server, Fault::LosesAnswers);
    let ledger = through(&faulty, &server);
    win(&ledger, put(site("blog", &[("n", "2")]), first)).await;
    assert!(faulty.lost() > 0, "an answer was lost");
    assert_eq!(known(&read(&ledger, &Key::Site("blog".to_owned())).await.value)["n"], "2");
}

#[tokio::test]
async fn a_bucket_that_is_missing_is_no_empty_ledger() {
    let server = S3::start();
    let ledger = ObjectLedger::new(server.store_in("no-such-bucket"), "s3://no-such-bucket", "");
    for error in [
        ledger.read(&counter()).await.unwrap_err(),
        ledger.read_all().await.unwrap_err(),
        ledger.commit(vec![put(site("blog", &[]), None)]).await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("s3://no-such-bucket"), "{error}");
        assert!(error.hints().iter().any(|help| help.contains("bucket has to exist")), "{error}");
    }
}
