//! A function's cache, as its users hold it.

use std::any::type_name;
use std::fmt;
use std::hash::Hash;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::Arc;

use crate::call::Call;
use crate::engine::table::Quick;
use crate::field::{Early, Open};
use crate::flight::Label;
use crate::global::Global;
use crate::info::CacheInfo;
use crate::key::{Args, ByKey, KeyOf, Owned};
use crate::outcome::Outcome;
use crate::probe::DebugFn;
use crate::reload::{Claim, Look};
use crate::ride::Body;
use crate::spec::{Said, Spec};
use crate::store::{AnyLoad as _, AnyStore, Core, Runs, SimpleLoad, Store, TaskCall, TaskLoad};
use crate::tags::Tag;
use crate::whose::{AnyMemo, Whose};
use crate::{scope, whose};

/// The cache of one memoized function: `price::cache()`.
///
/// The verbs of the function's companion (`price::invalidate(7, "EUR")`) take its arguments; the same verbs here take
/// the key, which is the owned argument, or the tuple of them: `price::cache().invalidate(&(7, "EUR".to_owned()))`.
/// Where the key is one string, vector or path, its borrowed form will do.
///
/// Inside of a test's [scope](crate::testing::isolate) all verbs mean the scope's own entries and counters. The cache of a function
/// with `scope = request` is that of the [`Scope`](crate::Scope) which was entered last; without one its entries are nowhere, and its
/// counters those of all scopes that have ended, and of calls outside of any. The cache of a function with `scope = thread` is
/// that of the thread that asks.
pub struct Memo<K: 'static, V: 'static> {
    source: Source<K, V>,
    /// What of its spec needs no types, and how its keys are shown. A pointer, so that only what a memo's source needs is compiled for it.
    say: fn(&Self) -> (Label<K>, Said),
    whose: Whose,
    global: Global<K, V>,
}

/// The memo of a function without options, as a static: of a type that has no drop, or that would be compiled for nothing.
pub struct Static<K: 'static, V: 'static>(ManuallyDrop<Memo<K, V>>);

impl<K: 'static, V: 'static> Static<K, V> {
    /// Its path and its name; the key is of so many parts.
    pub const fn new(
        path: &'static str,
        function: &'static str,
        debug: Option<DebugFn<K>>,
        parts: usize,
    ) -> Self {
        let plain = Plain { path, function, debug, parts };
        Self(ManuallyDrop::new(Memo::of(Source::Plain(plain), Memo::say_plain)))
    }

    /// The same where the key can be shown.
    pub const fn shown(path: &'static str, function: &'static str, parts: usize) -> Self
    where
        K: fmt::Debug,
    {
        Self::new(path, function, Some(K::fmt), parts)
    }
}

impl<K, V> Deref for Static<K, V> {
    type Target = Memo<K, V>;

    #[inline(always)]
    fn deref(&self) -> &Memo<K, V> {
        &self.0
    }
}

impl<K: 'static, V: 'static> fmt::Debug for Static<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Static").field("name", &self.name()).finish_non_exhaustive()
    }
}

/// Where what is fixed about a memo is written down.
enum Source<K: 'static, V: 'static> {
    /// At its static.
    Written(fn() -> Spec<K, V>),
    /// At its static, where there is nothing to say but what it is called.
    Plain(Plain<K>),
    /// In generic code.
    Found(Box<dyn Fn() -> Spec<K, V> + Send + Sync>),
    /// At the method that first uses it, of which it is told then.
    Open(Open<K, V>),
}

/// What is said of a plain function without options.
struct Plain<K> {
    path: &'static str,
    function: &'static str,
    debug: Option<DebugFn<K>>,
    parts: usize,
}

impl<K: 'static, V: 'static> Memo<K, V> {
    /// An empty cache for a field, for `#[memoize(in = self.field)]`: what is fixed about it is that method's. It dies with the
    /// instance.
    #[must_use]
    pub const fn new() -> Self {
        Self::of(Source::Open(Open::new()), Self::say_open)
    }

    /// What the attribute writes; not part of the public face.
    #[doc(hidden)]
    pub const fn __of(spec: fn() -> Spec<K, V>) -> Self {
        Self::of(Source::Written(spec), Self::say_written)
    }

    /// The same in generic code.
    pub(crate) fn found(spec: Box<dyn Fn() -> Spec<K, V> + Send + Sync>) -> Self {
        Self::of(Source::Found(spec), Self::say_found)
    }

    const fn of(source: Source<K, V>, say: fn(&Self) -> (Label<K>, Said)) -> Self {
        Self { source, say, whose: Whose::new(), global: Global::new() }
    }

    fn say_plain(&self) -> (Label<K>, Said) {
        let Source::Plain(Plain { path, function, debug, parts }) = self.source else { unreachable!() };
        (Label { name: function, debug, tuple: parts != 1 }, Said::plain(path, function, type_name::<V>()))
    }

    fn say_written(&self) -> (Label<K>, Said) {
        let Source::Written(spec) = &self.source else { unreachable!() };
        spec().into_parts()
    }

    fn say_found(&self) -> (Label<K>, Said) {
        let Source::Found(spec) = &self.source else { unreachable!() };
        spec().into_parts()
    }

    fn say_open(&self) -> (Label<K>, Said) {
        let Source::Open(open) = &self.source else { unreachable!() };
        open.spec().into_parts()
    }

    /// Tells a memo of an instance whose it is.
    #[doc(hidden)]
    #[inline]
    pub fn bind(&self, spec: fn() -> Spec<K, V>) {
        if let Source::Open(open) = &self.source {
            open.bind(spec);
        }
    }

    /// What an instance's memo is until it knows whose it is.
    fn early(&self) -> Option<&Early<K, V>> {
        if let Source::Open(open) = &self.source { open.early() } else { None }
    }

    /// The name in reports.
    pub fn name(&self) -> &'static str {
        match self.early() {
            Some(early) => early.memo.name(),
            None => self.whose.name_or(&|| (self.say)(self).1),
        }
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Memo<K, V> {
    #[inline]
    pub(crate) fn store(&self) -> StoreRef<'_, K, V> {
        match (scope::may_be_isolated(), self.global.get(), self.global.any()) {
            (false, Some(store), Some(kept)) => StoreRef::Global(store, kept),
            _ => StoreRef::own(self.any_store()),
        }
    }

    /// The same, for what needs no types.
    fn any_store(&self) -> Arc<dyn AnyStore> {
        whose::store(&self)
    }

    /// A removal, here and where an instance's memo has moved meanwhile.
    fn both(&self, mut remove: impl FnMut(&Store<K, V>) -> usize) -> usize {
        let was_early = self.early().is_some();
        let removed = remove(&self.store());
        let has_moved = was_early && self.early().is_none();
        removed + if has_moved { remove(&self.store()) } else { 0 }
    }

    /// Counters and size, now.
    pub fn cache_info(&self) -> CacheInfo {
        whose::shown(&self).info()
    }

    /// Sets the counters to zero. Entries stay.
    pub fn reset_info(&self) {
        whose::shown(&self).reset();
    }

    /// Forgets everything; the number of fresh entries that were there. Counters stay. Loads that are running give
    /// their value to those who wait for them, but do not store it.
    pub fn clear(&self) -> usize {
        self.both(Store::clear)
    }

    /// Forgets the entries for which `matches` says so; how many there were. Loads that are running do not store what
    /// they bring, as nobody can tell yet whether it would match.
    ///
    /// Looks at every entry: O(n), with no lock held while `matches` runs.
    pub fn invalidate_if(&self, matches: impl FnMut(&K, &V) -> bool) -> usize {
        let mut matches = matches;
        self.both(|store| store.invalidate_if(&mut matches))
    }

    /// Forgets the entries of this cache that have this tag; how many there were. See
    /// [`registry::invalidate_tag`](crate::registry::invalidate_tag), which does so in all caches.
    pub fn invalidate_tag(&self, tag: impl Into<Tag>) -> usize {
        self.any_store().forget_tag(&tag.into())
    }

    /// Forgets one entry; whether there was a fresh one. A load of this key that is running does not store what it
    /// brings, and nobody who calls from now on gets it.
    pub fn invalidate<Q: ?Sized + KeyOf<K>>(&self, key: &Q) -> bool {
        self.both(|store| usize::from(store.invalidate(&ByKey(key)))) > 0
    }

    /// Whether a fresh value is there. Neither counted nor a use.
    pub fn contains<Q: ?Sized + KeyOf<K>>(&self, key: &Q) -> bool {
        self.store().contains(&ByKey(key))
    }

    /// The value, if a fresh one is there. Neither counted nor a use, and loads nothing.
    pub fn peek<Q: ?Sized + KeyOf<K>>(&self, key: &Q) -> Option<V>
    where
        V: Clone,
    {
        self.store().peek(&ByKey(key))
    }

    /// Puts a value in the place of what is there, or of what a running load will bring.
    pub fn insert(&self, key: K, value: V)
    where
        K: Hash + Eq + Clone,
        V: Clone,
    {
        if let Some(early) = self.early() {
            early.insert(key.clone(), value.clone());
            if self.early().is_some() {
                return;
            }
        }
        self.store().insert(&Owned(key), value);
    }
}

/// Of a reference: there is no drop of a memo to be compiled for that.
impl<K: Send + Sync + 'static, V: Send + Sync + 'static> AnyMemo for &Memo<K, V> {
    fn whose(&self) -> &Whose {
        &self.whose
    }

    fn say(&self) -> Said {
        (self.say)(self).1
    }

    fn is_open(&self) -> bool {
        matches!(self.source, Source::Open(_))
    }

    fn make(&self, how: &dyn Fn(Said) -> Core) -> Arc<dyn AnyStore> {
        let (label, said) = (self.say)(self);
        Arc::new(Store::<K, V>::by(label, how(said)))
    }

    fn global(&self) -> Option<&Arc<dyn AnyStore>> {
        self.global.any()
    }

    fn keep_global(&self, made: Arc<dyn AnyStore>) -> &Arc<dyn AnyStore> {
        self.global.keep(made)
    }

    fn show_early(&self, show: &mut dyn FnMut(&dyn AnyMemo)) -> bool {
        let early = self.early();
        if let Some(early) = early {
            show(&&early.memo);
        }
        early.is_some()
    }

    fn take_early(&self, store: &dyn AnyStore) {
        if let Source::Open(open) = &self.source {
            open.move_into(store);
        }
    }
}

/// See [`Memo::new`].
impl<K: 'static, V: 'static> Default for Memo<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

/// How a call goes on for which the short way brought nothing; with the hash of its key.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// The key is not there.
    Missing(u64),
    /// Whether it is there has to be found out the long way.
    Long(u64),
    /// The same, from the beginning.
    Unknown,
}

impl Way {
    /// The hash of a call's key, and what its store has for it, past what was seen on the short way.
    pub(crate) fn look<K, V, A>(self, store: &Store<K, V>, args: &A) -> (u64, Look<V>)
    where
        K: Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        A: Args<Key = K>,
    {
        match self {
            // Only the store of the process is reached by that way, and this thread has entered no scope since.
            Self::Missing(hash) => (hash, Look::Missing),
            Self::Long(_) | Self::Unknown => {
                let hash = store.hash(args);
                (hash, store.seek(hash, args))
            }
        }
    }
}

/// The verbs by arguments, for the companion.
impl<K: Clone + Send + Sync + 'static, V: Send + Sync + 'static> Memo<K, V> {
    /// The short way of a call, for all that is said of it in [`Store::hit_quick`]. It is closed to threads that entered a
    /// scope.
    ///
    /// # Errors
    /// Where to [go on](Self::call_on).
    // Compiled once for all with these types, unless there is only one, of which it becomes a part where something is optimized.
    #[cfg_attr(not(debug_assertions), inline)]
    #[cfg_attr(debug_assertions, inline(never))]
    pub(crate) fn hit<A>(&self, note: u8, args: &A) -> Result<V, Way>
    where
        V: Clone,
        A: Args<Key = K>,
    {
        let Some(store) = self.global.get() else { return Err(Way::Unknown) };
        let hash = store.hash(args);
        match store.hit_quick(note, hash, args) {
            Quick::Found(value) => Ok(value),
            Quick::Missing => Err(Way::Missing(hash)),
            Quick::Unknown => Err(Way::Long(hash)),
        }
    }

    /// The same of a function without options.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[cfg_attr(debug_assertions, inline(never))]
    pub(crate) fn hit_plain<A>(&self, args: &A) -> Result<V, Way>
    where
        V: Clone,
        A: Args<Key = K>,
    {
        let Some(store) = self.global.get() else { return Err(Way::Unknown) };
        let hash = store.hash(args);
        match store.hit_plain(hash, args) {
            Quick::Found(value) => Ok(value),
            Quick::Missing => Err(Way::Missing(hash)),
            Quick::Unknown => Err(Way::Long(hash)),
        }
    }

    /// The rest of a call. `on_old` answers where a value has grown old, or leaves that to a load: so what reloads is compiled only for
    /// functions of which it is asked.
    pub(crate) fn call_on<A, B, R, const MODE: u8>(
        &self,
        way: Way,
        args: A,
        body: B,
        on_old: impl FnOnce(Old<K, V>, A, B) -> Result<R, (A, B)>,
    ) -> R
    where
        V: Clone,
        A: Args<Key = K>,
        B: FnOnce(A) -> R,
        R: Outcome<MODE, Kept = V>,
    {
        match (self.hit_noted(way, &args), self.global.get()) {
            (Ok(value), _) => R::from_kept(value),
            (Err(Way::Missing(hash)), Some(store)) => store.load(hash, args, body),
            _ => self.call_slow(args, body, on_old),
        }
    }

    /// What is left of the short way where entries age, and it has to look at a clock, or some policy has to be told.
    fn hit_noted<A>(&self, way: Way, args: &A) -> Result<V, Way>
    where
        V: Clone,
        A: Args<Key = K>,
    {
        let (Way::Long(hash), Some(store)) = (way, self.global.get()) else { return Err(way) };
        match store.hit_noted(hash, args) {
            Quick::Found(value) => Ok(value),
            Quick::Missing => Err(Way::Missing(hash)),
            Quick::Unknown => Err(way),
        }
    }

    /// The same of a function without options.
    #[cold]
    #[inline(never)]
    pub(crate) fn call_plain_on<A, R, B, const MODE: u8>(&self, way: Way, args: A, body: B) -> R
    where
        V: Clone,
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
        B: Runs<A, R>,
    {
        let (own, store, hash, is_missing);
        match (way, self.global.get()) {
            // Only that one is reached by the short way, and this thread has entered no scope since.
            (Way::Missing(known), Some(global)) => (store, hash, is_missing) = (global, known, true),
            _ => {
                own = whose::store(&self);
                own.tidy();
                store = Store::of(&*own);
                (hash, is_missing) = (store.hash(&args), false);
            }
        }
        let mut load = SimpleLoad::new(store, args, body);
        if is_missing || !load.seek(hash) {
            let store: &dyn AnyStore = store;
            store.load_simple(hash, &mut load);
        }
        match load.end() {
            Ok(value) => R::from_kept(value),
            Err(failure) => R::from_failure(failure),
        }
    }

    /// The same of a function whose options are simple.
    #[inline(never)]
    pub(crate) fn call_simple_on<A, R, B, const MODE: u8>(&self, way: Way, args: A, body: B) -> R
    where
        V: Clone,
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
        B: Runs<A, R>,
    {
        match self.hit_noted(way, &args) {
            Ok(value) => R::from_kept(value),
            Err(way) => self.call_plain_on(way, args, body),
        }
    }

    /// The same of an asynchronous function; its body lies elsewhere.
    #[inline(never)]
    pub(crate) fn rest_simple<A, R, const MODE: u8>(
        &self,
        way: Way,
        args: A,
        body: &mut dyn FnMut(A) -> Body<R>,
    ) -> Call<V, R, TaskCall<K, V, R, MODE>, MODE>
    where
        V: Clone,
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V> + Send + 'static,
    {
        let known = match self.hit_noted(way, &args) {
            Ok(value) => return Call::ready(value),
            Err(Way::Missing(hash)) => Some(hash),
            Err(_) => None,
        };
        let store = self.store();
        let hash = known.unwrap_or_else(|| store.hash(&args));
        if known.is_none() {
            store.any().tidy();
            if let Some(value) = store.glance(hash, &args) {
                return Call::ready(value);
            }
        }
        let task = TaskLoad::new(store.share(), &args);
        Call::rest(task.led(hash, body(args)))
    }

    #[cold]
    #[inline(never)]
    fn call_slow<A, B, R, const MODE: u8>(
        &self,
        args: A,
        body: B,
        on_old: impl FnOnce(Old<K, V>, A, B) -> Result<R, (A, B)>,
    ) -> R
    where
        V: Clone,
        A: Args<Key = K>,
        B: FnOnce(A) -> R,
        R: Outcome<MODE, Kept = V>,
    {
        let store = self.store();
        let hash = store.hash(&args);
        match store.look(hash, &args) {
            Look::Found(value) => R::from_kept(value),
            Look::Missing => store.load(hash, args, body),
            Look::Old(old, ticket) => {
                let old = Old { value: old, claim: Claim::new(store.share(), hash, &args, ticket) };
                on_old(old, args, body).unwrap_or_else(|(args, body)| store.load(hash, args, body))
            }
        }
    }

    pub(crate) fn fmt_call(&self, args: &impl Args<Key = K>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.say)(self).0.fmt(&args.to_key(), f)
    }
}

/// Its name, and what is in it, if it has been used: where it is asked, be that a scope or the process. Makes no cache of its own, and asks
/// nothing of its types, so that who has one as a field may derive it.
impl<K, V> fmt::Debug for Memo<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(early) = self.early() {
            return early.memo.fmt(f);
        }
        let mut shown = f.debug_struct("Memo");
        shown.field("name", &self.name());
        if let Some(store) = self.whose.made(self.global.any()) {
            let info = store.info();
            shown.field("policy", &info.policy).field("len", &info.len).field("max", &info.max);
        }
        shown.finish_non_exhaustive()
    }
}

/// A value that is to be loaded anew, and the right to do so.
pub(crate) struct Old<K: Send + Sync + 'static, V: Send + Sync + 'static> {
    pub(crate) value: V,
    pub(crate) claim: Claim<K, V>,
}

pub(crate) enum StoreRef<'a, K, V> {
    Global(&'a Store<K, V>, &'a Arc<dyn AnyStore>),
    Lent(&'a Arc<Store<K, V>>),
    Scoped(Arc<Store<K, V>>),
}

impl<K, V> Deref for StoreRef<'_, K, V> {
    type Target = Store<K, V>;

    #[inline]
    fn deref(&self) -> &Store<K, V> {
        match self {
            Self::Global(store, _) => store,
            Self::Lent(store) => store,
            Self::Scoped(store) => store,
        }
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> StoreRef<'_, K, V> {
    fn own(store: Arc<dyn AnyStore>) -> Self {
        Self::Scoped(Store::shared(store))
    }

    /// A hold of the store that outlives the memo.
    pub(crate) fn share(&self) -> Arc<Store<K, V>> {
        match self {
            Self::Global(_, store) => Store::shared(Arc::clone(store)),
            Self::Lent(store) => Arc::clone(store),
            Self::Scoped(store) => Arc::clone(store),
        }
    }
}
