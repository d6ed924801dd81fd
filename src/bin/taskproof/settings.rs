//! What the arguments mean: typed values, checked, with the environment looked up once.

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;

use taskproof::config::Config;
use taskproof::git::{Extraction, WorktreeMode};
use taskproof::load::HistoryOptions;
use taskproof::report::{Format, Look, plain};
use taskproof::spelling::hint;

use crate::args;
use crate::cache;
use crate::config_file::{self, ConfigFile};
use crate::error::Error;
use crate::progress;

/// More threads than this only cost memory.
const MOST_THREADS: usize = 256;

/// Bytes of witnesses' lines in an HTML page: it should be there in a moment.
const MOST_LINES: usize = 512 << 10;

/// How much goes to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Talk {
    /// Errors only.
    ReportOnly,
    /// What a person should not miss.
    Usual,
    /// Also what is being done.
    More,
}

/// Everything a command needs to know about its surroundings.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) plan: Option<PathBuf>,
    pub(crate) start: PathBuf,
    pub(crate) home: Option<PathBuf>,
    pub(crate) history: HistoryOptions,
    pub(crate) config: Config,
    pub(crate) format: Format,
    pub(crate) outputs: Vec<(Format, PathBuf)>,
    pub(crate) look: Look,
    /// Bytes of lines of witnesses that a report has room for; 0 where no format shows them.
    pub(crate) room_for_lines: usize,
    pub(crate) assume_stopped: bool,
    pub(crate) exit_zero: bool,
    pub(crate) talk: Talk,
    pub(crate) shows_progress: bool,
}

impl Settings {
    /// Checks the arguments and sets the number of threads for this process.
    pub(crate) fn new(arguments: &args::Analysis) -> Result<Self, Error> {
        Self::with(arguments, |history| config_file::read(arguments, history))
    }

    /// The same for the gate of a branch, which has no say in it.
    pub(crate) fn for_gate(arguments: &args::Analysis) -> Result<Self, Error> {
        Self::with(arguments, |history| config_file::read_at_base(arguments, history))
    }

    fn with(
        arguments: &args::Analysis,
        read_config: impl FnOnce(&HistoryOptions) -> Result<ConfigFile, Error>,
    ) -> Result<Self, Error> {
        set_threads(arguments.threads)?;
        let start = working_directory()?;
        let repo = arguments.repo.as_ref().map(|repo| start.join(repo));
        if let Some(missing) = repo.as_ref().filter(|repo| !repo.is_dir()) {
            return Err(Error::Usage(format!("`--repo {}` is not a directory", missing.display())));
        }
        let (cache, refused) = cache::options(arguments, &start);
        let mut history = HistoryOptions {
            repo,
            base: arguments.base.clone(),
            head: arguments.head.clone(),
            worktree: match arguments.worktree {
                args::Worktree::Auto => WorktreeMode::Auto,
                args::Worktree::Include => WorktreeMode::Include,
                args::Worktree::Exclude => WorktreeMode::Exclude,
            },
            extraction: Extraction {
                verify_objects: arguments.verify_objects,
                cache,
                ..Extraction::default()
            },
            start: start.clone(),
        };
        let file = read_config(&history)?;
        let mut config = config(arguments, &file)?;
        file.limits.apply(&mut config, &mut history.extraction.limits);
        let format = arguments.format.unwrap_or(Format::Human);
        let outputs = outputs(arguments)?;
        let has_page = format == Format::Html || outputs.iter().any(|(format, _)| *format == Format::Html);
        let settings = Self {
            plan: arguments.plan.clone(),
            home: home(),
            config,
            history,
            format,
            outputs,
            look: look(arguments.color),
            room_for_lines: if has_page { MOST_LINES } else { 0 },
            assume_stopped: arguments.assume_stopped,
            exit_zero: arguments.exit_zero,
            talk: match (arguments.quiet, arguments.verbose) {
                (true, _) => Talk::ReportOnly,
                (false, 0) => Talk::Usual,
                (false, _) => Talk::More,
            },
            shows_progress: progress::is_wanted(arguments),
            start,
        };
        if let Some(refused) = refused {
            settings.say(&refused.message());
        }
        for name in &file.not_raised {
            settings.say(&format!(
                "`limits.{name}` is raised no further than it was where the branch starts: name the file with \
                 `--config` to have it as it is"
            ));
        }
        Ok(settings)
    }
}

impl Settings {
    /// The same for one of several plans of a report, which share its room.
    pub(crate) fn shared_by(mut self, plans: usize) -> Self {
        self.room_for_lines /= plans.max(1);
        self
    }

    /// A line on standard error, unless only the report is wanted.
    pub(crate) fn say(&self, text: &str) {
        if self.talk >= Talk::Usual {
            let _ = writeln!(io::stderr(), "{}", plain(text));
        }
    }

    /// A line on standard error for those who asked for more.
    pub(crate) fn note(&self, text: &str) {
        if self.talk >= Talk::More {
            // A note that nobody can read is no reason to stop.
            let _ = writeln!(io::stderr(), "{}", plain(text));
        }
    }
}

/// The directory the command was started in.
pub(crate) fn working_directory() -> Result<PathBuf, Error> {
    env::current_dir().map_err(|source| Error::Read { path: PathBuf::from("."), source })
}

/// The user's home directory.
pub(crate) fn home() -> Option<PathBuf> {
    env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from)
}

/// Colour and width for standard output.
pub(crate) fn look(when: args::Color) -> Look {
    let colour = match when {
        args::Color::Always => true,
        args::Color::Never => false,
        args::Color::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    };
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    let width = asked.or_else(terminal).unwrap_or(Look::default().width);
    Look { colour, width: width.clamp(40, 200) }
}

fn set_threads(threads: Option<usize>) -> Result<(), Error> {
    let Some(threads) = threads else { return Ok(()) };
    if threads == 0 {
        return Err(Error::Usage("`--threads` takes a number from 1 upwards".to_owned()));
    }
    // Fails only if a pool exists already, and this is the first thing a command does.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.min(MOST_THREADS)).build_global();
    Ok(())
}

/// The configuration: built in, then the file, then the flags.
fn config(arguments: &args::Analysis, file: &ConfigFile) -> Result<Config, Error> {
    let mut config = Config::default();
    if let Some(most) = file.max_candidates {
        config.max_candidates = most;
    }
    if let Some(least) = arguments.min_confidence.or(file.min_confidence) {
        if !(0.0..=1.0).contains(&least) {
            return Err(Error::Usage(format!("the lowest confidence is a number from 0 to 1, not {least}")));
        }
        config.min_confidence = least;
    }
    // What a configuration file says was measured on backfills, and means nothing for verdicts.
    if let Some(least) = arguments.min_confidence {
        config.min_verdict_confidence = least;
    }
    Ok(config)
}

/// The formats to write.
fn outputs(arguments: &args::Analysis) -> Result<Vec<(Format, PathBuf)>, Error> {
    arguments.output.iter().map(|output| parse_output(output)).collect()
}

fn parse_output(text: &str) -> Result<(Format, PathBuf), Error> {
    let (name, path) = text.split_once('=').unwrap_or((text, ""));
    match Format::parse(name) {
        Some(format) if !path.is_empty() => Ok((format, PathBuf::from(path))),
        Some(_) => Err(Error::Usage(format!("`--output {text}` is not FORMAT=PATH: it has no path"))),
        None => {
            let formats = hint(name, Format::ALL.iter().map(|format| format.as_str()));
            Err(Error::Usage(format!("`--output {text}` is not FORMAT=PATH with a known format; {formats}")))
        }
    }
}
