//! Notes, a ledger and targets, and runs over them as the program makes them.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};

use crosspost::{
    error::{Error, Result},
    note::{Note, Source},
    pictures::{Format, Limits, Original},
    plan::{Action, Outcome, Plan, decide::OnDrift, order::canonical_first},
    publish::{Files, NoteFile, Progress, Run, Told, observe, perform, run_id, still},
    render::Digest,
    render::links::InternalPolicy,
    state::{Change, Entry, Ledger, Phase, Receipt, Record, Swap, Versioned},
    targets::{RemoteId, Target, Writer},
};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use super::effects::{Effects, Watched};

/// Opens the talking half of a target.
pub type Open = Box<dyn Fn() -> Box<dyn Writer> + Send + Sync>;

/// Everything but the clock.
pub struct World {
    pub notes: Notes,
    pub ledger: Box<dyn Ledger>,
    targets: Vec<(Arc<dyn Target>, Open)>,
    internal: InternalPolicy,
}

/// How a run ended.
pub enum End {
    /// It came to its end.
    Finished(Result<Plan>),
    /// It was stopped.
    Stopped,
}

/// When a run takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// While the leases of others still hold.
    Now,
    /// When all of them have ended.
    Tomorrow,
}

impl World {
    pub fn new(ledger: Box<dyn Ledger>) -> Self {
        Self { notes: Notes::default(), ledger, targets: Vec::new(), internal: InternalPolicy::default() }
    }

    pub fn target(mut self, target: Arc<dyn Target>, open: Open) -> Self {
        self.targets.push((target, open));
        self
    }

    /// Publishes all notes, until the end or until the run is stopped.
    pub async fn publish(&self, effects: &Arc<Effects>, when: When, on_drift: OnDrift) -> End {
        tokio::select! {
            biased;
            () = effects.stopped() => End::Stopped,
            result = self.run(effects, when, on_drift) => End::Finished(result),
        }
    }

    /// Publishes all notes, held at the effect that `effects` says while `meanwhile` happens.
    pub async fn publish_while(&self, effects: &Arc<Effects>, meanwhile: impl AsyncFnOnce()) -> Result<Plan> {
        let mut run = std::pin::pin!(self.run(effects, When::Now, OnDrift::Fail));
        tokio::select! {
            biased;
            () = effects.stopped() => {}
            result = &mut run => return result,
        }
        meanwhile().await;
        effects.resume();
        run.await
    }

    /// Publishes without trouble: looks again, as the program does, where another run was at a note
    /// (the last breath of one that was stopped).
    pub async fn heal(&self, on_drift: OnDrift) -> Result<Plan> {
        let plan = self.run(&Effects::untroubled(), When::Tomorrow, on_drift).await?;
        if plan.open_notes().is_empty() {
            return Ok(plan);
        }
        self.run(&Effects::untroubled(), When::Tomorrow, on_drift).await
    }

    async fn run(&self, effects: &Arc<Effects>, when: When, on_drift: OnDrift) -> Result<Plan> {
        let ledger = Watched { inner: &*self.ledger, effects: effects.clone() };
        let connect = |target: &dyn Target| {
            let name = &target.common().name;
            let open = self.targets.iter().find(|(t, _)| t.common().name == *name).map(|(_, open)| open);
            let inner = open.expect("a configured target")();
            Ok(Box::new(Watched { inner, effects: effects.clone() }) as Box<dyn Writer>)
        };
        let now = Timestamp::now();
        let targets: Vec<Arc<dyn Target>> = self.targets.iter().map(|(target, _)| target.clone()).collect();
        let run = Run {
            project: "world",
            zone: &TimeZone::UTC,
            internal: &self.internal,
            ignored_keys: &[],
            pictures: Limits::default(),
            targets: canonical_first(&targets),
            ledger: &ledger,
            files: &self.notes,
            connect: &connect,
            on_drift,
            trust_ledger: true,
            thorough: false,
            renders_all: false,
            // Nothing that was parsed is held: it is parsed again wherever it is needed.
            holds: 0,
            told: Told::All,
            id: run_id(),
            now: if when == When::Tomorrow { now + 24.hours() } else { now },
            root: Path::new(""),
            progress: &Silent,
        };
        let sorted = still::sort(&run, &self.notes.paths()).await?;
        let (notes, errors) = self.notes.read(&sorted.rest);
        let observed = observe::observe(&run, sorted, notes, errors).await?;
        Ok(perform::perform(&run, &observed).await)
    }

    /// All notes' records.
    pub async fn records(&self) -> Vec<Versioned<Record>> {
        let entries = self.ledger.read_all().await.unwrap().into_iter();
        let notes = entries.filter_map(|(_, entry)| match entry.value {
            Entry::Note(record) => Some(Versioned { value: *record, version: entry.version }),
            Entry::Site(_) => None,
        });
        notes.collect()
    }

    /// Whether a write was begun that nobody knows the end of.
    pub async fn has_intents(&self) -> bool {
        let records = self.records().await;
        records.iter().flat_map(|r| r.value.targets.values()).any(|target| target.intent.is_some())
    }

    /// A person looks at a target that cannot be asked and says what is there: the id of the post
    /// that `published` finds for a note (by its record), if there is one. What `resolve` does.
    pub async fn resolve(&self, target: &str, published: impl Fn(&Record) -> Option<String>) {
        for Versioned { value: mut record, version } in self.records().await {
            let id = published(&record);
            let Some(at) = record.targets.get_mut(target) else { continue };
            let Some(intent) = at.intent.take_if(|intent| intent.phase == Phase::Uncertain) else { continue };
            let now = Timestamp::now();
            at.receipt = id.map(|id| Receipt {
                url: Some(format!("https://{target}.example/{id}")),
                remote_id: RemoteId(id),
                permanent: true,
                digest: intent.digest,
                echo: BTreeMap::new(),
                at: now,
                first: now,
                unpublished: false,
                basis: None,
            });
            if at.receipt.is_none() {
                record.targets.remove(target);
            }
            let entry = Entry::Note(Box::new(record));
            let change = Change { key: entry.key(), expected: Some(version), entry: Some(entry) };
            assert!(matches!(self.ledger.commit(vec![change]).await.unwrap()[..], [Swap::Done(_)]));
        }
    }
}

/// Whether a plan that was carried out left nothing to do.
pub fn is_settled(plan: &Plan) -> bool {
    let settled = |action, outcome| match (action, outcome) {
        (Action::Unchanged | Action::Manual | Action::Skipped, Outcome::Planned) => true,
        (_, outcome) => outcome == Outcome::Done,
    };
    plan.errors.is_empty() && plan.steps.iter().all(|step| settled(step.action, step.outcome))
}

/// The notes, in memory; `picture.png` is there besides.
#[derive(Default)]
pub struct Notes(Mutex<BTreeMap<String, String>>);

impl Notes {
    pub fn write(&self, path: &str, text: &str) {
        self.0.lock().unwrap().insert(path.to_owned(), text.to_owned());
    }

    pub fn rename(&self, from: &str, to: &str) {
        let mut notes = self.0.lock().unwrap();
        let text = notes.remove(from).expect("a note to rename");
        notes.insert(to.to_owned(), text);
    }

    fn paths(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().cloned().collect()
    }

    fn read(&self, paths: &[String]) -> (Vec<Note>, Vec<Error>) {
        let (mut read, mut errors) = (Vec::new(), Vec::new());
        for (path, text) in self.0.lock().unwrap().iter().filter(|(path, _)| paths.contains(path)) {
            let note = Source::decode(path, text.as_bytes()).map_err(|e| vec![e]);
            match note.and_then(|source| Note::parse(source, &[])) {
                Ok(note) => read.push(note),
                Err(wrong) => errors.extend(wrong),
            }
        }
        (read, errors)
    }
}

impl Files for Notes {
    fn picture(&self, _note: &str, src: &str) -> Result<Original> {
        Ok(Original {
            digest: Digest::of(src.as_bytes()),
            file_name: src.to_owned(),
            format: Format::Png,
            width: 1,
            height: 1,
            animated: false,
            photo: false,
            private: false,
            location: false,
            size: src.len(),
        })
    }

    fn bytes(&self, _note: &str, src: &str, _original: &Original) -> Result<Vec<u8>> {
        Ok(src.as_bytes().to_vec())
    }

    fn exists(&self, note: &str) -> bool {
        self.0.lock().unwrap().contains_key(note)
    }

    fn note(&self, path: &str) -> Option<NoteFile> {
        let digest = Digest::of(self.0.lock().unwrap().get(path)?.as_bytes());
        Some(NoteFile { digest, verdict: bytes::Bytes::new() })
    }

    fn conclude(&self, _path: &str, _digest: &Digest, _verdict: &[u8]) {}

    fn digest(&self, path: &str) -> Option<Digest> {
        path.rsplit('/').next().map(|name| Digest::of(name.as_bytes()))
    }
}

struct Silent;

impl Progress for Silent {
    fn begin(&self, _steps: usize) {}
    fn step(&self, _note: &str, _target: &str) {}
    fn note(&self, _message: &str) {}
}
