//! Which commits a range holds.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::limits::TooMuch;
use super::objects::RawCommit;
use crate::model::Oid;

/// Clocks that run back would end the walk too early: it goes on for this many commits that are older
/// than everything found.
const SLACK: usize = 64;

/// What walking needs to know of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Its id.
    pub(super) id: Oid,
    /// Committer time.
    pub(super) time: i64,
    /// Its parents.
    pub(super) parents: Vec<Oid>,
    /// Whether it was read, and not known from before.
    pub(super) is_new: bool,
    /// Its files, if they are known.
    pub(super) tree: Option<Oid>,
    /// What else is written in it, from when it is read until somebody takes it.
    pub(super) commit: Option<Box<RawCommit>>,
}

impl Node {
    /// The same with all that is written in it, which is no longer kept here.
    pub(super) fn take(&mut self) -> Self {
        let commit = self.commit.take();
        Self { commit, ..self.clone() }
    }
}

/// What a walk met.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Walked {
    /// The commits of the range, in no particular order.
    pub(super) members: Vec<Node>,
    /// Those that were passed to find out.
    pub(super) others: Vec<Node>,
}

/// Commits reachable from `head` and from none of `hidden`. `read` gives a commit, of which it need not keep what is written
/// if it is hidden; `None` ends the walk there: the commit is not a member. [`TooMuch`] ends it altogether.
///
/// `passed` hears of what is very likely a member, with the files of its parents as far as they are known: of every member,
/// and of what turns out to be hidden later, where clocks run back. It may take what is written there: the walk needs it no
/// more, and keeping it all would take more memory than what becomes of it.
pub(super) fn walk(
    head: Oid,
    hidden: &[Oid],
    read: impl FnMut(Oid, bool) -> Result<Option<Node>, TooMuch>,
    passed: impl FnMut(&mut Node, Vec<Option<Oid>>),
) -> Result<Walked, TooMuch> {
    let (waiting, hiding) = (BTreeSet::new(), BTreeSet::new());
    let mut walk = Walk { read, passed, places: HashMap::new(), seen: Vec::new(), waiting, hiding };
    for id in hidden {
        walk.meet(*id, false)?;
    }
    walk.meet(head, true)?;
    walk.run()?;
    let mut walked = Walked::default();
    for Seen { node, wanted, .. } in walk.seen {
        if wanted { &mut walked.members } else { &mut walked.others }.push(node);
    }
    Ok(walked)
}

struct Seen {
    node: Node,
    wanted: bool,
    waits: bool,
}

struct Walk<R, P> {
    read: R,
    passed: P,
    /// Where a commit stands among the seen; `None` if it cannot be read.
    places: HashMap<Oid, Option<usize>>,
    seen: Vec<Seen>,
    /// Wanted commits that were met and not passed.
    waiting: BTreeSet<Waiting>,
    /// Hidden commits that were met and not passed.
    hiding: BTreeSet<Waiting>,
}

/// Committer time and place of a commit that waits. The newest comes last; of equally old ones, the one met first.
type Waiting = (i64, Reverse<usize>);

impl<R, P> Walk<R, P>
where
    R: FnMut(Oid, bool) -> Result<Option<Node>, TooMuch>,
    P: FnMut(&mut Node, Vec<Option<Oid>>),
{
    fn meet(&mut self, id: Oid, wanted: bool) -> Result<(), TooMuch> {
        match self.places.get(&id) {
            Some(Some(place)) if !wanted => self.hide(*place),
            Some(_) => {}
            None => {
                let node = (self.read)(id, wanted)?;
                let place = self.seen.len();
                self.places.insert(id, node.is_some().then_some(place));
                if let Some(node) = node {
                    let queue = if wanted { &mut self.waiting } else { &mut self.hiding };
                    queue.insert((node.time, Reverse(place)));
                    self.seen.push(Seen { node, wanted, waits: true });
                }
            }
        }
        Ok(())
    }

    /// Takes back that a commit was wanted, and all its ancestors that were met.
    fn hide(&mut self, place: usize) {
        let mut pending = vec![place];
        while let Some(place) = pending.pop() {
            let seen = &mut self.seen[place];
            if !std::mem::take(&mut seen.wanted) {
                continue;
            }
            if seen.waits {
                let waiting = (seen.node.time, Reverse(place));
                self.waiting.remove(&waiting);
                self.hiding.insert(waiting);
            } else {
                pending
                    .extend(seen.node.parents.iter().filter_map(|id| self.places.get(id).copied().flatten()));
            }
        }
    }

    /// Takes the commit that is next. A hidden one that is as new as a wanted one may reach it, so it comes first. Of these, the
    /// oldest: work that was begun on an old commit leads there, and what hides that commit is very likely only a little
    /// newer. By age alone, all that happened since would have to be read.
    fn take_next(&mut self) -> Option<Waiting> {
        let Some(wanted) = self.waiting.last().copied() else { return self.hiding.pop_last() };
        let hidden = self.hiding.range((wanted.0, Reverse(usize::MAX))..).next().copied();
        hidden.map_or_else(|| self.waiting.pop_last(), |hidden| self.hiding.take(&hidden))
    }

    fn run(&mut self) -> Result<(), TooMuch> {
        let (mut oldest, mut slack) = (i64::MAX, SLACK);
        while let Some((time, Reverse(place))) = self.take_next() {
            let seen = &mut self.seen[place];
            if !seen.wanted && self.waiting.is_empty() {
                // Only hidden commits are left. They may still reach what was taken for wanted.
                if oldest == i64::MAX || (time < oldest && slack == 0) {
                    return Ok(());
                }
                slack -= usize::from(time < oldest);
            }
            seen.waits = false;
            let (wanted, parents) = (seen.wanted, seen.node.parents.clone());
            if wanted {
                oldest = oldest.min(time);
            }
            for parent in &parents {
                self.meet(*parent, wanted)?;
            }
            if wanted {
                let trees = parents.iter().map(|parent| self.node(*parent)?.tree).collect();
                (self.passed)(&mut self.seen[place].node, trees);
            }
        }
        Ok(())
    }

    fn node(&self, id: Oid) -> Option<&Node> {
        let place = self.places.get(&id).copied().flatten()?;
        Some(&self.seen[place].node)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: usize) -> Oid {
        Oid([u8::try_from(number).expect("few commits"); 20])
    }

    /// Members by number, of commits given as time and parents.
    fn found(commits: &[(i64, Vec<usize>)], head: usize, hidden: &[usize]) -> Vec<usize> {
        found_by_reading(commits, head, hidden, &mut Vec::new())
    }

    /// The same, and which commits were read for it.
    fn found_by_reading(
        commits: &[(i64, Vec<usize>)],
        head: usize,
        hidden: &[usize],
        reads: &mut Vec<usize>,
    ) -> Vec<usize> {
        let read = |wanted: Oid, _| {
            let number = usize::from(wanted.0[0]);
            reads.push(number);
            let Some((time, parents)) = commits.get(number) else { return Ok(None) };
            let parents = parents.iter().copied().map(id).collect();
            Ok(Some(Node { id: wanted, time: *time, parents, is_new: true, tree: None, commit: None }))
        };
        let hidden: Vec<Oid> = hidden.iter().copied().map(id).collect();
        let mut passed = Vec::new();
        let walked = walk(id(head), &hidden, read, |node, _| passed.push(node.id)).expect("not too much");
        assert!(walked.members.iter().all(|node| passed.contains(&node.id)), "nothing is passed unheard");
        let mut found: Vec<usize> = walked.members.iter().map(|node| usize::from(node.id.0[0])).collect();
        found.sort_unstable();
        found
    }

    fn ancestors(commits: &[(i64, Vec<usize>)], start: usize) -> Vec<usize> {
        let mut found = vec![start];
        let mut at = 0;
        while let Some(number) = found.get(at).copied() {
            at += 1;
            for parent in &commits[number].1 {
                if !found.contains(parent) {
                    found.push(*parent);
                }
            }
        }
        found
    }

    #[test]
    fn a_missing_parent_ends_the_walk_there() {
        assert_eq!(found(&[(5, vec![200]), (6, vec![0])], 1, &[]), [0, 1]);
        assert_eq!(found(&[(5, vec![]), (6, vec![0])], 1, &[1]), [] as [usize; 0]);
    }

    #[test]
    fn what_is_hidden_late_is_taken_back() {
        // 3 is hidden and has the clock of yesterday: its ancestors were walked as wanted before.
        let commits = [(10, vec![]), (11, vec![0]), (12, vec![1]), (1, vec![1])];
        assert_eq!(found(&commits, 2, &[3]), [2]);
    }

    #[test]
    fn work_on_an_old_commit_is_found_without_reading_all_that_happened_since() {
        let mut commits: Vec<(i64, Vec<usize>)> = (0_u8..150)
            .map(|number| (number.into(), number.checked_sub(1).into_iter().map(usize::from).collect()))
            .collect();
        // 140 merged what was begun on 25 long ago, and the branch has a mend of 22 itself.
        commits.extend([(139, vec![25]), (151, vec![22]), (152, vec![149, 151])]);
        commits[140].1.push(150);
        let mut reads = Vec::new();
        assert_eq!(found_by_reading(&commits, 152, &[149], &mut reads), [151, 152]);
        assert!((30..70).all(|between| !reads.contains(&between)), "{reads:?}");
    }

    proptest! {
        #[test]
        fn members_are_what_head_reaches_and_hidden_does_not(
            commits in prop::collection::vec((0_i64..6, prop::collection::vec(0_usize..100, 0..3)), 2..40),
            hidden in prop::collection::vec(0_usize..40, 0..3),
        ) {
            let commits: Vec<(i64, Vec<usize>)> = commits.into_iter().enumerate().map(|(number, (drift, parents))| {
                let time = i64::try_from(number).unwrap() + drift;
                (time, parents.into_iter().filter(|_| number > 0).map(|parent| parent % number.max(1)).collect())
            }).collect();
            let head = commits.len() - 1;
            let hidden: Vec<usize> = hidden.into_iter().filter(|number| *number < commits.len()).collect();
            let gone: Vec<usize> = hidden.iter().flat_map(|number| ancestors(&commits, *number)).collect();
            let mut expected: Vec<usize> = ancestors(&commits, head).into_iter().filter(|number| !gone.contains(number)).collect();
            expected.sort_unstable();
            prop_assert_eq!(found(&commits, head, &hidden), expected);
        }
    }
}
