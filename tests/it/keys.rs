//! What counts as the same call.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cached_core::{Float, memoize, testing, updates};
use tests::{hit, miss};

#[memoize]
fn join(a: &str, b: &str) -> String {
    format!("{a}{b}")
}

#[test]
fn equal_texts_side_by_side_are_not_equal_arguments() {
    let _scope = testing::isolate();
    miss!(join("a", "bc") => "abc");
    miss!(join("ab", "c") => "abc");
    miss!(join("", "abc") => "abc");
}

#[memoize]
fn scale(by: f64, small: f32) -> f64 {
    by + f64::from(small)
}

#[test]
fn floats_are_compared_by_bits_with_one_zero_and_one_nan() {
    let _scope = testing::isolate();
    miss!(scale(0.0, 1.0) => 1.0);
    hit!(scale(-0.0, 1.0) => 1.0);
    miss!(scale(0.1 + 0.2, 0.0) => 0.1 + 0.2);
    hit!(scale(0.1 + 0.2, -0.0) => 0.1 + 0.2);
    miss!(scale(0.3, 0.0) => 0.3);
    assert!(scale(f64::NAN, 1.0).is_nan());
    assert!(scale(-f64::NAN, 1.0).is_nan());
    assert_eq!(scale::cache_info().hits, 3);
    assert!(scale::invalidate(f64::NAN, 1.0));
    assert!(scale::cache().contains(&(Float(0.3), Float(0.0))));
}

type Metres = f64;

#[memoize]
fn square(side: Metres) -> Metres {
    side * side
}

#[memoize]
fn sum(all: &[f64]) -> f64 {
    all.iter().sum()
}

#[test]
fn a_float_is_known_by_its_type_whatever_it_is_called() {
    let _scope = testing::isolate();
    miss!(square(2.0) => 4.0);
    hit!(square(2.0) => 4.0);
    miss!(sum(&[1.0, 2.0]) => 3.0);
    hit!(sum(&[1.0, 2.0]) => 3.0);
    miss!(sum(&[2.0, 1.0]) => 3.0);
    miss!(sum(&[]) => 0.0);
}

#[memoize]
fn borrowed(text: &str, bytes: &[u8], path: &Path, os: &OsStr, number: &u64, owned: &String) -> usize {
    text.len() + bytes.len() + path.as_os_str().len() + os.len() + owned.len() + usize::from(*number > 0)
}

#[test]
fn borrowed_arguments_are_looked_up_by_what_they_point_at() {
    let _scope = testing::isolate();
    let call = |text: String| {
        borrowed(&text, &[1, 2], &PathBuf::from("/a"), OsStr::new("os"), &Box::new(7), &"own".to_owned())
    };
    assert_eq!(call("text".to_owned()), 4 + 2 + 2 + 2 + 3 + 1);
    assert_eq!(call("te".to_owned() + "xt"), 4 + 2 + 2 + 2 + 3 + 1);
    assert_eq!((borrowed::cache_info().hits, borrowed::cache_info().misses), (1, 1));
    assert_eq!(borrowed::invalidate_if(|key: &(String, Vec<u8>, PathBuf, _, u64, String), _| key.4 == 7), 1);
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct User {
    id: u64,
    name: String,
}

fn user(id: u64, name: &str) -> User {
    User { id, name: name.to_owned() }
}

#[memoize]
fn greet(user: User) -> String {
    format!("hello {}", user.name)
}

#[memoize(key = user.id)]
fn greet_by_id(user: &User) -> String {
    format!("hello {}", user.name)
}

#[test]
fn a_key_of_ones_own_says_what_counts() {
    let _scope = testing::isolate();
    miss!(greet(user(1, "ann")) => "hello ann");
    miss!(greet(user(1, "bob")) => "hello bob");
    miss!(greet_by_id(&user(1, "ann")) => "hello ann");
    hit!(greet_by_id(&user(1, "bob")) => "hello ann");
    assert!(greet_by_id::contains(&user(1, "")));
    assert!(greet_by_id::invalidate(&user(1, "")));
    assert_eq!(greet_by_id::clear(), 0);
}

#[memoize(key = name.to_lowercase())]
fn folded(name: &str) -> usize {
    name.len()
}

#[memoize(key = name.trim())]
fn trimmed(name: &str) -> usize {
    name.len()
}

#[memoize(key = (name, n % 10))]
fn mixed(name: String, n: u32) -> String {
    format!("{name}{n}")
}

#[memoize(key = (b, a))]
fn reordered(a: u32, b: &str, _c: u64) -> String {
    format!("{b}{a}")
}

#[memoize(key = angle.rem_euclid(360.0))]
fn turn(angle: f64) -> f64 {
    angle
}

#[test]
fn a_key_is_any_expression_over_the_parameters() {
    let _scope = testing::isolate();
    miss!(folded("Ab") => 2);
    hit!(folded("aB") => 2);
    miss!(trimmed(" ab") => 3);
    hit!(trimmed("ab") => 3);
    miss!(mixed("a".to_owned(), 1) => "a1");
    hit!(mixed("a".to_owned(), 11) => "a1");
    miss!(mixed("b".to_owned(), 1) => "b1");
    miss!(reordered(1, "x", 1) => "x1");
    hit!(reordered(1, "x", 2) => "x1");
    assert!(reordered::cache().contains(&("x".to_owned(), 1)));
    miss!(turn(10.0) => 10.0);
    hit!(turn(370.0) => 10.0);
    assert_eq!(folded::peek("AB"), Some(2));
    folded::insert("xyz", 9);
    hit!(folded("XYZ") => 9);
    assert_eq!(folded::refresh("XYZW"), 4);
    assert_eq!(folded::cache().cache_info().len, 3);
}

#[memoize(key = (name.to_lowercase(), n) as (String, u32))]
fn ascribed(name: &str, n: u32) -> usize {
    name.len() + n as usize
}

#[memoize(key = n as u8)]
fn cast(n: u32) -> u32 {
    n
}

#[test]
fn a_key_whose_type_is_named_can_be_used_by_key() {
    let _scope = testing::isolate();
    miss!(ascribed("A", 1) => 2);
    hit!(ascribed("a", 1) => 2);
    assert!(ascribed::cache().contains(&("a".to_owned(), 1)));
    assert_eq!(ascribed::invalidate_if(|(name, _), _| name == "a"), 1);
    miss!(cast(1) => 1);
    hit!(cast(257) => 1);
    assert!(cast::cache().contains(&1_u8));
}

struct Pool(std::cell::Cell<u32>);

#[memoize(skip(pool))]
fn query(pool: &Pool, id: u32) -> u32 {
    pool.0.set(pool.0.get() + 1);
    id
}

#[memoize(skip(a, c))]
fn middle(a: Vec<f64>, b: u32, c: &mut_free::Log) -> u32 {
    c.0.set(a.len());
    b
}

mod mut_free {
    pub(super) struct Log(pub(super) std::cell::Cell<usize>);
}

#[test]
fn what_is_skipped_does_not_count_and_needs_no_hash() {
    let _scope = testing::isolate();
    let (first, second) = (Pool(0.into()), Pool(0.into()));
    miss!(query(&first, 1) => 1);
    hit!(query(&second, 1) => 1);
    assert_eq!((first.0.get(), second.0.get()), (1, 0));
    assert!(query::contains(&second, 1));
    assert_eq!(query::refresh(&second, 1), 1);
    assert_eq!(second.0.get(), 1);
    assert!(query::invalidate(&first, 1));
    query::insert(&first, 2, 20);
    assert_eq!(query::peek(&first, 2), Some(20));
    assert!(query::cache().contains(&2));
    let log = mut_free::Log(0.into());
    miss!(middle(vec![1.0], 5, &log) => 5);
    hit!(middle(vec![], 5, &log) => 5);
    assert_eq!(log.0.get(), 1);
}

#[memoize]
fn twin_a(n: u32) -> u32 {
    n + 1
}

#[memoize]
fn twin_b(n: u32) -> u32 {
    n + 2
}

#[test]
fn functions_do_not_share() {
    let _scope = testing::isolate();
    assert_eq!((twin_a(1), twin_b(1)), (2, 3));
    assert!(twin_a::invalidate(1));
    assert!(twin_b::contains(1));
}

/// All hashes alike: found by `Eq` alone.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Same(u32);

impl std::hash::Hash for Same {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        0.hash(state);
    }
}

#[memoize(max = 100, policy = lru)]
fn colliding(key: Same) -> u32 {
    key.0
}

#[test]
fn equal_hashes_are_no_equal_keys() {
    let _scope = testing::isolate();
    for n in 0..100 {
        miss!(colliding(Same(n)) => n);
    }
    for n in 0..100 {
        hit!(colliding(Same(n)) => n);
    }
    assert!(colliding::invalidate(Same(50)));
    assert!(!colliding::contains(Same(50)) && colliding::contains(Same(49)) && colliding::contains(Same(51)));
    miss!(colliding(Same(200)) => 200);
    miss!(colliding(Same(201)) => 201);
    assert!(!colliding::contains(Same(0)));
}

/// Of one hash with all others that are crowded.
#[derive(Clone, Debug)]
struct Crowded {
    is_crowded: bool,
    number: u32,
    compared: Arc<AtomicUsize>,
}

impl PartialEq for Crowded {
    fn eq(&self, other: &Self) -> bool {
        self.compared.fetch_add(1, Ordering::Relaxed);
        self.number == other.number
    }
}

impl Eq for Crowded {}

impl std::hash::Hash for Crowded {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        if self.is_crowded { 0.hash(state) } else { self.number.hash(state) }
    }
}

#[test]
fn keys_of_one_hash_harm_nobody_else() {
    #[memoize]
    fn crowd(key: Crowded) -> u32 {
        key.number
    }
    const CROWD: u32 = 10_000;
    let _scope = testing::isolate();
    let compared = Arc::new(AtomicUsize::new(0));
    let key = |number| Crowded { is_crowded: number < CROWD, number, compared: Arc::clone(&compared) };
    for number in 0..CROWD {
        assert_eq!(crowd(key(number)), number);
    }
    // Each has looked at those before it a few times at the most, and nobody at more than there are.
    let pairs = (CROWD as usize).pow(2) / 2;
    assert!(compared.swap(0, Ordering::Relaxed) <= 4 * pairs);
    for number in CROWD..2 * CROWD {
        assert_eq!(crowd(key(number)), number);
        assert_eq!(crowd(key(number)), number);
    }
    let of_others = compared.swap(0, Ordering::Relaxed);
    assert!(of_others <= 2 * CROWD as usize, "{of_others} for {CROWD} keys, each found once");
    assert_eq!(crowd::cache_info().len, 2 * CROWD as usize);
}

proptest::proptest! {
    #[test]
    fn distinct_arguments_never_share(
        pairs in proptest::collection::vec((".{0,3}", ".{0,3}", proptest::num::u8::ANY), 0..200),
    ) {
        #[memoize]
        fn whole(a: &str, b: &str, n: u8) -> (String, String, u8) {
            (a.to_owned(), b.to_owned(), n)
        }
        let _scope = testing::isolate();
        for (a, b, n) in &pairs {
            proptest::prop_assert_eq!(whole(a, b, *n), (a.clone(), b.clone(), *n));
        }
    }
}

#[memoize(key = (id, name) as (u32, String))]
fn greeting(id: u32, name: &str, _note: &str) -> String {
    format!("{id} {name}")
}

#[test]
fn the_type_of_a_borrowed_part_is_that_of_what_the_key_owns() {
    let _scope = testing::isolate();
    miss!(greeting(1, "a", "") => "1 a");
    hit!(greeting(1, "a", "b") => "1 a");
    miss!(greeting(1, "b", "") => "1 b");
    assert!(greeting::cache().contains(&(1, "a".to_owned())));
}

#[track_caller]
#[memoize(key = id % 10)]
fn level(id: u32) -> tracing::Level {
    if id < 10 { tracing::Level::WARN } else { tracing::Level::ERROR }
}

#[updates(level(id) = tracing::Level::INFO)]
fn soften(id: u32) {
    let _ = id;
}

#[test]
fn what_is_worked_out_for_a_value_of_another_crate_is_written_to() {
    let _scope = testing::isolate();
    assert_eq!((level(1), level(11)), (tracing::Level::WARN, tracing::Level::WARN));
    soften(21);
    assert_eq!(level(1), tracing::Level::INFO);
}

#[memoize]
fn far_away(by: Option<core::primitive::f64>, all: Vec<std::primitive::f32>) -> usize {
    usize::from(by.is_some()) + all.len()
}

#[test]
fn a_float_is_one_by_any_path() {
    let _scope = testing::isolate();
    miss!(far_away(Some(f64::NAN), vec![0.0]) => 2);
    hit!(far_away(Some(f64::NAN), vec![-0.0]) => 2);
}

/// Neither `Clone` nor fit for a key.
struct Request {
    id: u32,
    name: String,
    from: (String, u8),
}

fn request(id: u32, name: &str) -> Request {
    Request { id, name: name.to_owned(), from: ("a".to_owned(), 1) }
}

#[memoize(key = request.name)]
fn welcome(request: Request) -> String {
    format!("{} {}", request.name, request.from.1)
}

#[memoize(key = (request.id, request.from.0) as (u32, String))]
fn sender(request: &Request) -> usize {
    request.from.0.len()
}

struct Mailer {
    domain: String,
}

impl Mailer {
    #[memoize(key = (self.domain, request.name))]
    async fn address(&self, request: Request) -> String {
        format!("{}@{}", request.name, self.domain)
    }
}

#[test]
fn a_field_that_is_a_key_stays_where_it_is() {
    let _scope = testing::isolate();
    miss!(welcome(request(1, "Ann")) => "Ann 1");
    hit!(welcome(request(2, "Ann")) => "Ann 1");
    miss!(welcome(request(1, "Bob")) => "Bob 1");
    assert!(welcome::invalidate(request(3, "Bob")));
    miss!(welcome(request(1, "Bob")) => "Bob 1");
    miss!(sender(&request(1, "Ann")) => 1);
    assert!(sender::cache().contains(&(1, "a".to_owned())));
    let mailer = Mailer { domain: "example.org".to_owned() };
    let address = |name: &str| pollster::block_on(mailer.address(request(1, name)));
    assert_eq!(
        [address("ann"), address("ann"), address("bob")],
        ["ann@example.org", "ann@example.org", "bob@example.org"]
    );
    assert_eq!(Mailer::address_cache().cache_info().misses, 2);
}
