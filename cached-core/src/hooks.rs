//! What options have to say of each entry: code of the user's that sees keys and values.

use std::fmt;
use std::time::Duration;

/// The hooks of one cache. The attribute writes them down as calls of this type's methods.
pub struct Hooks<K, V> {
    pub(crate) ttl: Option<fn(&K, &V) -> Duration>,
    pub(crate) weigher: Option<fn(&K, &V) -> u64>,
    pub(crate) store_if: Option<fn(&V) -> bool>,
}

impl<K, V> Hooks<K, V> {
    /// None.
    pub const fn new() -> Self {
        Self { ttl: None, weigher: None, store_if: None }
    }

    /// How long an entry lives.
    #[must_use]
    pub const fn ttl(mut self, ttl: fn(&K, &V) -> Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// What an entry weighs.
    #[must_use]
    pub const fn weigher(mut self, weigher: fn(&K, &V) -> u64) -> Self {
        self.weigher = Some(weigher);
        self
    }

    /// Which values are kept.
    #[must_use]
    pub const fn store_if(mut self, keeps: fn(&V) -> bool) -> Self {
        self.store_if = Some(keeps);
        self
    }
}

impl<K, V> Default for Hooks<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Clone for Hooks<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for Hooks<K, V> {}

impl<K, V> fmt::Debug for Hooks<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("ttl", &self.ttl.is_some())
            .field("weigher", &self.weigher.is_some())
            .field("store_if", &self.store_if.is_some())
            .finish()
    }
}
