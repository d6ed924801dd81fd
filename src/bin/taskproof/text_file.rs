//! Files that the command line names; `-` is standard input.

use std::io::Read;
use std::path::Path;

use crate::error::Error;

/// Reads the file called `what`, of at most `limit` bytes.
pub(crate) fn read_text(path: &Path, what: &str, limit: u64) -> Result<String, Error> {
    let read_error = |source| Error::Read { path: path.to_path_buf(), source };
    let (from, size): (Box<dyn Read>, u64) = match path.as_os_str() == "-" {
        true => (Box::new(std::io::stdin()), 0),
        false => {
            let file = std::fs::File::open(path).map_err(read_error)?;
            let size = file.metadata().map_or(0, |data| data.len());
            (Box::new(file), size)
        }
    };
    let too_large = || {
        Error::Usage(format!("`{}` is too large for {what}: at most {limit} bytes are read", path.display()))
    };
    if size > limit {
        return Err(too_large());
    }
    let mut text = String::with_capacity(usize::try_from(size).unwrap_or_default());
    from.take(limit + 1).read_to_string(&mut text).map_err(read_error)?;
    if text.len() as u64 > limit {
        return Err(too_large());
    }
    Ok(text)
}
