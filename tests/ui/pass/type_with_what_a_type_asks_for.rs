//! Types that ask for something, given types that have it: of the standard library, and of its names.

use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::sync::Arc;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct All<Q: Clone + Debug + Default + Eq + Hash + Ord + Send + Sync>(Q);

#[derive(Clone, PartialEq)]
struct Copied<Q: Copy + Debug>(Q);

#[derive(Clone)]
struct Shown<Q>(Arc<Q>)
where
    Q: Display + ?Sized;

type Bytes = All<Vec<Option<u8>>>;

#[memoize]
fn all(text: &All<String>, bytes: Bytes, pair: All<(u8, Arc<u8>)>, boxed: All<Box<str>>) -> Copied<[f64; 2]> {
    Copied([(text.0.len() + bytes.0.len()) as f64, f64::from(pair.0.0) + boxed.0.len() as f64])
}

mod of_its_own {
    use cached_core::memoize;

    pub trait Copy {}
    pub trait Display {}
    impl<Q> Display for Q {}

    macro_rules! declare {
        ($name:ident) => {
            #[derive(Clone, PartialEq, Eq, Hash)]
            pub struct $name;
            impl Copy for $name {}
        };
    }
    declare!(String);

    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Page<Q: Copy + Display>(pub Q);

    #[memoize]
    pub fn page(page: Page<String>) -> u32 {
        let Page(String) = page;
        1
    }

    pub mod inner {
        use std::marker::Copy;

        use super::{String, memoize};

        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct Page<Q: Copy>(pub Q);
        impl Copy for String {}

        #[memoize]
        pub fn page(page: Page<String>) -> u32 {
            let Page(String) = page;
            2
        }
    }
}

fn main() {
    let text = All("a".to_owned());
    let value = all(&text, All(vec![None]), All((1, Arc::new(1))), All("ab".into()));
    assert!(value == Copied([2.0, 3.0]));
    assert_eq!(Shown(Arc::<str>::from("a")).0.to_string(), "a");
    assert_eq!(of_its_own::page(of_its_own::Page(of_its_own::String)), 1);
    assert_eq!(of_its_own::inner::page(of_its_own::inner::Page(of_its_own::String)), 2);
}
