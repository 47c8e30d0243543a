//! The digest by which contents are compared.

use std::{
    fmt,
    io::{BufWriter, Write as _},
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Unexpected, Visitor},
};

/// A digest: BLAKE3, written as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The digest of a value's JSON.
    ///
    /// # Panics
    /// Never for crosspost's own types, whose JSON cannot fail.
    #[must_use]
    pub fn of_json(value: &impl Serialize) -> Self {
        // The whole text is never held; BLAKE3 is fast where it gets much at once.
        let mut json = BufWriter::with_capacity(16 * 1024, blake3::Hasher::new());
        serde_json::to_writer(&mut json, value).expect("a value without maps of odd keys has a JSON form");
        json.flush().expect("a hasher takes all");
        Self(*json.get_ref().finalize().as_bytes())
    }

    /// The digest that has this value.
    #[must_use]
    pub fn of_value(value: [u8; 32]) -> Self {
        Self(value)
    }

    /// Its value.
    #[must_use]
    pub fn value(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 16 digits: enough for names that people see.
    #[must_use]
    pub fn short(&self) -> String {
        let mut digits = self.to_string();
        digits.truncate(16);
        digits
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

/// As its digits where people may read it, else as its bytes.
impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&blake3::Hash::from_bytes(self.0).to_hex())
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;

        impl Visitor<'_> for Digits {
            type Value = Digest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("64 hexadecimal digits")
            }

            fn visit_str<E: de::Error>(self, digits: &str) -> Result<Digest, E> {
                let hash = blake3::Hash::from_hex(digits);
                hash.map(|hash| Digest(*hash.as_bytes()))
                    .map_err(|_| E::invalid_value(Unexpected::Str(digits), &self))
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Digest, E> {
                bytes.try_into().map(Digest).map_err(|_| E::invalid_length(bytes.len(), &self))
            }
        }

        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Digits)
        } else {
            deserializer.deserialize_bytes(Digits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_digits_are_those_of_blake3() {
        let digest = Digest::of(b"one");
        assert_eq!(digest.to_string(), blake3::hash(b"one").to_hex().to_string());
        assert_eq!(digest.short(), digest.to_string()[..16]);
    }

    #[test]
    fn that_of_a_value_is_that_of_its_json_however_long_it_is() {
        for length in [0, 1, 5_000, 100_000] {
            let value = ("\"<p>\n".repeat(length), length, Some("ü"));
            assert_eq!(Digest::of_json(&value), Digest::of(&serde_json::to_vec(&value).unwrap()));
        }
    }

    #[test]
    fn it_is_read_as_it_was_written_and_nothing_else_is() {
        let digest = Digest::of(b"one");
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
        for wrong in ["\"\"", "\"12\"", "7", &json.replace('"', "\"0")[1..], &json.replace('a', "g")] {
            assert!(serde_json::from_str::<Digest>(wrong).is_err(), "{wrong}");
        }
    }
}
