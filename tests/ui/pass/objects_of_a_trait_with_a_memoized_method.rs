//! A memoized default method leaves objects of its trait, if it is not for these, or has nothing beside it.
#![deny(warnings)]

use cached_core::memoize;

pub trait Plugin {
    fn id(&self) -> u64;

    #[memoize(key = (self.id(), size))]
    fn render(&self, size: u64) -> u64
    where
        Self: Sized + 'static,
    {
        self.id() * size
    }

    #[memoize(key = (self.id(), size), companion = none)]
    fn draw(&self, size: u64) -> u64
    where
        Self: 'static,
    {
        self.id() + size
    }
}

pub trait Rates<Rate: Clone + Send + Sync + 'static>: Clone + Eq + std::hash::Hash + Send + Sync + 'static {
    fn read(&self, id: u64) -> Rate;

    #[memoize]
    fn rate(&self, id: u64) -> Rate {
        self.read(id)
    }
}

impl Rates<f64> for u64 {
    fn read(&self, id: u64) -> f64 {
        (self + id) as f64
    }
}

impl Plugin for u64 {
    fn id(&self) -> u64 {
        *self
    }
}

fn main() {
    let plugin: Box<dyn Plugin> = Box::new(3_u64);
    assert_eq!(plugin.draw(2) + plugin.draw(2), 10);
    assert_eq!(3.render(2), 6);
    assert_eq!([3.rate(1), 3.rate(1)], [4.0, 4.0]);
}
