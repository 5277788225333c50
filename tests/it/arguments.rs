//! What users of such libraries ask for: one test a wish, for those that concern the shapes of functions.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use cached_core::{Memo, memoize, testing};
use tests::{hit, miss};

#[memoize]
fn maybe(text: Option<&str>, other: Cow<'_, str>) -> String {
    format!("{text:?}{other}")
}

#[memoize]
fn many(texts: &[&str], points: &[(f64, f64)], both: (f32, &str), at: [f64; 2]) -> usize {
    texts.len() + points.len() + both.1.len() + at.len()
}

#[test]
fn borrowed_arguments_without_allocation() {
    let _scope = testing::isolate();
    miss!(maybe(Some("a"), Cow::Borrowed("b")) => "Some(\"a\")b");
    hit!(maybe(Some("a"), Cow::Owned("b".to_owned())) => "Some(\"a\")b");
    miss!(maybe(None, Cow::Borrowed("b")) => "Noneb");
    assert!(maybe::cache().contains(&(Some("a".to_owned()), "b".to_owned())));
    miss!(many(&["a", "b"], &[(0.0, 1.0)], (1.5, "x"), [0.0, 1.0]) => 6);
    hit!(many(&["a", "b"], &[(-0.0, 1.0)], (1.5, "x"), [-0.0, 1.0]) => 6);
    miss!(many(&["ab"], &[(0.0, 1.0)], (1.5, "x"), [0.0, 1.0]) => 5);
}

struct Pool(#[expect(dead_code)] Rc<u8>);
struct Query<'a> {
    text: &'a str,
    noise: u32,
}
trait Log {
    fn log(&self, what: &str);
}
impl Log for Pool {
    fn log(&self, _: &str) {}
}

#[memoize(skip(pool, log))]
fn user(pool: &Pool, log: &dyn Log, id: u32) -> String {
    let _ = pool;
    log.log("loading");
    format!("user {id}")
}

#[memoize(key = query.text)]
fn search(query: Query<'_>) -> usize {
    query.text.len() + query.noise as usize
}

#[memoize(key = (name, name))]
fn twice(name: String) -> String {
    name
}

#[test]
fn leave_an_argument_out_and_a_key_of_my_own() {
    let _scope = testing::isolate();
    let pool = Pool(Rc::new(1));
    miss!(user(&pool, &pool, 1) => "user 1");
    hit!(user(&Pool(Rc::new(2)), &pool, 1) => "user 1");
    miss!(search(Query { text: "abc", noise: 0 }) => 3);
    hit!(search(Query { text: "abc", noise: 9 }) => 3);
    miss!(twice("a".to_owned()) => "a");
    hit!(twice("a".to_owned()) => "a");
}

#[derive(Default)]
struct Session {
    memo: Memo<u32, Arc<Vec<u8>>>,
}

impl Session {
    #[memoize(in = self.memo)]
    fn page(&self, n: u32) -> Arc<Vec<u8>> {
        Arc::new(vec![0; n as usize])
    }
}

#[test]
fn methods_without_a_leak_of_instances() {
    let page = {
        let session = Session::default();
        let page = session.page(3);
        assert!(Arc::ptr_eq(&page, &session.page(3)));
        Arc::downgrade(&page)
    };
    assert!(page.upgrade().is_none(), "the cache died with its session");
}

mod parsers {
    use cached_core::memoize;

    pub mod parse {
        use super::memoize;

        #[memoize(companion = parse_cache)]
        pub fn parse(text: &str) -> usize {
            text.len()
        }
    }
    pub use parse::{parse, parse_cache};
}

#[memoize(companion = none)]
fn plain(n: u64) -> u64 {
    if n == 0 { 0 } else { plain(n - 1) + 1 }
}

#[memoize(companion = u16_cache)]
fn u16(n: u32) -> u16 {
    n as u16
}

#[test]
fn a_companion_of_another_name_or_none() {
    let _scope = testing::isolate();
    assert_eq!((parsers::parse("abc"), parsers::parse("abc")), (3, 3));
    assert_eq!(parsers::parse_cache::cache_info().hits, 1);
    assert_eq!(plain(5), 5);
    let entry = cached_core::registry::find("arguments::plain").expect("it was used");
    assert_eq!(entry.cache_info().misses, 6);
    assert_eq!((u16(7), u16::MAX, u16_cache::contains(7)), (7, u16::MAX, true));
}

#[async_trait::async_trait]
trait Repository {
    async fn user(&self, id: u32) -> Result<String, String>;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Postgres(u32);

#[async_trait::async_trait]
impl Repository for Postgres {
    #[memoize(name = "postgres user")]
    async fn user(&self, id: u32) -> Result<String, String> {
        if id == 0 {
            return Err("nobody".to_owned());
        }
        Ok(format!("{} {id}", self.0))
    }
}

#[test]
fn methods_under_async_trait() {
    let _scope = testing::isolate();
    let one = Postgres(1);
    let call = |id| pollster::block_on(one.user(id));
    assert_eq!(
        (call(1), call(1), call(0), call(0)),
        (Ok("1 1".into()), Ok("1 1".into()), Err("nobody".into()), Err("nobody".into()))
    );
    let info = cached_core::registry::find("postgres user").expect("it was used").cache_info();
    assert_eq!((info.hits, info.loads, info.load_failures), (1, 1, 2));
}

thread_local!(static RAN: Cell<u32> = const { Cell::new(0) });

#[memoize]
fn shared(points: Arc<[f64]>, scale: Box<[f32]>, names: Option<Arc<[&str]>>) -> usize {
    RAN.set(RAN.get() + 1);
    points.len() + names.map_or(0, |names| names.len()) + usize::from(scale.into_vec()[0].is_nan())
}

#[test]
fn floats_and_borrows_behind_pointers() {
    let _scope = testing::isolate();
    let call = |point: f64, name| shared([1.0, point].into(), [f32::NAN].into(), Some([name].into()));
    let ran = |point, name, expected| {
        let before = RAN.get();
        assert_eq!(call(point, name), 4);
        assert_eq!(RAN.get() - before, expected, "{point} {name}");
    };
    ran(0.0, "a", 1);
    ran(-0.0, "a", 0);
    ran(f64::NAN, "a", 1);
    ran(-f64::NAN, "a", 0);
    ran(0.0, "b", 1);
    assert!(shared::invalidate([1.0, 0.0].into(), [-f32::NAN].into(), Some(["a"].into())));
    ran(0.0, "a", 1);
}
