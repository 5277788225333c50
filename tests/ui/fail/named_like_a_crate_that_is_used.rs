mod used {
    use std::collections::HashMap;

    #[cached_core::memoize]
    pub fn std(values: &[u32]) -> HashMap<u32, u32> {
        values.iter().map(|value| (*value, 1)).collect()
    }
}

mod written {
    #[cached_core::memoize]
    pub fn core(value: u32) -> core::option::Option<u32> {
        Some(value)
    }
}

mod spoken_of {
    #[cached_core::memoize]
    pub fn core(value: u32) -> usize {
        if value > 3 { core::uncached(3) } else { core::mem::size_of::<u32>() }
    }
}

fn main() {
    spoken_of::core(1);
    used::std(&[1]);
    used::std::clear();
    written::core(1);
    written::core::clear();
}
