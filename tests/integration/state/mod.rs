//! The ledgers: one suite that every back end passes, and what only one of them can get wrong.

pub mod entries;
mod file;
mod git;
pub mod object;
pub mod processes;
pub mod suite;
mod upkeep;

use crosspost::state::Ledger;

/// A ledger that several writers share, each from its own machine or clone.
pub trait Shared: Sync {
    /// A handle for one more writer.
    fn writer(&self) -> Box<dyn Ledger> {
        let (state, root) = self.address();
        crosspost::state::open(&state, &root).unwrap()
    }

    /// What one more writer's configuration says, and the folder it says it in.
    fn address(&self) -> (String, std::path::PathBuf);

    /// Variables that one more writer's process needs besides.
    fn environment(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Puts bytes in the place of a site's entry, as a person or a newer crosspost would.
    fn plant(&self, target: &str, text: &str);
}

/// The suite for one back end. `increments` is how often each of eight processes has to win,
/// `kills` how many processes are killed.
macro_rules! conformance {
    ($shared:expr, tests: [$($test:ident),* $(,)?]) => {
        $(
            #[tokio::test]
            async fn $test() {
                $crate::state::suite::$test(&$shared).await;
            }
        )*
    };
    ($shared:expr) => {
        $crate::state::conformance!($shared, tests: [
            an_unused_ledger_is_empty,
            what_is_written_is_read,
            all_entries_come_in_order,
            outlines_and_records_say_what_entries_say,
            a_stale_writer_loses,
            the_same_content_twice_is_two_versions,
            a_removed_entry_does_not_come_back_as_itself,
            a_batch_wins_and_loses_one_by_one,
            a_large_batch_is_written_whole,
            an_entry_of_a_newer_format_is_left_alone,
            a_damaged_entry_is_named,
        ]);
    };
    ($shared:expr, increments: $increments:expr, kills: $kills:expr) => {
        $crate::state::conformance!($shared);

        #[test]
        fn eight_writers_lose_no_update() {
            $crate::state::processes::eight_writers_lose_no_update(&$shared, $increments);
        }

        #[test]
        fn a_killed_writer_tears_nothing() {
            $crate::state::processes::a_killed_writer_tears_nothing(&$shared, $kills);
        }
    };
}
pub(crate) use conformance;
