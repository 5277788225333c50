//! `companion = name | none` on every shape.

use cached_core::memoize;
#[memoize(companion = price_cache)]
fn price(id: u32) -> u64 {
    u64::from(id)
}
#[memoize(companion = none)]
fn bare(id: u32) -> u64 {
    u64::from(id)
}
#[memoize(companion = none)]
async fn abare(id: u32) -> u64 {
    u64::from(id)
}
#[memoize(companion = acache)]
async fn anamed(id: u32) -> u64 {
    u64::from(id)
}
#[memoize(companion = gen_cache)]
fn generic<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(v: T) -> Vec<T> {
    vec![v]
}
#[memoize(companion = none)]
fn generic_none<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(v: T) -> Vec<T> {
    vec![v]
}
#[memoize(companion = key_cache, key = (id / 10))]
fn keyed(id: u32) -> u32 {
    id
}
#[memoize(companion = none, key = (id / 10))]
fn keyed_none(id: u32) -> u32 {
    id
}
#[memoize(companion = skip_cache, skip(_f))]
fn skipped(id: u32, _f: &dyn Fn()) -> u32 {
    id
}
#[memoize(companion = none, skip(_f))]
fn skipped_none(id: u32, _f: &dyn Fn()) -> u32 {
    id
}
#[memoize(companion = lazy_cache, lazy)]
fn lazy_named(id: u32) -> u32 {
    id
}
#[memoize(companion = none, lazy)]
fn lazy_none(id: u32) -> u32 {
    id
}
#[memoize(companion = none, lazy)]
async fn alazy_none(id: u32) -> u32 {
    id
}
#[memoize(lazy, companion = lg_cache)]
fn lazy_generic<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(v: T) -> Vec<T> {
    vec![v]
}
#[memoize(lazy, companion = none)]
fn lazy_generic_none<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(v: T) -> Vec<T> {
    vec![v]
}
#[memoize(lazy, companion = table_cache)]
static TABLE: Vec<u64> = vec![1, 2];
#[memoize(lazy, companion = none)]
static TABLE2: Vec<u64> = vec![1, 2];
#[memoize(batch, companion = batch_cache)]
fn batch_named(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}
#[memoize(batch, companion = none)]
fn batch_none(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}
#[memoize(batch, companion = none)]
async fn abatch_none(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}
#[memoize(batch, companion = abatch_cache)]
async fn abatch_named(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}
#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);
impl Desk {
    #[memoize(companion = none)]
    fn none(&self, id: u32) -> u32 {
        self.0 + id
    }
    #[memoize(companion = other)]
    fn named(&self, id: u32) -> u32 {
        self.0 + id
    }
}
#[memoize]
impl Desk {
    #[memoize(companion = none)]
    fn none2(&self, id: u32) -> u32 {
        self.0 + id
    }
    #[memoize(companion = other2)]
    fn named2(&self, id: u32) -> u32 {
        self.0 + id
    }
    #[memoize(companion = other3)]
    fn assoc(id: u32) -> u32 {
        id
    }
    #[memoize(companion = none)]
    fn assoc_none(id: u32) -> u32 {
        id
    }
}
trait Shop {
    fn shop(&self, id: u32) -> u32;
}
#[memoize]
impl Shop for Desk {
    #[memoize(companion = shop_it)]
    fn shop(&self, id: u32) -> u32 {
        id
    }
}
/// A method of the same name as another trait's.
trait Tent {
    fn shop(&self, id: u32) -> u32;
}
#[memoize]
impl Tent for Desk {
    #[memoize(companion = tent)]
    fn shop(&self, id: u32) -> u32 {
        id + 100
    }
}
#[test]
fn every_shape_takes_another_name_or_none() {
    let _test = cached_core::testing::isolate();
    assert_eq!((price(1), price(1), price_cache::cache_info().hits), (1, 1, 1));
    assert_eq!((bare(1), bare(1)), (1, 1));
    assert_eq!((generic(1), gen_cache::cache_info::<i32>().misses), (vec![1], 1));
    assert_eq!(generic_none(1), [1]);
    assert_eq!((keyed(1), keyed(2), key_cache::cache_info().hits), (1, 1, 1));
    assert_eq!((keyed_none(1), keyed_none(2)), (1, 1));
    assert_eq!((skipped(1, &|| {}), skip_cache::cache_info().misses), (1, 1));
    assert_eq!(skipped_none(1, &|| {}), 1);
    assert_eq!((lazy_named(1).force(), lazy_cache::cache_info().misses), (1, 1));
    assert_eq!(lazy_none(1).force(), 1);
    assert_eq!((lazy_generic(1).force(), lg_cache::cache_info::<i32>().misses), (vec![1], 1));
    assert_eq!(lazy_generic_none(1).force(), [1]);
    assert_eq!(TABLE.force(), [1, 2]);
    assert_eq!(TABLE2.force(), [1, 2]);
    assert_eq!((batch_named(&[1, 2]), batch_cache::cache_info().misses), (vec![1, 2], 2));
    assert_eq!(batch_none(&[1, 2]), [1, 2]);
    let d = Desk(1);
    assert_eq!((d.named(1), Desk::other_cache().cache_info().misses, Desk(1).other_uncached(1)), (2, 1, 2));
    assert_eq!(
        (d.named2(1), Desk::other2_cache().cache_info().misses, Desk(1).other2_uncached(1)),
        (2, 1, 2)
    );
    assert_eq!(
        (Desk::assoc(1), Desk::other3_cache().cache_info().misses, Desk::other3_uncached(1)),
        (1, 1, 1)
    );
    assert_eq!(
        (Shop::shop(&d, 1), Desk::shop_it_cache().cache_info().misses, d.shop_it_uncached(1)),
        (1, 1, 1)
    );
    assert_eq!((Tent::shop(&d, 1), Desk::tent_cache().cache_info().misses), (101, 1));
    assert_eq!(
        (
            d.none(1),
            d.named(1),
            d.none2(1),
            d.named2(1),
            Desk::assoc(1),
            Desk::assoc_none(1),
            Shop::shop(&d, 1)
        ),
        (2, 2, 2, 2, 1, 1, 1)
    );
    pollster::block_on(async {
        assert_eq!((anamed(1).await, acache::cache_info().misses), (1, 1));
        assert_eq!(abare(1).await, 1);
        assert_eq!(alazy_none(1).await, 1);
        assert_eq!(abatch_none(&[1]).await, [1]);
        assert_eq!((abatch_named(&[1]).await, abatch_cache::cache_info().misses), (vec![1], 1));
    });
}
