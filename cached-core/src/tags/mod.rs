//! Labels of entries, and how all that have one are invalidated in one step.
//!
//! A tag that somebody holds, an entry or a running load, has a [`Record`]. The record is what is invalidated: it is taken out
//! of the [`Index`] and marked, and whoever looks at an entry looks at the marks of its records. A load takes hold of its
//! tags before its body runs, so what it brings is outdated from the moment at which its tag is invalidated, wherever it is
//! by then. A later load finds no record and makes a new one. When the last holder lets go, the record goes.
//!
//! Nothing here knows keys or values; the way of a load is in `store/tags`.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

mod index;
mod members;
mod record;
#[cfg(test)]
mod tests;

pub(crate) use index::{Index, Killed, Outdated, Since};
pub(crate) use members::{Member, Members};
pub(crate) use record::{Held, Records};

/// A label of an entry: what all that is known of a user hangs on, for one. See
/// [`registry::invalidate_tag`](crate::registry::invalidate_tag).
///
/// A text; two tags are the same if their texts are. It is made from strings, and `impl From<UserId> for Tag` makes it from
/// types of one's own. A clone costs no allocation.
///
/// ```
/// use cached_core::Tag;
///
/// struct UserId(u64);
///
/// impl From<UserId> for Tag {
///     fn from(id: UserId) -> Tag {
///         Tag::from(format!("user:{}", id.0))
///     }
/// }
///
/// assert_eq!(Tag::from(UserId(7)), Tag::from("user:7"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(Arc<str>);

impl Tag {
    /// A tag of this text.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Tag {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Tag {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Tag {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<Cow<'_, str>> for Tag {
    fn from(text: Cow<'_, str>) -> Self {
        Self(text.into())
    }
}

impl From<Arc<str>> for Tag {
    fn from(text: Arc<str>) -> Self {
        Self(text)
    }
}

impl From<&Tag> for Tag {
    fn from(tag: &Tag) -> Self {
        tag.clone()
    }
}

impl AsRef<str> for Tag {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Tag {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tag").field(&self.as_str()).finish()
    }
}
