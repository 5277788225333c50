//! Labels of entries, and what their invalidation forgets.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier, LazyLock};
use std::thread;

use cached_core::{Cache, Scope, Tag, memoize, registry, testing};
use pollster::block_on;
use tests::{hit, miss};

#[memoize(tags = ["user:{id}", "names"])]
fn name(id: u64) -> String {
    format!("name {id}")
}

#[memoize(tags = ["user:{id}", region_tag(region)])]
fn region(id: u64, region: &str) -> u64 {
    id + region.len() as u64
}

fn region_tag(region: &str) -> Tag {
    Tag::new(format!("region:{region}"))
}

#[test]
fn a_tag_forgets_what_has_it_in_all_functions() {
    let _scope = testing::isolate();
    miss!(name(7) => "name 7");
    miss!(name(8) => "name 8");
    miss!(region(7, "eu") => 9);
    assert_eq!(registry::invalidate_tag("user:7"), 2);
    assert!(!name::contains(7) && name::peek(7).is_none() && !region::contains(7, "eu"));
    hit!(name(8) => "name 8");
    miss!(name(7) => "name 7");
    miss!(region(7, "eu") => 9);
    hit!(name(7) => "name 7");
    assert_eq!(name::cache_info().invalidations, 1);
}

#[test]
fn any_of_several_tags_will_do() {
    let _scope = testing::isolate();
    for tag in ["user:7", "region:eu"] {
        miss!(region(7, "eu") => 9);
        assert_eq!(registry::invalidate_tag(tag), 1, "{tag}");
    }
    assert_eq!(registry::invalidate_tag("region:eu"), 0, "it is gone already");
    assert_eq!(registry::invalidate_tag("region:e"), 0);
    assert_eq!(registry::invalidate_tag(Tag::from("nobody has it".to_owned())), 0);
}

#[test]
fn what_a_tag_has_forgotten_is_seen_nowhere() {
    let _scope = testing::isolate();
    for id in 0..10 {
        name(id);
    }
    assert_eq!(registry::invalidate_tag("user:3"), 1);
    assert_eq!(registry::invalidate_tag("user:4"), 1);
    let info = name::cache_info();
    assert_eq!((info.len, info.invalidations), (8, 2));
    assert!(!name::invalidate(3), "it was not there any more");
    assert_eq!(name::invalidate_if(|key, _| *key < 5), 3);
    assert_eq!(registry::invalidate_tag("names"), 5);
    assert_eq!((name::cache_info().len, name::clear()), (0, 0));
}

#[test]
fn one_cache_alone_can_be_told() {
    let _scope = testing::isolate();
    miss!(name(7) => "name 7");
    miss!(region(7, "eu") => 9);
    assert_eq!(name::cache().invalidate_tag("user:7"), 1);
    assert!(!name::contains(7) && region::contains(7, "eu"));
}

#[test]
fn verbs_that_store_give_tags_too() {
    let _scope = testing::isolate();
    name::insert(7, "given".to_owned());
    name::cache().insert(8, "given".to_owned());
    name::refresh(9);
    for id in 7..10 {
        assert_eq!(registry::invalidate_tag(format!("user:{id}")), 1);
        assert!(!name::contains(id));
    }
    name::insert(7, "again".to_owned());
    hit!(name(7) => "again");
}

#[derive(Clone, Debug, PartialEq)]
struct Item {
    id: u64,
    owner: &'static str,
}

#[memoize(tags = ["owner:{value.owner}", "item:{result.id:03}"])]
fn item(id: u64) -> Result<Item, String> {
    if id == 0 { Err("none".to_owned()) } else { Ok(Item { id, owner: if id < 5 { "ada" } else { "ben" } }) }
}

#[test]
fn tags_can_be_those_of_the_value() {
    let _scope = testing::isolate();
    for id in 0..10 {
        let _ = item(id);
    }
    assert_eq!(item::cache_info().len, 9);
    assert_eq!(registry::invalidate_tag("owner:ada"), 4);
    assert_eq!(item::cache_info().len, 5);
    assert_eq!(registry::invalidate_tag("item:007"), 1);
    assert!(!item::contains(7) && item::contains(8));
    item::insert(8, Item { id: 8, owner: "ada" });
    assert_eq!(registry::invalidate_tag("owner:ben"), 3, "8 has another owner by now");
    assert!(item::contains(8));
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk {
    id: u8,
}

#[memoize]
impl Desk {
    #[memoize(tags = ["desk:{self.id}", "all:{n}"])]
    fn price(&self, n: u32) -> u32 {
        n + u32::from(self.id)
    }

    #[memoize(tags = [format!("stock:{n}")])]
    fn stock(n: u32) -> u32 {
        n
    }
}

#[memoize(tags = ["of:{n}"])]
fn echo<T: std::fmt::Display + std::hash::Hash + Eq + Clone + Send + Sync + 'static>(n: T) -> T {
    n
}

#[memoize(key = item.id as u64, tags = ["item:{item.id}", "key:{key}"])]
fn owner(item: &Item) -> &'static str {
    item.owner
}

#[memoize(batch, tags = ["product:{key}"])]
fn products(ids: &[u32]) -> Vec<u32> {
    ids.iter().map(|id| id * 10).collect()
}

#[memoize(tags = ["later:{id}"])]
async fn later(id: u64, text: &str) -> String {
    format!("{id}{text}")
}

#[memoize(tags = ["{{braces}} at {temperature:.1}"])]
fn state(temperature: f64) -> bool {
    temperature > 0.0
}

#[test]
fn every_kind_of_function_can_have_tags() {
    let _scope = testing::isolate();
    let desk = Desk { id: 4 };
    let item = Item { id: 3, owner: "ada" };
    let cases: [(&dyn Fn(), &str); 10] = [
        (
            &|| {
                desk.price(1);
            },
            "desk:4",
        ),
        (
            &|| {
                desk.price(1);
            },
            "all:1",
        ),
        (
            &|| {
                Desk::stock(2);
            },
            "stock:2",
        ),
        (
            &|| {
                echo(5_u8);
            },
            "of:5",
        ),
        (
            &|| {
                echo("x".to_owned());
            },
            "of:x",
        ),
        (
            &|| {
                owner(&item);
            },
            "item:3",
        ),
        (
            &|| {
                owner(&item);
            },
            "key:3",
        ),
        (
            &|| {
                products(&[1, 2, 3]);
            },
            "product:2",
        ),
        (
            &|| {
                block_on(later(1, "a"));
            },
            "later:1",
        ),
        (
            &|| {
                state(1.25);
            },
            "{braces} at 1.2",
        ),
    ];
    for (call, tag) in cases {
        call();
        assert_eq!(registry::invalidate_tag(tag), 1, "{tag}");
        assert_eq!(registry::invalidate_tag(tag), 0, "{tag}");
    }
    assert!(products::contains(1) && !products::contains(2));
}

#[test]
fn scopes_keep_their_tags_to_themselves() {
    let outer = testing::isolate();
    miss!(name(7) => "name 7");
    {
        let _inner = testing::isolate();
        miss!(name(7) => "name 7");
        assert_eq!(registry::invalidate_tag("user:7"), 1);
    }
    hit!(name(7) => "name 7");
    thread::spawn(outer.wrap(|| assert_eq!(registry::invalidate_tag("user:7"), 1))).join().unwrap();
    miss!(name(7) => "name 7");
}

#[memoize(scope = request, tags = ["user:{id}"])]
fn rights(id: u64) -> u64 {
    id
}

#[test]
fn inside_of_a_request_its_own_caches_are_meant_too() {
    let _scope = testing::isolate();
    miss!(name(7) => "name 7");
    let request = Scope::new().enter();
    assert_eq!(rights(7), 7);
    assert_eq!(registry::invalidate_tag("user:7"), 2);
    assert!(!rights::contains(7) && !name::contains(7));
    drop(request);
}

#[memoize(tags = ["user:{id}"])]
fn invalidates_itself(id: u64) -> u64 {
    registry::invalidate_tag(format!("user:{id}"));
    id
}

#[memoize(tags = ["v:{value}"])]
fn invalidates_what_it_returns(id: u64) -> u64 {
    registry::invalidate_tag("v:5");
    id
}

#[test]
fn a_load_is_not_kept_whose_tag_was_invalidated_meanwhile() {
    let _scope = testing::isolate();
    assert_eq!(invalidates_itself(7), 7);
    assert!(!invalidates_itself::contains(7));
    assert_eq!(invalidates_what_it_returns(5), 5);
    assert!(!invalidates_what_it_returns::contains(5));
    assert_eq!(invalidates_what_it_returns(6), 6);
    assert!(invalidates_what_it_returns::contains(6), "that was another tag");
}

/// Who calls after an invalidation does not wait for a load that began before it, and a load that ends after it answers
/// only those who came before.
fn is_not_joined(cache: &Cache<u32, u64>) {
    let (entered, leave) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let first = {
        let (cache, entered, leave) = (cache.clone(), Arc::clone(&entered), Arc::clone(&leave));
        thread::spawn(move || {
            cache.get_or_load(1, || {
                entered.wait();
                leave.wait();
                1
            })
        })
    };
    entered.wait();
    assert_eq!(cache.invalidate_tag("t"), 0, "nothing is there yet");
    let by_value = cache.name() == "by value";
    let later = {
        let cache = cache.clone();
        thread::spawn(move || cache.get_or_load(1, || 2))
    };
    // The tags of a value are known when it is there; until then one can only wait for it.
    if by_value {
        leave.wait();
        assert_eq!(later.join().unwrap(), 2);
    } else {
        assert_eq!(later.join().unwrap(), 2);
        leave.wait();
    }
    assert_eq!(first.join().unwrap(), 1, "its own caller began before");
    assert_eq!(cache.get(&1), Some(2));
}

#[test]
fn a_load_is_not_joined_whose_tag_was_invalidated() {
    is_not_joined(&Cache::builder().tags(|_| ["t"]).build());
    is_not_joined(&Cache::builder().name("by value").tags_of(|_, _| ["t"]).build());
}

/// A value that changes, and who looks at it through a cache: nobody may get a version that is older than the last one that
/// was invalidated before the call.
struct Source {
    version: AtomicU64,
    floor: AtomicU64,
    done: AtomicBool,
}

impl Source {
    fn watch(rounds: u64, invalidate: impl Fn(), call: impl Fn(&Self, u32) -> u64 + Sync) {
        let source =
            Self { version: AtomicU64::new(0), floor: AtomicU64::new(0), done: AtomicBool::new(false) };
        thread::scope(|threads| {
            for _ in 0..3 {
                let (source, call) = (&source, &call);
                threads.spawn(move || {
                    let mut calls = 0;
                    while !source.done.load(Ordering::Relaxed) {
                        let least = source.floor.load(Ordering::SeqCst);
                        let got = call(source, calls % 4);
                        assert!(got >= least, "{got} after {least} was invalidated");
                        calls += 1;
                    }
                });
            }
            for round in 1..=rounds {
                source.version.store(round, Ordering::SeqCst);
                invalidate();
                source.floor.store(round, Ordering::SeqCst);
                // So that there is something to invalidate, at all stages of its way.
                (0..round % 4).for_each(|_| thread::yield_now());
            }
            source.done.store(true, Ordering::Relaxed);
        });
    }

    fn read(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }
}

fn caches() -> [Cache<u32, u64>; 4] {
    [
        Cache::builder().tags(|_| ["t"]).build(),
        Cache::builder().tags_of(|_, _| ["t"]).build(),
        Cache::builder().max(2).tags(|key| [format!("{key}"), "t".to_owned()]).build(),
        Cache::builder()
            .tags(|key| [format!("{key}")])
            .tags_of(|_, _| ["t"])
            .store_if(|v| v % 3 != 0)
            .build(),
    ]
}

/// Many rounds: `RACES=1000000` is what the promise was tried with.
fn rounds() -> u64 {
    std::env::var("RACES").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3_000)
}

#[test]
fn no_call_gets_what_was_invalidated_before_it_began() {
    for cache in caches() {
        Source::watch(
            rounds(),
            || {
                cache.invalidate_tag("t");
            },
            |source, key| cache.get_or_load(key, || source.read()),
        );
        drop(cache.info());
        cache.invalidate_tag("t");
        assert_eq!(cache.info().len, 0);
    }
}

#[test]
fn nor_does_an_asynchronous_one() {
    for cache in caches() {
        Source::watch(
            rounds(),
            || {
                cache.invalidate_tag("t");
            },
            |source, key| {
                let load = async {
                    let read = source.read();
                    smol::future::yield_now().await;
                    read
                };
                block_on(cache.get_or_load_async(key, || load))
            },
        );
    }
}

#[test]
fn what_is_reloaded_keeps_its_tags() {
    let scope = testing::isolate();
    #[memoize(ttl = 60s, refresh_after = 30s, tags = ["n:{n}"])]
    fn reloaded(n: u64) -> u64 {
        n
    }
    reloaded(1);
    scope.advance(std::time::Duration::from_secs(31));
    reloaded(1);
    scope.settle();
    assert_eq!(reloaded::cache_info().refreshes, 1);
    assert_eq!(registry::invalidate_tag("n:1"), 1);
    assert!(!reloaded::contains(1));
}

#[test]
fn an_old_value_does_not_stand_in_once_its_tag_is_invalidated() {
    let scope = testing::isolate();
    let cache: Cache<u32, u32> = Cache::builder().ttl(60).tags(|_| ["t"]).build();
    cache.insert(1, 1);
    registry::invalidate_tag("t");
    assert_eq!(cache.get(&1), None);
    scope.advance(std::time::Duration::from_secs(61));
    assert_eq!((cache.info().len, cache.info().expirations, cache.info().invalidations), (0, 0, 1));
}

#[test]
fn memory_of_what_a_tag_has_forgotten_comes_back() {
    static ALIVE: AtomicU64 = AtomicU64::new(0);
    struct Counted;
    impl Counted {
        fn new() -> Arc<Self> {
            ALIVE.fetch_add(1, Ordering::SeqCst);
            Arc::new(Self)
        }
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            ALIVE.fetch_sub(1, Ordering::SeqCst);
        }
    }
    let cache: Cache<u32, Arc<Counted>> =
        Cache::builder().tags(|key| [format!("{}", key % 10), "all".to_owned()]).build();
    (0..20_000).for_each(|key| cache.insert(key, Counted::new()));
    assert_eq!(cache.invalidate_tag("3"), 2_000);
    assert_eq!(cache.info().len, 18_000);
    assert_eq!(cache.invalidate_tag("all"), 18_000 + 2_000 - 1_280);
    // Those that two tags have lost are counted once for each as long as they are there.
    let gone = (0..1_000_000).any(|_| {
        thread::yield_now();
        cache.get(&1);
        cache.info();
        ALIVE.load(Ordering::SeqCst) == 0
    });
    assert!(gone, "{} are left", ALIVE.load(Ordering::SeqCst));
    assert_eq!((cache.info().len, cache.info().invalidations), (0, 20_000));
}

/// Functions of one tag that call each other: what was called again while the tag was being invalidated has read what was not yet.
#[test]
fn what_is_made_of_what_is_yet_to_be_forgotten_is_forgotten_too() {
    static SOURCE: AtomicU64 = AtomicU64::new(1);
    static PARTS: LazyLock<Cache<u32, u64>> =
        LazyLock::new(|| Cache::builder().tags(|_| ["of parts"]).build());
    static WHOLE: LazyLock<Cache<u32, u64>> = LazyLock::new(|| {
        let again = |key: &u32, _: &u64, _| _ = whole(*key);
        Cache::builder().tags(|_| ["of parts"]).on_remove(again).build()
    });
    fn whole(key: u32) -> u64 {
        WHOLE.get_or_load(key, || PARTS.get_or_load(key, || SOURCE.load(Ordering::SeqCst)))
    }
    // It is made first, and its turn comes first.
    LazyLock::force(&WHOLE);
    assert_eq!(whole(1), 1);
    SOURCE.store(2, Ordering::SeqCst);
    registry::invalidate_tag("of parts");
    assert_eq!(whole(1), 2);
}

#[memoize(key = (id, name) as (u32, String), tags = ["id:{id}", "name:{name}"])]
fn named_parts(id: u32, name: &str, _page: u32) -> u32 {
    id + name.len() as u32
}

#[memoize(key = (key, 1) as (u32, u8), tags = ["all:{key}"])]
fn of_a_parameter_called_key(key: u32) -> u32 {
    key
}

#[test]
fn parts_of_a_key_with_a_type_have_their_names_in_tags() {
    let _scope = testing::isolate();
    for (id, name) in [(1, "a"), (2, "a"), (3, "b")] {
        named_parts(id, name, 0);
    }
    assert_eq!(registry::invalidate_tag("id:1"), 1);
    assert_eq!(registry::invalidate_tag("name:a"), 1);
    assert!(named_parts::contains(3, "b", 7));
    of_a_parameter_called_key(5);
    assert_eq!(registry::invalidate_tag("all:5"), 1);
}
