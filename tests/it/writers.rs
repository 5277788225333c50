//! Functions that write, and what they say of the caches of others.

use std::collections::HashMap;
use std::io;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cached_core::{Memo, invalidates, memoize, testing, updates};
use pollster::block_on;
use tests::{hit, miss};

#[derive(Clone, Debug, PartialEq)]
struct User {
    id: u64,
    name: String,
}

impl User {
    fn new(id: u64, name: &str) -> Self {
        Self { id, name: name.to_owned() }
    }
}

mod users {
    use super::*;

    #[memoize(tags = ["user:{id}"])]
    pub fn user(id: u64) -> io::Result<User> {
        Ok(User::new(id, "db"))
    }

    #[memoize]
    pub fn greeting(name: &str, times: u8) -> String {
        name.repeat(usize::from(times))
    }
}

#[memoize]
fn orders(id: u64) -> Vec<u64> {
    vec![id]
}

#[memoize]
fn list() -> Vec<u64> {
    Vec::new()
}

#[memoize]
fn echo<T: Clone + std::hash::Hash + Eq + Send + Sync + 'static>(n: T) -> T {
    n
}

#[memoize(batch)]
fn products(ids: &[u32]) -> HashMap<u32, u32> {
    ids.iter().map(|id| (*id, *id)).collect()
}

#[memoize]
async fn later(id: u64) -> u64 {
    id
}

#[invalidates(
    users::user(id),
    users::greeting(&name, 2),
    list,
    echo::<u8>(3),
    products(7),
    later(id),
    tag = "user:{id}"
)]
fn delete_user(id: u64, name: String) -> io::Result<()> {
    drop(name);
    if id == 0 {
        return Err(io::ErrorKind::NotFound.into());
    }
    let _: u8 = "1".parse().map_err(|_| io::ErrorKind::Other)?;
    Ok(())
}

#[test]
fn what_was_made_old_is_forgotten_after_ok() {
    let _scope = testing::isolate();
    let fill = || {
        users::user(1).unwrap();
        users::greeting("ada", 2);
        (list(), echo(3_u8), echo(4_u8), echo(3_u16), products(&[7, 8]), block_on(later(1)))
    };
    fill();
    assert!(delete_user(0, "ada".to_owned()).is_err());
    assert!(users::user::contains(1) && list::contains() && users::greeting::contains("ada", 2));
    delete_user(1, "ada".to_owned()).unwrap();
    assert!(!users::user::contains(1) && !users::greeting::contains("ada", 2) && !list::contains());
    assert!(!echo::contains(3_u8) && echo::contains(4_u8) && echo::contains(3_u16));
    assert!(!products::contains(7) && products::contains(8) && !later::contains(1));
}

struct NewUser {
    id: u64,
    name: String,
}

#[updates(users::user(new.id) = result)]
fn save_user(new: NewUser) -> io::Result<User> {
    let NewUser { id, name } = new;
    if id == 0 { Err(io::ErrorKind::InvalidInput.into()) } else { Ok(User { id, name }) }
}

#[test]
fn what_was_made_is_stored_after_ok() {
    let _scope = testing::isolate();
    let ada = save_user(NewUser { id: 7, name: "ada".to_owned() }).unwrap();
    assert_eq!(users::user::peek(7), Some(ada));
    assert_eq!((users::user::cache_info().misses, users::user(7).unwrap().name.as_str()), (0, "ada"));
    assert!(save_user(NewUser { id: 0, name: String::new() }).is_err());
    assert!(!users::user::contains(0));
}

#[invalidates(tag = "user:{result.id}", echo)]
#[updates(
    users::user(result.id) = result,
    users::greeting(&result.name, 1) = result.name.to_uppercase(),
    orders(new_orders) = vec![new_orders],
    list() = result.name.bytes().map(u64::from).chain([new_orders]).collect()
)]
async fn save_later(new: NewUser, new_orders: u64) -> io::Result<User> {
    let NewUser { id, name } = new;
    smol::future::yield_now().await;
    if id == 0 {
        Err(io::ErrorKind::InvalidInput)?;
    }
    Ok(User { id, name })
}

/// What returns early is made into what the head says, as in any function.
#[invalidates(orders(id))]
async fn drop_orders(id: u64) -> Result<(), Box<dyn std::error::Error>> {
    if id == 0 {
        return Err(Box::new(io::Error::other("nobody's")));
    }
    Ok(())
}

#[invalidates(orders(id))]
async fn numbers(id: u64) -> &'static [u64] {
    if id == 0 {
        return &[1, 2];
    }
    &[]
}

/// No statement of it is said to be out of reach.
#[deny(unreachable_code)]
#[invalidates(orders(id))]
async fn first_free(id: u64) -> u64 {
    let mut next = id;
    loop {
        if next % 5 == 0 {
            return next;
        }
        next += 1;
    }
}

#[tokio::test]
async fn an_asynchronous_writer_returns_early_what_becomes_what_it_returns() {
    let _scope = testing::isolate();
    orders(0);
    assert!(drop_orders(0).await.is_err_and(|error| error.to_string() == "nobody's"));
    assert!(orders::contains(0), "it has written nothing");
    assert_eq!((numbers(0).await, orders::contains(0)), (&[1, 2][..], false));
    assert_eq!(first_free(1).await, 5);
    orders(1);
    assert!(drop_orders(1).await.is_ok() && !orders::contains(1));
    assert_eq!(numbers(1).await, &[0_u64; 0]);
}

#[test]
fn an_asynchronous_writer_speaks_of_its_result() {
    let _scope = testing::isolate();
    echo(3_u8);
    echo("x");
    save_user(NewUser { id: 7, name: "old".to_owned() }).unwrap();
    let ada = block_on(save_later(NewUser { id: 7, name: "ada".to_owned() }, 5)).unwrap();
    assert_eq!(users::user::peek(7), Some(ada), "written below the tag, and so after it");
    assert_eq!(users::greeting::peek("ada", 1).as_deref(), Some("ADA"));
    assert_eq!((orders::peek(5), list::peek()), (Some(vec![5]), Some(vec![97, 100, 97, 5])));
    assert!(!echo::contains(3_u8) && !echo::contains("x"), "a bare name is all of its monomorphisations");
    assert!(block_on(save_later(NewUser { id: 0, name: String::new() }, 6)).is_err());
    assert!(!users::user::contains(0) && !orders::contains(6));
}

#[test]
fn a_writer_that_is_dropped_before_its_end_has_written_nothing() {
    let _scope = testing::isolate();
    orders(1);
    #[invalidates(orders(id))]
    async fn waits(id: u64, done: &AtomicBool) {
        smol::future::poll_fn(|_| {
            if done.load(Ordering::Relaxed) { ().into() } else { std::task::Poll::Pending }
        })
        .await;
        assert!(id > 0);
    }
    let done = AtomicBool::new(false);
    let mut first = Box::pin(waits(1, &done));
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    assert!(first.as_mut().poll(&mut context).is_pending());
    drop(first);
    assert!(orders::contains(1));
    done.store(true, Ordering::Relaxed);
    block_on(waits(1, &done));
    assert!(!orders::contains(1));
}

#[test]
fn a_writer_that_panics_has_written_nothing() {
    let scope = testing::isolate();
    orders(1);
    #[invalidates(orders(id))]
    fn panics(id: u64) {
        assert_ne!(id, 1, "as wanted");
    }
    assert!(catch_unwind(std::panic::AssertUnwindSafe(scope.wrap(|| panics(1)))).is_err());
    hit!(orders(1) => vec![1]);
    orders(2);
    panics(2);
    miss!(orders(2) => vec![2]);
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk {
    id: u8,
}

#[memoize]
impl Desk {
    #[memoize(tags = ["desk:{self.id}"])]
    fn price(&self, n: u32) -> u32 {
        n + u32::from(self.id)
    }

    #[memoize]
    fn stock(n: u32) -> u32 {
        n
    }

    #[invalidates(self.price(n), Self::stock(n))]
    fn renumber(&mut self, n: u32) {
        self.id += u8::try_from(n).unwrap_or(0);
    }

    #[invalidates(Desk::price, Desk::stock)]
    fn reset(self) -> u8 {
        self.id
    }

    #[updates(Self::price(self, n) = result)]
    async fn set(&self, n: u32) -> u32 {
        n * 100 + u32::from(self.id)
    }
}

trait Till {
    fn take(&mut self, n: u32) -> Option<u32>;
}

impl Till for Desk {
    #[invalidates(self.price(n))]
    fn take(&mut self, n: u32) -> Option<u32> {
        let n = Some(n)?;
        Some(n)
    }
}

#[test]
fn methods_write_and_are_written_to() {
    let _scope = testing::isolate();
    let entries = || (Desk::price_cache().cache_info().len, Desk::stock_cache().cache_info().len);
    let mut desk = Desk { id: 1 };
    desk.price(4);
    desk.price(5);
    Desk::stock(4);
    assert_eq!((desk.take(4), entries()), (Some(4), (1, 1)));
    desk.price(4);
    desk.renumber(4);
    assert_eq!(entries(), (1, 0), "of the desk as it was before");
    assert_eq!(block_on(desk.set(3)), 305);
    assert_eq!((desk.price(3), Desk::price_cache().cache_info().hits), (305, 1));
    Desk::stock(9);
    assert_eq!((desk.reset(), entries()), (5, (0, 0)));
}

#[derive(Default)]
struct Shop {
    prices: Memo<u32, u32>,
}

impl Shop {
    #[memoize(in = self.prices)]
    fn price(&self, n: u32) -> u32 {
        n
    }

    #[invalidates(self.price(n))]
    fn forget(&self, n: u32) {
        assert!(n > 0);
    }

    #[updates(self.price(n) = result)]
    fn set(&self, n: u32, price: u32) -> u32 {
        price
    }
}

#[test]
fn a_cache_in_a_field_is_written_to() {
    let (shop, other) = (Shop::default(), Shop::default());
    assert_eq!((shop.price(1), other.price(1)), (1, 1));
    shop.set(1, 10);
    assert_eq!((shop.price(1), other.price(1)), (10, 1));
    shop.forget(1);
    assert_eq!(shop.price(1), 1);
}

#[async_trait::async_trait]
trait Repository {
    async fn save(&self, id: u64) -> Result<u64, String>;
}

struct Sql;

#[async_trait::async_trait]
impl Repository for Sql {
    #[invalidates(orders(id))]
    #[updates(later(id) = result)]
    async fn save(&self, id: u64) -> Result<u64, String> {
        smol::future::yield_now().await;
        if id == 0 { Err("none".to_owned()) } else { Ok(id * 10) }
    }
}

#[test]
fn a_boxed_future_writes_when_it_ends() {
    let _scope = testing::isolate();
    orders(1);
    orders(0);
    let future = Sql.save(1);
    assert!(orders::contains(1));
    assert_eq!(block_on(future), Ok(10));
    assert!(!orders::contains(1) && later::peek(1) == Some(10));
    assert!(block_on(Sql.save(0)).is_err() && orders::contains(0));
}

#[invalidates(orders(n))]
#[memoize]
fn above(n: u64) -> u64 {
    n
}

#[memoize]
#[cached_core::invalidates(orders(n))]
fn below(n: u64) -> u64 {
    n
}

#[test]
fn a_hit_writes_nothing() {
    let _scope = testing::isolate();
    for call in [above as fn(u64) -> u64, below] {
        miss!(orders(1) => vec![1]);
        call(1);
        miss!(orders(1) => vec![1]);
        call(1);
        hit!(orders(1) => vec![1]);
        orders::clear();
    }
}

type Answer<T> = Result<T, &'static str>;

#[invalidates(list)]
fn longest<'a>(a: &'a str, (b, _): (&'a str, u8), mut least: usize) -> Answer<&'a str> {
    least += 1;
    let longest = if a.len() > b.len() { a } else { b };
    if longest.len() < least { Err("too short") } else { Ok(longest) }
}

#[invalidates(list)]
fn passed_on<T, E>(result_of: Result<T, E>) -> Result<T, E>
where
    T: Send,
{
    result_of
}

#[invalidates(list)]
fn nothing() {}

#[invalidates(list)]
fn shown() -> impl std::fmt::Display {
    1
}

#[updates(list() = vec![result.map_or(0, |n| *n)], echo(result) = None)]
fn optional(n: &u64) -> Option<Arc<u64>> {
    Some(Arc::new(*n))
}

#[test]
fn any_return_type_will_do() {
    let _scope = testing::isolate();
    let forgets = |write: &dyn Fn()| {
        list();
        write();
        !list::contains()
    };
    assert!(forgets(&|| assert_eq!(longest("abc", ("d", 1), 1), Ok("abc"))));
    assert!(!forgets(&|| assert!(longest("abc", ("d", 1), 5).is_err())));
    assert!(forgets(&|| assert!(passed_on::<u8, u8>(Ok(1)).is_ok())));
    assert!(!forgets(&|| assert!(passed_on::<u8, u8>(Err(1)).is_err())));
    assert!(forgets(&nothing));
    assert!(forgets(&|| assert_eq!(shown().to_string(), "1")));
    optional(&5);
    assert_eq!(echo::peek(Some(Arc::new(5_u64))), Some(None));
    hit!(list() => vec![5]);
}

#[test]
fn nobody_gets_from_a_load_that_began_before_the_write() {
    let _scope = testing::isolate();
    #[memoize]
    fn balance(account: u64) -> u64 {
        // The write comes while this is read.
        deposit(account, 5);
        account
    }
    #[invalidates(balance(account))]
    fn deposit(account: u64, amount: u64) -> u64 {
        account + amount
    }
    assert_eq!(balance(1), 1);
    assert!(!balance::contains(1));
}

/// What a writer is given by value, and takes away in its body.
mod owned {
    use super::*;

    #[memoize]
    pub fn title(id: String) -> Option<String> {
        Some(id)
    }

    #[updates(title(id) = Some(title))]
    pub fn rename(id: String, title: String) -> String {
        let mut all = id;
        all.push_str(&title);
        drop(title);
        all
    }

    #[updates(title(id) = { let upper = title.to_uppercase(); Some(upper + &format!("{title}{}", id)) })]
    pub fn shout(id: String, title: String) -> usize {
        (id + &title).len()
    }
}

#[test]
fn what_a_body_takes_away_is_stored_and_looked_up_as_it_was() {
    let _isolated = testing::isolate();
    assert_eq!(owned::rename("a".to_owned(), "b".to_owned()), "ab");
    assert_eq!(owned::title::peek("a".to_owned()), Some(Some("b".to_owned())));
    assert_eq!(owned::shout("a".to_owned(), "c".to_owned()), 2);
    assert_eq!(owned::title("a".to_owned()), Some("Cca".to_owned()));
}

/// Writers that never return: by a panic at most.
mod endless {
    use super::*;

    #[memoize]
    pub fn quota(id: u64) -> u64 {
        id
    }

    #[invalidates(quota(id), quota)]
    pub fn watch(id: u64) -> ! {
        panic!("{id}")
    }

    #[invalidates(quota(id), tag = "quota:{id}")]
    pub async fn serve(id: u64) -> ! {
        loop {
            assert_ne!(std::future::ready(id).await, 1);
        }
    }

    #[updates(quota(id) = 5)]
    pub async fn publish(id: u64) -> ! {
        serve(id).await
    }
}

#[test]
fn what_never_returns_has_written_nothing() {
    let _isolated = testing::isolate();
    use endless::quota;
    miss!(quota(1) => 1);
    assert!(catch_unwind(|| endless::watch(1)).is_err());
    assert!(catch_unwind(|| block_on(endless::serve(1))).is_err());
    assert!(catch_unwind(|| block_on(endless::publish(1))).is_err());
    hit!(quota(1) => 1);
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Page {
    site: u32,
    name: String,
}

#[memoize]
fn page(page: &Page) -> usize {
    page.name.len()
}

#[memoize]
fn kept_of(page: Page) -> usize {
    page.name.len()
}

#[invalidates(page(&Page { site, name }), kept_of(Page { site, name }))]
fn rename(site: u32, name: String) -> String {
    name + &site.to_string()
}

#[updates(kept_of(Page { site, name }) = 7)]
async fn publish((site, name): (u32, String)) -> String {
    format!("{site}{name}")
}

#[test]
fn what_is_made_of_parameters_takes_copies_of_them() {
    let _isolated = testing::isolate();
    let first = || Page { site: 1, name: "a".to_owned() };
    miss!(page(&first()) => 1);
    miss!(kept_of(first()) => 1);
    assert_eq!(rename(1, "a".to_owned()), "a1");
    miss!(page(&first()) => 1);
    miss!(kept_of(first()) => 1);
    assert_eq!(block_on(publish((1, "a".to_owned()))), "1a");
    hit!(kept_of(first()) => 7);
}
