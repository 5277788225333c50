//! What options have to say of each entry: code of the user's that sees keys and values.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use crate::engine::table::{RawTable, Table};
use crate::errors::{self, MakeErrors};
use crate::fit::FitHook;
use crate::fresh::Span;
use crate::removal::RemovalCause;
use crate::sync::assert_unguarded;
use crate::tags::Tag;

/// A question about an entry.
pub(crate) type Ask<K, V, T> = Box<dyn Fn(&K, &V) -> T + Send + Sync>;

/// A question about a value.
type Keeps<V> = Box<dyn Fn(&V) -> bool + Send + Sync>;

/// The tags that a key tells.
pub(crate) type TagsOf<K> = Box<dyn Fn(&K) -> Vec<Tag> + Send + Sync>;

/// Who is told of removals.
type Listener<K, V> = Box<dyn Fn(&K, &V, RemovalCause) + Send + Sync>;

/// The hooks of one cache. The attribute writes them down as calls of this type's methods.
pub struct Hooks<K, V> {
    pub(crate) ttl: Option<Ask<K, V, Duration>>,
    pub(crate) weigher: Option<Ask<K, V, u64>>,
    pub(crate) store_if: Option<Keeps<V>>,
    pub(crate) tags_of_key: Option<TagsOf<K>>,
    pub(crate) tags_of_value: Option<Ask<K, V, Vec<Tag>>>,
    /// How long errors are kept, and where.
    pub(crate) errors: Option<(Duration, MakeErrors)>,
    pub(crate) on_remove: Option<Listener<K, V>>,
}

/// The hooks of a cache, if it has any, whatever its types are: of one that has none nothing is compiled for them.
pub(crate) struct Hooked {
    hooks: Option<Box<dyn Any + Send + Sync>>,
    pub(crate) asked: Asked,
    /// Tells the listener among them what has been removed from a table.
    tell: fn(&dyn Any, &RawTable),
}

impl Hooked {
    pub(crate) const NONE: Self = Self { hooks: None, asked: Asked::NOTHING, tell: |_, _| {} };

    pub(crate) fn by<K: 'static, V: 'static>(hooks: Hooks<K, V>) -> Self {
        let tell = |hooks: &dyn Any, table: &RawTable| {
            if let Some(listener) = &typed::<K, V>(hooks).on_remove {
                Table::of(table).tell(&**listener);
            }
        };
        Self { asked: hooks.asked(), hooks: Some(Box::new(hooks)), tell }
    }

    #[inline]
    pub(crate) fn get<K: 'static, V: 'static>(&self) -> Option<&Hooks<K, V>> {
        self.hooks.as_deref().map(|hooks| typed(hooks))
    }

    /// Tells who listens what has been removed. User code, which may wait for anything: to be called when nobody waits for
    /// this caller.
    #[inline]
    pub(crate) fn tell(&self, table: &RawTable) {
        if let (true, Some(hooks)) = (self.asked.on_remove, &self.hooks) {
            assert_unguarded();
            (self.tell)(&**hooks, table);
        }
    }
}

fn typed<K: 'static, V: 'static>(hooks: &dyn Any) -> &Hooks<K, V> {
    hooks.downcast_ref().expect("they were made for these types")
}

/// Which hooks there are.
#[expect(clippy::struct_excessive_bools, reason = "one for each hook")]
pub(crate) struct Asked {
    pub(crate) ttl: bool,
    pub(crate) weigher: bool,
    pub(crate) store_if: bool,
    pub(crate) tags_of_key: bool,
    pub(crate) tags_of_value: bool,
    pub(crate) errors: Option<(Duration, MakeErrors)>,
    pub(crate) on_remove: bool,
}

impl Asked {
    const NOTHING: Self = Self {
        ttl: false,
        weigher: false,
        store_if: false,
        tags_of_key: false,
        tags_of_value: false,
        errors: None,
        on_remove: false,
    };

    pub(crate) fn any(&self) -> bool {
        let asked = [self.ttl, self.weigher, self.store_if, self.tags_of_key, self.tags_of_value];
        asked.contains(&true) || self.errors.is_some() || self.on_remove
    }
}

impl<K, V> Hooks<K, V> {
    fn asked(&self) -> Asked {
        Asked {
            ttl: self.ttl.is_some(),
            weigher: self.weigher.is_some(),
            store_if: self.store_if.is_some(),
            tags_of_key: self.tags_of_key.is_some(),
            tags_of_value: self.tags_of_value.is_some(),
            errors: self.errors,
            on_remove: self.on_remove.is_some(),
        }
    }

    /// None.
    pub const fn new() -> Self {
        Self {
            ttl: None,
            weigher: None,
            store_if: None,
            tags_of_key: None,
            tags_of_value: None,
            errors: None,
            on_remove: None,
        }
    }

    /// How long an entry lives.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Fn(&K, &V) -> Duration + FitHook) -> Self {
        self.ttl = Some(Box::new(ttl));
        self
    }

    /// What an entry weighs.
    #[must_use]
    pub fn weigher(mut self, weigher: impl Fn(&K, &V) -> u64 + FitHook) -> Self {
        self.weigher = Some(Box::new(weigher));
        self
    }

    /// Which values are kept.
    #[must_use]
    pub fn store_if(mut self, keeps: impl Fn(&V) -> bool + FitHook) -> Self {
        self.store_if = Some(Box::new(keeps));
        self
    }

    /// Who is told of each removal.
    #[must_use]
    pub fn on_remove(mut self, told: impl Fn(&K, &V, RemovalCause) + FitHook) -> Self {
        self.on_remove = Some(Box::new(told));
        self
    }

    /// The tags of an entry that its key tells.
    #[must_use]
    pub fn tags_of_key(mut self, tags: impl Fn(&K) -> Vec<Tag> + FitHook) -> Self {
        self.tags_of_key = Some(Box::new(tags));
        self
    }

    /// The tags of an entry that its value tells, or key and value together.
    #[must_use]
    pub fn tags_of_value(mut self, tags: impl Fn(&K, &V) -> Vec<Tag> + FitHook) -> Self {
        self.tags_of_value = Some(Box::new(tags));
        self
    }

    /// How long errors are kept.
    #[must_use]
    pub fn errors(mut self, life: impl Span) -> Self
    where
        K: Send + Sync + 'static,
    {
        self.errors = Some((life.span(), errors::make::<K>));
        self
    }
}

impl<K, V> Default for Hooks<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> fmt::Debug for Hooks<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("ttl", &self.ttl.is_some())
            .field("weigher", &self.weigher.is_some())
            .field("store_if", &self.store_if.is_some())
            .field("on_remove", &self.on_remove.is_some())
            .field("tags", &(self.tags_of_key.is_some() || self.tags_of_value.is_some()))
            .field("errors", &self.errors.map(|(life, _)| life))
            .finish()
    }
}
