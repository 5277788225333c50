//! Random programs on functions with random options: see `tests::model`, where the fuzzer has them from, too.

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn any_program_does_what_the_model_does(program in prop::collection::vec(any::<u8>(), 12..300)) {
        tests::model::run(&program);
    }
}
