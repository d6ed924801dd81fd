//! JSON pointers (RFC 6901), the way findings and edits name a place.

use super::value::Node;

/// The pointer of member or item `token` below `parent`.
///
/// ```
/// assert_eq!(taskproof::json::child("/tasks", "a/b"), "/tasks/a~1b");
/// ```
pub fn child(parent: &str, token: impl std::fmt::Display) -> String {
    let token = token.to_string().replace('~', "~0").replace('/', "~1");
    format!("{parent}/{token}")
}

/// The value that `pointer` names below `root`, the last one where a key is duplicated.
pub fn resolve<'a>(root: &'a Node, pointer: &str) -> Option<&'a Node> {
    if pointer.is_empty() {
        return Some(root);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(root, |node, token| {
        let token = token.replace("~1", "/").replace("~0", "~");
        match node.as_array() {
            Some(items) => items.get(token.parse::<usize>().ok()?),
            None => node.get(&token),
        }
    })
}
