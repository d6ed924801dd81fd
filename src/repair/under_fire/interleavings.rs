//! Somebody else acts before every operation of every deed.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::harness::{Memory, add_note, beat, last_beat, notes};
use super::*;
use crate::repair::disk::WAITS;
use crate::repair::lock::{PlanLock, StateLock};

/// Deeds that change the state, where others write without a lock.
fn state_deeds() -> Vec<(String, Case)> {
    let mut deeds = deeds();
    deeds.retain(|(_, case)| case.work != Work::Backfill && case.can_exchange);
    deeds
}

/// Whether everything of the deed is in place, or nothing is, in a state that others have added to.
fn is_done(plan: &Path, case: Case, known: &Known) -> Option<bool> {
    let mut signs = Vec::new();
    for (name, (text, _)) in &view(plan, case.work) {
        if name == "state.json" {
            let state: serde_json::Value = serde_json::from_str(text).unwrap();
            let is_written = match case.work {
                Work::Answer | Work::AnswerLocked => vec![text.contains("accepted_with_debt")],
                _ => vec![
                    text.contains("taskproof-recover"),
                    state["current_state"] == "executed",
                    state.get("latest_failure").is_none(),
                ],
            };
            signs.extend(is_written.into_iter().map(|it| it != (case.deed == Deed::Undo)));
        } else {
            assert!(*text == known.old[name].0 || *text == known.new[name].0, "{name} is {text}");
            signs.push(*text == known.new[name].0);
        }
    }
    let first = signs[0];
    signs.iter().all(|sign| *sign == first).then_some(first)
}

/// Goes through every deed with a visitor per operation; how many that were.
fn everywhere(deeds: Vec<(String, Case)>, visit: impl Fn(&str, Case, &Known) -> usize + Sync) -> usize {
    deeds.into_par_iter().map(|(name, case)| visit(&name, case, &case.known())).sum()
}

/// A deed during which something happens before operation `at`.
fn disturbed(case: Case, stage: &Stage, disturb: &dyn Fn(usize)) -> Outcome {
    let hook = |at: usize, _: &'static str, _: &Path| {
        disturb(at);
        Ok(())
    };
    counted(&hook, |disk| case.carry_out(disk, &stage.plan)).0
}

/// Whatever happened, the deed is whole or refused, and the next run leaves nothing open.
fn assert_settled(case: Case, known: &Known, plan: &Path, outcome: &Outcome, at: &str) {
    next_run(plan).unwrap_or_else(|error| panic!("{at}: {error}"));
    assert_tidy(plan, at);
    assert_trail(plan, case.work, at);
    let done = is_done(plan, case, known);
    match outcome {
        Ok(()) => assert_eq!(done, Some(true), "{at}"),
        Err((is_refusal, message)) => assert!(*is_refusal && done.is_some(), "{at}: {message}, {done:?}"),
    }
}

#[test]
fn what_is_added_without_a_lock_at_any_moment_stays() {
    let count = everywhere(state_deeds(), |name, case, known| {
        for moment in 0..=known.operations {
            let at = format!("{name}, a note before operation {moment}");
            let stage = known.found.copy();
            let outcome = disturbed(case, &stage, &|now| {
                if now == moment {
                    add_note(&stage.plan, "meanwhile");
                }
            });
            if moment == known.operations {
                add_note(&stage.plan, "meanwhile");
            }
            assert!(outcome.is_ok(), "{at}: {outcome:?}");
            assert_eq!(notes(&stage.plan, "meanwhile"), 1, "{at}");
            assert_settled(case, known, &stage.plan, &outcome, &at);
            // And it stays when the deed is taken back.
            if case.deed == Deed::Write {
                case.opposite().carry_out(Disk::REAL, &stage.plan).unwrap();
                assert_eq!(is_done(&stage.plan, case, known), Some(false), "{at}");
                assert_eq!(notes(&stage.plan, "meanwhile"), 1, "{at}");
            }
        }
        known.operations + 1
    });
    println!("interleavings with a note: {count}");
}

#[test]
fn what_is_added_to_a_run_that_stopped_stays_as_well() {
    let count = everywhere(state_deeds(), |name, case, known| {
        for stop in 0..known.operations {
            // Before the run stops, and after.
            for moment in [stop.saturating_sub(stop % 7 + 1), usize::MAX] {
                let at = format!("{name}, killed at {stop}, a note at {moment}");
                let stage = known.found.copy();
                let hook = |now: usize, _: &'static str, _: &Path| {
                    if now == moment {
                        add_note(&stage.plan, "meanwhile");
                    }
                    if now >= stop { Err(io::Error::other("killed")) } else { Ok(()) }
                };
                let _ = counted(&hook, |disk| case.carry_out(disk, &stage.plan));
                if moment == usize::MAX {
                    add_note(&stage.plan, "meanwhile");
                }
                next_run(&stage.plan).unwrap_or_else(|error| panic!("{at}: {error}"));
                assert_tidy(&stage.plan, &at);
                assert_eq!(notes(&stage.plan, "meanwhile"), 1, "{at}");
                assert!(is_done(&stage.plan, case, known).is_some(), "{at}");
            }
        }
        known.operations * 2
    });
    println!("interleavings of a stop and a note: {count}");
}

/// A command that reads before one operation and saves before another, every `step`-th pair.
fn read_then_save(step: usize, is_merging: bool) -> usize {
    everywhere(state_deeds(), |name, case, known| {
        let mut count = 0;
        let pairs =
            (0..known.operations).flat_map(|read| (read..known.operations).map(move |save| (read, save)));
        for (read, save) in pairs.step_by(step) {
            let at = format!("{name}, read before {read}, saved before {save}, merging: {is_merging}");
            let stage = known.found.copy();
            let memory = RefCell::new(None);
            let outcome = disturbed(case, &stage, &|now| {
                if now == read {
                    let mut loaded = Memory::load(&stage.plan);
                    loaded.add_note("meanwhile");
                    *memory.borrow_mut() = Some(loaded);
                }
                if now == save {
                    let memory = memory.borrow_mut().take().unwrap();
                    if is_merging { memory.save_merging(&stage.plan) } else { memory.save(&stage.plan) }
                }
            });
            assert_eq!(notes(&stage.plan, "meanwhile"), 1, "{at}: {outcome:?}");
            match &outcome {
                // What the harness has written over is told; otherwise ours is whole.
                Ok(()) => assert_eq!(is_done(&stage.plan, case, known), Some(true), "{at}"),
                Err((is_refusal, message)) => assert!(is_refusal, "{at}: {message}"),
            }
            next_run(&stage.plan).unwrap_or_else(|error| panic!("{at}: {error}"));
            assert_tidy(&stage.plan, &at);
            assert_eq!(notes(&stage.plan, "meanwhile"), 1, "{at}");
            count += 1;
        }
        count
    })
}

#[test]
fn a_command_that_read_before_and_saves_after_loses_nothing_of_its_own_and_ours_is_whole_or_told() {
    let count = read_then_save(61, true) + read_then_save(67, false);
    println!("interleavings of reading and saving: {count}");
}

#[test]
#[ignore = "takes minutes: every pair"]
fn every_pair_of_reading_and_saving() {
    let count = read_then_save(1, true) + read_then_save(1, false);
    println!("interleavings of reading and saving: {count}");
}

/// A note right before the exchange, and a command that reads while that note is out of sight and saves later; every
/// `step`-th pair.
fn note_out_of_sight(step: usize, is_merging: bool) -> usize {
    everywhere(state_deeds(), |name, case, known| {
        let mut count = 0;
        let exchange = exchange_of_state(case, known);
        // The run is longer than without a note.
        let end = known.operations + 60;
        let pairs = (exchange + 1..end).flat_map(|read| (read..end).map(move |save| (read, save)));
        for (read, save) in pairs.step_by(step) {
            let at = format!("{name}, a note before {exchange}, read before {read}, saved before {save}");
            let stage = known.found.copy();
            let memory = RefCell::new(None);
            let waited = Cell::new(0);
            let hook = |now: usize, action: &'static str, _: &Path| {
                if action == WAITS {
                    waited.set(now);
                }
                if now == exchange {
                    add_note(&stage.plan, "first");
                }
                if now == read {
                    let mut loaded = Memory::load(&stage.plan);
                    loaded.add_note("second");
                    *memory.borrow_mut() = Some(loaded);
                }
                if now == save {
                    let memory = memory.borrow_mut().take().unwrap();
                    if is_merging { memory.save_merging(&stage.plan) } else { memory.save(&stage.plan) }
                }
                Ok(())
            };
            let outcome = counted(&hook, |disk| case.carry_out(disk, &stage.plan)).0;
            // Who needs longer than the run waits cannot be helped.
            if save > waited.get() {
                continue;
            }
            for note in ["first", "second"] {
                assert_eq!(notes(&stage.plan, note), 1, "{at}: {note}, {outcome:?}");
            }
            if let Err((is_refusal, message)) = &outcome {
                assert!(is_refusal, "{at}: {message}");
            }
            next_run(&stage.plan).unwrap_or_else(|error| panic!("{at}: {error}"));
            assert_tidy(&stage.plan, &at);
            count += 1;
        }
        count
    })
}

/// The number of the operation that puts the state in place.
fn exchange_of_state(case: Case, known: &Known) -> usize {
    let stage = known.found.copy();
    let found = Cell::new(0);
    let hook = |at: usize, action: &'static str, path: &Path| {
        if action == "exchange" && path.ends_with("state.json") {
            found.set(at);
        }
        Ok(())
    };
    counted(&hook, |disk| case.carry_out(disk, &stage.plan)).0.unwrap();
    found.get()
}

#[test]
fn what_was_out_of_sight_for_a_moment_is_not_forgotten() {
    let count = note_out_of_sight(17, true) + note_out_of_sight(19, false);
    println!("interleavings with a note out of sight: {count}");
}

#[test]
#[ignore = "takes minutes: every pair"]
fn every_pair_while_a_note_is_out_of_sight() {
    let count = note_out_of_sight(1, true) + note_out_of_sight(1, false);
    println!("interleavings with a note out of sight: {count}");
}

#[test]
fn a_heartbeat_goes_on() {
    let count = everywhere(state_deeds(), |name, case, known| {
        let mut count = 0;
        for period in [53, 89, known.operations] {
            for phase in 0..period {
                let at = format!("{name}, a sign of life every {period} operations from {phase}");
                let stage = known.found.copy();
                let beats = Cell::new(0);
                let outcome = disturbed(case, &stage, &|now| {
                    if now % period == phase {
                        beats.set(beats.get() + 1);
                        beat(&stage.plan, beats.get());
                    }
                });
                assert!(outcome.is_ok(), "{at}: {outcome:?}");
                assert_eq!(last_beat(&stage.plan).unwrap_or_default(), beats.get() as u64, "{at}");
                assert_settled(case, known, &stage.plan, &outcome, &at);
                count += 1;
            }
        }
        count
    });
    println!("interleavings with a heartbeat: {count}");
}

#[test]
fn a_state_that_never_rests_is_left_alone() {
    for (name, case) in state_deeds() {
        let known = case.known();
        let stage = known.found.copy();
        let beats = Cell::new(0);
        let outcome = disturbed(case, &stage, &|_| {
            beats.set(beats.get() + 1);
            beat(&stage.plan, beats.get());
        });
        assert_eq!(last_beat(&stage.plan), Some(beats.get() as u64), "{name}");
        if let Err((is_refusal, message)) = &outcome {
            assert!(is_refusal, "{name}: {message}");
        }
        // Once it rests, the run is finished.
        next_run(&stage.plan).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(last_beat(&stage.plan), Some(beats.get() as u64), "{name}");
        assert_tidy(&stage.plan, &name);
        assert!(is_done(&stage.plan, case, &known).is_some(), "{name}");
    }
}

#[test]
fn another_taskproof_is_refused_or_comes_first() {
    let count = everywhere(deeds(), |name, case, known| {
        for moment in 0..known.operations {
            let at = format!("{name}, another one before operation {moment}");
            let stage = known.found.copy();
            let other = RefCell::new(None);
            let outcome = disturbed(case, &stage, &|now| {
                if now == moment {
                    *other.borrow_mut() = Some(case.carry_out(Disk::REAL, &stage.plan));
                }
            });
            let other = other.into_inner().unwrap();
            // An answer that is there already need not be given again, so both may succeed.
            assert!(outcome.is_ok() || other.is_ok(), "{at}: {outcome:?}, {other:?}");
            for (_, told) in [&outcome, &other].into_iter().filter_map(|it| it.as_ref().err()) {
                let is_clear =
                    ["is held", "has changed since", "gone on from", "has no run", "is undone already"];
                assert!(is_clear.iter().any(|words| told.contains(words)), "{at}: {told}");
            }
            assert_eq!(view(&stage.plan, case.work), known.new, "{at}");
            assert_tidy(&stage.plan, &at);
        }
        known.operations
    });
    println!("interleavings of two taskproofs: {count}");
}

#[test]
fn a_phase_of_the_harness_is_waited_for_or_keeps_out() {
    let count = everywhere(deeds(), |name, case, known| {
        for moment in 0..known.operations {
            let at = format!("{name}, a phase begins before operation {moment}");
            let stage = known.found.copy();
            let phase = RefCell::new(None);
            let started = Instant::now();
            let outcome = disturbed(case, &stage, &|now| {
                if now == moment {
                    *phase.borrow_mut() = PlanLock::take(&stage.plan).ok();
                }
            });
            match phase.into_inner() {
                Some(lock) => {
                    let (is_refusal, message) = outcome.unwrap_err();
                    assert!(is_refusal && message.contains(".plan.lock is held"), "{at}: {message}");
                    assert!(started.elapsed() < Duration::from_secs(5), "{at}");
                    assert_eq!(view(&stage.plan, case.work), known.old, "{at}");
                    drop(lock);
                }
                None => assert_eq!(outcome, Ok(()), "{at}"),
            }
        }
        known.operations
    });
    println!("interleavings with the plan's lock: {count}");
}

#[test]
fn a_save_under_the_state_s_lock_is_waited_for() {
    let mut deeds = state_deeds();
    deeds.retain(|(_, case)| case.work == Work::AnswerLocked);
    let count = everywhere(deeds, |name, case, known| {
        for moment in 0..known.operations {
            let at = format!("{name}, a save begins before operation {moment}");
            let stage = known.found.copy();
            let save = RefCell::new(None);
            let is_saved = Cell::new(false);
            let outcome = disturbed(case, &stage, &|now| {
                // It is begun, and over before the third operation from then.
                if now == moment {
                    let folder = stage.scratch.path().join(".state-locks/p.lock");
                    let lock = fs::OpenOptions::new().append(true).open(folder).unwrap();
                    *save.borrow_mut() = lock.try_lock().is_ok().then(|| (lock, Memory::load(&stage.plan)));
                }
                if now == moment + 3
                    && let Some((_lock, mut memory)) = save.borrow_mut().take()
                {
                    memory.add_note("meanwhile");
                    memory.save(&stage.plan);
                    is_saved.set(true);
                }
            });
            assert!(outcome.is_ok(), "{at}: {outcome:?}");
            assert_eq!(notes(&stage.plan, "meanwhile"), usize::from(is_saved.get()), "{at}");
            assert_settled(case, known, &stage.plan, &outcome, &at);
        }
        known.operations
    });
    println!("interleavings with the state's lock: {count}");
    let stage = Case { work: Work::AnswerLocked, deed: Deed::Write, can_exchange: true }.stage();
    drop(StateLock::take(&stage.plan, true).unwrap());
}

#[test]
fn what_somebody_writes_into_an_artifact_without_any_lock_is_not_lost() {
    let mut deeds = deeds();
    deeds.retain(|(_, case)| case.work.names().contains(&"finalize.json") && case.can_exchange);
    let count = everywhere(deeds, |name, case, known| {
        for moment in 0..known.operations {
            for artifact in case.work.names().iter().filter(|name| **name != "state.json") {
                let at = format!("{name}, {artifact} edited before operation {moment}");
                let stage = known.found.copy();
                let path = stage.plan.join(artifact);
                let outcome = disturbed(case, &stage, &|now| {
                    if now == moment {
                        // As an editor does it: a new file under the old name.
                        fs::write(stage.plan.join("edited~"), "by hand").unwrap();
                        fs::rename(stage.plan.join("edited~"), &path).unwrap();
                    }
                });
                assert_eq!(fs::read_to_string(&path).unwrap(), "by hand", "{at}: {outcome:?}");
                let _ = next_run(&stage.plan);
                assert_eq!(fs::read_to_string(&path).unwrap(), "by hand", "{at}: {outcome:?}");
                for other in case.work.names().iter().filter(|other| *other != artifact) {
                    let text = fs::read_to_string(stage.plan.join(other)).unwrap();
                    assert!(text == known.old[*other].0 || text == known.new[*other].0, "{at}: {other}");
                }
            }
        }
        known.operations * (case.work.names().len() - usize::from(case.work != Work::Backfill))
    });
    println!("interleavings with an editor: {count}");
}
