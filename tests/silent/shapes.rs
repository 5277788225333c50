// What every edition holds: one of each kind of function, private and public. No module of its own, so that each crate
// is of one file as its edition reads it.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;

use memo::{Lazy, LazyFuture, Memo, invalidates, memoize, updates};

/// What a price is asked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(pub u8);

/// A plain function.
#[memoize(crate = memo, max = 100, ttl = 60s, policy = lru, name = "price")]
#[must_use]
pub fn price(id: u32, currency: &str) -> u64 {
    u64::from(id) + currency.len() as u64
}

#[memoize(crate = memo)]
fn private(id: u32, (factor, _): (f64, Option<&str>)) -> Option<f64> {
    id.checked_sub(1).map(|id| f64::from(id) * factor)
}

/// A function whose errors are not kept.
///
/// # Errors
/// What `parse` says.
#[memoize(crate = memo, store_if = |value| *value > 0)]
pub fn parsed(text: &str) -> Result<u32, std::num::ParseIntError> {
    let first = text.parse::<u32>()?;
    Ok(first)
}

/// A function with a key of its own.
#[memoize(crate = memo, key = (name.to_lowercase()))]
pub fn folded(name: &str, _log: &dyn Fn(&str)) -> usize {
    name.len()
}

/// A function with keys whose types are written down, and are what they are anyway.
#[memoize(crate = memo, key = (id as u64, u64::from(factor) as u64))]
#[must_use]
pub fn cast(id: u64, factor: u32) -> u64 {
    id * u64::from(factor)
}

/// With a key and tags that speak of parts of its arguments.
#[memoize(crate = memo, key = (*id, name.len(), mode) as (u32, usize, bool), tags = ["bytes:{name.len()}"])]
#[must_use]
pub fn apart((id, name): &(u32, String), (mode, mut rest): (bool, u8)) -> usize {
    rest += u8::from(mode);
    *id as usize + name.len() + usize::from(rest)
}

/// The same with tags alone, and what is skipped.
#[memoize(crate = memo, skip(width, height), tags = ["at:{x}", "name:{text}"])]
pub async fn placed((x, ref text): (u32, String), (width, height): (u32, u32)) -> u32 {
    std::future::ready(()).await;
    x + width + height + u32::from(text.is_empty())
}

/// The same with one part.
#[memoize(crate = memo, key = currency.0 as u8)]
#[must_use]
pub fn minor(currency: Currency) -> u64 {
    u64::from(currency.0)
}

/// A generic function.
#[memoize(crate = memo, max = 10)]
pub fn doubled<T, const N: usize>(value: [T; N]) -> Vec<T>
where
    T: Clone + Eq + Hash + Send + Sync + 'static,
{
    Vec::from(value)
}

/// An asynchronous function.
#[memoize(crate = memo)]
pub async fn fetched(id: u32) -> Vec<String> {
    std::future::ready(vec![id.to_string()]).await
}

/// An asynchronous function that borrows.
///
/// # Errors
/// None, ever.
#[memoize(crate = memo)]
pub async fn fetched_by(name: &str) -> Result<String, std::fmt::Error> {
    std::future::ready(Ok(name.to_owned())).await
}

/// An asynchronous function of a type.
#[memoize(crate = memo)]
pub async fn fetched_of<T: Default + Clone + Send + Sync + 'static>(_id: u32) -> T {
    std::future::ready(T::default()).await
}

/// A function that is put off.
#[memoize(crate = memo, lazy)]
pub fn report(id: u32) -> String {
    id.to_string()
}

/// An asynchronous one.
#[memoize(crate = memo, lazy)]
pub async fn report_later(id: u32) -> String {
    std::future::ready(id.to_string()).await
}

/// A value that is put off.
#[memoize(crate = memo, lazy)]
pub static TABLE: Vec<u64> = (0..10).collect();

/// A batch.
#[memoize(crate = memo, batch, max_batch = 10)]
#[must_use]
pub fn products(ids: &[u32]) -> HashMap<u32, String> {
    ids.iter().map(|id| (*id, id.to_string())).collect()
}

/// An asynchronous batch.
///
/// # Errors
/// None, ever.
#[memoize(crate = memo, batch)]
pub async fn products_later(ids: &[u32]) -> Result<HashMap<u32, String>, memo::BatchLengthError> {
    let found = ids.iter().map(|id| (*id, id.to_string()));
    Ok(std::future::ready(found).await.collect())
}

/// A function without a companion.
#[memoize(crate = memo, companion = none)]
#[must_use]
pub fn alone(id: u32) -> u32 {
    id
}

/// A function whose companion is called otherwise.
#[memoize(crate = memo, companion = named_cache)]
#[must_use]
pub fn named(id: u32) -> u32 {
    id
}

macro_rules! tripled {
    ($(#[$attr:meta])* $vis:vis $name:ident: $type:ty => $body:expr) => {
        $(#[$attr])*
        #[memoize(crate = memo)]
        #[must_use]
        $vis fn $name(value: $type) -> $type { value * $body }
    };
}

tripled! {
    /// Made by a macro.
    pub made: u64 => 3
}
tripled!(made_within: u32 => 3);

/// What prices are asked of.
#[derive(Debug, Default)]
pub struct Desk {
    /// What has been asked.
    pub asked: Memo<u32, u64>,
    rate: u64,
}

impl Desk {
    /// A method with a cache that is the instance's own.
    #[memoize(crate = memo, in = self.asked, max = 10)]
    pub fn ask(&self, id: u32) -> u64 {
        u64::from(id) * self.rate
    }

    /// A method whose key is worked out.
    #[memoize(crate = memo, key = (self.rate + 1, name))]
    pub fn rated(&self, name: &str) -> u64 {
        self.rate + u64::from(name.is_empty())
    }

    /// A method for all instances.
    #[memoize(crate = memo, skip(self))]
    pub fn shared(&self, id: u32) -> u64 {
        u64::from(id)
    }

    /// A generic one.
    #[memoize(crate = memo, skip(self))]
    pub fn told<T: Clone + Eq + Hash + Send + Sync + 'static>(&self, value: T) -> (T, u32) {
        (value, 1)
    }
}

#[memoize(crate = memo)]
impl Currency {
    /// A method.
    #[memoize(max = 10)]
    #[must_use]
    pub fn worth(self, id: u32) -> u64 {
        u64::from(id) * u64::from(self.0)
    }

    /// A function of the type.
    #[memoize]
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.bytes().fold(0, |sum, _| sum + 1))
    }

    #[memoize]
    async fn later(&self, name: &str) -> Self {
        std::future::ready(name).await;
        *self
    }
}

/// A trait of somebody's.
pub trait Priced {
    /// What it costs.
    fn cost(&self, id: u32) -> u64;
    /// The same, later.
    fn cost_later<'a>(&'a self, id: u32) -> Pin<Box<dyn Future<Output = u64> + Send + 'a>>;
}

#[memoize(crate = memo)]
impl Priced for Currency {
    #[memoize]
    fn cost(&self, id: u32) -> u64 {
        u64::from(id + u32::from(self.0))
    }

    fn cost_later<'a>(&'a self, id: u32) -> Pin<Box<dyn Future<Output = u64> + Send + 'a>> {
        Box::pin(async move { u64::from(id) })
    }
}

/// A generic trait of somebody's.
pub trait Convert<T> {
    /// Something else.
    fn convert(&self, value: u8) -> T;
}

#[memoize(crate = memo)]
impl<T: From<u8> + Clone + Send + Sync + 'static> Convert<T> for Currency {
    #[memoize]
    fn convert(&self, value: u8) -> T {
        T::from(value + self.0)
    }
}

/// Uses what is private, and the names that are imported.
pub fn used() -> (Option<f64>, u32, Lazy<String>, LazyFuture<String>) {
    drop(Currency(1).later("EUR"));
    (private(1, (2.0, None)), made_within(2), report(1), report_later(1))
}

/// A function with tags.
///
/// # Errors
/// Without a name.
#[memoize(crate = memo, tags = ["tagged:{id}", "name:{value.0}", format!("{}", id + 1)])]
pub fn tagged(id: u32, name: &str) -> Result<(String, u32), String> {
    if name.is_empty() { Err("no name".to_owned()) } else { Ok((name.to_owned(), id)) }
}

/// A function that writes.
///
/// # Errors
/// Without a name.
#[invalidates(price(id, "EUR"), doubled, parsed(&name), tag = "tagged:{id}", crate = memo)]
#[updates(tagged(id, &result) = (result, id), crate = memo)]
pub fn writes(id: u32, name: String) -> Result<String, String> {
    if name.is_empty() {
        return Err("no name".to_owned());
    }
    Ok(name)
}

/// An asynchronous function that writes.
///
/// # Errors
/// If nobody is there.
#[updates(fetched(id) = vec![result], crate = memo)]
pub async fn writes_later(id: u32, name: &str) -> Result<String, String> {
    let ready = std::future::ready(name.to_owned()).await;
    let name = Some(ready).ok_or("nobody")?;
    Ok(name)
}

impl Currency {
    /// A generic one whose value is put off.
    #[memoize(crate = memo, skip(self), lazy)]
    pub fn told_later<T: Clone + Eq + Hash + Send + Sync + 'static>(&self, value: T) -> (T, u32) {
        (value, 1)
    }

    /// One whose name would not be one with more behind it.
    #[memoize(crate = memo)]
    #[must_use]
    pub fn type_(&self, id: u32) -> u32 {
        id
    }

    /// A method that writes.
    #[invalidates(self.worth(1), Self::worth, crate = memo)]
    pub fn set(&mut self, to: u8) {
        self.0 = to;
    }
}

/// A trait with a default method whose name would not be one with more behind it.
pub trait Kind {
    /// The kind.
    #[memoize(crate = memo)]
    fn kind_(&self, id: u32) -> u32
    where
        Self: Clone + Eq + Hash + Send + Sync + 'static,
    {
        id
    }
}

/// What a trait says of its functions holds wherever they are implemented.
pub trait Loads {
    /// What there is of it.
    ///
    /// # Errors
    /// Whatever an implementation has to tell.
    fn load(&self, id: u32, tags: Vec<u32>) -> Result<u64, String>;
}

#[memoize(crate = memo)]
impl Loads for Currency {
    #[memoize]
    fn load(&self, id: u32, tags: Vec<u32>) -> Result<u64, String> {
        Ok(u64::from(id) + tags.len() as u64)
    }
}
