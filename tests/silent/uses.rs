// That they are what they look like: the second call of each is a hit, and its verbs are there.

use super::*;

#[test]
fn the_second_call_is_a_hit() {
    let _scope = memo::testing::isolate();
    assert_eq!((price(7, "EUR"), price(7, "EUR")), (10, 10));
    assert_eq!(price::cache_info().hits, 1);
    assert_eq!((made(2), made(2), made::cache_info().hits), (6, 6, 1));
    assert_eq!((doubled([1_u8]), doubled::cache_info::<u8, 1>().misses), (vec![1], 1));
    assert!(parsed("x").is_err() && parsed("7") == Ok(7) && parsed::contains("7"));
    assert_eq!((folded("A", &|_| {}), folded("a", &|_| {}), folded::cache_info().hits), (1, 1, 1));
    assert_eq!(
        (Currency(2).worth(3), Currency(2).worth(3), Currency::worth_cache().cache_info().hits),
        (6, 6, 1)
    );
    assert_eq!((Currency::named("EUR"), Currency(1).cost(1)), (Currency(3), 2));
    assert_eq!((Desk::default().ask(1), Desk::default().shared(1), alone(1), named(1)), (0, 1, 1, 1));
    assert_eq!((Desk::default().rated(""), Desk::rated_cache().cache_info().misses), (1, 1));
    assert_eq!(
        (named_cache::cache_info().misses, TABLE.force().len(), products(&[1])[&1].as_str()),
        (1, 10, "1")
    );
    assert_eq!(used().2.force(), "1");
    assert_eq!((Desk::default().told("a"), Currency(1).told_later(2).force()), (("a", 1), (2, 1)));
    assert_eq!(Convert::<u64>::convert(&Currency(2), 3), 5);
    assert_eq!((Currency(2).load(1, vec![]), Currency(2).load(1, vec![])), (Ok(1), Ok(1)));
}

#[test]
fn the_second_await_is_a_hit() {
    let _scope = memo::testing::isolate();
    pollster::block_on(async {
        assert_eq!(
            (fetched(1).await, fetched(1).await, fetched::cache_info().hits),
            (vec!["1".to_owned()], vec!["1".to_owned()], 1)
        );
        assert_eq!((fetched_by("a").await.unwrap(), fetched_of::<u8>(1).await), ("a".to_owned(), 0));
        assert_eq!(products_later(&[1]).await.unwrap().len(), 1);
        assert_eq!((report_later(1).await, Currency(1).cost_later(1).await), ("1".to_owned(), 1));
    });
}
