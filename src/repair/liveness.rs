//! Whether a step that the harness recorded may still be running.

use crate::model::ActiveStep;

/// A step without a sign of life for this long may be dead, if its process is.
const SILENCE: i64 = 600;

/// Why a recorded step counts as live, or `None` if it is certainly over: its process is known and
/// gone, and its last sign of life is known and over ten minutes old. `now` is in seconds since 1970.
pub fn is_live(step: &ActiveStep, now: i64, pid_alive: &dyn Fn(i32) -> bool) -> Option<String> {
    let name = if step.step.is_empty() { "a step" } else { step.step.as_str() };
    let Some(pid) = step.worker_pid else {
        return Some(format!("{name} is recorded as running, without a process to check"));
    };
    if pid_alive(pid) {
        return Some(format!("{name} is recorded as running in process {pid}, which exists"));
    }
    let Some(last) = step.last_activity else {
        return Some(format!(
            "{name} is recorded as running in process {pid}, without a sign of life to date it"
        ));
    };
    let silent = now.saturating_sub(last);
    (silent <= SILENCE)
        .then(|| format!("{name} is recorded as running and was active {} seconds ago", silent.max(0)))
}

/// Whether a process of that id exists on this machine, whoever owns it.
#[cfg(unix)]
pub fn process_exists(pid: i32) -> bool {
    // Ids that name no single process cannot be checked, so they do not count as gone.
    let Some(pid) = (pid > 0).then(|| rustix::process::Pid::from_raw(pid)).flatten() else {
        return true;
    };
    rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH)
}

/// Whether a process of that id exists on this machine; where that cannot be asked, it may.
#[cfg(not(unix))]
pub fn process_exists(_pid: i32) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(worker_pid: Option<i32>, last_activity: Option<i64>) -> ActiveStep {
        ActiveStep { step: "execute".into(), worker_pid, last_activity }
    }

    #[test]
    fn only_a_dead_and_silent_worker_is_over() {
        let dead: &dyn Fn(i32) -> bool = &|_| false;
        let alive: &dyn Fn(i32) -> bool = &|pid| pid == 7;
        assert_eq!(is_live(&step(Some(7), Some(1_000)), 1_601, dead), None);
        assert!(is_live(&step(Some(7), Some(1_000)), 1_600, dead).is_some());
        assert!(is_live(&step(Some(7), Some(9_000)), 1_600, dead).is_some());
        assert!(is_live(&step(Some(7), None), 1_601, dead).is_some());
        assert!(is_live(&step(None, Some(0)), 1_601, dead).is_some());
        let reason = is_live(&step(Some(7), Some(0)), 1_601, alive);
        assert_eq!(reason.as_deref(), Some("execute is recorded as running in process 7, which exists"));
    }

    #[test]
    fn this_process_exists() {
        assert!(process_exists(i32::try_from(std::process::id()).unwrap()));
        assert!(process_exists(0) && process_exists(-1));
    }
}
