//! Methods whose key is worked out.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use cached_core::{memoize, testing};

#[derive(Clone, Debug)]
struct Till {
    number: u32,
    city: &'static str,
}

impl fmt::Display for Till {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.city, self.number)
    }
}

impl Till {
    #[memoize(key = (self.number, day))]
    fn sum(&self, day: u32) -> u32 {
        self.number * day
    }

    #[memoize(key = (format!("{self}"), name), ttl = 60s, max = 100)]
    fn of_text(&self, name: &str) -> Result<String, String> {
        Ok(format!("{self} {name}"))
    }

    #[memoize(key = self.number + 1)]
    fn by_value(self) -> f64 {
        f64::from(self.number)
    }

    #[memoize(key = self.number + 1)]
    fn shared(self: Arc<Self>) -> Option<u32> {
        Some(self.number)
    }

    #[memoize(key = self.number + 1)]
    async fn later(&self, name: &str) -> usize {
        name.len()
    }

    #[memoize(key = (self.number, N))]
    fn zeros<const N: usize>(&self) -> [u8; N] {
        [0; N]
    }

    #[memoize(key = self.number)]
    fn nothing<T: Default + Clone + Send + Sync + 'static>(&self) -> T {
        T::default()
    }

    #[memoize(key = self.number + 1, lazy)]
    fn put_off(&self) -> u32 {
        self.number
    }

    #[memoize(key = self.number + 1, scope = thread)]
    fn here(&self) -> Rc<u32> {
        Rc::new(self.number)
    }
}

#[memoize]
impl Rates for Till {
    #[memoize(key = self.number + 1, companion = rates)]
    fn rate(&self) -> u32 {
        self.number
    }
}

trait Rates {
    fn rate(&self) -> u32;
}

trait Numbered: Send + Sync + 'static {
    fn number(&self) -> u32;

    #[memoize(key = (self.number(), name))]
    fn label(&self, name: &str) -> String {
        format!("{name} {}", self.number())
    }
}

impl Numbered for Till {
    fn number(&self) -> u32 {
        self.number
    }
}

impl Numbered for u32 {
    fn number(&self) -> u32 {
        *self
    }
}

struct Held<'a, T>(&'a T);

#[memoize]
impl<T: Clone + Into<u64> + Send + Sync + 'static> Held<'_, T> {
    #[memoize(key = self.0.clone().into())]
    fn number(&self) -> u64 {
        self.0.clone().into()
    }
}

#[test]
fn a_method_whose_key_is_worked_out_has_a_handle() {
    let _scope = testing::isolate();
    let till = Till { number: 3, city: "Rome" };
    assert_eq!((till.sum(2), till.sum(2)), (6, 6));
    let info = Till::sum_cache().cache_info();
    assert_eq!((info.hits, info.misses, info.len), (1, 1, 1));
    assert_eq!(Till::sum_cache().clear(), 1);
    till.sum(2);
    assert_eq!(Till::sum_cache().cache_info().misses, 2);

    assert_eq!(till.of_text("a").unwrap(), "Rome 3 a");
    assert_eq!(Till::of_text_cache().cache_info().max, Some(100));
    till.clone().by_value();
    Arc::new(till.clone()).shared();
    pollster::block_on(till.later("a"));
    till.put_off().force();
    till.here();
    till.rate();
    let all = [
        Till::by_value_cache().cache_info(),
        Till::shared_cache().cache_info(),
        Till::later_cache().cache_info(),
        Till::put_off_cache().cache_info(),
        Till::here_cache().cache_info(),
        Till::rates_cache().cache_info(),
    ];
    assert!(all.iter().all(|info| (info.misses, info.len) == (1, 1)), "{all:?}");

    assert_eq!(
        (till.zeros::<2>(), till.nothing::<u8>(), till.nothing::<String>()),
        ([0; 2], 0, String::new())
    );
    assert_eq!((Till::zeros_cache::<2>().clear(), Till::zeros_cache::<3>().clear()), (1, 0));
    assert_eq!((Till::nothing_cache::<u8>().clear(), Till::nothing_cache::<u16>().clear()), (1, 0));

    till.label("a");
    3_u32.label("a");
    assert_eq!(Till::label_cache().clear(), 1);
    assert_eq!((Till::label_cache().cache_info().len, u32::label_cache().cache_info().len), (0, 1));

    Held(&3_u8).number();
    Held(&3_u16).number();
    assert_eq!(Held::<u8>::number_cache().clear(), 1);
    assert_eq!(Held::<u8>::number_cache().cache_info().len, 0);
    assert_eq!(Held::<u16>::number_cache().cache_info().len, 1);
}
