#[macro_export]
macro_rules! make_result {
    () => {
        pub type Result<T> = std::result::Result<T, String>;
    };
}

mod errors {
    crate::make_result!();
}

mod brought_in {
    use std::hash::Hash;

    use crate::errors::*;
    use cached_core::memoize;

    #[memoize]
    pub fn parsed<T: Hash + Eq + Clone + Send + Sync + ToString + 'static>(value: T) -> Result<u32> {
        value.to_string().parse().map_err(|_| value.to_string())
    }
}

mod made_here {
    use cached_core::memoize;

    crate::make_result!();

    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Desk;

    #[memoize]
    impl Desk {
        #[memoize]
        pub fn size(&self) -> Result<u32> {
            Ok(1)
        }
    }

    pub mod within {
        use super::*;

        #[memoize]
        pub fn half(n: u32) -> Result<u32> {
            if n % 2 == 0 { Ok(n / 2) } else { Err(n.to_string()) }
        }
    }
}

fn main() {
    crate::make_result!();
    #[cached_core::memoize]
    fn last(n: u32) -> Result<u32> {
        Ok(n % 10)
    }
    assert_eq!((brought_in::parsed("7"), last(27)), (Ok(7), Ok(7)));
    assert_eq!((made_here::Desk.size(), made_here::within::half(3)), (Ok(1), Err("3".to_owned())));
}
