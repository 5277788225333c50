//! Where a type of a name is found, and a `Result` is meant by it, errors are nevertheless not kept.
#![deny(warnings)]

macro_rules! make {
    ($name:ident) => {
        pub type $name = Result<u32, String>;
    };
}

mod types {
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Answer(pub u32);
}

mod private {
    #[derive(Clone)]
    struct Answer(u32);

    pub fn number() -> u32 {
        Answer(0).clone().0
    }
}

mod api {
    make!(Answer);
}

mod of_a_private_type {
    use super::api::*;
    use super::private::*;

    #[cached_core::memoize]
    pub fn ask(id: u32) -> Answer {
        if id == number() { Err("none".to_owned()) } else { Ok(id) }
    }
}

mod of_a_condition {
    #[cfg(not(doc))]
    use super::api::Answer;
    #[allow(unused_imports)]
    use super::types::*;

    #[cached_core::memoize]
    pub fn ask(id: u32) -> Answer {
        if id == 0 { Err("none".to_owned()) } else { Ok(id) }
    }
}

mod of_a_macro {
    #[allow(unused_imports)]
    use super::types::*;

    make!(Answer);

    #[cached_core::memoize]
    pub fn ask(id: u32) -> Answer {
        if id == 0 { Err("none".to_owned()) } else { Ok(id) }
    }
}

fn in_a_body() {
    make!(Answer);

    #[cached_core::memoize]
    fn ask(id: u32) -> Answer {
        if id == 0 { Err("none".to_owned()) } else { Ok(id) }
    }

    assert!(ask(0).is_err() && ask(0).is_err() && ask(1).is_ok());
    assert_eq!(ask::cache_info().misses, 3);
}

#[allow(dead_code)]
#[derive(Clone, Debug)]
struct Answer(types::Answer);

fn main() {
    use {of_a_condition as condition, of_a_macro as made, of_a_private_type as private};

    assert!(private::ask(0).is_err() && private::ask(0).is_err() && private::ask(1).is_ok());
    assert_eq!(private::ask::cache_info().misses, 3);
    assert!(condition::ask(0).is_err() && condition::ask(0).is_err() && condition::ask(1).is_ok());
    assert_eq!(condition::ask::cache_info().misses, 3);
    assert!(made::ask(0).is_err() && made::ask(0).is_err() && made::ask(1).is_ok());
    assert_eq!(made::ask::cache_info().misses, 3);
    in_a_body();
}
