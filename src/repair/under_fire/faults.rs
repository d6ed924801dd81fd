//! The process is killed, a disk fails, or it is full: at every operation of every deed.

use rayon::prelude::*;

use super::*;

/// What goes wrong.
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// Nothing happens any more.
    Killed,
    /// One operation fails, and the next ones succeed.
    Failing,
    /// From here on, whatever takes space fails.
    Full,
}

impl Fault {
    /// What an operation comes to, if the fault strikes at operation `start`.
    fn strikes(self, start: usize, at: usize, action: &str) -> io::Result<()> {
        let takes_space =
            ["create", "create the directory", "write", "flush", "add", "open"].contains(&action);
        match self {
            Self::Killed if at >= start => Err(io::Error::other("killed")),
            Self::Failing if at == start => Err(io::Error::from_raw_os_error(5)),
            Self::Full if at >= start && takes_space => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}

const FAULTS: [Fault; 3] = [Fault::Killed, Fault::Failing, Fault::Full];

/// A plan in which the deed was struck, and what it came to.
fn struck(case: Case, known: &Known, fault: Fault, start: usize) -> (Stage, Outcome) {
    let stage = known.found.copy();
    let hook = |at: usize, action: &'static str, _: &Path| fault.strikes(start, at, action);
    let (outcome, _) = counted(&hook, |disk| case.carry_out(disk, &stage.plan));
    (stage, outcome)
}

/// From whatever was left: the next run makes it whole, the deed can be done and taken back.
fn assert_recovers(case: Case, plan: &Path, old: &View, new: &View, at: &str) -> bool {
    next_run(plan).unwrap_or_else(|error| panic!("{at}: {error}"));
    assert_tidy(plan, at);
    assert_no_strangers(plan, case.work, at);
    assert_trail(plan, case.work, at);
    let done = is_new(&view(plan, case.work), old, new, at);
    if !done {
        case.carry_out(Disk::REAL, plan).unwrap_or_else(|error| panic!("{at}: {error:?}"));
        assert_eq!(view(plan, case.work), *new, "{at}");
    }
    let taken_back = match case.opposite() {
        opposite @ Case { deed: Deed::Undo, .. } => opposite.carry_out(Disk::REAL, plan),
        // An undo is undone by its id, which depends on how often it was tried.
        _ => undo_newest_undo(plan),
    };
    taken_back.unwrap_or_else(|error| panic!("{at}: {error:?}"));
    assert_eq!(view(plan, case.work), *old, "{at}");
    assert_tidy(plan, at);
    assert_trail(plan, case.work, at);
    done
}

fn undo_newest_undo(plan: &Path) -> Outcome {
    let runs = Runs::new(plan, Disk::REAL);
    let all = runs.all().unwrap();
    let (id, _) = all.last().unwrap();
    let undone = undo_in(runs, plan, Some(id), &context("r"));
    undone.map(drop).map_err(|error| (error.is_refusal(), error.to_string()))
}

#[test]
fn whatever_fails_wherever_it_fails_all_is_old_or_new_and_the_next_run_makes_it_whole() {
    let seen = deeds().into_par_iter().map(|(name, case)| strike_everywhere(&name, case));
    let seen = seen.reduce(|| [0, 0], |a, b| [a[0] + b[0], a[1] + b[1]]);
    println!("fault points: {}; rolled back {}, finished {}", seen[0] + seen[1], seen[0], seen[1]);
    assert!(seen.iter().all(|count| *count > 1000), "{seen:?}");
}

/// How often a deed that was struck was rolled back, and how often finished.
fn strike_everywhere(name: &str, case: Case) -> [usize; 2] {
    let mut seen = [0, 0];
    let known = case.known();
    let Known { old, new, operations, .. } = &known;
    for fault in FAULTS {
        for start in 0..*operations {
            let at = format!("{name}, {fault:?} at operation {start} of {operations}");
            let (stage, outcome) = struck(case, &known, fault, start);
            assert_whole(&stage.plan, case.work, old, new, &at);
            assert_no_strangers(&stage.plan, case.work, &at);
            match &outcome {
                Ok(()) => assert_eq!(view(&stage.plan, case.work), *new, "{at}: claims to be done"),
                Err((_, message)) => {
                    let claims_nothing = message.contains("nothing was");
                    assert!(!claims_nothing || view(&stage.plan, case.work) == *old, "{at}: {message}");
                }
            }
            seen[usize::from(assert_recovers(case, &stage.plan, old, new, &at))] += 1;
        }
    }
    seen
}

#[test]
fn at_no_moment_is_anything_seen_that_is_neither_old_nor_new() {
    let mut moments = 0;
    for (name, case) in deeds() {
        let Known { found: stage, old, new, .. } = case.known();
        let look = |at: usize, action: &'static str, path: &Path| {
            let at = format!("{name}, before operation {at}, {action} {}", path.display());
            assert_whole(&stage.plan, case.work, &old, &new, &at);
            assert_no_strangers(&stage.plan, case.work, &at);
            Ok(())
        };
        let (outcome, count) = counted(&look, |disk| case.carry_out(disk, &stage.plan));
        outcome.unwrap();
        moments += count;
    }
    println!("moments looked at: {moments}");
}

/// Strikes a deed, then the run that finishes it; every `step`-th pair.
fn strike_twice(step: usize) {
    let points: usize =
        deeds().into_par_iter().map(|(name, case)| strike_each_finish(&name, case, step)).sum();
    println!("pairs of fault points: {points}");
}

fn strike_each_finish(name: &str, case: Case, step: usize) -> usize {
    let finish = |plan: &Path, disk: Disk<'_>| {
        write_to(Runs::new(plan, disk), plan, &Repair::default(), &context("next"), &GO)
    };
    let (mut points, mut turn) = (0, 0);
    let known = case.known();
    for first in 0..known.operations {
        let (left, _) = struck(case, &known, Fault::Killed, first);
        let (_, count) = counted(&|_, _, _| Ok(()), |disk| finish(&left.copy().plan, disk));
        for second in 0..count {
            turn += 1;
            if turn % step != 0 {
                continue;
            }
            let stage = left.copy();
            let fault = FAULTS[points % FAULTS.len()];
            let hook = |at: usize, action: &'static str, _: &Path| fault.strikes(second, at, action);
            let _ = counted(&hook, |disk| finish(&stage.plan, disk));
            let at = format!("{name}, killed at {first}, then {fault:?} at {second}");
            assert_whole(&stage.plan, case.work, &known.old, &known.new, &at);
            assert_recovers(case, &stage.plan, &known.old, &known.new, &at);
            points += 1;
        }
    }
    points
}

#[test]
fn the_run_that_finishes_may_fail_as_well() {
    strike_twice(29);
}

#[test]
#[ignore = "takes minutes: every pair"]
fn the_run_that_finishes_may_fail_anywhere_as_well() {
    strike_twice(1);
}

#[test]
fn what_is_put_in_place_is_on_the_disk_before() {
    for (name, case) in deeds() {
        let stage = case.stage();
        let trace = std::cell::RefCell::new(Vec::new());
        let record = |_: usize, action: &'static str, path: &Path| {
            trace.borrow_mut().push((action, path.to_path_buf()));
            Ok(())
        };
        counted(&record, |disk| case.carry_out(disk, &stage.plan)).0.unwrap();
        let trace = trace.into_inner();
        let is_flushed = |path: &Path, from: usize, to: usize| {
            trace[from..to].iter().any(|(action, flushed)| *action == "flush" && flushed == path)
        };
        let mut unsynced: Vec<(usize, &Path)> = Vec::new();
        for (at, (action, path)) in trace.iter().enumerate() {
            match *action {
                "create" => unsynced.push((at, path)),
                // Whatever was written before is safe by now: the file, and its name.
                "exchange" | "replace" | "add" => {
                    for (from, file) in unsynced.drain(..) {
                        assert!(is_flushed(file, from, at), "{name}: {} before {path:?}", file.display());
                    }
                    let parent = path.parent().unwrap();
                    let is_retried = trace.get(at + 1).is_some_and(|(next, _)| *next == "replace");
                    assert!(is_retried || is_flushed(parent, at, trace.len()), "{name}: {path:?}");
                }
                _ => {}
            }
        }
    }
}
