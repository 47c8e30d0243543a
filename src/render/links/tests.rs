use super::*;

fn hosts() -> InternalHosts {
    let patterns = ["intranet.example.gov.uk", "*.corp.example", "10.*", "wiki", "büro.example", "[fd00::1]"];
    InternalHosts::new(&patterns.map(str::to_owned)).unwrap()
}

#[test]
fn no_spelling_hides_an_internal_host() {
    let hosts = hosts();
    for href in [
        "https://intranet.example.gov.uk/",
        "http://INTRANET.Example.GOV.uk",
        "https://intranet.example.gov.uk.:8443/x",
        "https://me:pw@intranet.example.gov.uk/",
        "//intranet.example.gov.uk/x",
        "\\\\intranet.example.gov.uk\\x",
        "/\\intranet.example.gov.uk",
        "https:\\\\intranet.example.gov.uk",
        "https:intranet.example.gov.uk",
        "http:/intranet.example.gov.uk",
        "ht\ntps://intra\tnet.exam\rple.gov.uk/",
        "  https://intranet.example.gov.uk",
        "\u{1}https://intranet.example.gov.uk",
        "https://intranet%2eexample.gov%2Euk/",
        "https://%69ntranet.example.gov.uk/",
        "https://intranet\u{3002}example\u{ff0e}gov.uk/",
        "https://ｉntranet.example.gov.uk/",
        "https://intra\u{ad}net.example.gov.uk/",
        "https://intra\u{200b}net.example.gov.uk/",
        "ftp://intranet.example.gov.uk/f",
        "ssh://git@Intranet.Example.gov.uk/r",
        "git+ssh://intranet.example.gov.uk./r",
        "mailto:me@intranet.example.gov.uk",
        "javascript:location='//intranet.example.gov.uk'",
        "https://proxy.example.org/?u=https%3A%2F%2Fintranet.example.gov.uk%2F",
        "https://proxy.example.org/?u=https%253A%252F%252Fintranet.example.gov.uk",
        "https://a.corp.example/",
        "https://a.b.corp.example/",
        "https://wiki/Main",
        "https://WIKI:8080",
        "//wiki",
        "https://10.1.2.3/",
        "https://0x0a010203/",
        "https://012.1.515/",
        "https://167838211/",
        "https://büro.example/",
        "https://xn--bro-hoa.example/",
        "https://BÜRO.example/",
        "https://[fd00:0::1]/",
        "https://[fd00::1]:80/",
    ] {
        assert!(hosts.is_internal(href), "{href:?}");
    }
}

#[test]
fn other_hosts_are_not_internal() {
    let hosts = hosts();
    for href in [
        "https://example.gov.uk/",
        "https://example.org/intranet",
        "wiki/page.md",
        "../wiki.md",
        "#wiki",
        "https://corp.example/",
        "https://notintranet.example.gov.uk/",
        "https://intranet.example.gov.uk.evil.example/",
        "https://110.1.2.3/",
        "https://example.org/10.html",
        "",
        "crosspost.invalid",
        "https://example.org/?q=wiki",
    ] {
        assert!(!hosts.is_internal(href), "{href:?}");
    }
    assert!(!InternalHosts::default().is_internal("https://intranet/"));
}

#[test]
fn a_mention_is_found_anywhere_in_a_payload() {
    let hosts = hosts();
    for (text, found) in [
        ("<p>Ask intranet.example.gov.uk.</p>", "intranet.example.gov.uk."),
        ("<code>curl _Intranet.Example.gov.uk_</code>", "_Intranet.Example.gov.uk_"),
        ("{\"url\":\"https:\\/\\/intranet.example.gov.uk\\/x\"}", "intranet.example.gov.uk"),
        ("a%2F%2Fintranet.example.gov.uk%2F", "intranet.example.gov.uk"),
        ("intranet&#46;example&#x2e;gov&period;uk", "intranet.example.gov.uk"),
        ("intranet.example\u{200b}.gov.uk", "intranet.example\u{200b}.gov.uk"),
        ("see //wiki/x", "wiki"),
        ("me@wiki", "wiki"),
        ("\\\\wiki\\share", "wiki"),
        ("host 10.0.0.1!", "10.0.0.1"),
        ("at Büro.example", "Büro.example"),
    ] {
        assert_eq!(hosts.mentions(text).as_deref(), Some(found), "{text}");
    }
    for text in [
        "Our wiki is new.",
        "corp.example",
        "10 people",
        "10.5 million",
        "10.5.2026",
        "10.html",
        "&#x110000; &# %zz",
        "an intranet example",
        "",
    ] {
        assert_eq!(hosts.mentions(text), None, "{text}");
    }
}

#[test]
fn patterns_that_are_no_hosts_are_refused() {
    for pattern in ["https://intranet", "intranet/x", "intranet:8080", "", "me@x", "bü*ro.example", "a[b"] {
        let error = InternalHosts::new(&[pattern.to_owned()]).unwrap_err();
        assert!(error.contains(pattern), "{error}");
    }
}

fn notes() -> NoteLinks {
    BTreeMap::from([
        ("notes/2026/a.md".to_owned(), NoteLink::At("https://blog.example/a/".to_owned())),
        ("notes/2026/b.md".to_owned(), NoteLink::Pending),
        ("notes/2026/c.md".to_owned(), NoteLink::Never),
        ("notes/2026/me.md".to_owned(), NoteLink::Pending),
    ])
}

fn policy(links: InternalLinks) -> InternalPolicy {
    InternalPolicy { hosts: hosts(), links, label: "[internal link]".to_owned() }
}

/// The fate of an address at a public target, and the codes of the warnings.
fn fate(href: &str) -> (LinkFate, Vec<&'static str>) {
    let (policy, notes) = (policy(InternalLinks::Label), notes());
    let rules = LinkRules::new(Audience::Public, &policy, "notes/2026/me.md", &notes);
    let mut warnings = Vec::new();
    let fate = rules.fate(href, 7, &mut warnings);
    (fate, warnings.into_iter().map(|warning| warning.code).collect())
}

#[test]
fn links_that_lead_somewhere_stay() {
    for (href, to) in [
        ("https://example.org/a?b#c", "https://example.org/a?b#c"),
        ("#section", "#section"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("tel:+44", "tel:+44"),
        (" https://example.org/a\nb ", "https://example.org/ab"),
        ("//example.org/x", "https://example.org/x"),
        ("a.md", "https://blog.example/a/"),
        ("./a.md#part", "https://blog.example/a/#part"),
        ("../2026/a.md?plain=1#part", "https://blog.example/a/#part"),
        ("a", "https://blog.example/a/"),
        ("/notes/2026/a.md", "https://blog.example/a/"),
        ("b.md#x", "crosspost-pending:notes/2026/b.md#x"),
        ("me.md#x", "#x"),
        ("me.md", "#"),
    ] {
        assert_eq!(fate(href), (LinkFate::To(to.to_owned()), vec![]), "{href}");
    }
}

#[test]
fn links_that_lead_nowhere_become_text_and_a_warning() {
    for (href, code) in [
        ("c.md", "link-to-unpublished-note"),
        ("d.md", "broken-link"),
        ("../../../a.md", "broken-link"),
        ("", "broken-link"),
        ("files/report.pdf", "link-to-file"),
        ("/about/", "link-to-file"),
        ("javascript:alert(1)", "unsafe-link"),
        ("JavaScript:alert(1)", "unsafe-link"),
        ("java\nscript:alert(1)", "unsafe-link"),
        ("\u{1}\tjavascript:alert(1)", "unsafe-link"),
        ("data:text/html,x", "unsafe-link"),
        ("vbscript:x", "unsafe-link"),
        ("file:///etc/passwd", "unsafe-link"),
        ("crosspost-pending:x", "unsafe-link"),
    ] {
        assert_eq!(fate(href), (LinkFate::Unlink, vec![code]), "{href:?}");
    }
}

#[test]
fn internal_links_follow_the_policy_in_public_targets_only() {
    let (href, notes) = ("https://intranet.example.gov.uk/secret-plan", notes());
    for (audience, links, expected, refused) in [
        (Audience::Public, InternalLinks::Label, LinkFate::Label("[internal link]".to_owned()), 0),
        (Audience::Public, InternalLinks::Unlink, LinkFate::Unlink, 0),
        (Audience::Public, InternalLinks::Refuse, LinkFate::Unlink, 1),
        (Audience::Internal, InternalLinks::Refuse, LinkFate::To(href.to_owned()), 0),
    ] {
        let policy = policy(links);
        let rules = LinkRules::new(audience, &policy, "notes/2026/me.md", &notes);
        let mut warnings = Vec::new();
        assert_eq!(rules.fate(href, 7, &mut warnings), expected);
        assert_eq!(rules.fate(href, 7, &mut warnings), expected);
        assert_eq!(rules.refused().len(), refused);
        let said = format!("{warnings:?} {:?}", rules.refused());
        assert!(!said.contains("secret-plan") && !said.contains("intranet."), "{said}");
    }
}

#[test]
fn the_notes_that_are_waited_for_can_be_asked_for() {
    let (policy, notes) = (policy(InternalLinks::Label), notes());
    let rules = LinkRules::new(Audience::Public, &policy, "notes/2026/me.md", &notes);
    for href in ["b.md", "b.md#x", "a.md", "me.md"] {
        rules.fate(href, 1, &mut Vec::new());
    }
    assert_eq!(rules.pending(), ["notes/2026/b.md"]);
}

proptest::proptest! {
    #[test]
    fn no_address_makes_it_panic(href in "(https?|javascript|//|\\\\|[:./@#?%&;\\[\\]]|&#|intranet|\\PC|\n|\t){0,16}") {
        let _ = fate(&href);
        let _ = hosts().mentions(&href);
    }

    #[test]
    fn an_internal_host_in_any_letter_case_is_found(upper in proptest::collection::vec(proptest::bool::ANY, 23), before in "[ (<\"'>]?", after in "[ )>\"'/:,]?") {
        let host: String = "intranet.example.gov.uk"
            .chars()
            .zip(upper)
            .map(|(c, up)| if up { c.to_ascii_uppercase() } else { c })
            .collect();
        let text = format!("text {before}{host}{after} text");
        proptest::prop_assert!(hosts().mentions(&text).is_some());
    }
}
