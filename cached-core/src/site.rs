//! A place for a memo whose key type only the compiler can name, as that of `key = name.to_lowercase()`.

use std::any::Any;
use std::fmt;
use std::sync::OnceLock;

use crate::memo::{Memo, Spec};

/// An untyped static that holds one typed memo.
#[derive(Default)]
pub struct Site(OnceLock<Box<dyn Any + Send + Sync>>);

impl Site {
    /// A place that is empty until its function is used.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The memo, made at the first use.
    ///
    /// # Panics
    /// If called with two pairs of types.
    #[inline]
    pub fn memo<K, V>(&'static self, spec: impl FnOnce() -> Spec<K>) -> &'static Memo<K, V>
    where
        K: Send + Sync + 'static,
        V: Send + Sync + 'static,
    {
        let memo = self.0.get_or_init(|| Box::new(Memo::<K, V>::new(spec())));
        memo.downcast_ref().expect("a site serves one function, which has one key type")
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("used", &self.0.get().is_some()).finish()
    }
}
