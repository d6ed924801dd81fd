//! Commits on all threads: each takes a run of neighbours, because they share trees and delta bases.

use std::iter::Flatten;
use std::sync::{Mutex, PoisonError};
use std::vec::IntoIter;

use super::error::GitError;
use super::source::{Source, View};

/// Neighbours that one thread takes at most.
const CHUNK: usize = 256;

/// Applies `read` to runs of items, on all threads, each with its own view. Keeps the order. What is read takes the place of
/// the items, run by run.
///
/// The last run comes first. Packs tell old texts as differences from new ones, so what the newest commits need is on the way to
/// what older ones do, and the files that are remembered become smaller while what was read becomes more.
pub(super) fn map<T, R>(
    source: &Source,
    items: Vec<T>,
    read: impl Fn(&mut View<'_>, Vec<T>) -> Vec<R> + Sync,
) -> Result<Flatten<IntoIter<Vec<R>>>, GitError>
where
    T: Send,
    R: Send,
{
    let (threads, count) = (rayon::current_num_threads(), items.len());
    let size = CHUNK.min(count.div_ceil(threads)).max(1);
    let (left, done) = (Mutex::new(items), Mutex::new(Vec::new()));
    let work = || {
        source.view(count, |view| {
            while let Some((start, run)) = take_last(&left, size) {
                let read = read(view, run);
                done.lock().unwrap_or_else(PoisonError::into_inner).push((start, Ok(read)));
            }
        })
    };
    rayon::scope(|scope| {
        for _ in 0..threads.min(count.div_ceil(size)) {
            scope.spawn(|_| {
                if let Err(error) = work() {
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((usize::MAX, Err(error)));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(start, _)| *start);
    let read: Vec<Vec<R>> = done.into_iter().map(|(_, read)| read).collect::<Result<_, _>>()?;
    Ok(read.into_iter().flatten())
}

/// The last run of so many items, or of what is left, and where it starts.
fn take_last<T>(left: &Mutex<Vec<T>>, size: usize) -> Option<(usize, Vec<T>)> {
    let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
    let start = left.len().saturating_sub(size);
    let run = left.split_off(start);
    (!run.is_empty()).then_some((start, run))
}
