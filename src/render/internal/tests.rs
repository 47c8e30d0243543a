use super::*;
use crate::{
    note::{Audience, Note, Source, audience::clear},
    render::{
        KeepLinks, Pictures,
        html::{self, Options},
        links::InternalHosts,
        parse,
    },
};

fn policy(links: InternalLinks) -> InternalPolicy {
    let hosts = InternalHosts::new(&["intranet.example".to_owned(), "wiki".to_owned()]).unwrap();
    InternalPolicy { hosts, links, label: "[internal link]".to_owned() }
}

fn document(body: &str) -> Document {
    let source = Source { path: "n.md".into(), text: format!("---\ntitle: T\n---\n{body}").into() };
    let note = Note::parse(source, &[]).unwrap();
    parse::parse("n.md", &clear(&note, Audience::Public).unwrap(), Some("T")).unwrap()
}

/// The HTML of a body in which nothing leads inside any more.
fn hidden(body: &str, links: InternalLinks) -> String {
    let mut document = document(body);
    hide(&mut document, &policy(links), &BTreeSet::new(), "n.md").unwrap();
    let said = format!("{:?}", document.warnings);
    assert!(!said.contains("intranet.example"), "{said}");
    let meta = crate::render::html::tests::meta();
    let context = crate::render::Context {
        audience: Audience::Public,
        meta: &meta,
        marker: crate::note::Marker::derive("p", &crate::note::NoteId::of_path("n.md"), "t"),
        pictures: &Pictures::default(),
        links: &KeepLinks,
        site: &std::collections::BTreeMap::new(),
    };
    html::render(&document, &context, &Options::default(), &mut Vec::new())
}

#[test]
fn a_link_becomes_its_text_and_one_label() {
    for (body, shown) in [
        ("[the plan](https://intranet.example/p)", "the plan [internal link]"),
        ("[the plan](https://intranet.example/p), as ever", "the plan [internal link], as ever"),
        ("[the plan](https://intranet.example/p) [internal link]", "the plan [internal link]"),
        ("[the plan](https://intranet.example/p)\n[Internal link]", "the plan\n[Internal link]"),
        ("[the plan](https://intranet.example/p) ([internal link])", "the plan ([internal link])"),
        ("[the plan \\[internal link\\]](https://intranet.example/p)", "the plan [internal link]"),
        (
            "**[the plan](https://intranet.example/p)** [internal link]",
            "<strong>the plan</strong> [internal link]",
        ),
        ("[*the* plan](https://intranet.example/p)", "<em>the</em> plan [internal link]"),
        ("See <https://intranet.example/p>.", "See [internal link]."),
        ("See https://intranet.example/p today", "See [internal link] today"),
        ("See https://intranet.example/p [internal link]", "See  [internal link]"),
        ("[intranet.example/p](https://intranet.example/p)", "[internal link]"),
        ("[wiki/Main](https://wiki/Main/)", "[internal link]"),
        ("[](https://intranet.example/p)", "[internal link]"),
        ("[a](https://a.example \"see intranet.example\")", "<a href=\"https://a.example\">a</a>"),
        ("![A chart](https://intranet.example/c.png) here", "A chart [internal link] here"),
        ("![intranet.example](//intranet.example/c.png) here", "[internal link] here"),
    ] {
        assert_eq!(hidden(body, InternalLinks::Label), format!("<p>{shown}</p>"), "{body}");
    }
}

#[test]
fn without_labels_an_address_that_is_shown_becomes_one_nevertheless() {
    for (body, shown) in [
        ("[the plan](https://intranet.example/p)", "the plan"),
        ("See <https://intranet.example/p>.", "See [internal link]."),
        ("![A chart](https://intranet.example/c.png) here", "A chart here"),
    ] {
        assert_eq!(hidden(body, InternalLinks::Unlink), format!("<p>{shown}</p>"), "{body}");
    }
}

#[test]
fn it_is_found_wherever_it_stands() {
    insta::assert_snapshot!(hidden(
        "## [a](//wiki/a)\n\n## https://wiki/b\n\n- x[^1] [c](//wiki/c)\n\n| [d](//wiki/d) |\n|-|\n| ![e](//wiki/e) |\n\n\
         > [f](//wiki/f)\n\n![g](//wiki/g \"caption\")\n\n[![h](h.png)](//wiki/h)\n\n[![i](//wiki/i)](https://i.example)\n\n\
         ![](//wiki/j)\n\n<details><summary><a href=//wiki/k>k</a></summary>\n\n[l](//wiki/l)\n\n</details>\n\nterm\n: [m](//wiki/m)\n\n\
         <kbd title=\"//wiki/n\">n</kbd>\n\n[^1]: [o](//wiki/o)\n\n> [!NOTE]\n> [p](//wiki/p)\n",
        InternalLinks::Label
    ), @r##"
    <h2 id="a">a [internal link]</h2>
    <h2 id="internal-link">[internal link]</h2>
    <ul>
    <li>x<sup><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup> c [internal link]</li>
    </ul>
    <table>
    <thead>
    <tr><th>d [internal link]</th></tr>
    </thead>
    <tbody>
    <tr><td>e [internal link]</td></tr>
    </tbody>
    </table>
    <blockquote>
    <p>f [internal link]</p>
    </blockquote>
    <p>g [internal link] caption</p>
    <figure><img src="h.png" alt="h"><figcaption>[internal link]</figcaption></figure>
    <p><a href="https://i.example">i [internal link]</a></p>
    <p>[internal link]</p>
    <details>
    <summary>k [internal link]</summary>
    <p>l [internal link]</p>
    </details>
    <dl>
    <dt>term</dt>
    <dd>m [internal link]</dd>
    </dl>
    <p><kbd>n</kbd></p>
    <div class="alert alert-note" role="note">
    <p class="alert-title"><strong>Note</strong></p>
    <p>p [internal link]</p>
    </div>
    <section class="footnotes" role="doc-endnotes">
    <hr>
    <ol>
    <li id="fn-1">
    <p>o [internal link] <a href="#fnref-1" role="doc-backlink" aria-label="Back to the text">↩︎</a></p>
    </li>
    </ol>
    </section>
    "##);
}

#[test]
fn raw_html_loses_what_leads_inside_and_nothing_else() {
    for (body, shown) in [
        ("<div><a href='//wiki/a'>a</a></div>", "<div>a [internal link]</div>"),
        ("<div><a href='//wiki/a'>a</a> [internal link]</div>", "<div>a [internal link]</div>"),
        ("<div><a href='//wiki/a'><b>//wiki/a</b></a></div>", "<div>[internal link]</div>"),
        (
            "<div><p>x</p><img src='//wiki/a.png' alt='A'><br><img src='b.png' title='//wiki/b'></div>",
            "<div><p>x</p>A [internal link]<br><img src=\"b.png\"></div>",
        ),
        (
            "<div><video poster='//wiki/p.png' src='v.mp4'></video></div>",
            "<div><video src=\"v.mp4\"></video></div>",
        ),
        ("<div><audio><source src='//wiki/p.mp3'></audio></div>", "<div><audio></audio></div>"),
        (
            "<div id=a><a href='x.html' title='//wiki/b'>a</a></div>",
            "<div id=\"a\"><a href=\"x.html\">a</a></div>",
        ),
    ] {
        assert_eq!(hidden(body, InternalLinks::Label), shown, "{body}");
    }
}

#[test]
fn a_link_to_a_heading_that_was_cut_is_none() {
    let cut = BTreeSet::from(["the-merger-é".to_owned()]);
    let body = "[a](#the-merger-%C3%A9) [b](#open) <a href='#The-merger-é'>c</a>";
    let mut document = document(body);
    hide(&mut document, &InternalPolicy { label: "[x]".to_owned(), ..Default::default() }, &cut, "n.md")
        .unwrap();
    assert_eq!(document.links().iter().map(|link| link.href.as_str()).collect::<Vec<_>>(), ["#open"]);
    assert_eq!(document.text(), "a [x] b c [x]");
}

#[test]
fn a_heading_within_raw_html_keeps_no_anchor_that_spells_an_address() {
    for body in [
        "<div>\n\nSee https://wiki/secret b\n===\n\n</div>",
        "<h2>~~~\n\n](https://wiki/secret)![alt](https://wiki/secret.png)\n===\n\n~~~\n\n</h2>",
    ] {
        let mut document = document(body);
        hide(&mut document, &policy(InternalLinks::Label), &BTreeSet::new(), "n.md").unwrap();
        let all = format!("{:?}", document.blocks);
        assert!(!all.contains("wiki") && !all.contains("secret"), "{all}");
    }
}

#[test]
fn refusing_tells_each_line_and_no_address() {
    let mut document = document("[a](//wiki/secret)\n\n![b](//wiki/b.png) <https://wiki/secret>\n");
    let errors = hide(&mut document, &policy(InternalLinks::Refuse), &BTreeSet::new(), "n.md").unwrap_err();
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    error: a link to an internal address, in a note that goes to a public target
      --> n.md:4
      help: move it into an internal passage (`:::internal` … `:::`), or take it out
    error: a picture at an internal address, in a note that goes to a public target
      --> n.md:6
      help: move it into an internal passage (`:::internal` … `:::`), or take it out
    error: a link to an internal address, in a note that goes to a public target
      --> n.md:6
      help: move it into an internal passage (`:::internal` … `:::`), or take it out
    ");
    assert!(!told.concat().contains("secret"));
}

#[test]
fn a_document_that_leads_nowhere_inside_stays_as_it_is() {
    let body =
        "# A\n\n[a](https://a.example \"t\") ![b](b.png)\n\n<div  class='x'><a href=y>z</a>&nbsp;</div>\n";
    let mut changed = document(body);
    hide(&mut changed, &policy(InternalLinks::Label), &BTreeSet::new(), "n.md").unwrap();
    assert_eq!(format!("{changed:?}"), format!("{:?}", document(body)));
}
