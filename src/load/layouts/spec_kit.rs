//! spec-kit: `specs/001-name/tasks.md`, a list of check boxes, each with the name of its task.
//!
//! ```text
//! - [x] T012 [P] [US1] Create the model in src/models/user.py (depends on T004, T005)
//! ```

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::Format;
use super::list::{self, Entry};
use crate::config::Config;
use crate::load::artifact::read_artifact;
use crate::load::discover::subdirectories;
use crate::load::error::LoadError;
use crate::model::{Code, Finding, Layout, Location, Plan, Status};

/// The directory that shows a project of spec-kit.
const FOLDER: &str = ".specify";
/// The list.
const LIST: &str = "tasks.md";
/// Where features lie, below the project.
const FEATURES: [&str; 2] = ["specs", ".specify/specs"];

/// The format.
pub(super) struct SpecKit;

impl Format for SpecKit {
    fn marker(&self) -> &'static str {
        FOLDER
    }

    fn candidates(&self, root: &Path, _home: Option<&Path>) -> Result<Vec<PathBuf>, LoadError> {
        if !root.join(FOLDER).is_dir() {
            return Ok(Vec::new());
        }
        let found: Result<Vec<_>, _> =
            FEATURES.iter().map(|place| subdirectories(&root.join(place))).collect();
        Ok(found?.concat())
    }

    fn is_plan(&self, directory: &Path) -> bool {
        // Elsewhere a file of that name may be anything.
        let project = root(&std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_path_buf()));
        directory.join(LIST).is_file() && (project.join(FOLDER).is_dir() || begins_with_tasks(directory))
    }

    fn is_over(&self, directory: &Path, config: &Config) -> bool {
        list::is_over(self.load(directory, config))
    }

    fn load(&self, directory: &Path, config: &Config) -> Result<(Plan, Vec<Finding>), LoadError> {
        let artifact = read_artifact(directory, LIST, config)?
            .ok_or_else(|| LoadError::NotAPlan { directory: directory.to_path_buf(), missing: LIST })?;
        let mut findings = vec![list::read_only(LIST, "a spec-kit list")];
        let mut entries = read(&artifact.text, &mut findings);
        let unreadable = list::without_twins(&mut entries, |entry| {
            let message = format!("another task is called `{}`; the line was left out", entry.id);
            let finding = Finding::new(Code::MalformedRow, LIST, message);
            findings.push(Finding { location: Location { line: entry.line, ..finding.location }, ..finding });
        });
        list::require_some(&entries, &directory.join(LIST), "")?;
        let resolved = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_path_buf());
        let name = resolved.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let root = root(&resolved);
        let plan = list::plan(directory, Layout::SpecKit, artifact, &root, name, entries, unreadable);
        Ok((plan, findings))
    }
}

/// The project: around `specs/NAME` or `.specify/specs/NAME`, or the directory around a list that is kept elsewhere.
fn root(directory: &Path) -> PathBuf {
    let features = directory.parent().unwrap_or(directory);
    let outer = if features.ends_with("specs") { features.parent() } else { Some(features) };
    let outer = outer.unwrap_or(features);
    let root = if outer.ends_with(FOLDER) { outer.parent() } else { Some(outer) };
    root.unwrap_or(outer).to_path_buf()
}

/// Whether the beginning of a list has a task.
fn begins_with_tasks(directory: &Path) -> bool {
    const ENOUGH: u64 = 64 << 10;
    let mut beginning = Vec::new();
    let read =
        File::open(directory.join(LIST)).and_then(|file| file.take(ENOUGH).read_to_end(&mut beginning));
    read.is_ok() && !self::read(&String::from_utf8_lossy(&beginning), &mut Vec::new()).is_empty()
}

/// A check box that begins a line.
struct Box<'a> {
    indent: usize,
    is_checked: bool,
    rest: &'a str,
}

/// Every task of the text. A line that is indented below a task adds to it; what stands in code or comments is no task.
fn read(text: &str, findings: &mut Vec<Finding>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut outside = Outside::default();
    // The indentation of the task that lines below it belong to.
    let mut open: Option<usize> = None;
    for (number, line) in (1..).zip(text.lines()) {
        if !outside.is_prose(line) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        match check_box(line) {
            Some(found) if open.is_none_or(|outer| found.indent <= outer) => {
                open = None;
                match entry(&found, number) {
                    Ok(entry) => {
                        open = Some(found.indent);
                        entries.push(entry);
                    }
                    Err(why) => {
                        let message = format!("{why}; the line was left out");
                        findings.push(Finding::new(Code::MalformedRow, LIST, message).on_line(number));
                    }
                }
            }
            _ if line.trim().is_empty() => {}
            _ if open.is_some_and(|outer| indent > outer) => {
                if let Some(last) = entries.last_mut() {
                    last.description.push('\n');
                    last.description.push_str(line.trim());
                }
            }
            _ => open = None,
        }
    }
    entries
}

/// Whether lines stand in prose: not in a fenced block, and not in a comment.
#[derive(Default)]
struct Outside {
    fence: Option<String>,
    is_comment: bool,
}

impl Outside {
    fn is_prose(&mut self, line: &str) -> bool {
        let trimmed = line.trim_start();
        if let Some(fence) = &self.fence {
            if trimmed.starts_with(fence.as_str()) && trimmed.trim_end().chars().all(|c| fence.starts_with(c))
            {
                self.fence = None;
            }
            return false;
        }
        if self.is_comment {
            self.is_comment = !line.contains("-->");
            return false;
        }
        let mark = trimmed.chars().next().filter(|c| ['`', '~'].contains(c));
        let length = mark.map_or(0, |mark| trimmed.chars().take_while(|c| *c == mark).count());
        if length >= 3 {
            self.fence = Some(trimmed[..length].to_owned());
            return false;
        }
        self.is_comment = trimmed.starts_with("<!--") && !line.contains("-->");
        !trimmed.starts_with("<!--")
    }
}

fn check_box(line: &str) -> Option<Box<'_>> {
    let trimmed = line.trim_start();
    let rest = trimmed.strip_prefix(['-', '*', '+'])?.trim_start().strip_prefix('[')?;
    let (mark, rest) = rest.split_once(']')?;
    let is_checked = match mark {
        "x" | "X" => true,
        " " | "" => false,
        _ => return None,
    };
    Some(Box { indent: line.len() - trimmed.len(), is_checked, rest: rest.trim() })
}

/// The task of a check box, or why it is none.
fn entry(found: &Box<'_>, line: usize) -> Result<Entry, String> {
    let rest = found.rest.trim_start_matches("**");
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let (id, text) = rest.split_at(end);
    if id.starts_with("TXX") {
        return Err(format!("`{id}` is a placeholder"));
    }
    if !is_id(id) {
        return Err("the check box names no task, such as `T001`".to_owned());
    }
    let text = text.trim_start_matches(['*', ':', ' ', '\u{2014}', '-', '.']);
    Ok(Entry {
        id: id.to_owned(),
        pointer: String::new(),
        line: Some(line),
        description: text.to_owned(),
        notes: String::new(),
        depends_on: dependencies(text).into_iter().filter(|other| other != id).collect(),
        status: if found.is_checked { Status::Done } else { Status::Pending },
    })
}

/// `T`, digits, and at most one letter: `T001`, `T012a`.
fn is_id(word: &str) -> bool {
    let Some(rest) = word.strip_prefix('T') else { return false };
    let letters = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() > letters.len() && (letters.is_empty() || (letters.len() == 1 && letters.is_ascii()))
}

/// The tasks that a text says it depends on, up to the end of the clause.
fn dependencies(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let Some(at) = ["depends on", "depends:"].iter().filter_map(|words| lower.find(words)).min() else {
        return Vec::new();
    };
    let clause = text[at..].split([')', ';', '.']).next().unwrap_or_default();
    let words = clause.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| is_id(word)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST_TEXT: &str = "# Tasks\n\n- **[P]**: can run in parallel\n\n## Phase 1\n\n\
        - [x] T001 [P] Create `src/a.py`\n  - [ ] a step of it\n  and more of it\n\n\
        - [X] **T002** [US1] Use it in `src/b.py` (depends on T001, T001)\n\
        - [ ] T003a: Polish\n- [ ] all tests pass\n- [ ] TXXX Later\n- [-] T009 unknown mark\n\
        ```\n- [ ] T004 in code\n```\n<!--\n- [ ] T005 in a comment\n-->\n* [ ] T006 last\n";

    #[test]
    fn check_boxes_with_names_are_tasks() {
        let mut findings = Vec::new();
        let entries = read(LIST_TEXT, &mut findings);
        let told: Vec<(&str, &str)> =
            entries.iter().map(|entry| (entry.id.as_str(), entry.status.as_str())).collect();
        assert_eq!(told, [("T001", "done"), ("T002", "done"), ("T003a", "pending"), ("T006", "pending")]);
        let places: Vec<Option<usize>> = entries.iter().map(|entry| entry.line).collect();
        assert_eq!(places, [Some(7), Some(11), Some(12), Some(22)]);
        assert_eq!(entries[0].description, "[P] Create `src/a.py`\n- [ ] a step of it\nand more of it");
        assert_eq!(entries[1].depends_on, ["T001", "T001"]);
        let lines: Vec<Option<usize>> = findings.iter().map(|finding| finding.location.line).collect();
        assert_eq!(lines, [Some(13), Some(14)]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in r"(?s)([-*] \[[ xX-]?\] )?(T[0-9]{0,4}|\*\*|`{3}|<!--|-->|depends on|\n| |.){0,40}") {
            let mut findings = Vec::new();
            let entries = read(&text, &mut findings);
            let lines = text.lines().count();
            proptest::prop_assert!(entries.len() + findings.len() <= lines);
            proptest::prop_assert!(entries.iter().all(|entry| is_id(&entry.id)));
            let placed = findings.iter().all(|finding| finding.location.line.is_some_and(|line| line <= lines));
            proptest::prop_assert!(placed);
        }
    }

    #[test]
    fn names_are_told_from_words() {
        assert!(["T1", "T001", "T012a"].into_iter().all(is_id));
        assert!(["", "T", "Ta", "T01ab", "X1", "TODO"].into_iter().all(|word| !is_id(word)));
    }

    #[test]
    fn a_project_is_found_around_its_features() {
        for (directory, project) in
            [("/p/specs/001-a", "/p"), ("/p/.specify/specs/001-a", "/p"), ("/p/docs", "/p")]
        {
            assert_eq!(root(Path::new(directory)), Path::new(project));
        }
    }
}
