//! What brings a note back to be rendered, and what does not: everything that its rendering is made
//! of, and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Mutex,
};

use crosspost::{
    config::Config,
    error::Result,
    note::{Note, NoteId, Source, path::resolve_relative},
    pictures::{Format, Original},
    plan::{Action, Plan, decide::OnDrift},
    publish::{Files, NoteFile, Progress, Run, Told, observe, perform, run_id, still},
    render::Digest,
    state::{Change, Entry, Key, Ledger, Record, SiteRecord, Swap, Versioned},
    targets::{Target, Writer},
};
use jiff::Timestamp;

use crate::crashes::{
    memory::Memory,
    model::{Kind, Model},
};

const CONFIG: &str = r#"
project = "unchanged"

[targets.blog]
kind = "wordpress"
url = "https://blog.example"
user = "bot"
audience = "public"

[targets.medium]
kind = "medium"
audience = "public"
canonical = "blog"
"#;

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// The project's files, in memory, and the verdicts on its notes, by path and digest.
#[derive(Default)]
struct Folder {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    verdicts: Mutex<BTreeMap<(String, Digest), Vec<u8>>>,
}

impl Folder {
    fn write(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.lock().unwrap().insert(path.to_owned(), bytes.into());
    }

    fn remove(&self, path: &str) {
        self.files.lock().unwrap().remove(path).expect("a file to remove");
    }

    fn get(&self, path: &str) -> Option<Vec<u8>> {
        self.files.lock().unwrap().get(path).cloned()
    }

    fn source(&self, path: &str) -> Option<Source> {
        Source::decode(path, &self.get(path)?).ok()
    }

    fn notes(&self) -> Vec<String> {
        let files = self.files.lock().unwrap();
        files.keys().filter(|path| Path::new(path).extension().is_some_and(|e| e == "md")).cloned().collect()
    }
}

impl Files for Folder {
    fn picture(&self, note: &str, src: &str) -> Result<Original> {
        let path = resolve_relative(note, src).expect("a picture of the folder");
        let bytes = self.get(&path).expect("a picture that is there");
        Ok(Original {
            digest: Digest::of(&bytes),
            file_name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            format: Format::Png,
            width: 1,
            height: 1,
            animated: false,
            photo: false,
            private: false,
            location: false,
            size: bytes.len(),
        })
    }

    fn bytes(&self, note: &str, src: &str, _original: &Original) -> Result<Vec<u8>> {
        let path = resolve_relative(note, src).expect("a picture of the folder");
        Ok(self.get(&path).expect("a picture that is there"))
    }

    fn exists(&self, note: &str) -> bool {
        self.get(note).is_some()
    }

    fn note(&self, path: &str) -> Option<NoteFile> {
        let digest = Digest::of(self.source(path)?.text.as_bytes());
        let verdict = self.verdicts.lock().unwrap().get(&(path.to_owned(), digest)).cloned();
        Some(NoteFile { digest, verdict: verdict.unwrap_or_default().into() })
    }

    fn conclude(&self, path: &str, digest: &Digest, verdict: &[u8]) {
        self.verdicts.lock().unwrap().insert((path.to_owned(), *digest), verdict.to_vec());
    }

    fn digest(&self, path: &str) -> Option<Digest> {
        Some(Digest::of(&self.get(path)?))
    }
}

struct Silent;

impl Progress for Silent {
    fn begin(&self, _steps: usize) {}
    fn step(&self, _note: &str, _target: &str) {}
    fn note(&self, _message: &str) {}
}

/// So many notes are there besides, that their records are read all at once.
const MORE: usize = 9;

/// Three notes, published: `a.md` links to `b.md` and to `[[c]]`, and shows a picture, `c.md` another.
struct Bench {
    folder: Folder,
    ledger: Memory,
    config: String,
    blog: Model,
    medium: Model,
    told: Told,
}

impl Bench {
    fn published() -> Self {
        let bench = Self {
            folder: Folder::default(),
            ledger: Memory::default(),
            config: CONFIG.to_owned(),
            blog: Model::new("blog", Kind::Askable, None),
            medium: Model::new("medium", Kind::Mute, Some("blog")),
            told: Told::All,
        };
        let a = "---\ntitle: A\n---\n\nSee [b](b.md), [[c]], [[d]] and [e](e.md).\n\n![A picture](p.png)\n";
        bench.folder.write("a.md", a);
        bench.folder.write("b.md", "---\ntitle: B\n---\n\nText with a footnote.[^1]\n\n[^1]: There.\n");
        bench.folder.write("c.md", "# C\n\nText.\n\n![Another](q.png)\n");
        bench.folder.write("p.png", "picture");
        bench.folder.write("q.png", "picture of c");
        for n in 0..MORE {
            bench.folder.write(&format!("z{n}.md"), format!("# Z{n}\n\nAnother.\n"));
        }
        bench.publish();
        // Of notes that link to one another some are finished by a second run.
        bench.publish();
        assert_eq!(bench.rendered(), [""; 0], "what was just published");
        bench
    }

    fn parsed(&self) -> Config {
        Config::parse(&self.config, Path::new("/nowhere/crosspost.toml")).expect("a configuration")
    }

    fn with<T>(&self, work: impl AsyncFnOnce(&Run<'_>, &Config) -> T) -> T {
        let config = self.parsed();
        let connect = |target: &dyn Target| {
            let model = if target.kind() == "medium" { &self.medium } else { &self.blog };
            Ok(Box::new(model.clone()) as Box<dyn Writer>)
        };
        let run = Run {
            project: &config.project,
            zone: &config.timezone,
            internal: &config.internal,
            ignored_keys: &config.ignored_keys,
            pictures: config.pictures,
            targets: config.targets.clone(),
            ledger: &self.ledger,
            files: &self.folder,
            connect: &connect,
            on_drift: OnDrift::Fail,
            trust_ledger: true,
            thorough: false,
            renders_all: false,
            holds: crosspost::publish::HELD_TO_SEND,
            told: self.told,
            id: run_id(),
            now: Timestamp::now(),
            root: Path::new(""),
            progress: &Silent,
        };
        wait(work(&run, &config))
    }

    fn read(&self, config: &Config, paths: &[String]) -> Vec<Note> {
        let sources = paths.iter().map(|path| self.folder.source(path).expect("a note"));
        sources.map(|source| Note::parse(source, &config.ignored_keys).expect("a note")).collect()
    }

    fn publish(&self) -> Plan {
        self.with(async |run, config| {
            let sorted = still::sort(run, &self.folder.notes()).await.unwrap();
            let notes = self.read(config, &sorted.rest);
            let observed = observe::observe(run, sorted, notes, Vec::new()).await.unwrap();
            perform::perform(run, &observed).await
        })
    }

    fn plan(&self) -> Plan {
        self.with(async |run, config| {
            let sorted = still::sort(run, &self.folder.notes()).await.unwrap();
            let notes = self.read(config, &sorted.rest);
            observe::observe(run, sorted, notes, Vec::new()).await.unwrap().plan(run)
        })
    }

    /// The notes that a plan has to render, and at which targets: the same whether the plan is about
    /// a few notes, whose records are read one by one, or about all of them.
    fn rendered(&self) -> Vec<String> {
        let is_more = |text: &String| text.starts_with('z');
        let notes = self.folder.notes();
        let of_all = self.rendered_of(&notes);
        let of_all: Vec<String> = of_all.into_iter().filter(|one| !is_more(one)).collect();
        let few: Vec<String> = notes.into_iter().filter(|path| !is_more(path)).collect();
        assert_eq!(self.rendered_of(&few), of_all, "a few and all");
        of_all
    }

    fn rendered_of(&self, paths: &[String]) -> Vec<String> {
        self.with(async |run, config| {
            let sorted = still::sort(run, paths).await.unwrap();
            let notes = self.read(config, &sorted.rest);
            let observed = observe::glance(run, sorted, notes, Vec::new()).await.unwrap();
            let rendered = observed.by_note().into_iter().filter(|work| work.rendered.is_some());
            let named = rendered.map(|work| {
                format!("{} {}", observed.notes[work.note].0.note.path(), work.target.common().name)
            });
            named.collect()
        })
    }

    fn change(&self, note: &str, change: impl FnOnce(&mut Record)) {
        wait(async {
            let key = Key::Note(NoteId::of_path(note));
            let read = self.ledger.read(&key).await.unwrap().expect("a record");
            let Versioned { value: Entry::Note(mut record), version } = read else { panic!("no note") };
            change(&mut record);
            let entry = Some(Entry::Note(record));
            let swaps =
                self.ledger.commit(vec![Change { key, expected: Some(version), entry }]).await.unwrap();
            assert!(matches!(swaps[..], [Swap::Done(_)]));
        });
    }

    /// The ledger learns something of the blog.
    fn learn(&self, name: &str, value: &str) {
        wait(async {
            let key = Key::Site("blog".to_owned());
            let read = self.ledger.read(&key).await.unwrap();
            let mut site = match read.as_ref().map(|v| &v.value) {
                Some(Entry::Site(site)) => (**site).clone(),
                _ => SiteRecord {
                    format: 1,
                    target: "blog".to_owned(),
                    location: "https://blog.example".to_owned(),
                    serial: 0,
                    known: BTreeMap::new(),
                },
            };
            site.known.insert(name.to_owned(), value.to_owned());
            let entry = Some(Entry::Site(Box::new(site)));
            let expected = read.map(|v| v.version);
            let swaps = self.ledger.commit(vec![Change { key, expected, entry }]).await.unwrap();
            assert!(matches!(swaps[..], [Swap::Done(_)]));
        });
    }

    /// The configuration with something else in it.
    fn with_config(mut self, from: &str, to: &str) -> Self {
        assert!(self.config.contains(from));
        self.config = self.config.replacen(from, to, 1);
        self
    }
}

const A: [&str; 2] = ["a.md blog", "a.md medium"];
const ALL: [&str; 6] = ["a.md blog", "a.md medium", "b.md blog", "b.md medium", "c.md blog", "c.md medium"];
const BLOG: [&str; 3] = ["a.md blog", "b.md blog", "c.md blog"];

#[test]
fn an_edited_note_is_rendered_and_no_other() {
    let bench = Bench::published();
    bench.folder.write("c.md", "# C\n\nOther text.\n");
    assert_eq!(bench.rendered(), ["c.md blog", "c.md medium"]);
}

#[test]
fn the_ends_of_lines_are_no_edit() {
    let bench = Bench::published();
    bench.folder.write("c.md", "\u{feff}# C\r\n\r\nText.\r\n\r\n![Another](q.png)\r\n");
    assert_eq!(bench.rendered(), [""; 0]);
}

#[test]
fn another_picture_brings_back_the_note_that_shows_it() {
    let bench = Bench::published();
    bench.folder.write("p.png", "another picture");
    assert_eq!(bench.rendered(), A);
    bench.folder.write("p.png", "picture");
    bench.folder.write("q.png", "another picture");
    assert_eq!(bench.rendered(), ["c.md blog", "c.md medium"]);
}

#[test]
fn a_picture_that_is_gone_brings_back_the_note_that_shows_it() {
    for (picture, note) in [("p.png", "a.md"), ("q.png", "c.md")] {
        let bench = Bench::published();
        bench.folder.remove(picture);
        let sorted = bench.with(async |run, _| still::sort(run, &bench.folder.notes()).await.unwrap());
        assert_eq!(sorted.rest, [note]);
    }
}

/// The other tests have verdicts too: nothing that brings a note back is hidden by one.
#[test]
fn a_verdict_is_remembered_of_what_depends_on_no_other_note_and_believed_as_it_was_written() {
    let bench = Bench::published();
    let about: BTreeSet<String> =
        bench.folder.verdicts.lock().unwrap().keys().map(|(path, _)| path.clone()).collect();
    let mut expected: BTreeSet<String> = bench.folder.notes().into_iter().collect();
    expected.remove("a.md");
    assert_eq!(about, expected);
    // One that is damaged, or was written of another note, costs time only.
    for verdict in bench.folder.verdicts.lock().unwrap().values_mut() {
        verdict.reverse();
    }
    assert_eq!(bench.rendered(), [""; 0]);
    bench.folder.write("c.md", "# C\n\nOther text.\n");
    let verdicts: Vec<Vec<u8>> = bench.folder.verdicts.lock().unwrap().values().cloned().collect();
    let digest = Digest::of(b"# C\n\nOther text.\n");
    for verdict in verdicts {
        bench.folder.conclude("c.md", &digest, &verdict);
        assert_eq!(bench.rendered(), ["c.md blog", "c.md medium"]);
    }
}

#[test]
fn a_new_address_brings_back_the_notes_that_link_to_it() {
    let bench = Bench::published();
    bench.change("b.md", |record| {
        let receipt = record.targets.get_mut("blog").and_then(|at| at.receipt.as_mut()).expect("a receipt");
        receipt.url = Some("https://blog.example/elsewhere".to_owned());
    });
    // The note itself: its post at Medium names the address of the original.
    assert_eq!(bench.rendered(), ["a.md blog", "b.md medium"]);
}

#[test]
fn a_post_that_was_taken_down_brings_back_the_notes_that_link_to_it() {
    let bench = Bench::published();
    bench.change("b.md", |record| {
        let receipt = record.targets.get_mut("blog").and_then(|at| at.receipt.as_mut()).expect("a receipt");
        receipt.unpublished = true;
    });
    let rendered = bench.rendered();
    assert!(rendered.contains(&"a.md blog".to_owned()), "{rendered:?}");
    assert!(!rendered.iter().any(|one| one.starts_with("c.md")), "{rendered:?}");
}

#[test]
fn a_note_that_a_link_always_meant_brings_back_the_note_with_the_link() {
    for (path, text) in [("d.md", "# D\n\nText.\n"), ("e.md", "# E\n\nText.\n")] {
        let bench = Bench::published();
        bench.folder.write(path, text);
        let mut expected = A.map(str::to_owned).to_vec();
        expected.extend([format!("{path} blog"), format!("{path} medium")]);
        assert_eq!(bench.rendered(), expected);
    }
}

#[test]
fn what_the_configuration_says_of_all_notes_brings_all_back() {
    let additions = [
        "timezone = \"Europe/London\"\n",
        "[internal]\nhosts = [\"intra.example\"]\n",
        "[internal]\nlinks = \"unlink\"\n",
        "[internal]\nlabel = \"[inside]\"\n",
        "[pictures]\nmax_width = 800\n",
        "[front_matter]\nignore = [\"layout\"]\n",
    ];
    for addition in additions {
        let place = "project = \"unchanged\"\n";
        let bench = Bench::published().with_config(place, &format!("{place}{addition}"));
        assert_eq!(bench.rendered(), ALL, "{addition}");
    }
}

#[test]
fn what_the_configuration_says_of_a_target_brings_back_what_is_there() {
    let user = "user = \"bot\"\n";
    for addition in ["header = \"Before {{ title }}\"\n", "footer = \"After\"\n", "format = \"html\"\n"] {
        let bench = Bench::published().with_config(user, &format!("{user}{addition}"));
        assert_eq!(bench.rendered(), BLOG, "{addition}");
    }
    let bench = Bench::published().with_config("canonical = \"blog\"\n", "");
    assert_eq!(bench.rendered(), ["a.md medium", "b.md medium", "c.md medium"]);
}

#[test]
fn what_a_configuration_says_of_requests_brings_nothing_back() {
    let user = "user = \"bot\"\n";
    for other in ["user = \"another\"\n", "user = \"bot\"\ntimeout = 7\nconcurrency = 9\n"] {
        assert_eq!(Bench::published().with_config(user, other).rendered(), [""; 0], "{other}");
    }
}

#[test]
fn only_what_a_site_says_of_renderings_brings_notes_back() {
    let bench = Bench::published();
    bench.learn("term/tag/new", "12");
    bench.learn("since", "2026-01-01T00:00:00Z");
    assert_eq!(bench.rendered(), [""; 0]);
    bench.learn("footnotes", "false");
    assert_eq!(bench.rendered(), BLOG);
}

#[test]
fn a_record_of_another_release_is_rendered_once_and_then_known_again() {
    let bench = Bench::published();
    for change in [
        |record: &mut Record| receipt(record).basis = None,
        |record: &mut Record| receipt(record).basis.as_mut().unwrap().digest = Digest::of(b"another release"),
    ] {
        bench.change("c.md", change);
        assert_eq!(bench.rendered(), ["c.md blog"]);
        let plan = bench.publish();
        assert!(plan.steps.iter().all(|step| step.action == Action::Unchanged), "{plan:#?}");
        assert_eq!(bench.rendered(), [""; 0]);
    }
}

fn receipt(record: &mut Record) -> &mut crosspost::state::Receipt {
    record.targets.get_mut("blog").and_then(|at| at.receipt.as_mut()).expect("a receipt")
}

#[test]
fn a_copy_of_a_note_with_its_id_is_still_refused() {
    let bench = Bench::published();
    bench.folder.write("f.md", "---\ntitle: F\nid: f\n---\n\nText.\n");
    bench.publish();
    bench.folder.write("g.md", "---\ntitle: F\nid: f\n---\n\nText.\n");
    let plan = bench.publish();
    assert!(!plan.errors.is_empty(), "{plan:#?}");
    assert!(plan.errors.iter().all(|e| e.name() == Some("same-note")), "{plan:#?}");
    assert_eq!(bench.blog.posts_of("Text.").len(), 2, "c and f");
}

#[test]
fn all_notes_stand_in_the_plan_in_their_order() {
    let bench = Bench::published();
    bench.folder.write("b.md", "---\ntitle: B\n---\n\nOther text.\n");
    let plan = bench.publish();
    let steps: Vec<String> =
        plan.steps.iter().map(|s| format!("{} {} {:?}", s.note, s.target, s.action)).collect();
    assert_eq!(
        steps[..6],
        [
            "a.md blog Unchanged",
            "a.md medium Unchanged",
            "b.md blog Update",
            "b.md medium Manual",
            "c.md blog Unchanged",
            "c.md medium Unchanged",
        ]
    );
}

#[test]
fn what_has_not_changed_is_counted_where_it_is_not_told() {
    let mut bench = Bench::published();
    let all = bench.plan();
    bench.told = Told::Changes;
    let none = bench.plan();
    assert_eq!((none.summary(), none.steps.len()), (all.summary(), 0));
    bench.folder.write("b.md", "---\ntitle: B\n---\n\nOther text.\n");
    let changes = bench.plan();
    let told: Vec<&str> = changes.steps.iter().map(|step| &*step.note).collect();
    assert_eq!(told, ["b.md", "b.md"]);
    bench.told = Told::All;
    assert_eq!(changes.summary(), bench.plan().summary());
}

#[test]
fn a_note_that_is_looked_at_again_can_be_told_from_the_count() {
    let mut bench = Bench::published();
    bench.folder.write("b.md", "---\ntitle: B\n---\n\nOther text.\n");
    let counted = |bench: &Bench| {
        bench.with(async |run, config| {
            let sorted = still::sort(run, &bench.folder.notes()).await.unwrap();
            let notes = bench.read(config, &sorted.rest);
            let observed = observe::observe(run, sorted, notes, Vec::new()).await.unwrap();
            observed.counted(run, &["a.md", "b.md", "c.md", "nowhere.md"].map(str::to_owned))
        })
    };
    assert_eq!(counted(&bench), 0, "all are told");
    bench.told = Told::Changes;
    assert_eq!(counted(&bench), 4, "two notes at two targets");
}

#[test]
fn the_ledger_tells_nothing_of_what_only_colleagues_read() {
    let inside = "[targets.medium]\nkind = \"wordpress\"\nurl = \"https://intra.example\"\nuser = \"bot\"\naudience = \"internal\"\n";
    let medium = "[targets.medium]\nkind = \"medium\"\naudience = \"public\"\n";
    let bench = Bench::published().with_config(medium, inside).with_config("canonical = \"blog\"\n", "");
    bench.folder.write("q.png", "for colleagues");
    let text = "---\ntitle: H\n---\n\nSee [b](b.md).\n\n:::internal\n![Us](q.png), see [c](c.md).\n:::\n";
    bench.folder.write("h.md", text);
    bench.publish();
    let record = wait(bench.ledger.read(&Key::Note(NoteId::of_path("h.md")))).unwrap().expect("a record");
    let Entry::Note(record) = record.value else { panic!("no note") };
    let basis = |target: &str| record.targets[target].receipt.as_ref().and_then(|r| r.basis.clone());
    assert_eq!(basis("blog").expect("a basis").links, ["b.md"]);
    assert_eq!(basis("medium"), None);
}
