//! What is remembered of files between runs, so that those that have not changed need not be read
//! again: what was made of each, by its size, times and inode, in the user's cache folder. It may be
//! deleted or damaged at any moment, and costs nothing but time then.
//!
//! A file that is changed twice within the resolution of the clock looks the same afterwards. As in
//! git's index, one whose times are not older than the moment at which it was looked at is therefore
//! not remembered.

use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, Metadata},
    hash::{DefaultHasher, Hash, Hasher as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;

use crate::render::Digest;

/// What the file begins with: its number is raised when what is remembered means something else (for
/// records a test in `state/outline.rs` tells). What another release made of a file is not ours to use.
const MAGIC: &[u8] = concat!("crosspost files 3, ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();

/// The resolution of the coarsest clock that file systems have (FAT).
const RESOLUTION: Duration = Duration::from_secs(2);

/// Most entries of what is remembered have at least so many bytes.
const ENTRY: usize = 100;

/// As what a file was read, and so what is remembered of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A note: the digest of its text, and the verdict on it if there is one.
    Note,
    /// A picture: the digest of its bytes.
    Picture,
    /// A record of the ledger: its outline.
    Record,
}

/// What the file system says of a file, in nanoseconds since 1970 where it is a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    size: u64,
    modified: i64,
    changed: i64,
    inode: u64,
}

impl Stat {
    /// Of a file itself; `None` where it is a link, a folder, or not there.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = fs::symlink_metadata(path).ok().filter(Metadata::is_file)?;
        let modified = since_1970(metadata.modified().ok()?);
        let (changed, inode) = identity(&metadata).unwrap_or((modified, 0));
        Some(Self { size: metadata.len(), modified, changed, inode })
    }

    /// Whether a change from now on would show.
    fn is_settled(&self) -> bool {
        let limit = SystemTime::now().checked_sub(RESOLUTION).map_or(0, since_1970);
        self.modified.max(self.changed) < limit
    }
}

/// When anything about it was last changed, and which file it is.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<(i64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let changed = metadata.ctime().checked_mul(1_000_000_000)?.checked_add(metadata.ctime_nsec())?;
    Some((changed, metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> Option<(i64, u64)> {
    None
}

fn since_1970(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// Which file.
type Name = (Kind, Box<str>);

/// What is remembered.
pub struct Memory {
    /// Where; `None` where there is no cache folder.
    file: Option<PathBuf>,
    known: Known,
    learned: Mutex<BTreeMap<Name, (Stat, Vec<u8>)>>,
}

impl Memory {
    /// What earlier runs remembered of the files below a folder.
    pub fn open(root: &Path) -> Self {
        let root = root.canonicalize().ok();
        Self::at(root.zip(cache_folder()).map(|(root, folder)| {
            let name = Digest::of(root.as_os_str().as_encoded_bytes());
            folder.join("crosspost").join(format!("{}.files", name.short()))
        }))
    }

    /// What a file says that an earlier run wrote.
    pub fn at(file: Option<PathBuf>) -> Self {
        let bytes = file.as_ref().and_then(|file| fs::read(file).ok()).unwrap_or_default();
        Self { file, known: Known::read(bytes).unwrap_or_default(), learned: Mutex::default() }
    }

    /// What was made of a file that is as it was.
    pub fn recall(&self, kind: Kind, name: &str, stat: &Stat) -> Option<Bytes> {
        let known = self.known.get(kind, name)?;
        (known.stat == *stat).then(|| self.known.bytes.slice_ref(known.value))
    }

    /// Remembers what was made of a file that was just read, if a change of it would show. `stat` is
    /// from before that.
    pub fn learn(&self, kind: Kind, name: &str, stat: Stat, value: &[u8]) {
        if stat.is_settled() {
            let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
            learned.insert((kind, name.into()), (stat, value.to_vec()));
        }
    }

    /// Adds to what is remembered of a file, if that begins with `value`, in place of what was added to it
    /// before.
    pub fn add(&self, kind: Kind, name: &str, value: &[u8], more: &[u8]) {
        let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        let name = (kind, name.into());
        let seen = learned.get(&name).map(|(stat, seen)| (*stat, &seen[..]));
        let seen = seen.or_else(|| self.known.get(kind, &name.1).map(|seen| (seen.stat, seen.value)));
        if let Some((stat, _)) = seen.filter(|(_, seen)| seen.starts_with(value)) {
            learned.insert(name, (stat, [value, more].concat()));
        }
    }

    /// Writes what is remembered now, if it is more than before. Failing costs the next run time.
    pub fn keep(&self) {
        let learned = std::mem::take(&mut *self.learned.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(file) = self.file.as_ref().filter(|_| !learned.is_empty()) else { return };
        let mut all: BTreeMap<(Kind, &str), Seen<'_>> = self.known.all().collect();
        for ((kind, name), (stat, value)) in &learned {
            all.insert((*kind, name), Seen { stat: *stat, value });
        }
        let folder = file.parent().unwrap_or(file);
        let write = || {
            fs::create_dir_all(folder)?;
            let temporary = tempfile::NamedTempFile::new_in(folder)?;
            fs::write(temporary.path(), written(&all))?;
            temporary.persist(file).map_err(|e| e.error)
        };
        let _ = write();
    }
}

/// Where programs keep what they can do without.
fn cache_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = |folder: &str| set("HOME").map(|home| home.join(folder));
    let folder = match std::env::consts::OS {
        "windows" => set("LOCALAPPDATA"),
        "macos" => home("Library/Caches"),
        _ => set("XDG_CACHE_HOME").or_else(|| home(".cache")),
    };
    folder.filter(|folder| folder.is_absolute())
}

/// How a file was, and what was made of it.
#[derive(Clone, Copy)]
struct Seen<'k> {
    stat: Stat,
    value: &'k [u8],
}

/// An entry as it is stored: which file, its name not yet read as text, and how it was.
type Stored<'k> = ((Kind, &'k [u8]), Seen<'k>);

/// What earlier runs left: the bytes as they were written, and where in them each entry begins, by
/// the hash of its name. Most of what is read needs not be taken apart.
#[derive(Default)]
struct Known {
    bytes: Bytes,
    starts: HashMap<u64, usize>,
}

impl Known {
    /// `None` for anything but what [`written`] made, whole.
    fn read(bytes: Vec<u8>) -> Option<Self> {
        let (digest, body) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
        if Digest::of(body).value() != digest {
            return None;
        }
        let (mut starts, mut rest) = (HashMap::with_capacity(body.len() / ENTRY), body);
        while !rest.is_empty() {
            let (((kind, name), _), others) = entry(rest)?;
            starts.insert(hash(kind, name), bytes.len() - rest.len());
            rest = others;
        }
        Some(Self { bytes: bytes.into(), starts })
    }

    fn at(&self, start: usize) -> Option<Stored<'_>> {
        Some(entry(self.bytes.get(start..)?)?.0)
    }

    fn get(&self, kind: Kind, name: &str) -> Option<Seen<'_>> {
        let name = name.as_bytes();
        let (known, seen) = self.at(*self.starts.get(&hash(kind, name))?)?;
        // Of two names with one hash, one is not remembered.
        (known == (kind, name)).then_some(seen)
    }

    fn all(&self) -> impl Iterator<Item = ((Kind, &str), Seen<'_>)> {
        self.starts.values().filter_map(|start| {
            let ((kind, name), seen) = self.at(*start)?;
            Some(((kind, std::str::from_utf8(name).ok()?), seen))
        })
    }
}

fn hash(kind: Kind, name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, name).hash(&mut hasher);
    hasher.finish()
}

fn written(all: &BTreeMap<(Kind, &str), Seen<'_>>) -> Vec<u8> {
    let mut body = Vec::with_capacity(all.len() * 128);
    for ((kind, name), Seen { stat, value }) in all {
        let (Ok(name_length), Ok(value_length)) = (u16::try_from(name.len()), u32::try_from(value.len()))
        else {
            continue;
        };
        body.push(*kind as u8);
        body.extend(name_length.to_le_bytes());
        body.extend(value_length.to_le_bytes());
        body.extend(stat.size.to_le_bytes());
        body.extend(stat.modified.to_le_bytes());
        body.extend(stat.changed.to_le_bytes());
        body.extend(stat.inode.to_le_bytes());
        body.extend(name.as_bytes());
        body.extend(*value);
    }
    [MAGIC, Digest::of(&body).value(), &body].concat()
}

/// The first entry of some, and the others.
fn entry(bytes: &[u8]) -> Option<(Stored<'_>, &[u8])> {
    let (kind, rest) = bytes.split_first()?;
    let kind = [Kind::Note, Kind::Picture, Kind::Record].into_iter().find(|known| *known as u8 == *kind)?;
    let (name_length, rest) = rest.split_first_chunk()?;
    let (value_length, rest) = rest.split_first_chunk()?;
    let (size, rest) = rest.split_first_chunk()?;
    let (modified, rest) = rest.split_first_chunk()?;
    let (changed, rest) = rest.split_first_chunk()?;
    let (inode, rest) = rest.split_first_chunk()?;
    let (name, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*name_length)))?;
    let (value, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*value_length)).ok()?)?;
    let stat = Stat {
        size: u64::from_le_bytes(*size),
        modified: i64::from_le_bytes(*modified),
        changed: i64::from_le_bytes(*changed),
        inode: u64::from_le_bytes(*inode),
    };
    Some((((kind, name), Seen { stat, value }), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bench {
        folder: tempfile::TempDir,
    }

    impl Bench {
        fn new() -> Self {
            Self { folder: tempfile::tempdir().unwrap() }
        }

        fn memory(&self) -> Memory {
            Memory::at(Some(self.cache()))
        }

        fn cache(&self) -> PathBuf {
            self.folder.path().join("cache/crosspost/x.files")
        }

        fn note(&self) -> PathBuf {
            self.folder.path().join("a.md")
        }

        /// Writes the note, last changed so many seconds ago. (Its `ctime` is now, all the same.)
        fn write(&self, text: &str) -> Stat {
            fs::write(self.note(), text).unwrap();
            let stat = Stat::of(&self.note()).unwrap();
            Stat { modified: stat.modified - 9_000_000_000, changed: stat.changed - 9_000_000_000, ..stat }
        }

        fn remembered(&self, text: &str) -> (Stat, Digest) {
            let (stat, digest) = (self.write(text), Digest::of(text.as_bytes()));
            let memory = self.memory();
            memory.learn(Kind::Note, "a.md", stat, digest.value());
            memory.keep();
            (stat, digest)
        }
    }

    #[test]
    fn a_file_that_is_as_it_was_is_known_again() {
        let bench = Bench::new();
        let (stat, digest) = bench.remembered("one");
        let memory = bench.memory();
        assert_eq!(memory.recall(Kind::Note, "a.md", &stat), Some(Bytes::copy_from_slice(digest.value())));
        assert_eq!(memory.recall(Kind::Picture, "a.md", &stat), None);
        assert_eq!(memory.recall(Kind::Note, "b.md", &stat), None);
    }

    #[test]
    fn a_file_whose_size_time_or_inode_is_another_is_not() {
        let bench = Bench::new();
        let (stat, _) = bench.remembered("one");
        let memory = bench.memory();
        for other in [
            Stat { size: 4, ..stat },
            Stat { modified: stat.modified + 1, ..stat },
            Stat { changed: stat.changed + 1, ..stat },
            Stat { inode: stat.inode + 1, ..stat },
        ] {
            assert_eq!(memory.recall(Kind::Note, "a.md", &other), None, "{other:?}");
        }
    }

    #[test]
    fn a_file_that_was_only_just_written_is_not_remembered() {
        let bench = Bench::new();
        bench.write("one");
        let (memory, stat) = (bench.memory(), Stat::of(&bench.note()).unwrap());
        memory.learn(Kind::Note, "a.md", stat, b"one");
        memory.keep();
        assert!(!bench.cache().exists());
    }

    #[test]
    fn a_change_of_equal_length_shows_though_the_time_is_set_back() {
        let bench = Bench::new();
        fs::write(bench.note(), "one").unwrap();
        let before = Stat::of(&bench.note()).unwrap();
        let time = fs::metadata(bench.note()).unwrap().modified().unwrap();
        std::thread::sleep(Duration::from_millis(20));
        fs::write(bench.note(), "two").unwrap();
        fs::File::options().write(true).open(bench.note()).unwrap().set_modified(time).unwrap();
        let after = Stat::of(&bench.note()).unwrap();
        assert_eq!((before.size, before.modified), (after.size, after.modified));
        assert!(!cfg!(unix) || before != after);
    }

    #[test]
    fn what_is_damaged_or_gone_is_forgotten_and_learned_again() {
        let bench = Bench::new();
        let (stat, digest) = bench.remembered("one");
        let whole = fs::read(bench.cache()).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            assert!(Known::read(damaged).is_none(), "byte {at}");
            assert!(Known::read(whole[..at].to_vec()).is_none(), "{at} bytes");
        }
        fs::write(bench.cache(), b"").unwrap();
        let memory = bench.memory();
        assert_eq!(memory.recall(Kind::Note, "a.md", &stat), None);
        memory.learn(Kind::Note, "a.md", stat, digest.value());
        memory.keep();
        assert_eq!(fs::read(bench.cache()).unwrap(), whole);
    }

    #[test]
    fn each_of_many_is_found_and_what_is_learned_replaces_what_was_known() {
        let bench = Bench::new();
        let stat = bench.write("one");
        for round in ["first", "second"] {
            let memory = bench.memory();
            for at in (0..300).filter(|at| round == "first" || at % 7 == 0) {
                memory.learn(Kind::Record, &format!("{at}"), stat, format!("{round} {at}").as_bytes());
            }
            memory.keep();
        }
        let memory = bench.memory();
        for at in 0..300 {
            let round = if at % 7 == 0 { "second" } else { "first" };
            let known = memory.recall(Kind::Record, &format!("{at}"), &stat);
            assert_eq!(known, Some(format!("{round} {at}").into()));
        }
        assert_eq!(memory.recall(Kind::Record, "300", &stat), None);
    }

    #[test]
    fn more_is_added_to_what_is_remembered_of_the_same_content() {
        let bench = Bench::new();
        let (stat, digest) = bench.remembered("one");
        let memory = bench.memory();
        memory.add(Kind::Note, "a.md", Digest::of(b"two").value(), b"of two");
        memory.add(Kind::Note, "b.md", digest.value(), b"of another");
        memory.keep();
        let recalled = |memory: &Memory, stat| memory.recall(Kind::Note, "a.md", stat);
        assert_eq!(recalled(&bench.memory(), &stat).unwrap(), digest.value()[..]);
        for more in ["first", "second"] {
            let memory = bench.memory();
            memory.add(Kind::Note, "a.md", digest.value(), b"replaced");
            memory.add(Kind::Note, "a.md", digest.value(), more.as_bytes());
            memory.keep();
            let both = [digest.value(), more.as_bytes()].concat();
            assert_eq!(recalled(&bench.memory(), &stat).unwrap(), both[..]);
        }
        // A file that was read again meanwhile: its old content's verdict is not for the new one.
        let (memory, other) = (bench.memory(), Digest::of(b"other"));
        let later = Stat { size: 5, ..stat };
        memory.learn(Kind::Note, "a.md", later, other.value());
        memory.add(Kind::Note, "a.md", digest.value(), b"late");
        memory.keep();
        assert_eq!(recalled(&bench.memory(), &later).unwrap(), other.value()[..]);
    }

    #[test]
    fn a_link_is_never_remembered() {
        let bench = Bench::new();
        bench.write("one");
        #[cfg(unix)]
        std::os::unix::fs::symlink(bench.note(), bench.folder.path().join("l.md")).unwrap();
        assert!(Stat::of(&bench.folder.path().join("l.md")).is_none());
    }
}
