//! Programs on a table under every policy, with the structure checked after each step.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cached_core::__fuzz_table(data));
