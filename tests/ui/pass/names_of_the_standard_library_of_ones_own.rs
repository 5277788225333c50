//! Names that are known from the standard library may be one's own.
mod own {
    pub type Result<T> = std::result::Result<T, String>;

    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Display;

    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Chars;

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Vec<A, B, C>(pub A, pub B, pub C);

    pub struct Option;
}

mod by_name {
    use cached_core::memoize;

    use super::own::{Chars, Display, Result, Vec};

    #[memoize]
    pub fn found(_what: Display, _letters: Chars) -> Result<Vec<u8, u8, u8>> {
        Ok(Vec(1, 2, 3))
    }
}

mod by_all {
    use cached_core::memoize;

    use super::own::*;

    #[memoize]
    pub fn found(_what: Display, _letters: Chars) -> Result<Vec<u8, u8, u8>> {
        Ok(Vec(1, 2, 3))
    }
}

mod by_macro {
    use cached_core::memoize;

    macro_rules! alias {
        () => {
            type Result<T> = std::result::Result<T, String>;
        };
    }
    alias!();

    #[memoize]
    pub fn found(number: u8) -> Result<u8> {
        Ok(number)
    }
}

fn main() {
    use own::{Chars, Display};
    assert!(by_name::found(Display, Chars).is_ok());
    assert!(by_all::found(Display, Chars).is_ok());
    assert!(by_macro::found(7).is_ok());
    let _ = own::Option;
}
