//! What was read lately, in bounded memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;

use super::Kind;

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

/// Objects by where they stand, shared by all threads: what one has made, the others need not make again. Divided by places,
/// so that threads seldom wait for each other.
pub(in crate::git) struct Recent(Vec<Mutex<Part>>);

impl Recent {
    /// For so many threads. Keeps nothing until it is [allowed](Self::allow) to.
    pub(in crate::git) fn of_threads(threads: usize) -> Self {
        Self((0..2 * threads.max(1)).map(|_| Mutex::default()).collect())
    }

    /// From now on keeps about `bytes` bytes, if that is more than before.
    pub(in crate::git) fn allow(&self, bytes: usize) {
        for part in &self.0 {
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            part.most = part.most.max(bytes / self.0.len());
        }
    }

    /// The object that stands there, if it was read lately.
    pub(super) fn get(&self, place: Place) -> Option<Object> {
        self.part(place).get(place)
    }

    /// Remembers an object.
    pub(super) fn put(&self, place: Place, made: Made, object: Object) {
        self.part(place).put(place, made, object);
    }

    fn part(&self, (pack, offset): Place) -> MutexGuard<'_, Part> {
        // Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): neighbours go to different parts.
        let mixed = (offset ^ pack as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let number = usize::try_from(mixed).unwrap_or_default() % self.0.len();
        self.0[number].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A part of them, under the rule of the second chance (Corbató's clock, 1968): what is longest there goes,
/// unless it was used since it was looked at last. Keeps about what a list of the lately used would, and using costs a mark.
/// As in GreedyDual-Size (Cao and Irani, 1997), what costs more to make again is given more chances.
#[derive(Default)]
struct Part {
    kept: HashMap<Place, Kept>,
    /// Places of all that is kept, the next to be looked at first.
    queue: VecDeque<Place>,
    bytes: usize,
    most: usize,
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

impl Part {
    fn get(&mut self, place: Place) -> Option<Object> {
        let kept = self.kept.get_mut(&place)?;
        kept.chances = kept.made.chances();
        Some(kept.object.clone())
    }

    /// Remembers an object. One that would fill a quarter of the memory alone is not worth it.
    fn put(&mut self, place: Place, made: Made, object: Object) {
        let cost = cost(&object);
        if cost > self.most / 4 || self.kept.contains_key(&place) {
            return;
        }
        while self.bytes + cost > self.most {
            let Some(oldest) = self.queue.pop_front() else { break };
            if self.kept.get_mut(&oldest).is_some_and(Kept::takes_a_chance) {
                self.queue.push_back(oldest);
            } else if let Some(gone) = self.kept.remove(&oldest) {
                self.bytes -= self::cost(&gone.object);
            }
        }
        self.bytes += cost;
        // One chance less: it has not been used yet.
        self.kept.insert(place, Kept { object, made, chances: made.chances() - 1 });
        self.queue.push_back(place);
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
        recent.allow(1 << 10);
        std::thread::scope(|scope| {
            scope.spawn(|| (0..1000).for_each(|at| recent.put((0, at), Made::Patched, object(100))));
        });
        assert!((0..1000).all(|at| recent.get((0, at)).is_some()));
        let parts: Vec<usize> = recent.0.iter().map(|part| part.lock().unwrap().queue.len()).collect();
        assert!(parts.iter().all(|&count| (200..300).contains(&count)), "{parts:?}");
    }

    #[test]
    fn one_large_object_drives_nothing_out() {
        let mut recent = Part { most: 20_000, ..Part::default() };
        recent.put((0, 1), Made::Inflated, object(10));
        recent.put((0, 2), Made::Inflated, object(9_000));
        assert!(recent.get((0, 1)).is_some() && recent.get((0, 2)).is_none());
    }
}
