//! The same work for many items, on the machine's processors.

use std::{
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// More threads than this wait for the disk and for one another.
const THREADS: usize = 8;

/// What `work` makes of each item, in their order. For work that takes microseconds: a file that is
/// looked at, a record that is read.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    spread(items, 64, 16, work)
}

/// The same for work that takes longer than starting a thread does: a note that is read or rendered.
pub fn map_long<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    spread(items, 2, 1, work)
}

/// Each thread takes a `portion` of the items at once. Fewer items than `worth` are done faster than a
/// thread is started.
fn spread<T: Sync, R: Send>(
    items: &[T],
    worth: usize,
    portion: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    if items.len() < 2 * worth {
        return items.iter().map(work).collect();
    }
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors.min(THREADS).min(items.len() / worth);
    let (next, work) = (AtomicUsize::new(0), &work);
    let take = || {
        let mut made: Vec<(usize, Vec<R>)> = Vec::new();
        loop {
            let from = next.fetch_add(portion, Ordering::Relaxed);
            let taken = items.get(from..items.len().min(from + portion)).filter(|taken| !taken.is_empty());
            let Some(taken) = taken else { return made };
            made.push((from, taken.iter().map(work).collect()));
        }
    };
    let mut portions: Vec<(usize, Vec<R>)> = thread::scope(|scope| {
        // Where the system has no thread left, there are fewer hands.
        let start = |_| thread::Builder::new().spawn_scoped(scope, take).ok();
        let started: Vec<_> = (1..threads).filter_map(start).collect();
        let mut made = take();
        made.extend(started.into_iter().flat_map(|t| t.join().unwrap_or_else(|panic| resume_unwind(panic))));
        made
    });
    portions.sort_unstable_by_key(|(from, _)| *from);
    portions.into_iter().flat_map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_done_once_and_the_order_stays() {
        for count in [0, 1, 3, 4, 63, 128, 1000, 1001] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(map(&items, |item| item * 2), doubled);
            assert_eq!(map_long(&items, |item| item * 2), doubled);
        }
    }
}
