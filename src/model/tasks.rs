//! The tasks of a plan, which are asked for by name.

use std::hash::BuildHasher;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::plan::{Task, TaskId};

/// Tasks in the order of the record. Whoever looks one up by its name does not go through the others: records name
/// tasks as often as there are tasks, and a plan may have a hundred thousand.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    rows: Vec<Task>,
    /// Places by name, made when first asked for; of several with one name the first.
    index: OnceLock<Index>,
}

#[derive(Debug, Clone, Default)]
struct Index {
    hasher: DefaultHashBuilder,
    places: HashTable<usize>,
}

impl Tasks {
    /// The place of the first task of that name.
    pub fn position(&self, id: &TaskId) -> Option<usize> {
        let index = self.index.get_or_init(|| Index::new(&self.rows));
        let hash = index.hasher.hash_one(id);
        index.places.find(hash, |at| self.rows[*at].id == *id).copied()
    }
}

impl Index {
    fn new(rows: &[Task]) -> Self {
        let mut index =
            Self { hasher: DefaultHashBuilder::default(), places: HashTable::with_capacity(rows.len()) };
        let hasher = index.hasher.clone();
        let hash = |at: &usize| hasher.hash_one(&rows[*at].id);
        for (at, row) in rows.iter().enumerate() {
            // The first of a name stays.
            index.places.entry(hash(&at), |other| rows[*other].id == row.id, hash).or_insert(at);
        }
        index
    }
}

impl Deref for Tasks {
    type Target = Vec<Task>;

    fn deref(&self) -> &Vec<Task> {
        &self.rows
    }
}

impl DerefMut for Tasks {
    /// Names may change, so what is known of them is forgotten.
    fn deref_mut(&mut self) -> &mut Vec<Task> {
        self.index = OnceLock::new();
        &mut self.rows
    }
}

impl From<Vec<Task>> for Tasks {
    fn from(rows: Vec<Task>) -> Self {
        Self { rows, index: OnceLock::new() }
    }
}

impl FromIterator<Task> for Tasks {
    fn from_iter<I: IntoIterator<Item = Task>>(rows: I) -> Self {
        rows.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'a> IntoIterator for &'a Tasks {
    type Item = &'a Task;
    type IntoIter = std::slice::Iter<'a, Task>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<'a> IntoIterator for &'a mut Tasks {
    type Item = &'a mut Task;
    type IntoIter = std::slice::IterMut<'a, Task>;

    fn into_iter(self) -> Self::IntoIter {
        self.deref_mut().iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::task;

    #[test]
    fn the_first_of_a_name_is_found_also_after_a_change() {
        let mut tasks: Tasks = ["T1", "T2", "T1"].map(task).into_iter().collect();
        assert_eq!((tasks.position(&"T1".into()), tasks.position(&"T3".into())), (Some(0), None));
        tasks[0].id = "T3".into();
        assert_eq!((tasks.position(&"T1".into()), tasks.position(&"T3".into())), (Some(2), Some(0)));
        tasks.truncate(1);
        assert_eq!((tasks.position(&"T1".into()), tasks.position(&"T2".into())), (None, None));
    }
}
