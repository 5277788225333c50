//! The shop's service, tested as a service would be: each test has a database of its own, and caches of its own with it. They run side by
//! side on one set of functions, count exactly, and never sleep. The last runs the program as a person would.

use std::process::Command;
use std::time::Duration;

use cached_core::{Scope, testing};
use examples::shop::{
    Db, bestsellers, discount, line, orders, place_order, product, save_user, set_price, spent, user,
};

fn shop() -> Db {
    let db = Db::create(None).unwrap();
    db.stock(20, 10, 100).unwrap();
    db
}

#[test]
fn a_product_is_asked_for_once() {
    let _scope = testing::isolate();
    let db = shop();
    let first = product(&db, 3).unwrap().unwrap();
    assert_eq!((product(&db, 3).unwrap().unwrap(), db.queries()), (first, 1));
    assert_eq!((product(&db, 99).unwrap(), product(&db, 99).unwrap(), db.queries()), (None, None, 2));
    let info = product::cache_info();
    assert_eq!((info.hits, info.misses, info.len), (2, 2, 2));
}

#[test]
fn what_others_write_is_seen_when_the_time_is_over() {
    let scope = testing::isolate();
    let db = shop();
    let old = product(&db, 3).unwrap().unwrap().cents;
    db.behind_its_back("UPDATE products SET cents = 5 WHERE id = 3").unwrap();
    scope.advance(Duration::from_secs(599));
    assert_eq!(product(&db, 3).unwrap().unwrap().cents, old);
    scope.advance(Duration::from_secs(1));
    assert_eq!(product(&db, 3).unwrap().unwrap().cents, 5);
}

#[test]
fn a_new_price_is_read_by_whoever_asks_next() {
    let _scope = testing::isolate();
    let db = shop();
    product(&db, 3).unwrap();
    product(&db, 4).unwrap();
    assert!(set_price(&db, 3, 1_234).unwrap());
    assert!(!product::contains(&db, 3) && product::contains(&db, 4));
    assert_eq!(product(&db, 3).unwrap().unwrap().cents, 1_234);
    assert!(!set_price(&db, 99, 1).unwrap());
}

#[test]
fn a_profile_that_was_saved_is_read_without_a_query() {
    let _scope = testing::isolate();
    let db = shop();
    save_user(&db, 3, "Ada", "ada@shop.example").unwrap();
    assert_eq!((user(&db, 3).unwrap().unwrap().name.as_str(), db.queries()), ("Ada", 1));
    assert_eq!((user::cache_info().hits, user::cache_info().misses), (1, 0));
    user::clear();
    assert_eq!(user(&db, 3).unwrap().unwrap().email, "ada@shop.example", "the database has it too");
}

#[test]
fn a_profile_that_could_not_be_saved_stays_as_it_was() {
    let _scope = testing::isolate();
    let db = shop();
    let before = user(&db, 3).unwrap();
    let error = save_user(&db, 3, "Eve", "user4@shop.example").unwrap_err();
    assert!(error.to_string().contains("UNIQUE"), "{error}");
    assert_eq!((user(&db, 3).unwrap(), db.queries()), (before, 2));
}

#[test]
fn an_order_is_seen_in_all_views_of_its_user_and_no_other() {
    let _scope = testing::isolate();
    let db = shop();
    for id in [3, 4] {
        orders(&db, id).unwrap();
        spent(&db, id).unwrap();
    }
    bestsellers(&db, 2).unwrap();
    let (number, sum) = (orders(&db, 3).unwrap().len(), spent(&db, 3).unwrap());
    let order = place_order(&db, 3, 5, 2).unwrap().unwrap();
    assert!(!orders::contains(&db, 3) && !spent::contains(&db, 3) && !bestsellers::contains(&db, 2));
    assert!(orders::contains(&db, 4) && spent::contains(&db, 4));
    assert_eq!(orders(&db, 3).unwrap().last(), Some(&order));
    assert_eq!((orders(&db, 3).unwrap().len(), spent(&db, 3).unwrap()), (number + 1, sum + 2 * order.cents));
}

#[test]
fn a_discount_is_asked_for_once_in_a_request_and_anew_in_the_next() {
    let _scope = testing::isolate();
    let db = shop();
    db.behind_its_back("INSERT INTO orders (user, product, quantity, cents) VALUES (3, 1, 1, 100000)")
        .unwrap();
    product(&db, 5).unwrap();
    let lines = || [line(&db, 3, 5, 1), line(&db, 3, 5, 2)].map(|cents| cents.unwrap().unwrap());
    let before = db.queries();
    let [one, two] = Scope::new().wrap(lines)();
    assert_eq!((db.queries() - before, two.abs_diff(2 * one) <= 1), (1, true));
    let off = || discount(&db, 3).unwrap();
    assert!((2..10).contains(&off()), "{}", off());
    db.behind_its_back("INSERT INTO orders (user, product, quantity, cents) VALUES (3, 1, 1, 900000)")
        .unwrap();
    assert_eq!(Scope::new().wrap(off)(), 10);
}

#[test]
fn what_was_loaded_before_opening_is_asked_for_no_more() {
    let _scope = testing::isolate();
    let db = shop();
    assert_eq!((product::warm(&db, 1..=20), db.queries()), (20, 20));
    assert!((1..=20).all(|id| product(&db, id).unwrap().is_some()));
    assert_eq!((db.queries(), product::cache_info().hits), (20, 20));
}

#[test]
fn a_database_that_fails_is_asked_again() {
    let _scope = testing::isolate();
    let db = shop();
    db.behind_its_back("ALTER TABLE products RENAME TO gone").unwrap();
    assert!(product(&db, 3).is_err() && product(&db, 3).is_err());
    assert_eq!((product::cache_info().load_failures, product::cache_info().len), (2, 0));
    db.behind_its_back("ALTER TABLE gone RENAME TO products").unwrap();
    assert!(product(&db, 3).unwrap().is_some());
}

#[test]
fn the_program_tells_everything_within_80_columns() {
    let output = Command::new(env!("CARGO_BIN_EXE_shop"))
        .args(["--visits", "200"])
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let wide: Vec<_> = text.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    for title in [
        "1. The shop",
        "2. Before the doors",
        "3. Product pages",
        "4. New prices",
        "5. Profiles",
        "6. Orders",
        "7. A receipt",
        "8. What each",
        "9. The caches",
    ] {
        assert!(text.contains(title), "{title}: {text}");
    }
    assert!(text.contains("1,000 loaded in") && text.contains("a hit: "), "{text}");
    for requests in ["without a scope", "in a request", "in the next one"] {
        assert!(text.contains(&format!("four lines, {requests}")), "{text}");
    }
    assert!(text.contains("EUR, 4 queries") && text.matches("EUR, 1 query").count() == 2, "{text}");
    assert!(text.contains("Ada, 0 misses") && text.contains("forgets the three of them"), "{text}");
}
