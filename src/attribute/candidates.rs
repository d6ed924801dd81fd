//! What a task may have changed and run: climb the ladder until a rung decides.

use std::collections::{HashMap, HashSet};

use crate::model::{
    CommandCandidate, Decision, Evidence, Field, FileCandidate, Gap, Place, Rung, Signal, Task,
};

use super::calibration::{
    decided_by, decided_command, log_odds, open, open_command, unchanged_beside_changed,
};
use super::context::Context;
use super::engine::Estimate;
use super::engine::commands::Estimate as CommandEstimate;
use super::ladder::{COMMANDS, Claim, FILES};
use super::recorded;
use super::standing::{Standing, standing, witnesses};

/// Several tasks may have changed a file; one that another task is surer of by more than this is asked about.
const MOST_BEHIND: f64 = 0.1;

/// The files of a task: recorded ones if there are any, else what the ladder finds. What is filled comes
/// first, in the order of its records; the rest by falling confidence, as far as one wants to read.
pub(super) fn files(
    task: &Task,
    gap: &Gap,
    context: &Context<'_>,
    estimates: &[Estimate],
) -> Vec<FileCandidate> {
    if task.truthy.files || gap.evidence == Evidence::NotApplicable {
        return recorded::files(task, context);
    }
    let mut files = Merged::default();
    for (rung, climb) in FILES.iter().filter(|(rung, _)| may_use(*rung, gap, Field::Files)) {
        let found = climb(task, context);
        // The diff agrees with the records as a whole, although not with every file of them.
        let is_confirmed = *rung == Rung::TaskRow
            && found.decided.iter().any(|claim| standing(&claim.value, context) == Standing::Changed);
        let decided =
            found.decided.into_iter().map(|claim| decided_file(claim, *rung, is_confirmed, context));
        let open = found.open.into_iter().map(|claim| open_file(claim, *rung, context));
        for candidate in decided.chain(open) {
            files.add(candidate);
        }
        if files.list.iter().any(|file| file.decision == Decision::Backfill) {
            break;
        }
    }
    if files.list.iter().all(|file| file.decision != Decision::Backfill) {
        for estimate in estimates {
            files.settle(estimated(estimate, context));
        }
    }
    let (filled, mut rest): (Vec<_>, Vec<_>) =
        files.list.into_iter().partition(|file| file.decision == Decision::Backfill);
    if filled.iter().any(|file| !matches!(file.rung, Some(Rung::Engine | Rung::BatchList))) {
        // What a rung left open beside its answer was weighed by nobody.
        rest.retain(|file| file.decision == Decision::Rejected || !is_open_list(file));
    }
    if filled.len() + rest.iter().filter(|file| !is_unlinked(file)).count() > 0 {
        rest.retain(|file| !is_unlinked(file));
    }
    rank_by_prediction(task, &mut rest, context);
    rest.truncate(context.input.config.max_candidates);
    let mut files = [filled, rest].concat();
    for file in files.iter_mut().filter(|file| file.witnesses.is_empty()) {
        file.witnesses = witnesses(&file.path, context);
    }
    files
}

/// What the engine makes of a file. That another task is much surer of it is a conflict.
fn estimated(estimate: &Estimate, context: &Context<'_>) -> FileCandidate {
    let standing = standing(&estimate.place, context);
    // Executors list what they only read: without a change in git, the notes have to say that there was one.
    let is_changed =
        matches!(standing, Standing::Changed | Standing::Unverifiable) || estimate.is_said_changed;
    let can_be_filled = is_changed
        && is_writable(&estimate.place)
        && !context.is_directory(&estimate.place)
        && estimate.rival - estimate.confidence <= MOST_BEHIND;
    let decision = match standing {
        Standing::Contradicted => Decision::Rejected,
        _ if can_be_filled && estimate.confidence >= context.input.config.min_confidence => {
            Decision::Backfill
        }
        _ => Decision::Candidate,
    };
    FileCandidate {
        path: estimate.place.path.clone(),
        written: estimate.place.written.clone(),
        decision,
        confidence: estimate.confidence,
        rung: Some(Rung::Engine),
        source: Rung::Engine.source(),
        signals: estimate.signals.clone(),
        witnesses: estimate.witnesses.clone(),
    }
}

/// Whether nothing links a file to the task but that nobody claims it: worth asking about only for want of better.
fn is_unlinked(file: &FileCandidate) -> bool {
    file.rung == Some(Rung::Unclaimed) && file.decision == Decision::Candidate
}

/// Whether a file is a candidate only because its batch lists it.
fn is_open_list(file: &FileCandidate) -> bool {
    file.rung == Some(Rung::BatchList) && file.decision == Decision::Candidate
}

/// By falling confidence; among equals, what the planner expected comes first. A prediction proves nothing
/// (spec edge 41), so it moves no confidence.
fn rank_by_prediction(task: &Task, files: &mut [FileCandidate], context: &Context<'_>) {
    let predicted: HashSet<String> = context
        .predictions_of(task)
        .iter()
        .flat_map(|files| context.places(files))
        .map(|place| place.path)
        .collect();
    let by_ladder = |file: &&mut FileCandidate| file.rung != Some(Rung::Engine);
    for file in files.iter_mut().filter(by_ladder).filter(|file| predicted.contains(&file.path)) {
        let detail = "finalize_snapshot.json expected it".to_owned();
        file.signals.push(Signal { name: "prediction", weight: 0.0, detail });
    }
    files.sort_by(|a, b| {
        let by_prediction = || predicted.contains(&b.path).cmp(&predicted.contains(&a.path));
        let by_confidence = b.confidence.total_cmp(&a.confidence);
        by_confidence.then_with(by_prediction).then_with(|| a.path.cmp(&b.path))
    });
}

/// The commands of a task, in the same order as its files.
pub(super) fn commands(task: &Task, gap: &Gap, context: &Context<'_>) -> Vec<CommandCandidate> {
    if task.truthy.commands || gap.evidence == Evidence::NotApplicable {
        return recorded::commands(task);
    }
    let mut commands: Vec<CommandCandidate> = Vec::new();
    let mut seen = HashSet::new();
    for (rung, climb) in COMMANDS.iter().filter(|(rung, _)| may_use(*rung, gap, Field::Commands)) {
        let found = climb(task, context);
        let decided = found.decided.into_iter().map(|claim| decided_command_of(claim, *rung, context));
        let open = found.open.into_iter().map(|claim| open_command_of(task, claim, *rung, context));
        for candidate in decided.chain(open) {
            if seen.insert(candidate.command.clone()) {
                commands.push(candidate);
            }
        }
        if commands.iter().any(|command| command.decision == Decision::Backfill) {
            break;
        }
    }
    let is_filled_by_ladder = commands
        .iter()
        .any(|command| command.decision == Decision::Backfill && command.rung != Some(Rung::Engine));
    if may_use(Rung::BatchList, gap, Field::Commands) && !is_filled_by_ladder {
        let estimates = context.estimates.get(&task.id).into_iter().flatten();
        let told = estimates.filter(|(command, estimate)| estimate.is_told && !seen.contains(*command));
        let mut told: Vec<_> = told.collect();
        told.sort_unstable_by_key(|(command, _)| *command);
        commands.extend(
            told.into_iter().map(|(command, estimate)| estimated_command(command, estimate, context)),
        );
    }
    let (filled, mut rest): (Vec<_>, Vec<_>) =
        commands.into_iter().partition(|command| command.decision == Decision::Backfill);
    rest.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.command.cmp(&b.command)));
    rest.truncate(context.input.config.max_candidates);
    [filled, rest].concat()
}

/// How far up the ladder a task may climb: what it does not owe is filled only from its own rows.
fn may_use(rung: Rung, gap: &Gap, field: Field) -> bool {
    matches!(rung, Rung::Operator | Rung::TaskRow) || gap.missing.contains(&field)
}

fn decided_file(claim: Claim<Place>, rung: Rung, is_confirmed: bool, context: &Context<'_>) -> FileCandidate {
    let standing = standing(&claim.value, context);
    let confidence = match standing {
        Standing::Unchanged if is_confirmed => unchanged_beside_changed(),
        standing => decided_by(rung, claim.signal, standing),
    };
    let decision = match standing {
        // An operator may vouch for a file that git has never seen (`force`).
        Standing::Contradicted if rung != Rung::Operator => Decision::Rejected,
        _ if confidence >= context.input.config.min_confidence && is_writable(&claim.value) => {
            Decision::Backfill
        }
        _ => Decision::Candidate,
    };
    let alone = decided_by(rung, claim.signal, Standing::Unverifiable);
    candidate(claim, rung, decision, (alone, confidence), standing)
}

fn open_file(claim: Claim<Place>, rung: Rung, context: &Context<'_>) -> FileCandidate {
    let standing = standing(&claim.value, context);
    let decision = match standing {
        Standing::Contradicted => Decision::Rejected,
        _ => Decision::Candidate,
    };
    let confidences = (open(claim.signal, Standing::Unverifiable), open(claim.signal, standing));
    candidate(claim, rung, decision, confidences, standing)
}

/// `confidences`: by the record alone, and with what git says.
fn candidate(
    claim: Claim<Place>,
    rung: Rung,
    decision: Decision,
    (alone, confidence): (f64, f64),
    standing: Standing,
) -> FileCandidate {
    let git = log_odds(confidence) - log_odds(alone);
    FileCandidate {
        // Looked up once it is known which candidates are kept.
        witnesses: Vec::new(),
        path: claim.value.path,
        written: claim.value.written,
        decision,
        confidence,
        rung: Some(rung),
        source: rung.source(),
        signals: vec![
            Signal { name: claim.signal, weight: log_odds(alone), detail: claim.detail },
            Signal { name: "git", weight: git, detail: standing.describe().to_owned() },
        ],
    }
}

/// A path that is not UTF-8 is only known by git's quoted spelling, which the harness cannot read back.
fn is_writable(place: &Place) -> bool {
    !(place.path.starts_with('"') && place.path.ends_with('"') && place.path.contains('\\'))
}

/// One entry per path: the surer one, with the signals of both.
#[derive(Default)]
struct Merged {
    list: Vec<FileCandidate>,
    places: HashMap<String, usize>,
}

impl Merged {
    /// The engine has the last word on what the ladder left open.
    fn settle(&mut self, file: FileCandidate) {
        let doubtful =
            |known: &FileCandidate| known.signals.iter().any(|signal| signal.name == "doubtful_row");
        match self.places.get(&file.path) {
            Some(at) if !doubtful(&self.list[*at]) => self.list[*at] = file,
            Some(_) => {}
            None => self.add(file),
        }
    }

    fn add(&mut self, mut other: FileCandidate) {
        let Some(at) = self.places.get(&other.path) else {
            self.places.insert(other.path.clone(), self.list.len());
            self.list.push(other);
            return;
        };
        let kept = &mut self.list[*at];
        let rank = |file: &FileCandidate| (file.decision == Decision::Backfill, file.confidence);
        if rank(&other) > rank(kept) {
            std::mem::swap(kept, &mut other);
        }
        for signal in other.signals {
            if kept.signals.iter().all(|known| known.name != signal.name) {
                kept.signals.push(Signal { weight: 0.0, ..signal });
            }
        }
    }
}

fn decided_command_of(claim: Claim<String>, rung: Rung, context: &Context<'_>) -> CommandCandidate {
    let confidence = decided_command(rung);
    let is_sure = confidence >= context.input.config.min_confidence;
    command(claim, rung, if is_sure { Decision::Backfill } else { Decision::Candidate }, confidence)
}

/// What a rung leaves open is the engine's to weigh, where it does.
fn open_command_of(task: &Task, claim: Claim<String>, rung: Rung, context: &Context<'_>) -> CommandCandidate {
    let estimates = context.estimates.get(&task.id).filter(|_| rung == Rung::BatchList);
    if let Some(estimate) = estimates.and_then(|commands| commands.get(&claim.value)) {
        return estimated_command(&claim.value, estimate, context);
    }
    let confidence = open_command(claim.signal);
    command(claim, rung, Decision::Candidate, confidence)
}

fn estimated_command(command: &str, estimate: &CommandEstimate, context: &Context<'_>) -> CommandCandidate {
    // What is told elsewhere is spelled as it was told, and seldom as a record would: it is worth a question.
    let is_sure = estimate.is_faithful
        && !estimate.is_told
        && estimate.probability >= context.input.config.min_confidence;
    CommandCandidate {
        command: command.to_owned(),
        decision: if is_sure { Decision::Backfill } else { Decision::Candidate },
        confidence: estimate.probability,
        rung: Some(Rung::Engine),
        source: Rung::Engine.source(),
        signals: estimate.signals.clone(),
    }
}

fn command(claim: Claim<String>, rung: Rung, decision: Decision, confidence: f64) -> CommandCandidate {
    CommandCandidate {
        command: claim.value,
        decision,
        confidence,
        rung: Some(rung),
        source: rung.source(),
        signals: vec![Signal { name: claim.signal, weight: log_odds(confidence), detail: claim.detail }],
    }
}
