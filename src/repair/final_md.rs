//! `final.md`: the checklist that the harness renders from `finalize.json`.
//!
//! It is derived, so it goes stale when a repair fills in files. It is not rendered anew here: the
//! list of files is inserted into the task's block, and only when that block is recognised exactly.

use crate::model::{Status, Task};

const FILES: &str = "  Files changed:";

/// Why the block of a task was left alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("final.md was left as it is for {task}: {reason}; the harness renders it anew with its next batch")]
pub struct Unrecognised {
    /// The task.
    pub task: String,
    /// What did not fit.
    pub reason: &'static str,
}

/// Where the list of files goes and its lines, or `None` if it stands there already.
pub fn splice(
    final_md: &str,
    task: &Task,
    files: &[String],
) -> Result<Option<(usize, String)>, Unrecognised> {
    let refuse = |reason| Err(Unrecognised { task: task.id.0.clone(), reason });
    if files.iter().any(|file| file.contains(['\n', '\r'])) {
        return refuse("a path holds a line break");
    }
    let newline = line_ending(final_md);
    let block = block(task, newline);
    let mut places = find_lines(final_md, &block, newline);
    let (Some(mut at), None) = (places.next(), places.next()) else {
        return refuse("its block is missing, occurs twice, or differs from finalize.json");
    };
    if task.executor_notes.trim().is_empty() {
        let missing = format!("  Executor notes: [MISSING]{newline}");
        at += final_md[at..].strip_prefix(&missing).map_or(0, |_| missing.len());
    }
    let list = list(files, newline);
    let rest = &final_md[at..];
    if rest.starts_with(FILES) {
        let known = rest.strip_prefix(&list).is_some_and(|rest| is_end(rest, newline))
            || rest == list.trim_end_matches(newline);
        return if known { Ok(None) } else { refuse("its block lists other files") };
    }
    if !is_end(rest, newline) {
        return refuse("its block goes on in an unknown way");
    }
    if final_md[..at].ends_with(newline) {
        return Ok(Some((at, list)));
    }
    // The last line of the file has no ending: it gets one, and ours goes without.
    Ok(Some((at, format!("{newline}{}", list.trim_end_matches(newline)))))
}

/// The block of `task` up to its notes.
fn block(task: &Task, newline: &str) -> String {
    let mark = if task.status_word == "done" { 'x' } else { ' ' };
    let skipped = if task.status == Status::Skipped { " (skipped)" } else { "" };
    let mut lines = vec![format!("- [{mark}] **{}:** {}{skipped}", task.id, task.description)];
    if !task.depends_on.is_empty() {
        let ids: Vec<&str> = task.depends_on.iter().map(|id| id.0.as_str()).collect();
        lines.push(format!("  Depends on: {}", ids.join(", ")));
    }
    if !task.executor_notes.trim().is_empty() {
        lines.push(format!("  Executor notes: {}", task.executor_notes));
    }
    let block = lines.join("\n");
    if newline == "\n" { block } else { block.replace("\r\n", "\n").replace('\n', newline) }
}

fn list(files: &[String], newline: &str) -> String {
    let items: Vec<String> = files.iter().map(|file| format!("    - {file}{newline}")).collect();
    format!("{FILES}{newline}{}", items.concat())
}

/// The offsets after every occurrence of `block` that fills whole lines, its line ending included.
fn find_lines<'a>(text: &'a str, block: &'a str, newline: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(block).filter_map(move |(at, _)| {
        let starts = at == 0 || text[..at].ends_with('\n');
        let end = at + block.len();
        let rest = &text[end..];
        match rest.strip_prefix(newline) {
            Some(_) if starts => Some(end + newline.len()),
            None if starts && rest.is_empty() => Some(end),
            _ => None,
        }
    })
}

/// Whether a block may end, or its reviewer's part begin, where `rest` starts.
fn is_end(rest: &str, newline: &str) -> bool {
    rest.is_empty()
        || rest.starts_with(newline)
        || rest.starts_with("  Reviewer verdict:")
        || rest.starts_with("  Evidence files:")
}

fn line_ending(text: &str) -> &'static str {
    let first = text.find('\n').map_or("", |at| &text[..at]);
    if first.ends_with('\r') { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Truthy};

    fn task(description: &str, depends_on: &[&str], notes: &str) -> Task {
        Task {
            id: "T2".into(),
            pointer: "/tasks/1".into(),
            description: description.into(),
            depends_on: depends_on.iter().map(|id| (*id).into()).collect(),
            status: Status::Done,
            status_word: "done".into(),
            kind: Kind::Code,
            executor_notes: notes.into(),
            files_changed: vec![],
            commands_run: vec![],
            sections_written: vec![],
            evidence_files: vec![],
            reviewer_verdict: String::new(),
            guessed_files: false,
            line: None,
            is_exempt: false,
            inferred_files: false,
            inferred_commands: false,
            truthy: Truthy::default(),
        }
    }

    fn inserted(text: &str, task: &Task) -> Result<String, &'static str> {
        match splice(text, task, &["src/a.rs".into(), "b c".into()]) {
            Ok(Some((at, lines))) => Ok(format!("{}{lines}{}", &text[..at], &text[at..])),
            Ok(None) => Ok(text.to_owned()),
            Err(error) => Err(error.reason),
        }
    }

    const LIST: &str = "  Files changed:\n    - src/a.rs\n    - b c\n";

    #[test]
    fn the_list_goes_after_the_notes() {
        let head = "# Execution Checklist\n\n- [x] **T2:** Do it.\n  Depends on: T1, T0\n  Executor notes: Two\nlines.\n";
        let task = task("Do it.", &["T1", "T0"], "Two\nlines.");
        for rest in ["", "\n- [x] **T3:** Next\n\n", "  Reviewer verdict: [PENDING]\n\n"] {
            assert_eq!(inserted(&format!("{head}{rest}"), &task).unwrap(), format!("{head}{LIST}{rest}"));
        }
    }

    #[test]
    fn missing_notes_are_shown_or_not() {
        let task = task("Do it.", &[], " \n");
        for head in ["- [x] **T2:** Do it.\n", "- [x] **T2:** Do it.\n  Executor notes: [MISSING]\n"] {
            assert_eq!(inserted(&format!("{head}\n"), &task).unwrap(), format!("{head}{LIST}\n"));
        }
        assert!(inserted("- [x] **T2:** Do it.\n  Executor notes: other\n\n", &task).is_err());
    }

    #[test]
    fn a_list_that_stands_there_is_left() {
        let task = task("Do it.", &[], "n");
        let text = format!("- [x] **T2:** Do it.\n  Executor notes: n\n{LIST}\n");
        assert_eq!(inserted(&text, &task).unwrap(), text);
        assert_eq!(inserted(text.trim_end(), &task).unwrap(), text.trim_end());
        let other = text.replace("b c", "b d");
        assert_eq!(inserted(&other, &task), Err("its block lists other files"));
        let longer = text.replace("b c\n", "b c\n    - d\n");
        assert_eq!(inserted(&longer, &task), Err("its block lists other files"));
    }

    #[test]
    fn a_block_that_is_not_certain_is_refused() {
        let gone = Err("its block is missing, occurs twice, or differs from finalize.json");
        let task = task("Do it.", &[], "n");
        let block = "- [x] **T2:** Do it.\n  Executor notes: n\n";
        assert_eq!(inserted(&format!("{block}\n{block}\n"), &task), gone);
        assert_eq!(inserted("- [ ] **T2:** Do it.\n  Executor notes: n\n", &task), gone);
        assert_eq!(inserted(&format!(" {block}"), &task), gone);
        assert_eq!(inserted(&block.replace("n\n", "nn\n"), &task), gone);
        assert_eq!(inserted(&format!("{block}more\n"), &task), Err("its block goes on in an unknown way"));
    }

    #[test]
    fn a_file_without_a_last_line_ending_stays_without() {
        let text = "- [x] **T2:** Do it.\n  Executor notes: n";
        let expected = format!("{text}\n{}", LIST.trim_end());
        assert_eq!(inserted(text, &task("Do it.", &[], "n")).unwrap(), expected);
    }

    #[test]
    fn windows_lines_are_followed() {
        let text = "# Execution Checklist\r\n\r\n- [x] **T2:** Do\r\nit.\r\n\r\nmore";
        let expected = text.replace("\r\n\r\nmore", &format!("\r\n{}\r\nmore", LIST.replace('\n', "\r\n")));
        assert_eq!(inserted(text, &task("Do\nit.", &[], "")).unwrap(), expected);
    }

    #[test]
    fn paths_with_line_breaks_are_refused() {
        let error = splice("", &task("", &[], ""), &["a\nb".into()]).unwrap_err();
        assert_eq!(error.reason, "a path holds a line break");
    }
}
