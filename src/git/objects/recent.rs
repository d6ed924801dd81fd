//! What was read lately, in bounded memory.

use std::rc::Rc;

use hashbrown::HashMap;

use super::Kind;

/// Which pack, and where in it.
type Place = (usize, u64);
type Object = (Kind, Rc<Vec<u8>>);

/// What keeping an object costs beside its content.
const OVERHEAD: usize = 96;

/// Objects by where they stand. Two generations: what is used moves to the younger one, and when that is
/// full the older one is dropped whole. Keeps the lately used like a list of them would, and costs less.
pub(super) struct Recent {
    young: HashMap<Place, Object>,
    old: HashMap<Place, Object>,
    young_bytes: usize,
    most_young: usize,
}

impl Recent {
    /// Keeps at most about `bytes` bytes.
    pub(super) fn new(bytes: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), young_bytes: 0, most_young: bytes / 2 }
    }

    /// The object that stands there, if it was read lately.
    pub(super) fn get(&mut self, place: Place) -> Option<Object> {
        if let Some(object) = self.young.get(&place) {
            return Some(object.clone());
        }
        let object = self.old.remove(&place)?;
        self.put(place, object.clone());
        Some(object)
    }

    /// Remembers an object. One that would fill half of the memory alone is not worth it.
    pub(super) fn put(&mut self, place: Place, object: Object) {
        let cost = object.1.len() + OVERHEAD;
        if cost > self.most_young / 2 {
            return;
        }
        if self.young_bytes + cost > self.most_young {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        if self.young.insert(place, object).is_none() {
            self.young_bytes += cost;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(bytes: usize) -> Object {
        (Kind::Blob, Rc::new(vec![0; bytes]))
    }

    #[test]
    fn what_is_used_stays_and_memory_is_bounded() {
        let mut recent = Recent::new(20_000);
        recent.put((0, 0), object(100));
        for offset in 1..1000 {
            recent.put((0, offset), object(100));
            assert!(recent.get((0, 0)).is_some(), "after {offset}");
        }
        let kept = (0..1000).filter(|offset| recent.get((0, *offset)).is_some()).count();
        assert!((50..=102).contains(&kept), "{kept}");
        assert!(recent.get((1, 0)).is_none());
    }

    #[test]
    fn one_large_object_drives_nothing_out() {
        let mut recent = Recent::new(20_000);
        recent.put((0, 1), object(10));
        recent.put((0, 2), object(9_000));
        assert!(recent.get((0, 1)).is_some() && recent.get((0, 2)).is_none());
    }
}
