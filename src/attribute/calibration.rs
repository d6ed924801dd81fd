//! How often each rung was right: the one place where the ladder's confidences come from. The engine's are in
//! its `weights.toml`.
//!
//! A confidence is the share of right answers that is to be expected after those that were counted, with
//! Jeffreys' prior, so that little data means little confidence. `docs/calibration.md` tells how the counts were
//! taken, and which entries are judgement because there were none to take.

use crate::model::Rung;

use super::standing::Standing;

/// Answers that were counted.
#[derive(Debug, Clone, Copy)]
struct Count {
    right: u32,
    of: u32,
}

impl Count {
    /// `(right + ½) / (of + 1)`: the mean of a beta distribution that starts at Jeffreys' prior.
    fn confidence(self) -> f64 {
        (f64::from(self.right) + 0.5) / (f64::from(self.of) + 1.0)
    }
}

const TASK_ROW: Count = Count { right: 276, of: 276 };
const TASK_ROW_COMMANDS: Count = Count { right: 325, of: 325 };
const BATCH_LIST: Count = Count { right: 198, of: 198 };
const COMMIT_ID: Count = Count { right: 996, of: 996 };
const REVIEW: Count = Count { right: 20, of: 20 };
const NAMED_UNCLAIMED: Count = Count { right: 9, of: 9 };

const OPEN_COMMANDS: Count = Count { right: 403, of: 1677 };
const OPEN_UNCLAIMED: Count = Count { right: 48, of: 2220 };

/// Records that history cannot speak about are a little less sure than those it confirms (judgement).
const UNVERIFIABLE: f64 = 0.99;
/// An executor that lists what it only read is the usual reason why a claimed file did not change (judgement;
/// spec edge 30 wants the diff to agree).
const UNCHANGED: f64 = 0.8;
/// The same in records that git confirms for another file of the task (judgement).
const UNCHANGED_BESIDE_CHANGED: f64 = 0.965;
/// A claim that git contradicts (judgement).
const CONTRADICTED: f64 = 0.05;
/// A row that is not done, or was guessed by the harness (judgement).
const DOUBTFUL_ROW: f64 = 0.5;

/// A commit that names two or three tasks, of which each has a part in it, and perhaps in every file (judgement: whoever
/// labels histories by their messages gives every file to each).
const NAMED_WITH_OTHERS: f64 = 0.92;

/// Probability that a file a rung decided is the task's, given what git says of it.
pub(super) fn decided(rung: Rung, standing: Standing) -> f64 {
    let changed = match rung {
        // An operator knows; the engine brings its own confidence.
        Rung::Operator | Rung::Engine => return 1.0,
        Rung::TaskRow => TASK_ROW,
        Rung::BatchList => BATCH_LIST,
        Rung::CommitId => COMMIT_ID,
        Rung::Review => REVIEW,
        Rung::Unclaimed => NAMED_UNCLAIMED,
    };
    let changed = changed.confidence();
    match standing {
        Standing::Changed => changed,
        Standing::Unverifiable => changed * UNVERIFIABLE,
        Standing::Unchanged => changed * UNCHANGED,
        Standing::Contradicted => CONTRADICTED,
    }
}

/// The same for a claim of the rung, whose signal may be weaker than the rung's others.
pub(super) fn decided_by(rung: Rung, signal: &str, standing: Standing) -> f64 {
    let share = if signal == "commit_id_shared" { NAMED_WITH_OTHERS } else { 1.0 };
    decided(rung, standing) * share
}

/// The same for a file of the task's own rows that exists and did not change, where git confirms others of them.
pub(super) fn unchanged_beside_changed() -> f64 {
    TASK_ROW.confidence() * UNCHANGED_BESIDE_CHANGED
}

/// Probability that a command a rung decided ran for the task. Git has no say in it.
pub(super) fn decided_command(rung: Rung) -> f64 {
    match rung {
        Rung::TaskRow => TASK_ROW_COMMANDS.confidence(),
        rung => decided(rung, Standing::Changed),
    }
}

/// Probability that a file which a rung left open is the task's, given what git says of it. Most of these the engine
/// weighs anew.
pub(super) fn open(signal: &str, standing: Standing) -> f64 {
    let changed = match signal {
        "doubtful_row" => DOUBTFUL_ROW,
        _ => OPEN_UNCLAIMED.confidence(),
    };
    match standing {
        Standing::Contradicted => CONTRADICTED * changed,
        _ => changed,
    }
}

/// Probability that a command which a rung left open ran for the task.
pub(super) fn open_command(signal: &str) -> f64 {
    if signal == "doubtful_row" { DOUBTFUL_ROW } else { OPEN_COMMANDS.confidence() }
}

/// Log-odds of a probability, kept finite.
pub(super) fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MIN_CONFIDENCE;

    const RUNGS: [Rung; 6] =
        [Rung::Operator, Rung::TaskRow, Rung::BatchList, Rung::CommitId, Rung::Review, Rung::Unclaimed];

    #[test]
    fn what_git_contradicts_is_never_filled() {
        let rungs = RUNGS.into_iter().filter(|rung| *rung != Rung::Operator);
        assert!(rungs.into_iter().all(|rung| decided(rung, Standing::Contradicted) < MIN_CONFIDENCE));
    }

    #[test]
    fn git_s_word_orders_confidence() {
        for rung in RUNGS {
            let by = |standing| decided(rung, standing);
            assert!(by(Standing::Changed) >= by(Standing::Unverifiable));
            assert!(by(Standing::Unverifiable) >= by(Standing::Unchanged));
        }
    }

    #[test]
    fn records_of_a_project_without_history_stand_on_their_own() {
        assert!(decided(Rung::TaskRow, Standing::Unverifiable) >= MIN_CONFIDENCE);
        assert!(decided(Rung::BatchList, Standing::Unverifiable) >= MIN_CONFIDENCE);
    }

    #[test]
    fn what_did_not_change_is_asked_about() {
        let rungs = RUNGS.into_iter().filter(|rung| *rung != Rung::Operator);
        assert!(rungs.into_iter().all(|rung| decided(rung, Standing::Unchanged) < MIN_CONFIDENCE));
    }

    #[test]
    fn a_choice_that_is_left_open_is_never_filled() {
        for signal in
            ["doubtful_row", "batch_list", "review_evidence", "named_in_description", "unclaimed_change"]
        {
            assert!(open(signal, Standing::Changed) < MIN_CONFIDENCE);
        }
    }
}
