//! Items of the long lists, indented as `serde_json` indents them. Ten thousand claims are several megabytes of strings, so these
//! are gone through once, by the block, and what stands between them is put in one piece.

use std::fmt::Display;
use std::io::Write as _;

use serde::ser::{Error as _, Impossible, SerializeSeq, SerializeStruct, SerializeTuple};
use serde::{Serialize, Serializer};
use serde_json::Error;

use super::string;

/// What stands before a member; before the first one, without the comma. No item of ours is nested deeper.
const BETWEEN: &[u8] = b",\n                                ";

/// Adds a value that stands `depth` levels deep, where every hidden character is spelled out. What the lists have no use for,
/// maps and variants that hold something, is an error.
pub(super) fn write(value: &impl Serialize, depth: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    value.serialize(Indented { out, depth })
}

/// A value to come.
struct Indented<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
}

/// A list or an object whose members come one by one.
struct Members<'a> {
    out: &'a mut Vec<u8>,
    /// That of the members.
    depth: usize,
    is_empty: bool,
    close: u8,
}

impl<'a> Indented<'a> {
    fn open(self, open: u8, close: u8) -> Members<'a> {
        self.out.push(open);
        Members { out: self.out, depth: self.depth + 1, is_empty: true, close }
    }

    fn put(self, value: impl Display) -> Result<(), Error> {
        write!(self.out, "{value}").map_err(Error::custom)
    }
}

impl Members<'_> {
    /// Puts what stands before a member.
    fn begin(&mut self) {
        self.out.extend_from_slice(&between(self.depth)[usize::from(self.is_empty)..]);
        self.is_empty = false;
    }

    fn close(self) {
        if !self.is_empty {
            self.out.extend_from_slice(&between(self.depth - 1)[1..]);
        }
        self.out.push(self.close);
    }
}

fn between(depth: usize) -> &'static [u8] {
    &BETWEEN[..BETWEEN.len().min(2 + 2 * depth)]
}

impl SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.begin();
        // The names of fields are letters.
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\": ");
        value.serialize(Indented { out: self.out, depth: self.depth })
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

/// Lists, of any length and of one that is known.
macro_rules! lists {
    ($($list:ident),*) => {$(
        impl $list for Members<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.begin();
                value.serialize(Indented { out: self.out, depth: self.depth })
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        }
    )*};
}

lists!(SerializeSeq, SerializeTuple);

/// Numbers as they are spelled everywhere.
macro_rules! whole_numbers {
    ($($name:ident: $number:ty),*) => {$(
        fn $name(self, value: $number) -> Result<(), Error> {
            self.put(value)
        }
    )*};
}

impl<'a> Serializer for Indented<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Members<'a>;
    type SerializeTuple = Members<'a>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Impossible<(), Error>;

    whole_numbers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.put(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        serde_json::to_writer(self.out, &value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        serde_json::to_writer(self.out, &value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        string::write(value, self.out);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<(), Error> {
        unknown()
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Members<'a>, Error> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_tuple(self, _length: usize) -> Result<Members<'a>, Error> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        unknown()
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unknown()
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Self::SerializeMap, Error> {
        unknown()
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Members<'a>, Error> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        unknown()
    }
}

fn unknown<T>() -> Result<T, Error> {
    Err(Error::custom("no list of a report has a map, or a variant that holds something"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    enum Word {
        One,
    }

    #[derive(Serialize)]
    struct Number(f64);

    #[derive(Serialize)]
    struct Item<'a> {
        text: &'a str,
        list: Vec<[i32; 2]>,
        empty: Vec<u8>,
        none: Option<()>,
        some: Option<(Word, Number, bool)>,
        inner: Option<Box<Item<'a>>>,
    }

    #[test]
    fn values_stand_where_serde_json_puts_them() {
        let item = |inner| Item {
            text: "a \"b\"",
            list: vec![[i32::MIN, 0], [1, 2]],
            empty: Vec::new(),
            none: None,
            some: Some((Word::One, Number(0.1), true)),
            inner,
        };
        let item = item(Some(Box::new(item(None))));
        let mut written = Vec::new();
        write(&item, 0, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string_pretty(&item).unwrap());
    }
}
