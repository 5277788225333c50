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

impl Plugin for u64 {
    fn id(&self) -> u64 {
        *self
    }
}

fn main() {
    let plugin: Box<dyn Plugin> = Box::new(3_u64);
    assert_eq!(plugin.draw(2) + plugin.draw(2), 10);
    assert_eq!(3.render(2), 6);
}
