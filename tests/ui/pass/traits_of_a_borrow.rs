//! A trait that is given a borrow, and what it yields is none.
use cached_core::memoize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Price(u32);

#[memoize]
impl TryFrom<&str> for Price {
    type Error = String;

    #[memoize]
    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse().map(Price).map_err(|_| text.to_owned())
    }
}

#[memoize]
impl From<&[u32]> for Price {
    #[memoize]
    fn from(parts: &[u32]) -> Self {
        Price(parts.iter().sum())
    }
}

trait Find<K> {
    type Out;

    fn find(&self, key: K) -> Self::Out;
}

#[memoize]
impl<'a> Find<(u8, &'a str)> for Price {
    type Out = Option<String>;

    #[memoize]
    fn find(&self, (count, text): (u8, &'a str)) -> Self::Out {
        (count > 0).then(|| text.to_owned())
    }
}

fn main() {
    for _ in 0..2 {
        assert_eq!(Price::try_from("7"), Ok(Price(7)));
        assert_eq!(Price::try_from("no"), Err("no".to_owned()));
        assert_eq!(Price::from(&[1, 2][..]), Price(3));
        assert_eq!(Price(1).find((1, "a")).as_deref(), Some("a"));
    }
    assert_eq!(Price::try_from_cache().cache_info().hits, 1);
    assert_eq!(Price::try_from_cache().cache_info().load_failures, 2);
    assert_eq!(Price::from_cache().cache_info().hits, 1);
    assert_eq!(Price::find_cache().cache_info().hits, 1);
}
