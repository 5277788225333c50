//! Methods in blocks that a macro repeats: nobody can see there what stands around them.

use cached_core::memoize;

macro_rules! shapes {
    ($($name:ident => $sides:literal, $price:ident, $tax:ident);*) => { $(
        #[derive(Clone, PartialEq, Eq, Hash)]
        struct $name;

        impl $name {
            #[memoize]
            fn sides(&self) -> u32 {
                $sides
            }

            #[memoize]
            fn $price(&self) -> u32 {
                $sides * 100
            }

            #[memoize]
            fn $tax(&self) -> u32 {
                self.$price() / 10
            }
        }
    )* };
}

shapes!(Square => 4, price, tax; Triangle => 3, tax, price);

macro_rules! pair {
    ($price:ident, $tax:ident) => {
        #[memoize]
        fn $price(id: u32) -> u32 {
            id
        }

        #[memoize]
        fn $tax(id: u32) -> u32 {
            $price(id) + 1
        }
    };
}

pair!(tax, price);

fn main() {
    for _ in 0..2 {
        assert_eq!(Square.sides() + Triangle.sides(), 7);
        assert_eq!(Square.tax() + Triangle.price(), 70);
        assert_eq!(price(1) + tax(1), 3);
    }
    assert_eq!(Square::sides_cache().cache_info().hits, 1);
    assert_eq!(price::cache_info().misses, 1);
}
