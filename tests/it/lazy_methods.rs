//! `lazy` on methods: the handle holds what it was called on.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cached_core::{Lazy, LazyFuture, Memo, memoize, testing};

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Desk {
    city: String,
}

fn desk(city: &str) -> Desk {
    Desk { city: city.to_owned() }
}

impl Desk {
    /// What sold here.
    #[memoize(lazy, ttl = 60s)]
    pub fn report(&self, id: u32, currency: &str) -> String {
        format!("{} {id} {currency}", self.city)
    }

    #[memoize(lazy, skip(self))]
    fn rate(&self, currency: &str) -> f64 {
        currency.len() as f64
    }

    #[memoize(lazy)]
    fn owned(self, (a, b): (u32, f64)) -> Result<String, String> {
        if a == 0 { Err(self.city) } else { Ok(format!("{}{a}{b}", self.city)) }
    }

    #[memoize(lazy)]
    async fn later(&self, id: u32) -> String {
        format!("{} {id}", self.city)
    }

    #[memoize(lazy, key = (self.city.len(), name))]
    fn by_key(&self, name: String) -> String {
        format!("{} {name}", self.city)
    }
}

#[test]
fn a_lazy_method_holds_what_it_was_called_on_and_runs_when_forced() {
    let scope = testing::isolate();
    let call: Lazy<String> = {
        let (desk, currency) = (desk("Rome"), String::from("EUR"));
        desk.report(1, &currency)
    };
    assert!(!call.is_ready() && call.peek().is_none());
    assert_eq!(format!("{call:?}"), r#"Lazy(report(Desk { city: "Rome" }, 1, "EUR"): pending)"#);
    assert_eq!(Desk::report_cache().cache_info().misses, 0, "nothing has run");
    assert_eq!(
        (call.force(), desk("Rome").report(1, "EUR").force()),
        ("Rome 1 EUR".into(), "Rome 1 EUR".into())
    );
    assert!(!desk("Oslo").report(1, "EUR").is_ready(), "another object, another call");
    assert!(desk("Rome").report(1, "EUR").is_ready());
    let info = Desk::report_cache().cache_info();
    assert_eq!((info.created, info.forced, info.misses, info.hits), (4, 2, 1, 1));
    assert!(Desk::report_cache().invalidate(&(desk("Rome"), 1, "EUR".to_owned())));
    assert!(!call.is_ready() && !call.invalidate());
    call.force();
    assert!(call.invalidate());
    call.force();
    scope.advance(Duration::from_secs(60));
    assert_eq!(call.peek(), None);
    assert_eq!(desk("Rome").report_uncached(1, "EUR"), "Rome 1 EUR");
}

#[test]
fn skip_self_holds_it_for_the_body_alone() {
    let _scope = testing::isolate();
    assert_eq!((desk("Rome").rate("EUR").force(), desk("Oslo").rate("EUR").force()), (3.0, 3.0));
    let info = Desk::rate_cache().cache_info();
    assert_eq!((info.hits, info.misses, info.created), (1, 1, 2));
    assert_eq!(format!("{:?}", desk("Oslo").rate("EUR")), r#"Lazy(rate("EUR"): 3.0)"#);
}

#[test]
fn a_lazy_method_that_fails_can_be_forced_again() {
    let _scope = testing::isolate();
    let call = desk("a").owned((0, 0.5));
    assert_eq!((call.force(), call.force()), (Err("a".to_owned()), Err("a".to_owned())));
    assert!(!call.is_ready());
    assert_eq!(desk("a").owned((1, 0.5)).force(), Ok("a10.5".to_owned()));
    assert_eq!(desk("a").owned((1, 0.5)).peek(), Some(Ok("a10.5".to_owned())));
    let info = Desk::owned_cache().cache_info();
    assert_eq!((info.loads, info.load_failures, info.forced), (1, 2, 3));
}

#[test]
fn a_key_of_ones_own_may_speak_of_self() {
    let _scope = testing::isolate();
    assert_eq!(desk("Rome").by_key("x".to_owned()).force(), "Rome x");
    let same = desk("Oslo").by_key("x".to_owned());
    assert_eq!((same.is_ready(), same.force()), (true, "Rome x".to_owned()));
    assert!(same.invalidate());
    assert_eq!(same.force(), "Oslo x");
}

#[test]
fn lazy_methods_may_be_asynchronous() {
    let _scope = testing::isolate();
    let call: LazyFuture<String> = desk("Rome").later(7);
    assert_eq!(Desk::later_cache().cache_info().misses, 0);
    // The future outlives the handle.
    let future = { desk("Rome").later(7).force() };
    assert_eq!(pollster::block_on(future), "Rome 7");
    assert!(call.is_ready());
    assert_eq!(
        pollster::block_on(async { (call.clone().await, (&call).await) }),
        ("Rome 7".into(), "Rome 7".into())
    );
    let info = Desk::later_cache().cache_info();
    assert_eq!((info.created, info.forced, info.misses), (2, 3, 1));
    fn sent<T: Send + 'static>(_: T) {}
    sent(call.force());
}

/// Cannot be cloned, nor compared.
#[derive(Default)]
struct Shop {
    prices: Memo<u32, String>,
    runs: AtomicU32,
}

impl Shop {
    #[memoize(lazy, in = self.prices)]
    fn price(self: &Arc<Self>, id: u32) -> String {
        format!("{id} {}", self.runs.fetch_add(1, Ordering::Relaxed))
    }

    #[memoize(lazy, skip(self))]
    fn total(self: Arc<Self>, of: &[u32]) -> u32 {
        self.runs.fetch_add(1, Ordering::Relaxed);
        of.iter().sum()
    }

    #[memoize(lazy, skip(self))]
    async fn remote(self: &Arc<Self>, id: u32) -> u32 {
        self.runs.load(Ordering::Relaxed) + id
    }
}

#[test]
fn an_arc_of_self_is_held_where_self_cannot_be_cloned() {
    let _scope = testing::isolate();
    let shop = Arc::new(Shop::default());
    let call = shop.price(1);
    assert_eq!(Arc::strong_count(&shop), 2);
    assert_eq!((call.force(), shop.price(1).force()), ("1 0".to_owned(), "1 0".to_owned()));
    assert_eq!(shop.prices.cache_info().forced, 2);
    assert!(!Arc::new(Shop::default()).price(1).is_ready(), "each has its own");
    assert_eq!(Arc::clone(&shop).total(&[1, 2]).force(), 3);
    assert!(Arc::clone(&shop).total(&[1, 2]).is_ready());
    assert_eq!(pollster::block_on(shop.remote(5).force()), 7);
    drop(call);
    assert_eq!(Arc::strong_count(&shop), 1);
}

trait Pricing: Clone + Eq + Hash + Send + Sync + 'static {
    const NAME: &'static str;

    #[memoize(lazy)]
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
fn a_lazy_default_method_has_a_cache_for_each_implementor() {
    let _scope = testing::isolate();
    assert_eq!((Here.label(1).force(), Here.label(1).is_ready()), ("here 1".to_owned(), true));
    assert!(!There.label(1).is_ready());
    assert_eq!(There.label(1).force(), "there 1");
}

trait Repository {
    fn user(&self, id: u32) -> Lazy<Result<String, String>>;
    fn group(&self, id: u32) -> LazyFuture<String>;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Postgres(u8);

#[memoize]
impl Repository for Postgres {
    #[memoize(lazy)]
    fn user(&self, id: u32) -> Result<String, String> {
        if id == 0 { Err("nobody".to_owned()) } else { Ok(format!("{} {id}", self.0)) }
    }

    #[memoize(lazy, skip(self))]
    async fn group(&self, id: u32) -> String {
        format!("group {id}")
    }
}

#[memoize]
impl Desk {
    #[memoize(lazy, name = "opened")]
    pub fn open(city: &str) -> Self {
        desk(city)
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Pair<T>(T, T);

#[memoize]
impl<T: Clone + Eq + Hash + Send + Sync + std::ops::Add<Output = T> + 'static> Pair<T> {
    #[memoize(lazy)]
    fn sum(&self) -> T {
        self.0.clone() + self.1.clone()
    }

    #[memoize(lazy)]
    fn times<const N: usize>(&self) -> Vec<T> {
        vec![self.0.clone(); N]
    }
}

trait Convert<To> {
    fn convert(&self) -> Lazy<Option<To>>;
}

#[memoize]
impl<To: TryFrom<u64> + Clone + Send + Sync + 'static> Convert<To> for Desk {
    #[memoize(lazy)]
    fn convert(&self) -> Option<To> {
        To::try_from(self.city.len() as u64).ok()
    }
}

#[test]
fn blocks_of_types_and_traits_may_hold_lazy_methods() {
    let _scope = testing::isolate();
    let one = Postgres(1);
    assert_eq!((one.user(1).force(), one.user(0).force()), (Ok("1 1".to_owned()), Err("nobody".to_owned())));
    assert!(one.user(1).is_ready() && !one.user(0).is_ready() && !Postgres(2).user(1).is_ready());
    assert_eq!(pollster::block_on(async { one.group(1).await }), "group 1");
    assert!(Postgres(2).group(1).is_ready());
    assert_eq!(Postgres::user_cache().cache_info().forced, 2);
    let open: Lazy<Desk> = Desk::open("Rome");
    assert_eq!((open.force(), Desk::open_cache().cache_info().name), (desk("Rome"), "opened".to_owned()));
    assert_eq!((Pair(1_u8, 2).sum().force(), Pair(1_u16, 2).sum().is_ready()), (3, false));
    assert_eq!((Pair(1, 2).times::<2>().force(), Pair(1, 2).times::<3>().is_ready()), (vec![1, 1], false));
    let (byte, word): (Lazy<Option<u8>>, Lazy<Option<u16>>) =
        (desk("Rome").convert(), desk("Rome").convert());
    assert_eq!((byte.force(), word.is_ready(), word.force()), (Some(4), false, Some(4)));
}

#[test]
fn the_companion_of_a_lazy_function_may_be_hidden() {
    let _scope = testing::isolate();
    #[memoize(lazy, companion = none)]
    fn hidden(id: u32) -> u32 {
        id * 2
    }
    let call = hidden(4);
    assert_eq!(format!("{call:?}"), "Lazy(hidden(4): pending)");
    assert_eq!((call.force(), call.peek(), call.invalidate(), call.is_ready()), (8, Some(8), true, false));
}
