//! How a direct cache is to be.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Cache;
use crate::clock::Clock;
use crate::flight::Label;
use crate::fresh::Span;
use crate::hooks::{Hooked, Hooks};
use crate::options::Options;
use crate::policy::{Policy, PolicyKind};
use crate::probe::DebugFn;
use crate::removal::RemovalCause;
use crate::spec::{intern, short};
use crate::store::{AnyStore, Store};
use crate::tags::Tag;
use crate::{registry, scope};

/// A [`Cache`] to be made. What is not said is as for `#[memoize]` without that option.
#[must_use = "nothing is made before `build`"]
pub struct CacheBuilder<K: 'static, V: 'static> {
    name: Option<&'static str>,
    debug: Option<DebugFn<K>>,
    options: Options,
    hooks: Hooks<K, V>,
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> CacheBuilder<K, V> {
    pub(super) fn new() -> Self {
        Self { name: None, debug: None, options: Options::new(), hooks: Hooks::new() }
    }

    /// The name in reports, in the registry and in the message about a cycle; without it, the type's. Several caches may have the same.
    ///
    /// A name that is not static is kept for the rest of the process, once for all caches that have it.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = Some(match name.into() {
            Cow::Borrowed(name) => name,
            Cow::Owned(name) => intern(name),
        });
        self
    }

    /// Shows keys in the message about a cycle: `prices(7)` instead of `prices(..)`.
    pub fn show_keys(mut self) -> Self
    where
        K: fmt::Debug,
    {
        self.debug = Some(<K as fmt::Debug>::fmt);
        self
    }

    /// Most entries kept; 0 keeps nothing, and concurrent loads are still shared.
    pub fn max(mut self, max: usize) -> Self {
        self.options = self.options.max(max);
        self
    }

    /// Most weight kept, in units of the [`weigher`](CacheBuilder::weigher). An entry that is heavier than that is returned and not kept.
    pub fn max_weight(mut self, max: u64) -> Self {
        self.options = self.options.max_weight(max);
        self
    }

    /// What an entry weighs; 0 counts as 1. It is asked once, before the entry is stored, with nothing locked.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let pages: Cache<u32, String> = Cache::builder()
    ///     .max_weight(64 << 20)
    ///     .weigher(|_, page: &String| page.len() as u64)
    ///     .build();
    /// pages.insert(1, "hello".to_owned());
    /// assert_eq!(pages.info().weight, 5);
    /// ```
    pub fn weigher(mut self, weigher: impl Fn(&K, &V) -> u64 + Send + Sync + 'static) -> Self {
        self.hooks = self.hooks.weigher(weigher);
        self
    }

    /// Whether callers that miss a key at the same time share one load, as they do unless told otherwise. If not, each runs its
    /// own, and what the first of them brings is kept.
    pub fn single_flight(mut self, shared: bool) -> Self {
        self.options = self.options.single_flight(shared);
        self
    }

    /// Who leaves when the cache is full; without it, [`PolicyKind::Adaptive`].
    ///
    /// # Panics
    /// If it is none that can be made: [`PolicyKind::Unbounded`], or [`PolicyKind::Custom`], for which there is
    /// [`policy_of`](CacheBuilder::policy_of).
    pub fn policy(mut self, policy: PolicyKind) -> Self {
        assert!(
            !matches!(policy, PolicyKind::Unbounded | PolicyKind::Custom(_)),
            "`{policy}` is no policy that can be made by its name: leave it out, or say `policy_of::<..>()`"
        );
        self.options = self.options.policy(policy);
        self
    }

    /// Who leaves when the cache is full, by a [`Policy`] of one's own.
    pub fn policy_of<P: Policy + 'static>(mut self) -> Self {
        self.options = self.options.policy_of::<P>();
        self
    }

    /// Time to live since the value was stored: a [`Duration`], or whole seconds.
    pub fn ttl(mut self, ttl: impl Span) -> Self {
        self.options = self.options.ttl(ttl);
        self
    }

    /// Time to live of each entry, worked out when it is stored.
    pub fn ttl_of(mut self, ttl: impl Fn(&K, &V) -> Duration + Send + Sync + 'static) -> Self {
        self.hooks = self.hooks.ttl(ttl);
        self
    }

    /// Time to live since the last use.
    pub fn idle(mut self, idle: impl Span) -> Self {
        self.options = self.options.idle(idle);
        self
    }

    /// The share of its `ttl`, from 0 to 1, by which each entry's may be shortened, so that a wave of loads does not expire in a wave.
    ///
    /// # Panics
    /// If it is no such share.
    pub fn jitter(mut self, share: f64) -> Self {
        self.options = self.options.jitter(share);
        self
    }

    /// The age from which on a value that is found is loaded anew. The caller that found it old does that, with its own `load`, and gets
    /// what that brings; others are answered with the old value meanwhile. [`get`](Cache::get) never loads.
    pub fn refresh_after(mut self, age: impl Span) -> Self {
        self.options = self.options.refresh_after(age);
        self
    }

    /// How long past its expiry a value is kept for the case that its load fails (`try_get_or_load` and its kin), which then answers with
    /// it. As for [`macro@crate::memoize`], there is one try in [`retry_after`](CacheBuilder::retry_after).
    pub fn stale_if_error(mut self, time: impl Span) -> Self {
        self.options = self.options.stale_if_error(time);
        self
    }

    /// How long the next try waits after a reload that failed; a second, if nothing is said.
    pub fn retry_after(mut self, time: impl Span) -> Self {
        self.options = self.options.retry_after(time);
        self
    }

    /// With an old value at hand, how long a caller waits for its reload before it takes the old value: past `refresh_after`, or past its
    /// expiry within `stale_if_error`. The reload goes on, and what it brings is stored, however late.
    ///
    /// It is for loads that can go on without their caller, those of [`detached`](Cache::detached). Who leads a load that may borrow
    /// stays to its end. For the rest, see [`macro@crate::memoize`].
    pub fn soft_timeout(mut self, time: impl Span) -> Self {
        self.options = self.options.soft_timeout(time);
        self
    }

    /// How long a load that is a future may take. Then it is dropped, and all who wait for it get an error that is made of a
    /// [`LoadTimeout`](crate::LoadTimeout), or the old value within `stale_if_error`.
    ///
    /// Asynchronous loads of this cache then have to be able to tell so:
    /// [`try_get_or_load_limited_async`](Cache::try_get_or_load_limited_async) and
    /// [`try_refresh_limited_async`](Cache::try_refresh_limited_async) ask for that, the others panic. A thread cannot be stopped, so that
    /// loads that are no futures take as long as they take.
    pub fn load_timeout(mut self, time: impl Span) -> Self {
        self.options = self.options.load_timeout(time);
        self
    }

    /// How long an error is kept, and told to those who call meanwhile with a load that can fail with an error of the same type:
    /// [`try_get_or_load_shared`](Cache::try_get_or_load_shared), sync and async, and those of [`detached`](Cache::detached).
    pub fn errors(mut self, life: impl Span) -> Self {
        self.hooks = self.hooks.errors(life);
        self
    }

    /// Which values are kept. The others are returned, and what was there of their key is removed all the same.
    pub fn store_if(mut self, keeps: impl Fn(&V) -> bool + Send + Sync + 'static) -> Self {
        self.hooks = self.hooks.store_if(keeps);
        self
    }

    /// Who is told of each entry that is removed, and why: once, promptly, one after the other, with nothing locked.
    ///
    /// That is before the operation returns that removed it, or while another thread is being told of removals of this cache: then that one goes on
    /// with this, and in the order in which entries were removed. A value is dropped after that. What the listener does may remove
    /// more; of that it is told when it has returned. A panic in it reaches the caller of the operation, and leaves the cache whole.
    ///
    /// Not told of: values that were never stored, [`errors`](CacheBuilder::errors) that were kept, and what is left when the cache itself goes.
    ///
    /// See [`RemovalCause`] for an example.
    pub fn on_remove(mut self, told: impl Fn(&K, &V, RemovalCause) + Send + Sync + 'static) -> Self {
        self.hooks = self.hooks.on_remove(told);
        self
    }

    /// The tags of each entry, by its key: what [`invalidate_tag`](crate::Cache::invalidate_tag) goes by. Asked when a load
    /// begins, or when a value is inserted.
    ///
    /// See [`invalidate_tag`](crate::Cache::invalidate_tag) for an example.
    pub fn tags<I>(mut self, tags: impl Fn(&K) -> I + Send + Sync + 'static) -> Self
    where
        I: IntoIterator<Item: Into<Tag>>,
    {
        self.hooks = self.hooks.tags_of_key(move |key| tags(key).into_iter().map(Into::into).collect());
        self
    }

    /// The tags of each entry, by its key and its value: in addition to those that its key tells. Asked when the value is there.
    ///
    /// ```
    /// use cached_core::Cache;
    ///
    /// let owners: Cache<u32, String> =
    ///     Cache::builder().tags_of(|_, owner: &String| [format!("owner:{owner}")]).build();
    /// owners.insert(1, "ada".to_owned());
    /// owners.insert(2, "ben".to_owned());
    /// assert_eq!(owners.invalidate_tag("owner:ada"), 1);
    /// assert_eq!(owners.entries(), [(2, "ben".to_owned())]);
    /// ```
    pub fn tags_of<I>(mut self, tags: impl Fn(&K, &V) -> I + Send + Sync + 'static) -> Self
    where
        I: IntoIterator<Item: Into<Tag>>,
    {
        let tags = move |key: &K, value: &V| tags(key, value).into_iter().map(Into::into).collect();
        self.hooks = self.hooks.tags_of_value(tags);
        self
    }

    /// Makes the cache, and lists it in the [`registry`](crate::registry) for as long as a handle of it is left.
    ///
    /// # Panics
    /// If options contradict each other: `weigher` without `max_weight` or the reverse, a policy without a bound,
    /// `jitter` without a `ttl`, `stale_if_error` where nothing expires, a `refresh_after` that is no shorter than `ttl`, `retry_after`
    /// or `soft_timeout` with neither of these, a `soft_timeout` that is no shorter than `load_timeout`.
    #[must_use]
    pub fn build(self) -> Cache<K, V> {
        self.check();
        let name = self.name.unwrap_or_else(|| intern(short(std::any::type_name::<Cache<K, V>>())));
        let label = Label { name, debug: self.debug, tuple: false };
        let scope = scope::isolation();
        let clock = scope.as_ref().map_or(Clock::System, scope::Scope::clock);
        let store = Arc::new(Store::new(name, label, self.options, Hooked::by(self.hooks), clock));
        match scope {
            Some(scope) => scope.list(&store),
            None => registry::register(&(Arc::clone(&store) as Arc<dyn AnyStore>)),
        }
        Cache { store }
    }

    fn check(&self) {
        let (bound, fresh) = (&self.options.bound, &self.options.fresh);
        let (weighs, ages) = (self.hooks.weigher.is_some(), fresh.ttl.is_some() || self.hooks.ttl.is_some());
        assert!(
            !weighs || bound.max_weight.is_some(),
            "`weigher` says what an entry weighs, and nothing bounds the weight: add `max_weight`"
        );
        assert!(
            weighs || bound.max_weight.is_none(),
            "`max_weight` needs to know what an entry weighs: add `weigher`"
        );
        assert!(
            bound.asked().is_none() || bound.is_bounded(),
            "a policy says who leaves when the cache is full, and without a bound it never is: add `max`"
        );
        assert!(
            !fresh.is_spread() || ages,
            "`jitter` shortens each entry's time to live, and there is none: add `ttl`"
        );
        fresh.check(ages);
    }
}

impl<K: 'static, V: 'static> fmt::Debug for CacheBuilder<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheBuilder")
            .field("name", &self.name)
            .field("options", &self.options)
            .field("hooks", &self.hooks)
            .finish_non_exhaustive()
    }
}
