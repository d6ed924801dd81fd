//! Changing the configuration file by hand, as it were: comments, order and spacing stay.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use toml_edit::{DocumentMut, Item, TomlError, Value, value};

use crate::error::Error;

/// The key in the file.
const KEY: &str = "min-confidence";

/// Sets the lowest confidence that is filled, creating the file where there is none. Returns what stood
/// there before.
pub(crate) fn set_min_confidence(path: &Path, confidence: f64) -> Result<Option<f64>, Error> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(source) => return Err(Error::Read { path: path.to_path_buf(), source }),
    };
    let (text, before) = with_min_confidence(&text, confidence)
        .map_err(|error| Error::Config { path: path.to_path_buf(), problem: error.message().to_owned() })?;
    fs::write(path, text).map_err(|source| Error::WriteFile { path: path.to_path_buf(), source })?;
    Ok(before)
}

fn with_min_confidence(text: &str, confidence: f64) -> Result<(String, Option<f64>), TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let old = document.get_mut(KEY).and_then(Item::as_value_mut);
    let before = old.as_deref().and_then(number);
    match old {
        Some(old) => {
            let decor = old.decor().clone();
            *old = Value::from(confidence);
            *old.decor_mut() = decor;
        }
        None => document[KEY] = value(confidence),
    }
    Ok((document.to_string(), before))
}

#[expect(clippy::cast_precision_loss, reason = "0 or 1, written without a point")]
fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|integer| integer as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str) -> (String, Option<f64>) {
        with_min_confidence(text, 0.97).expect("TOML")
    }

    #[test]
    fn comments_and_order_survive() {
        let text = "# ours\nmax-candidates = 5 # few\nmin-confidence   =  1 # sure\n\n# end\n";
        let expected = "# ours\nmax-candidates = 5 # few\nmin-confidence   =  0.97 # sure\n\n# end\n";
        assert_eq!(edited(text), (expected.to_owned(), Some(1.0)));
    }

    #[test]
    fn a_key_is_added_where_there_is_none() {
        assert_eq!(edited(""), ("min-confidence = 0.97\n".to_owned(), None));
        let (text, _) = edited("# ours\nmax-candidates = 5\n");
        assert_eq!(text, "# ours\nmax-candidates = 5\nmin-confidence = 0.97\n");
        assert!(with_min_confidence("a = ", 0.97).is_err());
    }
}
