//! How many requests a target is asked at once: as many as the configuration allows, until the
//! site says that it is too much (429, or 503 with `Retry-After`). Then half as many, after the
//! pause that it asks for, and one more again each time a round of requests went well.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{Semaphore, SemaphorePermit};

/// The requests of one target.
pub(super) struct Pace {
    permits: Semaphore,
    /// As the configuration says.
    most: usize,
    state: Mutex<State>,
}

struct State {
    /// Requests that may be under way.
    width: usize,
    /// Requests under way that are more than that: who ends makes no room.
    surplus: usize,
    /// Requests that went well since the width was last changed.
    well: usize,
    /// Nothing is sent before.
    resume: Option<Instant>,
    /// What was begun before says nothing about the width of now.
    narrowed: Option<Instant>,
}

/// Leave to send one request.
pub(super) struct Leave<'p> {
    pace: &'p Pace,
    permit: Option<SemaphorePermit<'p>>,
    began: Instant,
}

impl Pace {
    pub(super) fn new(most: usize) -> Self {
        let state = State { width: most, surplus: 0, well: 0, resume: None, narrowed: None };
        Self { permits: Semaphore::new(most), most, state: Mutex::new(state) }
    }

    /// Waits for leave to send a request.
    pub(super) async fn leave(&self) -> Leave<'_> {
        // The semaphore is never closed.
        let permit = self.permits.acquire().await.ok();
        loop {
            let Some(resume) = self.state().resume.filter(|resume| *resume > Instant::now()) else { break };
            tokio::time::sleep_until(resume.into()).await;
        }
        Leave { pace: self, permit, began: Instant::now() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave<'_> {
    /// The site took the request.
    pub(super) fn went_well(&self) {
        let mut state = self.pace.state();
        state.well += 1;
        if state.width < self.pace.most && state.well >= state.width {
            state.well = 0;
            state.width += 1;
            match state.surplus.checked_sub(1) {
                Some(rest) => state.surplus = rest,
                None => self.pace.permits.add_permits(1),
            }
        }
    }

    /// The site says that it is too much, and how long it wants to be left alone.
    pub(super) fn was_too_much(&self, pause: Duration) {
        let mut state = self.pace.state();
        let now = Instant::now();
        state.resume = state.resume.max(now.checked_add(pause));
        // The others of the same round only say the same again.
        if state.narrowed.is_some_and(|narrowed| self.began <= narrowed) {
            return;
        }
        let fewer = state.width / 2;
        state.width -= fewer;
        state.surplus += fewer - self.pace.permits.forget_permits(fewer);
        (state.well, state.narrowed) = (0, Some(now));
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let mut state = self.pace.state();
        if let Some(rest) = state.surplus.checked_sub(1) {
            state.surplus = rest;
            if let Some(permit) = self.permit.take() {
                permit.forget();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many leaves there are at once.
    async fn width(pace: &Pace) -> usize {
        let mut leaves = Vec::new();
        while let Ok(leave) = tokio::time::timeout(Duration::from_millis(5), pace.leave()).await {
            leaves.push(leave);
        }
        leaves.len()
    }

    async fn refuse(pace: &Pace) {
        pace.leave().await.was_too_much(Duration::ZERO);
    }

    #[tokio::test]
    async fn a_refusal_halves_it_and_rounds_that_go_well_widen_it_again() {
        let pace = Pace::new(8);
        assert_eq!(width(&pace).await, 8);
        for left in [4, 2, 1, 1] {
            refuse(&pace).await;
            assert_eq!(width(&pace).await, left);
        }
        for (requests, wider) in [(1, 2), (2, 3), (3, 4), (4 + 5 + 6 + 7, 8), (100, 8)] {
            for _ in 0..requests {
                pace.leave().await.went_well();
            }
            assert_eq!(width(&pace).await, wider);
        }
    }

    #[tokio::test]
    async fn refusals_of_one_round_count_once_and_what_is_under_way_makes_no_room() {
        let pace = Pace::new(8);
        let mut round = Vec::new();
        for _ in 0..8 {
            round.push(pace.leave().await);
        }
        for leave in &round {
            leave.was_too_much(Duration::ZERO);
        }
        for _ in 0..4 {
            round.pop();
            assert_eq!(width(&pace).await, 0, "{} are under way", round.len());
        }
        round.clear();
        assert_eq!(width(&pace).await, 4);
    }

    #[tokio::test]
    async fn nobody_asks_while_the_site_wants_to_be_left_alone() {
        let pace = Pace::new(4);
        let began = Instant::now();
        pace.leave().await.was_too_much(Duration::from_millis(60));
        pace.leave().await.went_well();
        assert!(began.elapsed() >= Duration::from_millis(60));
        assert_eq!(width(&pace).await, 2);
    }
}
