//! Commits on all threads: each takes a run of neighbours, because they share trees and delta bases.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::error::GitError;
use super::source::{Source, View};

/// Neighbours that one thread takes at most.
const CHUNK: usize = 256;

/// Applies `read` to runs of items, on all threads, each with its own view. Keeps the order.
pub(super) fn map<T, R>(
    source: &Source,
    items: &[T],
    read: impl Fn(&mut View<'_>, &[T]) -> Vec<R> + Sync,
) -> Result<Vec<R>, GitError>
where
    T: Sync,
    R: Send,
{
    let threads = rayon::current_num_threads();
    let size = CHUNK.min(items.len().div_ceil(threads)).max(1);
    let chunks: Vec<&[T]> = items.chunks(size).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(chunks.len())));
    let work = || {
        source.view(items.len(), |view| {
            while let Some((number, chunk)) = take(&chunks, &next) {
                let read = read(view, chunk);
                done.lock().unwrap_or_else(PoisonError::into_inner).push((number, Ok(read)));
            }
        })
    };
    rayon::scope(|scope| {
        for _ in 0..threads.min(chunks.len()) {
            scope.spawn(|_| {
                if let Err(error) = work() {
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((usize::MAX, Err(error)));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(number, _)| *number);
    let read: Vec<Vec<R>> = done.into_iter().map(|(_, read)| read).collect::<Result<_, _>>()?;
    Ok(read.into_iter().flatten().collect())
}

fn take<'a, T>(chunks: &[&'a [T]], next: &AtomicUsize) -> Option<(usize, &'a [T])> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    chunks.get(number).map(|chunk| (number, *chunk))
}
