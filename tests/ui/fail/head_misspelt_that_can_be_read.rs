//! Of a head that the compiler refuses, what can be read is: who speaks of the function's key or value gets no error on top.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct City(String);

#[memoize]
fn wind(city: City hour: u8) -> u32 {
    hour.into()
}

#[memoize]
fn rain(city: City, hour: u8) => u32 {
    hour.into()
}

#[memoize]
impl City {
    #[memoize]
    fn snow(hour: u8, day: u16) : u32 {
        u32::from(hour) + u32::from(day)
    }
}

fn main() {
    let city = City("Oslo".to_owned());
    wind::invalidate_if(|key, value| key.0 == city && *value > 1);
    wind::invalidate(city.clone(), 3);
    rain::invalidate_if(|(_, hour), _| *hour > 3);
    println!("{}", rain(city.clone(), 1) + rain::uncached(city, 1));
    println!("{}", City::snow(1, 2) + City::snow_uncached(1, 2));
}
