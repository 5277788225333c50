//! Programs on functions with random options, against a model of them: those of the property test.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tests::model::run(data));
