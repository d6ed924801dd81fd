//! Where the harness stopped, and what it has recorded about going on (`state.json`, spec section 5).

/// What `state.json` says of a stop and of the way out of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// `resume_cursor.phase`; `None` when there is no cursor that is an object, empty when it names no phase.
    pub resume_phase: Option<String>,
    /// `resume_cursor.retry_strategy`, empty when it is not said.
    pub retry_strategy: String,
    /// `latest_failure`, if one is recorded.
    pub failure: Option<Failure>,
    /// The result of the last `execute` step in the history, such as `blocked`.
    pub last_execute: Option<String>,
    /// Whether an `execute` step ended after the last `review` step: what that review asked for has had its
    /// answer, and the next review looks at it.
    pub executed_since_review: bool,
    /// Whether a review comes after execute: not where `config` asks for little robustness and no feedback.
    pub is_reviewed: bool,
    /// `meta.current_invocation_id`, which `phase_result.json` repeats while it is current.
    pub invocation: Option<String>,
    /// Whether the state keeps versions of its keys (`_state_meta`), which only the later harness does.
    pub keeps_versions: bool,
    /// `meta.quality_gate_resolutions`, in the order of the file.
    pub resolutions: Vec<RecordedResolution>,
}

/// `latest_failure`: why the harness stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    /// Such as `execution_blocked`.
    pub kind: String,
    /// The state it led to.
    pub state: String,
}

/// One answer to a blocker, as it stands in the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordedResolution {
    /// The blocker it was given for.
    pub blocker_id: String,
    /// `accepted_with_debt`, `fixed`, `manual_required`, `rejected`, or a word the harness does not know.
    pub resolution: String,
    /// When: as text, which is how the harness compares it.
    pub timestamp: String,
    /// The phase, if one is recorded.
    pub phase: Option<String>,
    /// What shows it.
    pub evidence: Vec<String>,
    /// What remains to be done.
    pub debt_note: Option<String>,
    /// Whether one of the optional fields has a value that the harness's validator refuses.
    pub is_malformed: bool,
}
