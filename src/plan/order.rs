//! In which order targets and notes come: a target that gives the canonical URL before those that
//! name it, a note that is linked to before those that link to it.

use std::{collections::BTreeSet, sync::Arc};

use crate::targets::Target;

/// The targets with every canonical one before those that depend on it, and otherwise in the order
/// of the configuration. The configuration has no circles (it is refused when it is read).
#[must_use]
pub fn canonical_first(targets: &[Arc<dyn Target>]) -> Vec<Arc<dyn Target>> {
    let mut ordered: Vec<Arc<dyn Target>> = targets.to_vec();
    ordered.sort_by_key(|target| depth(targets, target));
    ordered
}

/// How many targets must come before this one.
fn depth(targets: &[Arc<dyn Target>], target: &Arc<dyn Target>) -> usize {
    let next = |t: &Arc<dyn Target>| {
        let name = t.common().canonical.clone()?;
        targets.iter().find(|other| other.common().name == name).cloned()
    };
    let mut depth = 0;
    let mut at = target.clone();
    while let Some(before) = next(&at) {
        depth += 1;
        if depth > targets.len() {
            break;
        }
        at = before;
    }
    depth
}

/// Sorts notes into waves: each wave needs only what earlier ones brought. `needs[n]` are the notes
/// that note `n` wants to come first. In a circle somebody must begin: the first of them, which goes
/// without.
#[must_use]
pub fn waves(needs: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut waves = Vec::new();
    let mut open: Vec<usize> = (0..needs.len()).collect();
    while !open.is_empty() {
        let is_free = |note: &usize| !open.iter().any(|other| other != note && needs[*note].contains(other));
        let mut wave: Vec<usize> = open.iter().copied().filter(is_free).collect();
        if wave.is_empty() {
            wave.extend(open.first());
        }
        open.retain(|note| !wave.contains(note));
        waves.push(wave);
    }
    waves
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(edges: &[(usize, usize)], notes: usize) -> Vec<BTreeSet<usize>> {
        let mut needs = vec![BTreeSet::new(); notes];
        for (from, to) in edges {
            needs[*from].insert(*to);
        }
        needs
    }

    #[test]
    fn what_is_linked_to_goes_first() {
        assert_eq!(waves(&needs(&[(0, 1), (1, 2)], 4)), [vec![2, 3], vec![1], vec![0]]);
    }

    #[test]
    fn in_a_circle_the_first_goes_without() {
        assert_eq!(waves(&needs(&[(0, 1), (1, 0)], 3)), [vec![2], vec![0], vec![1]]);
    }

    #[test]
    fn a_note_that_links_to_itself_waits_for_nobody() {
        assert_eq!(waves(&needs(&[(0, 0)], 1)), [vec![0]]);
    }
}
