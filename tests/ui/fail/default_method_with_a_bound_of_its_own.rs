//! The same where only the compiler knows what the trait asks for.
use cached_core::memoize;
use names::Named;

mod names {
    pub trait Named {
        fn name(&self) -> String;
    }
}

trait Price: Named {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {}
