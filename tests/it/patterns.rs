//! Parameters that are taken apart, and options that speak of their parts.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use cached_core::{invalidates, memoize, registry, testing};
use tests::{hit, miss};

struct State<T>(T);
struct Path<T>(T);

/// Neither `Clone` nor fit for a key.
struct Db(HashMap<u32, &'static str>);

fn db() -> Arc<Db> {
    Arc::new(Db(HashMap::from([(1, "Ann"), (2, "Bob")])))
}

#[memoize(key = id)]
fn user(State(db): State<Arc<Db>>, Path(id): Path<u32>) -> Option<String> {
    db.0.get(&id).map(|name| (*name).to_owned())
}

#[memoize(key = (id, name.to_lowercase()))]
async fn greeting(State(db): State<Arc<Db>>, Path((id, name)): Path<(u32, String)>) -> usize {
    db.0.len() + id as usize + name.len()
}

#[test]
fn a_key_is_a_part_of_what_is_taken_apart() {
    let _scope = testing::isolate();
    miss!(user(State(db()), Path(1)) => Some("Ann".to_owned()));
    hit!(user(State(db()), Path(1)) => Some("Ann".to_owned()));
    miss!(user(State(db()), Path(3)) => None);
    assert!(user::contains(State(db()), Path(1)));
    assert!(user::invalidate(State(db()), Path(1)));
    miss!(user(State(db()), Path(1)) => Some("Ann".to_owned()));
}

#[tokio::test]
async fn of_an_asynchronous_function_as_well() {
    let _scope = testing::isolate();
    let call = |id, name: &str| greeting(State(db()), Path((id, name.to_owned())));
    assert_eq!(call(1, "Ann").await, 6);
    assert_eq!(call(1, "ANN").await, 6);
    assert_eq!(call(2, "Ann").await, 7);
    assert_eq!((greeting::cache_info().hits, greeting::cache_info().misses), (1, 2));
}

#[memoize(skip(db))]
fn name(State(db): State<&Db>, id: u32) -> Option<&'static str> {
    db.0.get(&id).copied()
}

#[memoize(skip(width, height))]
fn area((width, height): (u32, u32), name: &str) -> u32 {
    let _ = name;
    width * height
}

#[test]
fn what_is_skipped_is_all_of_a_pattern() {
    let _scope = testing::isolate();
    miss!(name(State(&db()), 1) => Some("Ann"));
    hit!(name(State(&Db(HashMap::new())), 1) => Some("Ann"));
    miss!(area((2, 3), "a") => 6);
    hit!(area((4, 5), "a") => 6);
}

#[memoize(skip(factor))]
async fn scaled(base: u32, factor: u32) -> u32 {
    base * factor
}

#[tokio::test]
async fn what_an_asynchronous_function_skips_goes_along_with_its_future() {
    let _scope = testing::isolate();
    assert_eq!(scaled(2, 3).await, 6);
    assert_eq!(scaled(2, 4).await, 6);
    assert_eq!(scaled(3, 4).await, 12);
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Order {
    user: u32,
    items: Vec<String>,
}

#[memoize(tags = ["user:{user}", "items:{items:?}", "{first}-{last}", "at:{x:.1}"])]
fn price(
    Order { user, items }: &Order,
    [first, .., last]: [u8; 3],
    (x, _): (f64, f64),
    whole @ (a, _): (u8, u8),
) -> usize {
    let (first, last, a) = (usize::from(first), usize::from(last), usize::from(a));
    *user as usize + items.len() + first + last + x as usize + a + usize::from(whole.1)
}

#[test]
fn tags_speak_of_parts() {
    let _scope = testing::isolate();
    let order = Order { user: 7, items: vec!["tea".to_owned()] };
    let call = || price(&order, [1, 2, 3], (1.5, 0.0), (1, 2));
    for tag in ["user:7", "items:[\"tea\"]", "1-3", "at:1.5"] {
        assert_eq!(call(), 16);
        assert_eq!(price::cache_info().len, 1);
        assert_eq!(registry::invalidate_tag("user:8"), 0);
        assert_eq!(registry::invalidate_tag(tag), 1, "{tag}");
        assert_eq!(price::cache_info().len, 0);
    }
}

#[memoize(scope = thread, tags = ["user:{id}", "name:{name}"])]
fn of_thread((id, name): (u32, Rc<str>)) -> usize {
    id as usize + name.len()
}

#[memoize(scope = thread, tags = ["user:{id}"])]
fn lent_by_thread((id, name): &(u32, Rc<str>)) -> usize {
    *id as usize + name.len()
}

#[test]
fn tags_of_a_thread_speak_of_parts_beside_what_is_its_own() {
    for tag in ["user:1", "name:Ann"] {
        miss!(of_thread((1, "Ann".into())) => 4);
        hit!(of_thread((1, "Ann".into())) => 4);
        assert_eq!(of_thread::cache().invalidate_tag("user:2"), 0);
        assert_eq!(of_thread::cache().invalidate_tag(tag), 1, "{tag}");
    }
    miss!(lent_by_thread(&(1, "Ann".into())) => 4);
    assert_eq!(lent_by_thread::cache().invalidate_tag("user:1"), 1);
    miss!(lent_by_thread(&(1, "Ann".into())) => 4);
}

#[memoize(key = (id, name) as (u32, String), tags = ["user:{id}", "name:{name}"])]
fn told(Path((id, name)): Path<(u32, &str)>) -> String {
    format!("{id}{name}")
}

#[memoize(key = (lent.0.clone(), *far, kept) as (String, u8, u8))]
fn bound_as_it_says((lent, ref far, kept): (&(String,), u8, u8)) -> usize {
    lent.0.len() + usize::from(*far + kept)
}

#[test]
fn what_is_bound_is_what_it_is_in_the_body() {
    let _scope = testing::isolate();
    let lent = ("ab".to_owned(),);
    miss!(bound_as_it_says((&lent, 1, 2)) => 5);
    hit!(bound_as_it_says((&lent, 1, 2)) => 5);
    miss!(bound_as_it_says((&lent, 2, 2)) => 6);
    assert!(bound_as_it_says::cache().contains(&("ab".to_owned(), 1, 2)));
}

#[invalidates(told(Path((id, name))))]
fn rename(id: u32, name: &str) {}

#[test]
fn a_key_with_a_type_owns_what_is_bound() {
    let _scope = testing::isolate();
    miss!(told(Path((1, "Ann"))) => "1Ann");
    assert!(told::cache().contains(&(1, "Ann".to_owned())));
    rename(1, "Ann");
    miss!(told(Path((1, "Ann"))) => "1Ann");
    assert_eq!(registry::invalidate_tag("name:Ann"), 1);
    miss!(told(Path((1, "Ann"))) => "1Ann");
}

/// What borrows, in a struct of its own.
struct Query<'a> {
    path: &'a str,
    tags: Vec<&'a str>,
}

#[memoize(key = (&name, path, tags))]
fn borrowed(Path(name): Path<String>, Query { path, tags }: &Query<'_>) -> usize {
    name.len() + path.len() + tags.len()
}

#[memoize(key = &name)]
fn referred(name: &str) -> usize {
    name.len()
}

#[memoize(key = name.to_lowercase().as_str())]
fn shortened((name, n): (String, usize)) -> usize {
    name.len() + n
}

#[test]
fn keys_own_what_is_behind_references() {
    let _scope = testing::isolate();
    let query = Query { path: "/a", tags: vec!["x", "y"] };
    miss!(borrowed(Path("ab".to_owned()), &query) => 6);
    hit!(borrowed(Path("ab".to_owned()), &query) => 6);
    let other = Query { path: "/a", tags: vec!["x", "z"] };
    miss!(borrowed(Path("ab".to_owned()), &other) => 6);
    miss!(referred("ab") => 2);
    hit!(referred("ab") => 2);
    miss!(shortened(("AB".to_owned(), 1)) => 3);
    hit!(shortened(("ab".to_owned(), 5)) => 3);
}

enum Shape {
    Round(u32),
    Square(u32),
}

#[memoize(key = arg1)]
fn first((arg1, _): (u32, u32), (_, _): (u8, u8)) -> u32 {
    arg1
}

#[memoize(key = size)]
fn size((Shape::Round(size) | Shape::Square(size)): Shape) -> u32 {
    size
}

#[test]
fn a_name_is_what_its_pattern_binds() {
    let _scope = testing::isolate();
    miss!(first((1, 2), (1, 1)) => 1);
    hit!(first((1, 3), (2, 2)) => 1);
    miss!(first((2, 2), (1, 1)) => 2);
    miss!(size(Shape::Round(1)) => 1);
    hit!(size(Shape::Square(1)) => 1);
    miss!(size(Shape::Square(2)) => 2);
}

struct Repository;

#[async_trait::async_trait]
trait Load {
    async fn load(&self, id: (u64, String), page: Path<u8>) -> String;
}

#[async_trait::async_trait]
impl Load for Repository {
    #[memoize(key = (id, page), tags = ["all"])]
    async fn load(&self, (id, name): (u64, String), Path(page): Path<u8>) -> String {
        format!("{id} {name} {page}")
    }
}

#[tokio::test]
async fn what_async_trait_has_taken_apart_is_spoken_of() {
    let _scope = testing::isolate();
    assert_eq!(Repository.load((1, "Ann".to_owned()), Path(2)).await, "1 Ann 2");
    assert_eq!(Repository.load((1, "Bob".to_owned()), Path(2)).await, "1 Ann 2");
    assert_eq!(Repository.load((1, "Bob".to_owned()), Path(3)).await, "1 Bob 3");
}

#[memoize]
fn by_name(name: String) -> usize {
    name.len()
}

#[invalidates(by_name(name))]
fn forget((id, mut name): (u32, String)) -> String {
    name.push_str(&id.to_string());
    name
}

#[test]
fn a_writer_takes_what_its_body_takes_as_well() {
    let _scope = testing::isolate();
    miss!(by_name("a".to_owned()) => 1);
    assert_eq!(forget((1, "a".to_owned())), "a1");
    miss!(by_name("a".to_owned()) => 1);
}
