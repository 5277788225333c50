//! Methods, and the blocks they stand in.

use std::hash::Hash;

use cached_core::{Memo, memoize, testing};

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Desk {
    city: String,
}

fn desk(city: &str) -> Desk {
    Desk { city: city.to_owned() }
}

impl Desk {
    #[memoize(max = 10)]
    pub fn price(&self, id: u32, currency: &str) -> String {
        format!("{} {id} {currency}", self.city)
    }

    #[memoize(skip(self))]
    fn rate(&self, currency: &str) -> f64 {
        currency.len() as f64
    }

    #[memoize]
    fn owned(self, (a, b): (u32, f64)) -> Result<String, String> {
        if a == 0 { Err(self.city) } else { Ok(format!("{}{a}{b}", self.city)) }
    }

    #[memoize]
    async fn later(&self, id: u32) -> String {
        format!("{} {id}", self.city)
    }
}

#[test]
fn self_is_part_of_the_key() {
    let _scope = testing::isolate();
    let (one, other) = (desk("Rome"), desk("Oslo"));
    assert_eq!(one.price(1, "EUR"), "Rome 1 EUR");
    assert_eq!(other.price(1, "EUR"), "Oslo 1 EUR");
    assert_eq!(one.clone().price(1, "EUR"), "Rome 1 EUR");
    let info = Desk::price_cache().cache_info();
    assert_eq!((info.hits, info.misses, info.max), (1, 2, Some(10)));
    assert_eq!(info.name, "it::methods::Desk::price");
    assert!(Desk::price_cache().invalidate(&(one.clone(), 1, "EUR".to_owned())));
    assert_eq!(one.price_uncached(1, "EUR"), "Rome 1 EUR");
    assert_eq!(Desk::price_cache().cache_info().len, 1);
}

#[test]
fn skip_self_shares_a_cache_between_instances() {
    let _scope = testing::isolate();
    assert_eq!((desk("Rome").rate("EUR"), desk("Oslo").rate("EUR")), (3.0, 3.0));
    let info = Desk::rate_cache().cache_info();
    assert_eq!((info.hits, info.misses), (1, 1));
    assert!(Desk::rate_cache().invalidate("EUR"));
}

#[test]
fn self_by_value_patterns_floats_and_results() {
    let _scope = testing::isolate();
    assert_eq!(desk("a").owned((1, 0.5)), Ok("a10.5".to_owned()));
    assert_eq!(desk("a").owned((1, 0.5)), Ok("a10.5".to_owned()));
    assert_eq!(desk("a").owned((0, 0.5)), Err("a".to_owned()));
    let info = Desk::owned_cache().cache_info();
    assert_eq!((info.hits, info.loads, info.load_failures), (1, 1, 1));
}

#[test]
fn methods_may_be_asynchronous() {
    let _scope = testing::isolate();
    let desk = desk("Rome");
    let call = || pollster::block_on(desk.later(7));
    assert_eq!((call(), call()), ("Rome 7".to_owned(), "Rome 7".to_owned()));
    assert_eq!(Desk::later_cache().cache_info().hits, 1);
    assert_eq!(pollster::block_on(desk.later_uncached(8)), "Rome 8");
}

#[derive(Default)]
struct Shop {
    prices: Memo<u32, String>,
    currency: &'static str,
}

impl Shop {
    #[memoize(in = self.prices, max = 2)]
    fn price(&self, id: u32) -> String {
        format!("{id} {}", self.currency)
    }
}

/// Elsewhere, where the attribute of the first method is not seen.
mod elsewhere {
    impl super::Shop {
        #[super::memoize(in = self.prices)]
        pub(super) fn cost(&self, id: u32) -> String {
            format!("{id} and what {} takes", self.currency)
        }
    }
}

#[test]
#[should_panic(
    expected = "a memo keeps the values of one method, it::methods::Shop::price, and not those of"
)]
fn a_memo_keeps_the_values_of_one_method() {
    let shop = Shop { currency: "EUR", ..Shop::default() };
    assert_eq!((shop.price(1), shop.price(1)), ("1 EUR".into(), "1 EUR".into()));
    shop.cost(1);
}

#[test]
fn a_cache_in_a_field_is_that_of_the_instance_and_dies_with_it() {
    let _scope = testing::isolate();
    let one = Shop { currency: "EUR", ..Shop::default() };
    let other = Shop { currency: "USD", ..Shop::default() };
    assert_eq!(
        (one.price(1), other.price(1), one.price(1)),
        ("1 EUR".into(), "1 USD".into(), "1 EUR".into())
    );
    one.price(2);
    one.price(3);
    let info = one.prices.cache_info();
    assert_eq!((info.hits, info.len, info.max), (1, 2, Some(2)));
    assert_eq!(info.name, "it::methods::Shop::price");
    assert!(other.prices.invalidate(&1) && other.prices.cache_info().len == 0);
    assert_eq!(other.price_cache().name(), "it::methods::Shop::price");
    assert_eq!(one.price_uncached(9), "9 EUR");
}

trait Pricing: Clone + Eq + Hash + Send + Sync + 'static {
    const NAME: &'static str;

    #[memoize]
    fn label(&self, id: u32) -> String {
        format!("{} {id}", Self::NAME)
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Here;
#[derive(Clone, PartialEq, Eq, Hash)]
struct There;
impl Pricing for Here {
    const NAME: &'static str = "here";
}
impl Pricing for There {
    const NAME: &'static str = "there";
}

#[test]
fn a_default_method_has_a_cache_for_each_implementor() {
    let _scope = testing::isolate();
    assert_eq!(
        (Here.label(1), There.label(1), Here.label(1)),
        ("here 1".into(), "there 1".into(), "here 1".into())
    );
    assert_eq!(Here::label_cache().cache_info().hits, 1);
    assert_eq!(There::label_cache().cache_info().hits, 0);
}

#[memoize]
impl Desk {
    /// A function of the type.
    #[memoize(ttl = 5m)]
    pub fn open(city: &str) -> Self {
        desk(city)
    }

    const NUMBER: [u32; 2] = [{ 1 }, 2];

    #[memoize]
    fn sized<const N: usize>(by: f64) -> f64 {
        by * N as f64 + f64::from(Self::NUMBER[0])
    }

    fn untouched(&self) -> &str {
        &self.city
    }
}

#[test]
fn a_function_without_a_receiver_is_memoized_in_its_block() {
    let _scope = testing::isolate();
    assert_eq!(Desk::open("Rome"), desk("Rome"));
    assert_eq!(Desk::open("Rome").untouched(), "Rome");
    assert_eq!(Desk::open_cache().cache_info().hits, 1);
    assert_eq!(Desk::open_uncached("Oslo"), desk("Oslo"));
    assert_eq!((Desk::sized::<2>(1.0), Desk::sized::<3>(1.0), Desk::sized::<2>(1.0)), (3.0, 4.0, 3.0));
    assert_eq!(Desk::sized_cache::<2>().cache_info().hits, 1);
}

trait Repository {
    fn user(&self, id: u32) -> Result<String, String>;
    async fn group(&self, id: u32) -> String;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Postgres(u8);

#[memoize]
impl Repository for Postgres {
    #[memoize]
    fn user(&self, id: u32) -> Result<String, String> {
        if id == 0 { Err("nobody".to_owned()) } else { Ok(format!("{} {id}", self.0)) }
    }

    #[memoize(skip(self))]
    async fn group(&self, id: u32) -> String {
        format!("group {id}")
    }
}

#[test]
fn methods_of_a_trait_have_their_caches_beside_the_block() {
    let _scope = testing::isolate();
    let (one, other) = (Postgres(1), Postgres(2));
    assert_eq!(
        (one.user(1), other.user(1), one.user(1)),
        (Ok("1 1".into()), Ok("2 1".into()), Ok("1 1".into()))
    );
    assert!(one.user(0).is_err() && one.user(0).is_err());
    let info = Postgres::user_cache().cache_info();
    assert_eq!((info.hits, info.loads, info.load_failures), (1, 2, 2));
    assert_eq!(one.user_uncached(3), Ok("1 3".to_owned()));
    let call = |one: &Postgres| pollster::block_on(one.group(1));
    assert_eq!((call(&one), call(&other)), ("group 1".into(), "group 1".into()));
    assert_eq!(Postgres::group_cache().cache_info().hits, 1);
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Pair<T> {
    left: T,
    right: T,
}

#[memoize]
impl<T: Clone + Eq + Hash + Send + Sync + std::ops::Add<Output = T> + 'static> Pair<T> {
    #[memoize]
    fn sum(&self) -> T {
        self.left.clone() + self.right.clone()
    }

    #[memoize]
    fn of(both: T) -> Self {
        Self { left: both.clone(), right: both }
    }
}

trait Convert<To> {
    fn convert(&self) -> Option<To>;
}

#[memoize]
impl<To: TryFrom<u64> + Clone + Send + Sync + 'static> Convert<To> for Desk {
    #[memoize]
    fn convert(&self) -> Option<To> {
        To::try_from(self.city.len() as u64).ok()
    }
}

#[test]
fn blocks_may_be_generic() {
    let _scope = testing::isolate();
    assert_eq!((Pair::of(1_u8).sum(), Pair::of(1_u16).sum(), Pair::of(1_u8).sum()), (2, 2, 2));
    assert_eq!(
        (Pair::<u8>::sum_cache().cache_info().hits, Pair::<u16>::of_cache().cache_info().hits),
        (1, 0)
    );
    let desk = desk("Rome");
    let (byte, word): (Option<u8>, Option<u16>) = (desk.convert(), desk.convert());
    assert_eq!((byte, word), (Some(4), Some(4)));
    assert_eq!(Desk::convert_cache::<u8>().cache_info().misses, 1);
}

trait First {
    fn name(&self) -> String;
}
trait Second {
    fn name(&self) -> String;
}

#[memoize]
impl First for Postgres {
    #[memoize]
    fn name(&self) -> String {
        format!("first {}", self.0)
    }
}

#[memoize]
impl Second for Postgres {
    #[memoize(companion = none)]
    fn name(&self) -> String {
        format!("second {}", self.0)
    }
}

#[memoize]
impl First for Vec<u8> {
    #[memoize(companion = none)]
    fn name(&self) -> String {
        format!("bytes {self:?}")
    }
}

#[test]
fn two_traits_with_a_method_of_one_name() {
    let _scope = testing::isolate();
    let one = Postgres(1);
    assert_eq!(
        (First::name(&one), Second::name(&one), First::name(&one)),
        ("first 1".into(), "second 1".into(), "first 1".into())
    );
    assert_eq!(Postgres::name_cache().cache_info().hits, 1);
    let bytes = vec![1_u8];
    assert_eq!((bytes.name(), bytes.name()), ("bytes [1]".to_owned(), "bytes [1]".to_owned()));
}

#[derive(Default)]
struct Shelf {
    prices: Memo<u32, u64>,
}

impl Shelf {
    #[memoize(in = self.prices, max = 2, policy = lru, store_if = |price| *price > 0, name = "shelf")]
    fn price(&self, id: u32) -> u64 {
        u64::from(id) * 10
    }
}

/// In a scope and out of it: there the cache is another one.
fn fill_before_the_first_call() {
    let shelf = Shelf::default();
    (1..=5).for_each(|id| shelf.prices.insert(id, 7));
    shelf.prices.insert(6, 0);
    assert!(shelf.prices.invalidate(&5) && !shelf.prices.contains(&5));
    assert_eq!(shelf.prices.cache_info().len, 5, "nobody has said what it may hold");

    let found = (1..=4).filter(|id| shelf.price_cache().contains(id)).count();
    let info = shelf.prices.cache_info();
    assert_eq!((info.name.as_str(), info.max, info.len, found), ("shelf", Some(2), 2, 2));
    assert!(
        !shelf.prices.contains(&6) && !shelf.prices.contains(&5),
        "what is not to be kept, and what was removed"
    );

    let there = (1..=4).find(|id| shelf.prices.contains(id)).unwrap();
    assert_eq!((shelf.price(there), shelf.prices.cache_info().hits), (7, 1));
    (1..=4).for_each(|id| _ = shelf.price(id));
    assert_eq!(shelf.prices.cache_info().len, 2);
}

#[test]
fn what_is_put_into_a_field_before_the_first_call_moves_in_by_the_options_of_the_method() {
    fill_before_the_first_call();
    let _scope = testing::isolate();
    fill_before_the_first_call();
}

trait Sized8 {
    fn in_eights(&self, eights: u32) -> u32;
}

/// Beside the block of another crate's type there is no place for a handle; there need be none.
#[memoize]
impl Sized8 for tokio::sync::Semaphore {
    #[memoize(skip(self), name = "semaphores_in_eights")]
    fn in_eights(&self, eights: u32) -> u32 {
        u32::try_from(self.available_permits()).unwrap_or_default() / 8 * eights
    }
}

#[test]
fn a_trait_is_memoized_for_a_type_of_another_crate() {
    let _scope = testing::isolate();
    let semaphore = tokio::sync::Semaphore::new(16);
    assert_eq!((semaphore.in_eights(3), semaphore.in_eights(3)), (6, 6));
    let info = cached_core::registry::find("semaphores_in_eights").unwrap().cache_info();
    assert_eq!((info.hits, info.misses), (1, 1));
}

#[test]
fn an_object_with_a_memo_is_shown_without_asking_anything_of_its_types() {
    #[derive(Debug)]
    struct Desk<T: 'static> {
        prices: Memo<u32, T>,
    }
    impl<T: Clone + Send + Sync + From<u32> + 'static> Desk<T> {
        #[memoize(in = self.prices, max = 10)]
        fn price(&self, day: u32) -> T {
            T::from(day)
        }
    }
    let shown = |desk: &Desk<u64>| format!("{desk:?}").replace(|digit: char| digit.is_ascii_digit(), "N");
    let desk = Desk { prices: Memo::new() };
    let untouched = shown(&desk);
    assert!(
        untouched.starts_with("Desk { prices: Memo { name: ") && !untouched.contains("len"),
        "{untouched}"
    );
    desk.price(1);
    assert!(format!("{desk:?}").contains("len: 1, max: Some(10)"), "{desk:?}");
    let _isolated = testing::isolate();
    assert!(!format!("{desk:?}").contains("len"), "to look at it makes nothing: {desk:?}");
    desk.price(1);
    desk.price(2);
    assert!(format!("{desk:?}").contains("len: 2"), "{desk:?}");
}

/// What options say of the block's own type.
mod own_options {
    use std::time::Duration;

    use super::*;

    pub struct Shelf;

    #[memoize]
    impl Shelf {
        const MOST: usize = 2;
        const LIFE: Duration = Duration::from_secs(60);

        fn is_kept(value: &u64) -> bool {
            *value > 1
        }

        fn tag(id: u64) -> String {
            format!("shelf:{id}")
        }

        #[memoize(max = Self::MOST, ttl = Self::LIFE, store_if = Self::is_kept, tags = [Self::tag(id)])]
        pub fn book(id: u64) -> u64 {
            id
        }

        #[memoize(skip(self), max = Self::MOST)]
        pub async fn later(&self, id: u64) -> u64 {
            id
        }
    }

    pub trait Stand {
        fn stand(&self, id: u64) -> u64;
    }

    #[memoize]
    impl Stand for Shelf {
        #[memoize(skip(self), max = Self::MOST)]
        fn stand(&self, id: u64) -> u64 {
            id
        }
    }
}

#[test]
fn options_of_a_block_may_say_self() {
    use own_options::{Shelf, Stand};
    let _isolated = testing::isolate();
    for id in 0..5 {
        Shelf::book(id);
        Shelf.stand(id);
        pollster::block_on(Shelf.later(id));
    }
    let infos = [
        Shelf::book_cache().cache_info(),
        Shelf::stand_cache().cache_info(),
        Shelf::later_cache().cache_info(),
    ];
    assert!(infos.iter().all(|info| (info.max, info.len) == (Some(2), 2)), "{infos:?}");
    assert_eq!(infos[0].misses, 5);
    Shelf::book(9);
    assert_eq!(cached_core::registry::invalidate_tag("shelf:9"), 1);
}
