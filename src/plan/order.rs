//! In which order a note's targets come: a target that gives the canonical URL before those that
//! name it.

use std::sync::Arc;

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
