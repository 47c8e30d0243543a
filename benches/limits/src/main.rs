//! What the machine itself needs for a folder of notes, without a program around it:
//! `limits walk|stat|read|blake3|render|render3 DIR [threads]`. How fast crosspost is, is told as a
//! ratio to these, taken in the same run.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use comrak::{Arena, Options, format_commonmark, format_html, parse_document};

/// How many files a thread takes at once.
const PORTION: usize = 16;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [command, folder, rest @ ..] = &*arguments else { return usage() };
    let threads = rest.first().and_then(|count| count.parse().ok()).unwrap_or(1);
    let files = notes(Path::new(folder));
    let work: fn(&Path) -> usize = match &**command {
        "walk" => |_| 1,
        "stat" => |path| fs::metadata(path).map_or(0, |data| data.len() as usize),
        "read" => |path| bytes(path).len(),
        "blake3" => |path| usize::from(blake3::hash(&bytes(path)).as_bytes()[0]),
        "render" => render,
        "render3" => render_three,
        _ => return usage(),
    };
    println!("{}", sum(&files, threads, work));
}

fn usage() {
    eprintln!("limits walk|stat|read|blake3|render|render3 DIR [threads]");
}

fn notes(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push(entry.path());
            } else if entry.path().extension().is_some_and(|ending| ending == "md") {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

fn sum(files: &[PathBuf], threads: usize, work: fn(&Path) -> usize) -> usize {
    let (next, total) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let run = || {
        while let Some(rest) = files.get(next.fetch_add(PORTION, Ordering::Relaxed)..).filter(|r| !r.is_empty()) {
            let done: usize = rest.iter().take(PORTION).map(|path| work(path)).sum();
            total.fetch_add(done, Ordering::Relaxed);
        }
    };
    thread::scope(|scope| (0..threads.max(1)).for_each(|_| drop(scope.spawn(run))));
    total.into_inner()
}

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_default()
}

fn text(path: &Path) -> String {
    String::from_utf8(bytes(path)).unwrap_or_default()
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.front_matter_delimiter = Some("---".into());
    options
}

fn render(path: &Path) -> usize {
    comrak::markdown_to_html(&text(path), &options()).len()
}

/// One parse; HTML, HTML with other options, CommonMark.
fn render_three(path: &Path) -> usize {
    let (text, options, mut others) = (text(path), options(), options());
    others.render.hardbreaks = true;
    let arena = Arena::new();
    let root = parse_document(&arena, &text, &options);
    let mut out = [const { String::new() }; 3];
    let [html, other, markdown] = &mut out;
    let written = format_html(root, &options, html)
        .and_then(|()| format_html(root, &others, other))
        .and_then(|()| format_commonmark(root, &options, markdown));
    written.map_or(0, |()| out.iter().map(String::len).sum())
}
