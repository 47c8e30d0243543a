//! The same work for many items, on the machine's processors.

use std::{
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Fewer items than this are done faster than a thread is started.
const WORTH_A_THREAD: usize = 64;

/// More threads than this wait for the disk and for one another.
const THREADS: usize = 8;

/// Items that a thread takes at once.
const PORTION: usize = 16;

/// What `work` makes of each item, in their order.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors.min(THREADS).min(items.len() / WORTH_A_THREAD).max(1);
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let (next, work) = (AtomicUsize::new(0), &work);
    let take = || {
        let mut made: Vec<(usize, Vec<R>)> = Vec::new();
        loop {
            let from = next.fetch_add(PORTION, Ordering::Relaxed);
            let Some(portion) = items.get(from..items.len().min(from + PORTION)).filter(|p| !p.is_empty())
            else {
                return made;
            };
            made.push((from, portion.iter().map(work).collect()));
        }
    };
    let mut portions: Vec<(usize, Vec<R>)> = thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(take)).collect();
        started.into_iter().flat_map(|t| t.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    portions.sort_unstable_by_key(|(from, _)| *from);
    portions.into_iter().flat_map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_done_once_and_the_order_stays() {
        for count in [0, 1, 63, 128, 1000, 1001] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(map(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
    }
}
