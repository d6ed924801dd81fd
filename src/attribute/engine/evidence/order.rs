//! Order: what a task depends on comes before it.

use super::Evidence;

/// Between which commits a task can begin, as far as the commits of others tell.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::attribute::engine) struct Bounds {
    /// The last commit with which a task begins that this one depends on, however far back.
    pub(in crate::attribute::engine) after: Option<usize>,
    /// The first commit with which a task begins that depends on this one, however far on.
    pub(in crate::attribute::engine) before: Option<usize>,
}

impl Evidence {
    /// The bounds of every task, given with which commit each task begins, where that is known. Takes time in proportion
    /// to the dependencies; tasks that depend on each other in a circle bound nobody through it.
    pub(in crate::attribute::engine) fn bounds(
        &self,
        begins: impl Fn(usize) -> Option<usize>,
    ) -> Vec<Bounds> {
        let order = self.in_order();
        let mut bounds = vec![Bounds::default(); self.tasks.len()];
        for task in &order {
            let earlier = self.tasks[*task].depends_on.iter();
            let after = earlier.flat_map(|other| [begins(*other), bounds[*other].after]).flatten().max();
            bounds[*task].after = after;
        }
        for task in order.iter().rev() {
            let first = [begins(*task), bounds[*task].before].into_iter().flatten().min();
            for other in &self.tasks[*task].depends_on {
                let known = &mut bounds[*other].before;
                *known = [*known, first].into_iter().flatten().min();
            }
        }
        bounds
    }

    /// Tasks after all those that they depend on; those in circles are left out.
    fn in_order(&self) -> Vec<usize> {
        let mut waiting: Vec<usize> = self.tasks.iter().map(|task| task.depends_on.len()).collect();
        let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); self.tasks.len()];
        for (at, task) in self.tasks.iter().enumerate() {
            task.depends_on.iter().for_each(|other| dependents[*other].push(at));
        }
        let mut order: Vec<usize> = (0..waiting.len()).filter(|task| waiting[*task] == 0).collect();
        let mut next = 0;
        while let Some(task) = order.get(next).copied() {
            next += 1;
            for dependent in &dependents[task] {
                waiting[*dependent] -= 1;
                if waiting[*dependent] == 0 {
                    order.push(*dependent);
                }
            }
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::super::TaskEvidence;
    use super::*;

    fn bounds(depends_on: &[&[usize]], begins: &[Option<usize>]) -> Vec<(Option<usize>, Option<usize>)> {
        let task =
            |others: &&[usize]| TaskEvidence { depends_on: others.to_vec(), ..TaskEvidence::default() };
        let evidence = Evidence { tasks: depends_on.iter().map(task).collect(), ..Evidence::default() };
        evidence.bounds(|task| begins[task]).into_iter().map(|bounds| (bounds.after, bounds.before)).collect()
    }

    #[test]
    fn bounds_reach_through_tasks_whose_commits_are_unknown() {
        // 0 before 1 before 2, and 3 by itself.
        let found = bounds(&[&[], &[0], &[1], &[]], &[Some(4), None, Some(9), Some(1)]);
        assert_eq!(found, [(None, Some(9)), (Some(4), Some(9)), (Some(4), None), (None, None)]);
    }

    #[test]
    fn circles_bound_nobody_and_end() {
        let found = bounds(&[&[1], &[0], &[]], &[Some(1), Some(2), None]);
        assert_eq!(found, [(None, None); 3]);
    }
}
