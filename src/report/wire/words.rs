//! The closed sets of words in the JSON report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model;

/// A closed set of words, taken from an enum of the model.
macro_rules! words {
    ($(#[doc = $doc:literal] $name:ident from $model:path {
        $(#[doc = $variant_doc:literal] $variant:ident = $from:ident,)+
    })+) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $(#[doc = $variant_doc] $variant,)+ }

        impl From<$model> for $name {
            fn from(value: $model) -> Self {
                use $model as Model;
                match value { $(Model::$from => Self::$variant,)+ }
            }
        }
    )+};
}

words! {
    /// The two generations of the harness.
    Generation from model::Generation {
        /// Only accepted debt lets it go on, and never an empty list of blockers.
        Early = Early,
        /// What is said to be fixed does, too, and so does an empty list.
        Late = Late,
    }
    /// How a blocked plan goes on.
    Route from model::Route {
        /// Its state is moved to executed: nothing is run again.
        Advance = Advance,
        /// Its blockers are answered, so that the harness's own recovery succeeds.
        Resolve = Resolve,
    }
    /// What settles a blocker, or why nothing does.
    Settlement from model::Settlement {
        /// Evidence that is filled in.
        Repaired = Repaired,
        /// It is contradicted by what is there now.
        Stale = Stale,
        /// Another blocker says the same, or an earlier answer covers it.
        Duplicate = Duplicate,
        /// It was said for the record.
        Informational = Informational,
        /// It has an answer that the harness takes.
        Answered = Answered,
        /// Evidence is missing that only a person can name.
        NeedsAnswer = NeedsAnswer,
        /// Work is missing or wrong.
        Work = Work,
        /// It may be about the work, and nobody can tell whether it holds.
        Undecided = Undecided,
        /// Somebody recorded that a person must look, or said no.
        Held = Held,
        /// The later harness's own authority does not vouch for a task, whatever its evidence.
        Unvouched = Unvouched,
    }
    /// What the plan as a whole waits for.
    PlanStatus from model::PlanStatus {
        /// Nothing: there is no gap.
        Complete = Complete,
        /// Only bookkeeping is missing.
        BlockedMetadata = BlockedMetadata,
        /// Work is missing.
        BlockedImplementation = BlockedImplementation,
    }
    /// How a plan's artifacts are laid out.
    Layout from model::Layout {
        /// Batch files beside `finalize.json`.
        Flat = Flat,
        /// A directory per batch.
        BatchDirectories = BatchDirectories,
        /// A Taskmaster list: read-only.
        Taskmaster = Taskmaster,
        /// A spec-kit list: read-only.
        SpecKit = SpecKit,
    }
    /// How the base of the range was found.
    BaseSource from model::BaseSource {
        /// Given with `--base`.
        Flag = Flag,
        /// Recorded by the plan.
        Recorded = Recorded,
        /// Parent of the plan's first commit.
        InitCommit = InitCommit,
        /// Merge base with the default branch.
        MergeBase = MergeBase,
        /// No base.
        None = None,
    }
    /// What the harness's rules say of a task's evidence.
    Evidence from model::Evidence {
        /// It has what its kind asks for.
        Complete = Complete,
        /// It has something weaker, which does not block.
        Advisory = Advisory,
        /// It has nothing, and blocks.
        Hollow = Hollow,
        /// The rules do not ask: the task is not done.
        NotApplicable = NotApplicable,
    }
    /// An evidence field of a task.
    Field from model::Field {
        /// Files the task changed.
        FilesChanged = Files,
        /// Commands the task ran.
        CommandsRun = Commands,
        /// What the executor wrote, for audits and research.
        ExecutorNotes = Notes,
    }
    /// What is to be done about a task.
    TaskDecision from model::Outcome {
        /// Nothing.
        None = None,
        /// Every gap is filled by what was found.
        Backfill = Backfill,
        /// Candidates exist, but it takes an answer to choose.
        Ambiguous = Ambiguous,
        /// No trace anywhere.
        NoEvidence = NoEvidence,
    }
    /// What is to be done about one file or command.
    Decision from model::Decision {
        /// Certain enough to be written.
        Backfill = Backfill,
        /// Stands in `finalize.json` already.
        Recorded = Recorded,
        /// Possible, to be asked about.
        Candidate = Candidate,
        /// Claimed, but git contradicts it.
        Rejected = Rejected,
    }
    /// Where a value comes from.
    Source from model::Source {
        /// `finalize.json` itself.
        Recorded = Recorded,
        /// A row or list of an execution artifact.
        Batch = Batch,
        /// A reviewer.
        Review = Review,
        /// Commits or uncommitted changes.
        Git = Git,
        /// Several weaker signals together.
        Inferred = Inferred,
        /// An operator's answer.
        Operator = Operator,
    }
    /// What a claim is about.
    ClaimKind from model::ClaimKind {
        /// A done task lacks its evidence in the record.
        MissingEvidence = MissingEvidence,
        /// A change that no task claims.
        UnclaimedChange = UnclaimedChange,
        /// A claimed change that git does not show.
        PhantomClaim = PhantomClaim,
        /// Something is there, or still there.
        ContentPresent = ContentPresent,
        /// Something is missing, or gone.
        ContentAbsent = ContentAbsent,
        /// Certain lines say something.
        Location = Location,
        /// A test or a check passed or failed.
        TestResult = TestResult,
        /// Progress or acknowledgment is not recorded.
        Tracking = Tracking,
        /// Said for the record.
        Observation = Observation,
        /// Needs judgement.
        Semantic = Semantic,
    }
    /// What a claim would have the harness wait for.
    ClaimClass from model::ClaimClass {
        /// Evidence of finished work is missing from the record.
        Metadata = Metadata,
        /// Work is missing or wrong, or nobody can tell from the wording.
        Implementation = Implementation,
        /// Nothing.
        Informational = Informational,
    }
    /// Whether a claim is true of the files as they are now.
    Verdict from model::Verdict {
        /// It is.
        Holds = Holds,
        /// It was once, and is contradicted now.
        Stale = Stale,
        /// Reading files and records does not decide it.
        CannotTell = CannotTell,
    }
    /// How bad a finding is.
    Severity from model::Severity {
        /// Something must be done.
        Error = Error,
        /// Something is off and may mislead.
        Warning = Warning,
        /// Good to know.
        Note = Note,
    }
}
