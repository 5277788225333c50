//! What a type lacks is one mistake: it is told of once, by the first function that speaks of it, whoever else does.
use cached_core::{memoize, updates};

struct City(String);

#[derive(PartialEq, Eq, Hash)]
struct Page<T>(T);

struct Store(u32);

#[memoize]
fn people(city: &City) -> u32 {
    city.0.len() as u32
}

#[memoize(max = 10)]
fn capital(country: String) -> Option<City> {
    Some(City(country))
}

#[updates(capital(country) = Some(result))]
fn moved(country: String) -> City {
    City(country)
}

#[memoize]
fn pages<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(from: Page<T>) -> Vec<Page<T>> {
    vec![from]
}

#[memoize]
fn first<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(from: &[Page<T>]) -> bool {
    from.is_empty()
}

#[updates(stores(id) = result)]
fn open(id: u32) -> Store {
    Store(id)
}

#[memoize]
fn stores(id: u32) -> Store {
    Store(id)
}

impl Store {
    #[memoize]
    fn stock(&self, of: u32) -> u32 {
        self.0 + of
    }

    #[memoize]
    fn near(&self) -> Vec<City> {
        Vec::new()
    }
}

fn main() {
    people::clear();
    capital::invalidate("France".to_owned());
    pages::cache::<u8>().clear();
    stores::invalidate(1);
    Store(1).stock(2);
    Store::near_cache().clear();
}
