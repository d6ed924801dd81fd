//! What was read lately, in bounded memory.

use std::collections::VecDeque;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;

use super::Kind;
use crate::model::Oid;

/// Which pack, and where in it.
type Place = (usize, u64);
/// What is kept of an object, and how many bytes had to be made for it, those of its bases included.
pub(super) type Object = (Kind, Arc<Vec<u8>>, u64);

/// What keeping an object costs beside its content.
const OVERHEAD: usize = 96;

/// How an object was made, which is what it costs to make it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// Inflated byte by byte.
    Inflated,
    /// Copied piece by piece from its base, by a delta that is small beside it.
    Patched,
}

impl Made {
    /// How many times an object that was used is passed over when room is needed. A judgement: with many more, too much is
    /// patched anew from bases that stay.
    fn chances(self) -> u8 {
        match self {
            Self::Inflated => 6,
            Self::Patched => 1,
        }
    }
}

/// Objects shared by all threads: what one has made, the others need not make again.
pub(in crate::git) struct Recent {
    /// Those of packs, by where they stand. Divided by places, so that threads seldom wait for each other.
    packed: Vec<Mutex<Part<Place>>>,
    /// All others. A loose object takes several calls of the system each time, and a commit may name it very often.
    others: Mutex<Part<Oid>>,
}

/// With more parts, a large directory would not fit into any.
const MOST_PARTS: usize = 16;
/// The part of the memory that objects outside of packs may take beside it.
const OTHERS: usize = 8;

impl Recent {
    /// For so many threads. Keeps nothing until it is [allowed](Self::allow) to.
    pub(in crate::git) fn of_threads(threads: usize) -> Self {
        let packed = (0..threads.clamp(1, MOST_PARTS / 2) * 2).map(|_| Mutex::default()).collect();
        Self { packed, others: Mutex::default() }
    }

    /// From now on keeps about `bytes` bytes, and lets go of what is too much.
    pub(in crate::git) fn allow(&self, bytes: usize) {
        for part in &self.packed {
            lock(part).allow(bytes / self.packed.len());
        }
        lock(&self.others).allow(bytes / OTHERS);
    }

    /// An object outside of packs, if it was read lately.
    pub(super) fn get_other(&self, id: Oid) -> Option<(Kind, Arc<Vec<u8>>)> {
        lock(&self.others).get(id).map(|(kind, content, _)| (kind, content))
    }

    /// Remembers an object outside of packs.
    pub(super) fn put_other(&self, id: Oid, kind: Kind, content: &Arc<Vec<u8>>) {
        let object = (kind, Arc::clone(content), content.len() as u64);
        lock(&self.others).put(id, Made::Inflated, object);
    }

    /// The object that stands there, if it was read lately.
    pub(super) fn get(&self, place: Place) -> Option<Object> {
        self.part(place).get(place)
    }

    /// Remembers an object.
    pub(super) fn put(&self, place: Place, made: Made, object: Object) {
        self.part(place).put(place, made, object);
    }

    fn part(&self, (pack, offset): Place) -> MutexGuard<'_, Part<Place>> {
        // Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): neighbours go to different parts.
        let mixed = (offset ^ pack as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let number = usize::try_from(mixed).unwrap_or_default() % self.packed.len();
        lock(&self.packed[number])
    }
}

fn lock<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A part of them, under the rule of the second chance (Corbató's clock, 1968): what is longest there goes,
/// unless it was used since it was looked at last. Keeps about what a list of the lately used would, and using costs a mark.
/// As in GreedyDual-Size (Cao and Irani, 1997), what costs more to make again is given more chances.
struct Part<Key> {
    kept: HashMap<Key, Kept>,
    /// Keys of all that is kept, the next to be looked at first.
    queue: VecDeque<Key>,
    bytes: usize,
    most: usize,
}

impl<Key> Default for Part<Key> {
    fn default() -> Self {
        Self { kept: HashMap::new(), queue: VecDeque::new(), bytes: 0, most: 0 }
    }
}

struct Kept {
    object: Object,
    made: Made,
    /// Chances left.
    chances: u8,
}

impl Kept {
    fn takes_a_chance(&mut self) -> bool {
        let has_one = self.chances > 0;
        self.chances -= u8::from(has_one);
        has_one
    }
}

impl<Key: Copy + Eq + Hash> Part<Key> {
    fn allow(&mut self, bytes: usize) {
        self.most = bytes;
        self.make_room(0);
    }

    fn get(&mut self, place: Key) -> Option<Object> {
        let kept = self.kept.get_mut(&place)?;
        kept.chances = kept.made.chances();
        Some(kept.object.clone())
    }

    /// Remembers an object. One that would fill a quarter of the memory alone is not worth it.
    fn put(&mut self, place: Key, made: Made, object: Object) {
        let cost = cost(&object);
        if cost > self.most / 4 || self.kept.contains_key(&place) {
            return;
        }
        self.make_room(cost);
        self.bytes += cost;
        // One chance less: it has not been used yet.
        self.kept.insert(place, Kept { object, made, chances: made.chances() - 1 });
        self.queue.push_back(place);
    }

    /// Lets go of objects until there is room for so many bytes.
    fn make_room(&mut self, bytes: usize) {
        while self.bytes + bytes > self.most {
            let Some(oldest) = self.queue.pop_front() else { break };
            if self.kept.get_mut(&oldest).is_some_and(Kept::takes_a_chance) {
                self.queue.push_back(oldest);
            } else if let Some(gone) = self.kept.remove(&oldest) {
                self.bytes -= cost(&gone.object);
            }
        }
    }
}

/// What keeping an object takes.
fn cost((_, content, _): &Object) -> usize {
    content.len() + OVERHEAD
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(bytes: usize) -> Object {
        (Kind::Blob, Arc::new(vec![0; bytes]), 0)
    }

    #[test]
    fn what_is_used_stays_and_memory_is_bounded() {
        let mut recent = Part { most: 20_000, ..Part::default() };
        recent.put((0, 0), Made::Patched, object(100));
        for offset in 1..1000 {
            recent.put((0, offset), Made::Patched, object(100));
            assert!(recent.get((0, 0)).is_some(), "after {offset}");
        }
        let kept = (0..1000).filter(|offset| recent.get((0, *offset)).is_some()).count();
        assert_eq!(kept, 20_000 / (100 + OVERHEAD));
        assert!(recent.get((1, 0)).is_none());
    }

    #[test]
    fn what_took_long_to_make_stays_longer() {
        let mut recent = Part { most: 20_000, ..Part::default() };
        recent.put((0, 0), Made::Inflated, object(100));
        recent.put((0, 1), Made::Patched, object(100));
        let round = 20_000 / (100 + OVERHEAD) as u64;
        for offset in 2..3 * round {
            recent.put((0, offset), Made::Patched, object(100));
        }
        assert!(recent.get((0, 0)).is_some() && recent.get((0, 1)).is_none());
        for offset in 3 * round..12 * round {
            recent.put((0, offset), Made::Patched, object(100));
        }
        assert!(recent.get((0, 0)).is_none(), "nothing stays that is never used");
    }

    #[test]
    fn what_one_thread_has_made_others_find() {
        let recent = Recent::of_threads(2);
        recent.put((0, 0), Made::Patched, object(100));
        assert!(recent.get((0, 0)).is_none(), "nothing is kept that is not allowed");
        recent.allow(1 << 20);
        std::thread::scope(|scope| {
            scope.spawn(|| (0..1000).for_each(|at| recent.put((0, at), Made::Patched, object(100))));
        });
        assert!((0..1000).all(|at| recent.get((0, at)).is_some()));
        let parts: Vec<usize> = recent.packed.iter().map(|part| lock(part).queue.len()).collect();
        assert!(parts.iter().all(|&count| (200..300).contains(&count)), "{parts:?}");
        recent.allow(4 * 50 * (100 + OVERHEAD));
        assert_eq!(
            (0..1000).filter(|at| recent.get((0, *at)).is_some()).count(),
            200,
            "what is too much goes"
        );
    }

    #[test]
    fn objects_outside_of_packs_are_kept_apart() {
        let (recent, content) = (Recent::of_threads(1), Arc::new(vec![7; 100]));
        let id = |number: u8| Oid([number; 20]);
        recent.put_other(id(1), Kind::Blob, &content);
        assert_eq!(recent.get_other(id(1)), None, "nothing is kept that is not allowed");
        recent.allow(OTHERS * 10 * (100 + OVERHEAD));
        (1..=20).for_each(|number| recent.put_other(id(number), Kind::Blob, &content));
        assert_eq!(recent.get_other(id(20)), Some((Kind::Blob, content)));
        assert_eq!((1..=20).filter(|number| recent.get_other(id(*number)).is_some()).count(), 10);
        assert!(recent.get((0, 1)).is_none());
    }

    #[test]
    fn many_threads_keep_large_objects_too() {
        let recent = Recent::of_threads(64);
        recent.allow(32 << 20);
        recent.put((0, 1), Made::Patched, object(400 << 10));
        assert!(recent.get((0, 1)).is_some());
    }

    #[test]
    fn one_large_object_drives_nothing_out() {
        let mut recent = Part { most: 20_000, ..Part::default() };
        recent.put((0, 1), Made::Inflated, object(10));
        recent.put((0, 2), Made::Inflated, object(9_000));
        assert!(recent.get((0, 1)).is_some() && recent.get((0, 2)).is_none());
    }
}
