//! Encryption: whom the program trusts, and who it says that it is.

use crate::{
    harness::{
        program::Run,
        proxy::Proxy,
        tls::{self, Authority},
        wordpress::{Flavour, Role, Site},
    },
    real::intranet::Intranet,
};

/// Publishes a note to a server with a certificate of this name that ends with this year. With
/// `clients` the server takes only clients of that authority; `own` is what the program shows.
fn publish(name: &str, until: i32, lines: &str, clients: Option<&Authority>, own: &str) -> (Intranet, Run) {
    let authority = Authority::new("The council");
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::encrypted(&site.url, tls::server(&authority.sign(name, until), clients));
    let intranet = Intranet::new(site, proxy, Role::Editor, lines);
    intranet.project.write("council-ca.pem", &authority.pem);
    intranet.project.write("own.pem", own);
    intranet.note("", "Text");
    let run = intranet.project.run(&["publish"]);
    (intranet, run)
}

fn refused(name: &str, until: i32, lines: &str, clients: Option<&Authority>, own: &str, told: &str) {
    let (intranet, run) = publish(name, until, lines, clients, own);
    assert_eq!(run.code, Some(1), "{}", run.transcript());
    assert!(run.stderr.contains(told), "{told}: {}", run.transcript());
    assert!(intranet.proxy.requests().is_empty(), "{:?}", intranet.proxy.requests());
    assert!(intranet.news().is_empty());
    // Once it trusts and is trusted, the same note is created: nothing was taken for "not there".
    assert!(!run.transcript().contains("uncertain"), "{}", run.transcript());
}

const CA: &str = "ca_file = \"council-ca.pem\"\n";
const BOTH: &str = "ca_file = \"council-ca.pem\"\nclient_certificate = \"own.pem\"\n";

#[test]
fn a_server_is_trusted_by_its_authority_name_and_date() {
    refused("localhost", 2999, "", None, "", "name its PEM file in `ca_file`");
    refused("intranet.example.gov.uk", 2999, CA, None, "", "a certificate for another name");
    refused("localhost", 2020, CA, None, "", "must be renewed");
    let (intranet, run) = publish("localhost", 2999, CA, None, "");
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert!(intranet.one()["link"].as_str().is_some());
}

/// Where the system trusts an authority, nothing needs to be configured.
#[test]
fn a_server_is_trusted_as_the_system_does() {
    let mut intranet = Intranet::encrypted(Role::Editor, "");
    intranet.note("", "Text");
    let run = intranet.project.run(&["publish"]);
    assert_eq!(run.code, Some(1), "{}", run.transcript());
    assert!(intranet.news().is_empty());
    let authority = intranet.project.root().join("council-ca.pem");
    intranet.project.env("SSL_CERT_FILE", authority.to_str().expect("a path"));
    intranet.publish(0);
    intranet.one();
}

#[test]
fn a_server_that_asks_who_we_are_is_shown_our_certificate() {
    let clients = Authority::new("Clients of the council");
    let (own, other) = (clients.sign("crosspost", 2999), Authority::new("Others").sign("crosspost", 2999));
    let old = clients.sign("crosspost", 2020);
    refused("localhost", 2999, CA, Some(&clients), "", "in `client_certificate`");
    for strange in [&other, &old] {
        refused("localhost", 2999, BOTH, Some(&clients), &strange.pem, "does not accept the certificate");
    }
    let (intranet, run) = publish("localhost", 2999, BOTH, Some(&clients), &own.pem);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    intranet.one();
}

#[test]
fn a_file_of_certificates_that_cannot_be_used_is_named() {
    let clients = Authority::new("Clients of the council");
    for (lines, own) in [
        ("ca_file = \"no-such.pem\"\n", ""),
        ("ca_file = \"own.pem\"\n", "no certificate"),
        ("ca_file = \"council-ca.pem\"\nclient_certificate = \"own.pem\"\n", "no certificate"),
        ("ca_file = \"council-ca.pem\"\nclient_certificate = \"council-ca.pem\"\n", ""),
    ] {
        let (intranet, run) = publish("localhost", 2999, lines, Some(&clients), own);
        assert_eq!(run.code, Some(2), "{lines}: {}", run.transcript());
        assert!(run.stderr.contains(".pem"), "{lines}: {}", run.transcript());
        assert!(intranet.proxy.requests().is_empty());
    }
}

#[test]
fn a_certificate_that_is_not_trusted_any_more_never_reads_as_not_found() {
    let intranet = Intranet::encrypted(Role::Editor, CA);
    intranet.note("", "The first text");
    intranet.publish(0);
    intranet.project.write("council-ca.pem", &Authority::new("Somebody else").pem);
    intranet.note("", "The second text");
    let run = intranet.project.run(&["publish"]);
    assert_eq!(run.code, Some(1), "{}", run.transcript());
    assert!(!run.transcript().contains("deleted"), "{}", run.transcript());
    assert!(run.stderr.contains("`ca_file`"), "{}", run.transcript());
    intranet.one();
}
