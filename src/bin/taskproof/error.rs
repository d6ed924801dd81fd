//! Everything that can end a command early, with its exit code and a hint.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;

use taskproof::attribute::RefusedAnswer;
use taskproof::explain::UnknownTask;
use taskproof::git::GitError;
use taskproof::load::{AnswerError, CaseError, ClaimError, LoadError, ManifestError, TouchedError};
use taskproof::repair::{ProposeError, StateError, UndoError, WriteError};
use taskproof::report::{JoinError, RenderError, plain};
use taskproof::situation::SituationError;

use crate::exit::Exit;

/// Everything that can end a command early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Git(#[from] GitError),
    #[error(transparent)]
    Answers(#[from] AnswerError),
    #[error(transparent)]
    Cases(#[from] CaseError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Join(#[from] JoinError),
    #[error(transparent)]
    Claims(#[from] ClaimError),
    #[error(transparent)]
    RefusedAnswer(#[from] RefusedAnswer),
    #[error(transparent)]
    UnknownTask(#[from] UnknownTask),
    #[error(transparent)]
    Propose(#[from] ProposeError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Undo(#[from] UndoError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Situation(#[from] SituationError),
    #[error("{0}")]
    Usage(String),
    #[error("nothing to measure: {0}")]
    NothingToMask(&'static str),
    #[error("refused: {0}")]
    Refused(String),
    #[error("cannot read `{}`", .path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write `{}`", .path.display())]
    WriteFile {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is not a configuration file: {problem}", .path.display())]
    Config { path: PathBuf, problem: String },
}

impl From<TouchedError> for Error {
    fn from(error: TouchedError) -> Self {
        match error {
            TouchedError::Git(error) => Self::Git(error),
            TouchedError::Load(error) => Self::Load(error),
        }
    }
}

impl Error {
    /// The exit code it stands for.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Load(
                LoadError::NoPlan { .. }
                | LoadError::UnknownPlan { .. }
                | LoadError::NoPlanBelow { .. }
                | LoadError::NotAPlan { missing: "state.json", .. },
            ) => Exit::NoPlan,
            Self::Load(LoadError::AmbiguousPlan { .. })
            | Self::Git(GitError::UnknownRevision { .. } | GitError::BareWorktree { .. })
            | Self::Answers(_)
            | Self::Cases(_)
            | Self::Manifest(_)
            | Self::Join(_)
            | Self::Claims(_)
            | Self::RefusedAnswer(_)
            | Self::UnknownTask(_)
            | Self::Render(RenderError::NotOffered { .. } | RenderError::NotJoined { .. })
            | Self::Situation(SituationError::Unknown { .. } | SituationError::NotEmpty { .. })
            | Self::Usage(_)
            | Self::Config { .. } => Exit::Usage,
            // What was named on the command line is not there, or not text.
            Self::Read { source, .. }
                if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) =>
            {
                Exit::Usage
            }
            Self::Refused(_) | Self::Propose(ProposeError::ReadOnly | ProposeError::NoPlaceForEvidence) => {
                Exit::Refused
            }
            Self::Write(error) if error.is_refusal() => Exit::Refused,
            Self::Undo(error) if error.is_refusal() => Exit::Refused,
            Self::Undo(error) if error.is_unusable_request() => Exit::Usage,
            _ => Exit::Failed,
        }
    }

    /// Whether the reader of our output went away, which is no failure.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Render(RenderError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The message with its causes in one line, as it stands.
    pub(crate) fn chain(&self) -> String {
        let causes = std::iter::successors(self.source(), |cause| (*cause).source());
        causes.fold(self.to_string(), |text, cause| format!("{text}: {cause}"))
    }

    /// The message with its causes, one a line. They may quote untrusted text, so only the line ends
    /// between them are real.
    pub(crate) fn describe(&self) -> String {
        let causes = std::iter::successors(self.source(), |cause| (*cause).source());
        let causes = causes.map(|cause| format!("\n  because: {}", plain(&cause.to_string())));
        format!("error: {}{}", plain(&self.to_string()), causes.collect::<String>())
    }
}
