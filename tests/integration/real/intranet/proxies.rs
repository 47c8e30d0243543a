//! The proxy on the way out.

use crate::{
    harness::{program::Run, tunnel::Tunnel, wordpress::Role},
    real::intranet::Intranet,
};

/// Publishes a note with these lines in the target's table and these variables set.
fn publish(lines: &str, variables: &[(&str, &str)]) -> (Intranet, Run) {
    let lines = format!("ca_file = \"council-ca.pem\"\n{lines}");
    let mut intranet = Intranet::encrypted(Role::Editor, &lines);
    for (name, value) in variables {
        intranet.project.env(name, value);
    }
    intranet.note("", "Text");
    let run = intranet.project.run(&["publish"]);
    (intranet, run)
}

#[test]
fn all_goes_through_the_targets_proxy() {
    let tunnel = Tunnel::start(None);
    let (intranet, run) = publish(&format!("proxy = \"http://{}\"\n", tunnel.address), &[]);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    intranet.one();
    let to = intranet.proxy.url.replace("https://", "");
    assert!(!tunnel.asked().is_empty() && tunnel.asked().iter().all(|asked| *asked == to));
}

#[test]
fn without_one_the_environment_says_which_and_for_whom() {
    let tunnel = Tunnel::start(Some("cate:a-proxy-password"));
    let with_login = format!("http://cate:a-proxy-password@{}", tunnel.address);
    let (intranet, run) = publish("", &[("HTTPS_PROXY", &with_login)]);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    intranet.one();
    assert!(!tunnel.asked().is_empty());

    let tunnel = Tunnel::start(None);
    let to = format!("http://{}", tunnel.address);
    let (intranet, run) = publish("", &[("HTTPS_PROXY", &to), ("NO_PROXY", "localhost")]);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    intranet.one();
    assert!(tunnel.asked().is_empty(), "{:?}", tunnel.asked());
}

#[test]
fn a_proxy_that_asks_for_a_password_or_is_not_there_is_told() {
    let tunnel = Tunnel::start(Some("cate:a-proxy-password"));
    let wrong = format!("http://cate:another-password@{}", tunnel.address);
    let table = format!("proxy = \"http://{}\"\n", tunnel.address);
    for (lines, variables) in [(table.as_str(), vec![]), ("", vec![("HTTPS_PROXY", wrong.as_str())])] {
        let (intranet, run) = publish(lines, &variables);
        assert_eq!(run.code, Some(1), "{}", run.transcript());
        assert!(run.stderr.contains("the proxy asks for a password"), "{}", run.transcript());
        assert!(!run.transcript().contains("-password"), "no secret is shown: {}", run.transcript());
        assert!(intranet.news().is_empty());
    }
    let nowhere = format!("127.0.0.1:{}", crate::harness::closed_port());
    let (_, run) = publish(&format!("proxy = \"http://{nowhere}\"\n"), &[]);
    assert_eq!(run.code, Some(1), "{}", run.transcript());
    assert!(run.stderr.contains(&format!("proxy: http://{nowhere}")), "{}", run.transcript());
}
