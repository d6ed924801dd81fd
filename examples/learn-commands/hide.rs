//! Hides what tasks ran, in the ways in which it goes missing.

use std::collections::{BTreeMap, BTreeSet};

use taskproof::model::{Origin, Plan, Row, Status};

/// A plan from which tasks were hidden.
pub(crate) struct Hidden {
    /// How.
    pub(crate) scenario: &'static str,
    /// Which.
    pub(crate) tasks: BTreeSet<String>,
    /// Whether every trace of what they ran was removed, so that nothing is right.
    pub(crate) is_absent: bool,
    /// What is left.
    pub(crate) plan: Plan,
}

/// So many times each way.
const ROUNDS: u64 = 8;

/// What tasks ran, by the canonical record and their done rows.
pub(crate) fn truth(plan: &Plan) -> BTreeMap<String, BTreeSet<String>> {
    let mut truth: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for task in &plan.tasks {
        let rows = plan.rows.iter().filter(|row| row.task_id == task.id && row.is_done());
        let commands = task.commands_run.iter().chain(rows.flat_map(|row| &row.commands));
        truth.insert(task.id.0.clone(), commands.map(|command| command.trim().to_owned()).collect());
    }
    truth
}

/// The plan with tasks hidden, in all ways and rounds.
pub(crate) fn all(plan: &Plan) -> Vec<Hidden> {
    let home = home_batches(plan);
    let mut hidden = Vec::new();
    for round in 0..ROUNDS {
        let mut random = Random(round * 0x9E37_79B9 + u64::from(hash(&plan.name)) + 1);
        let several = home.values().filter(|ids| ids.len() > 1);
        let whole: BTreeSet<String> =
            several.clone().filter(|_| random.chance(0.5)).flatten().cloned().collect();
        let mut one = BTreeSet::new();
        for ids in several {
            if random.chance(0.7) {
                one.insert(ids[random.below(ids.len())].clone());
            }
        }
        let done = plan.tasks.iter().filter(|task| task.status == Status::Done);
        let absent: BTreeSet<String> =
            done.filter(|_| random.chance(0.3)).map(|task| task.id.0.clone()).collect();
        hidden.push(Hidden { scenario: "whole", plan: hide(plan, &whole), tasks: whole, is_absent: false });
        hidden.push(Hidden { scenario: "one", plan: hide(plan, &one), tasks: one, is_absent: false });
        hidden.push(Hidden {
            scenario: "absent",
            plan: erase(plan, &absent),
            tasks: absent,
            is_absent: true,
        });
    }
    hidden.retain(|hidden| !hidden.tasks.is_empty());
    hidden
}

/// Done tasks by the smallest batch that reports them.
fn home_batches(plan: &Plan) -> BTreeMap<u32, Vec<String>> {
    let mut home: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for task in plan.tasks.iter().filter(|task| task.status == Status::Done && !task.guessed_files) {
        let batches = plan.batches.iter().filter(|batch| batch.task_ids.contains(&task.id));
        if let Some(batch) = batches.min_by_key(|batch| batch.task_ids.len()) {
            home.entry(batch.number).or_default().push(task.id.0.clone());
        }
    }
    home
}

/// Empties what the canonical record and all rows say of the tasks.
fn hide(plan: &Plan, tasks: &BTreeSet<String>) -> Plan {
    let mut plan = plan.clone();
    for task in plan.tasks.iter_mut().filter(|task| tasks.contains(&task.id.0)) {
        task.files_changed.clear();
        task.commands_run.clear();
        task.truthy.files = false;
        task.truthy.commands = false;
        task.truthy.test_command = false;
    }
    for row in plan.rows.iter_mut().filter(|row| tasks.contains(&row.task_id.0)) {
        row.files.clear();
        row.commands.clear();
    }
    plan
}

/// Removes also what batches list for them alone, and everything they wrote.
fn erase(plan: &Plan, tasks: &BTreeSet<String>) -> Plan {
    let mut plan = hide(plan, tasks);
    for task in plan.tasks.iter_mut().filter(|task| tasks.contains(&task.id.0)) {
        "Done.".clone_into(&mut task.executor_notes);
        task.reviewer_verdict.clear();
        task.evidence_files.clear();
    }
    for row in plan.rows.iter_mut().filter(|row| tasks.contains(&row.task_id.0)) {
        "Done.".clone_into(&mut row.notes);
    }
    plan.sense_checks.iter_mut().for_each(|check| "Confirmed.".clone_into(&mut check.executor_note));
    plan.review = None;
    let rows: Vec<Row> = plan.rows.clone();
    for batch in &mut plan.batches {
        let left = rows.iter().filter(|row| row.origin == Origin::Batch(batch.number));
        let (files, commands): (BTreeSet<&str>, BTreeSet<&str>) = left
            .flat_map(|row| {
                let files = row.files.iter().map(|file| (Some(file.as_str()), None));
                files.chain(row.commands.iter().map(|command| (None, Some(command.as_str()))))
            })
            .fold(Default::default(), |(mut files, mut commands), (file, command)| {
                files.extend(file);
                commands.extend(command);
                (files, commands)
            });
        if let Some(list) = &mut batch.files {
            list.retain(|file| files.contains(file.as_str()));
        }
        if let Some(list) = &mut batch.commands {
            list.retain(|command| commands.contains(command.as_str()));
        }
    }
    plan
}

fn hash(text: &str) -> u32 {
    text.bytes().fold(2_166_136_261, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619))
}

/// A small generator of numbers (xorshift*), for the same cases in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33
    }

    #[expect(clippy::cast_precision_loss, reason = "31 bits fit")]
    fn chance(&mut self, probability: f64) -> bool {
        (self.next() as f64) < probability * f64::from(1_u32 << 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap_or(0) % end.max(1)
    }
}
