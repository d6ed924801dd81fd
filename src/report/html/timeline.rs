//! The plan as a timeline: its batches in order, when they were worked on, and the commits that show their files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use jiff::Timestamp;

use super::super::text::count;
use super::markup::Markup;
use super::{Report, section as titled, words};
use crate::model::{Attribution, BatchWindow, Decision, Oid};
use crate::report::CommitFacts;

/// More commits or tasks than this are counted.
const MOST_LISTED: usize = 100;

/// More batches than this are no picture any more.
const MOST_BATCHES: usize = 400;

/// Where a lane begins and ends in its own units of a thousand: strokes have a width, too.
const LANE: (f64, f64) = (3.0, 997.0);

pub(super) fn section(page: &mut Markup, prefix: &str, report: &Report) {
    if report.tasks.is_empty() {
        return;
    }
    let course = Course::of(report);
    titled(page, prefix, "timeline", "Timeline", |page| {
        if let Some(scale) = &course.scale {
            axis(page, scale, &report.history.commits);
        }
        page.within("ol", &[("class", "batches")], |page| {
            for (batch, tasks) in course.batches.iter().take(MOST_BATCHES) {
                page.within("li", &[], |page| lane(page, prefix, *batch, tasks, &course));
            }
        });
        if let Some(more) = course.batches.len().checked_sub(MOST_BATCHES).filter(|more| *more > 0) {
            page.element("p", &[("class", "quiet")], &format!("and {more} more batches"));
        }
        if !course.others.is_empty() {
            let shown = count(course.others.len(), "commit");
            let verb = if course.others.len() == 1 { "shows" } else { "show" };
            list(page, &format!("{shown} of the range {verb} no file of a task"), &course.others);
        }
    });
}

/// Tasks with their places in the plan.
type Tasks<'a> = Vec<(usize, &'a Attribution)>;

/// Which batch has which tasks and commits.
struct Course<'a> {
    /// What has no batch comes last.
    batches: Vec<(Option<u32>, Tasks<'a>)>,
    windows: &'a [BatchWindow],
    /// Commits that show a file of the batch, in the order of history.
    commits: HashMap<Option<u32>, Vec<&'a CommitFacts>>,
    /// Commits that show none.
    others: Vec<&'a CommitFacts>,
    scale: Option<Scale>,
}

impl<'a> Course<'a> {
    fn of(report: &'a Report) -> Self {
        let mut batches: BTreeMap<(bool, Option<u32>), Tasks<'_>> = BTreeMap::new();
        let mut shown: HashMap<Oid, BTreeSet<Option<u32>>> = HashMap::new();
        for (at, task) in report.tasks.iter().enumerate() {
            batches.entry((task.batch.is_none(), task.batch)).or_default().push((at, task));
            for file in task.files.iter().filter(|file| file.decision != Decision::Rejected) {
                for commit in file.witnesses.iter().filter_map(|witness| witness.commit) {
                    shown.entry(commit).or_default().insert(task.batch);
                }
            }
        }
        let mut course = Self {
            batches: batches.into_iter().map(|((_, batch), tasks)| (batch, tasks)).collect(),
            windows: &report.plan.batch_windows,
            commits: HashMap::new(),
            others: Vec::new(),
            scale: Scale::of(report),
        };
        for commit in &report.history.commits {
            match shown.get(&commit.id) {
                Some(batches) => {
                    for batch in batches {
                        course.commits.entry(*batch).or_default().push(commit);
                    }
                }
                None => course.others.push(commit),
            }
        }
        course
    }
}

/// From seconds to places on a lane.
struct Scale {
    first: i64,
    last: i64,
}

impl Scale {
    fn of(report: &Report) -> Option<Self> {
        let commits = report.history.commits.iter().map(|commit| commit.time);
        let windows = report.plan.batch_windows.iter().flat_map(|window| [window.start, window.end]);
        let times: Vec<i64> = commits.chain(windows).collect();
        let (first, last) = (*times.iter().min()?, *times.iter().max()?);
        (first < last).then_some(Self { first, last })
    }

    #[expect(clippy::cast_precision_loss, reason = "a picture is a thousand units wide")]
    fn place(&self, time: i64) -> f64 {
        let span = (self.last as f64 - self.first as f64).max(1.0);
        let part = ((time as f64 - self.first as f64) / span).clamp(0.0, 1.0);
        LANE.0 + part * (LANE.1 - LANE.0)
    }
}

/// When the first and the last thing happened, with a stroke for every commit.
fn axis(page: &mut Markup, scale: &Scale, commits: &[CommitFacts]) {
    page.within("div", &[("class", "axis")], |page| {
        page.within("div", &[], |page| {
            page.within("div", &[("class", "ends")], |page| {
                page.element("span", &[], &when(scale.first));
                page.element("span", &[], &when(scale.last));
            });
            picture(page, scale, &[], &commits.iter().collect::<Vec<_>>());
        });
    });
}

/// One batch: its tasks and commits in words, and beside them the picture of their times.
fn lane(page: &mut Markup, prefix: &str, batch: Option<u32>, tasks: &Tasks, course: &Course) {
    let windows: Vec<BatchWindow> =
        course.windows.iter().filter(|window| Some(window.batch) == batch).copied().collect();
    let commits = course.commits.get(&batch).map(Vec::as_slice).unwrap_or_default();
    page.within("div", &[("class", "batch")], |page| {
        let name = batch.map_or_else(|| "No batch".to_owned(), |batch| format!("Batch {batch}"));
        page.element("h3", &[], &name);
        page.within("div", &[], |page| {
            chips(page, prefix, tasks);
            let times: Vec<String> = windows
                .iter()
                .map(|window| format!("{} to {}", when(window.start), when(window.end)))
                .collect();
            if !times.is_empty() {
                page.element("p", &[("class", "quiet")], &format!("Worked on {}", times.join(", ")));
            }
            if !commits.is_empty() {
                let verb = if commits.len() == 1 { "shows" } else { "show" };
                list(page, &format!("{} {verb} its files", count(commits.len(), "commit")), commits);
            }
        });
        if let Some(scale) = &course.scale {
            picture(page, scale, &windows, commits);
        }
    });
}

/// Links to the tasks, each with the mark of what is to be done.
fn chips(page: &mut Markup, prefix: &str, tasks: &Tasks) {
    page.within("ul", &[("class", "chips")], |page| {
        for (at, task) in tasks.iter().take(MOST_LISTED) {
            let word = words::outcome(task.outcome);
            let (class, href) = (format!("chip {}", word.class), format!("#{prefix}-t{at}"));
            page.within("li", &[], |page| {
                page.within("a", &[("class", &class), ("href", &href), ("title", word.text)], |page| {
                    page.element("span", &[("aria-hidden", "true")], word.mark);
                    page.text(&task.task.0);
                    page.element("span", &[("class", "aside")], &format!(", {}", word.text));
                });
            });
        }
        if let Some(more) = tasks.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
            page.element("li", &[], &format!("and {more} more"));
        }
    });
}

/// Bars for the times of work, strokes for commits. The same is said in words below it.
fn picture(page: &mut Markup, scale: &Scale, windows: &[BatchWindow], commits: &[&CommitFacts]) {
    let view = [("viewBox", "0 0 1000 20"), ("preserveAspectRatio", "none"), ("aria-hidden", "true")];
    page.within("svg", &view, |page| {
        for window in windows {
            let (start, end) = (scale.place(window.start), scale.place(window.end));
            let (x, width) = (format!("{start:.1}"), format!("{:.1}", (end - start).max(3.0)));
            page.empty("rect", &[("x", &x), ("y", "5"), ("width", &width), ("height", "10")]);
        }
        // Strokes at one place are one stroke.
        let places: BTreeSet<String> =
            commits.iter().map(|commit| format!("{:.0}", scale.place(commit.time))).collect();
        let strokes = places.iter().fold(String::new(), |mut strokes, place| {
            let _ = write!(strokes, "M{place} 1V19");
            strokes
        });
        if !strokes.is_empty() {
            page.empty("path", &[("d", &strokes)]);
        }
    });
}

fn list(page: &mut Markup, title: &str, commits: &[&CommitFacts]) {
    page.within("details", &[("class", "commits")], |page| {
        page.element("summary", &[], title);
        page.within("ol", &[], |page| {
            for commit in commits.iter().take(MOST_LISTED) {
                page.within("li", &[], |page| {
                    page.element("code", &[], &commit.id.short());
                    page.element("time", &[], &when(commit.time));
                    page.element("span", &[], &commit.subject);
                });
            }
            if let Some(more) = commits.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
                page.element("li", &[], &format!("and {more} more"));
            }
        });
    });
}

/// A time for people, in UTC; empty where it is no time.
pub(super) fn when(seconds: i64) -> String {
    let time = Timestamp::from_second(seconds).ok();
    time.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}
