//! Steps of the plan's text and the tasks that carry them out: `finalize.json` names the steps
//! (`validation.plan_steps_covered`), and `plan_vN.md` holds their text (spec sections 1 and 3).
//!
//! They tell what was planned and decide nothing alone, so whatever cannot be read is passed over in silence.

use crate::json::Node;
use crate::model::{Artifact, PlanStep, TaskId};

/// More steps are not read.
const MOST: usize = 1000;
/// So much of a section is read.
const LONGEST: usize = 32 << 10;

/// The steps that `finalize.json` names, each with its section of the plan's text, where one can be told.
pub(super) fn read_steps(finalize: &Artifact, text: Option<&str>) -> Vec<PlanStep> {
    let root = finalize.document.as_ref().map(|document| &document.root);
    let covered = root.and_then(|root| root.get("validation")?.get("plan_steps_covered")?.as_array());
    let sections = text.map(sections).unwrap_or_default();
    let step = |node: &Node| {
        let summary = node.get("plan_step_summary")?.as_str()?;
        let ids =
            ["finalize_task_ids", "finalize_item_ids"].iter().find_map(|key| node.get(key)?.as_array())?;
        let tasks = ids.iter().filter_map(Node::as_str).map(TaskId::from).collect();
        let section = section(summary, &sections).unwrap_or_default();
        Some(PlanStep { text: format!("{}\n{section}", clip(summary)), tasks })
    };
    covered.unwrap_or_default().iter().take(MOST).filter_map(step).collect()
}

/// A heading of the plan's text, and everything below it up to the next heading that is no smaller.
#[derive(Debug, PartialEq)]
struct Section<'a> {
    heading: &'a str,
    text: &'a str,
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut headings: Vec<(usize, usize, &str)> = Vec::new();
    let mut is_code = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            is_code = !is_code;
        }
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        if !is_code && (1..=6).contains(&level) && line[level..].starts_with(' ') && headings.len() < MOST {
            headings.push((start, level, line[level..].trim()));
        }
        start += line.len();
    }
    let section = |(at, (start, level, heading)): (usize, &(usize, usize, &'_ str))| {
        let next = headings[at + 1..].iter().find(|(_, other, _)| other <= level);
        (*start, next.map_or(text.len(), |(end, _, _)| *end), heading.len())
    };
    let bounds: Vec<(usize, usize, usize)> = headings.iter().enumerate().map(section).collect();
    headings
        .iter()
        .zip(bounds)
        .map(|((_, _, heading), (start, end, _))| Section { heading, text: clip(&text[start..end]) })
        .collect()
}

/// The section of a step: the one of its number, or else the one whose heading says the same.
fn section<'a>(summary: &str, sections: &[Section<'a>]) -> Option<&'a str> {
    /// Shorter headings, such as `Tests`, may be part of any summary.
    const SHORTEST: usize = 12;
    let number = step_number(summary);
    let by_number = |section: &&Section<'_>| number.is_some() && step_number(section.heading) == number;
    let mut numbered = sections.iter().filter(by_number);
    if let (Some(only), None) = (numbered.next(), numbered.next()) {
        return Some(only.text);
    }
    let wanted = plain(summary);
    let says_the_same = |section: &&Section<'_>| {
        let heading = plain(section.heading);
        heading.len() >= SHORTEST
            && wanted.len() >= SHORTEST
            && (wanted.contains(&heading) || heading.contains(&wanted))
    };
    let mut alike = sections.iter().filter(says_the_same);
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only.text),
        _ => None,
    }
}

/// `3` of `Step 3: …`; `None` where no step is numbered.
fn step_number(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let rest = lower.split_once("step ").filter(|(before, _)| before.len() < 24)?.1;
    let number: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    let number = number.trim_end_matches('.');
    number.starts_with(|c: char| c.is_ascii_digit()).then(|| number.to_owned())
}

fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).take(200);
    letters.flat_map(char::to_lowercase).collect()
}

fn clip(text: &str) -> &str {
    let mut end = LONGEST.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    const PLAN: &str = "# Plan\n## Step 1: Clock (`src/clock.rs`)\nDraw it.\n### Hands\nTwo.\n```sh\n# Step 2\n```\n\
                        ## Step 2: Moon\nIn `src/moon.rs`.\n## Sweep the floor of the hall\n`hall.rs`\n";

    fn steps(covered: &str) -> Vec<PlanStep> {
        let text = format!("{{\"validation\": {{\"plan_steps_covered\": {covered}}}}}");
        let document = Some(parse(&text, Limits::default()).unwrap());
        read_steps(&Artifact { name: "finalize.json".into(), text, document }, Some(PLAN))
    }

    #[test]
    fn a_step_is_found_by_its_number_or_its_words() {
        let found = steps(
            r#"[{"plan_step_summary": "Step 1: a clock", "finalize_task_ids": ["T1", 3, "T2"]},
                {"plan_step_summary": "Sweep the floor of the hall (end)", "finalize_item_ids": ["T3"]},
                {"plan_step_summary": "Step 9: x", "finalize_item_ids": []}, {"finalize_item_ids": []}, 7]"#,
        );
        let texts: Vec<&str> = found.iter().map(|step| step.text.as_str()).collect();
        assert!(texts[0].contains("Draw it.") && texts[0].contains("Two.") && !texts[0].contains("moon"));
        assert!(texts[1].ends_with("`hall.rs`\n"));
        assert_eq!(texts[2], "Step 9: x\n");
        assert_eq!(found[0].tasks, ["T1".into(), "T2".into()]);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn what_has_another_shape_is_no_step() {
        assert_eq!(steps("3"), []);
        assert_eq!(steps("{}"), []);
    }

    proptest::proptest! {
        #[test]
        fn any_text_divides_into_sections(text in "(#|##| |a|é|```|\n|Step 1){0,40}") {
            for section in sections(&text) {
                proptest::prop_assert!(text.contains(section.text) && section.text.starts_with('#'));
            }
        }
    }
}
