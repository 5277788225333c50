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

fn main() {
    used::std(&[1]);
    used::std::clear();
    written::core(1);
    written::core::clear();
}
