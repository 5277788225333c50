//! From borrowed arguments to a look-up, and only where an entry is stored, to an owned key.
//!
//! A call hands its arguments over as they are: `f(7, "EUR")` looks up with `(7, "EUR")`, which hashes like the key
//! `(7, String::from("EUR"))` and compares with it, without making it. What a key is made of is said by a *shape*, a type
//! that mirrors the type of the arguments: `(ByEq, RefTo<ByEq>)`.

use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use equivalent::Equivalent;

mod bound;
mod compound;
mod float;
mod leaf;
mod ownable;
mod part;

pub use bound::{Bound, BoundAs, BoundByLoan, BoundItself, lent};
pub use compound::{ArrayOf, Behind, CowOf, ListOf, OptionOf, PointerOf, RefTo, SliceOf};
pub use float::Float;
pub(crate) use float::FloatBits;
pub use leaf::{ByEq, Lent, Mode, ThreadOwn, mode};
pub use part::{KnownPart, OwnPart, Part, Parted, SharedPart, Unkeyed, part};

/// Something an entry can be found by.
pub trait Lookup<K: ?Sized> {
    /// Feeds the hasher exactly what the key itself would.
    fn hash_into<H: Hasher>(&self, state: &mut H);
    /// Whether this is the key.
    fn matches(&self, key: &K) -> bool;
}

/// The arguments of a call: a look-up that can become a key.
pub trait Args: Lookup<Self::Key> {
    /// The owned key.
    type Key: Clone + Send + Sync + 'static;
    /// Makes the owned key.
    fn to_key(&self) -> Self::Key;
    /// Whether two keys are the same call.
    fn same(a: &Self::Key, b: &Self::Key) -> bool;
}

/// A key that was made from arguments of this type, to look up by once they are gone. It is of a type of its own, so that a future which
/// holds it says what it holds: see [`store_async`](crate::store_async).
pub(crate) struct Made<A, K>(K, PhantomData<fn(A)>);

impl<A: Args> Made<A, A::Key> {
    pub(crate) fn new(args: &A) -> Self {
        Self(args.to_key(), PhantomData)
    }
}

impl<A: Args> Lookup<A::Key> for Made<A, A::Key> {
    fn hash_into<H: Hasher>(&self, _: &mut H) {
        unreachable!("the hash is known: it was made from the arguments")
    }

    fn matches(&self, key: &A::Key) -> bool {
        A::same(&self.0, key)
    }
}

impl<A: Args> Args for Made<A, A::Key> {
    type Key = A::Key;

    fn to_key(&self) -> A::Key {
        self.0.clone()
    }

    fn same(a: &A::Key, b: &A::Key) -> bool {
        A::same(a, b)
    }
}

/// What an entry can be looked up by where keys are of type `K`: such a key, what it can be borrowed as, and whatever is
/// [`Equivalent`] to it.
///
/// It is implemented for all of these.
#[diagnostic::on_unimplemented(
    message = "an entry with a key of type `{K}` cannot be looked up by `&{Self}`",
    label = "neither such a key nor its borrowed form",
    note = "a key is looked up by itself, `&(7, \"EUR\".to_owned())`, or where it is one text or one list by that, `\"EUR\"`; a float is kept as a \
            `cached_core::Float`"
)]
pub trait KeyOf<K: ?Sized>: Hash + Equivalent<K> {}

#[diagnostic::do_not_recommend]
impl<K: ?Sized, Q: ?Sized + Hash + Equivalent<K>> KeyOf<K> for Q {}

/// A look-up by the key or by what is equivalent to it, such as `&str` for `String`.
#[derive(Debug)]
pub(crate) struct ByKey<'a, Q: ?Sized>(pub(crate) &'a Q);

impl<K: ?Sized, Q: ?Sized + KeyOf<K>> Lookup<K> for ByKey<'_, Q> {
    #[inline]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn matches(&self, key: &K) -> bool {
        self.0.equivalent(key)
    }
}

/// A key that is looked up by itself and stored if nothing is found.
#[derive(Debug)]
pub struct Owned<K>(pub K);

impl<K: Hash + Eq> Lookup<K> for Owned<K> {
    #[inline]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn matches(&self, key: &K) -> bool {
        self.0 == *key
    }
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> Args for Owned<K> {
    type Key = K;

    fn to_key(&self) -> K {
        self.0.clone()
    }

    fn same(a: &K, b: &K) -> bool {
        a == b
    }
}

/// What a shape makes of an owned argument, or of all of them together.
pub trait ValKey<S> {
    /// What is stored.
    type Key: Clone + Send + Sync + 'static;
    /// Feeds the hasher what the key would.
    fn hash_arg<H: Hasher>(&self, state: &mut H);
    /// Whether the argument is this key.
    fn is_key(&self, key: &Self::Key) -> bool;
    /// Makes the key.
    fn arg_to_key(&self) -> Self::Key;
    /// Whether two keys are the same argument.
    fn same_key(a: &Self::Key, b: &Self::Key) -> bool;
}

/// What a shape makes of what a borrowed argument points at.
pub trait RefKey<S> {
    /// What is stored.
    type Key: Clone + Send + Sync + 'static;
    /// Feeds the hasher what the key would.
    fn hash_arg<H: Hasher>(&self, state: &mut H);
    /// Whether the argument is this key.
    fn is_key(&self, key: &Self::Key) -> bool;
    /// Makes the key.
    fn arg_to_key(&self) -> Self::Key;
    /// Whether two keys are the same argument.
    fn same_key(a: &Self::Key, b: &Self::Key) -> bool;
}

/// Arguments, and the shape by which they are looked up.
#[derive(Debug)]
pub struct At<S, A>(pub A, PhantomData<fn() -> S>);

impl<S, A> At<S, A> {
    /// Arguments as they came.
    #[inline]
    pub fn new(args: A) -> Self {
        Self(args, PhantomData)
    }
}

impl<S, A: ValKey<S>> Lookup<A::Key> for At<S, A> {
    #[inline]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash_arg(state);
    }

    #[inline]
    fn matches(&self, key: &A::Key) -> bool {
        self.0.is_key(key)
    }
}

impl<S, A: ValKey<S>> Args for At<S, A> {
    type Key = A::Key;

    fn to_key(&self) -> A::Key {
        self.0.arg_to_key()
    }

    fn same(a: &A::Key, b: &A::Key) -> bool {
        A::same_key(a, b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;
    use std::hash::{BuildHasher, RandomState};

    fn assert_found<K: Hash, A: Args<Key = K>>(args: &A, key: &K) {
        let state = RandomState::new();
        let mut hasher = state.build_hasher();
        args.hash_into(&mut hasher);
        assert_eq!(hasher.finish(), state.hash_one(key));
        assert!(args.matches(key) && args.matches(&args.to_key()));
    }

    #[test]
    fn arguments_hash_like_their_key() {
        assert_found(&At::<ByEq, _>::new(7_u32), &7);
        assert_found(&At::<RefTo<ByEq>, _>::new("EUR"), &String::from("EUR"));
        assert_found(&At::<RefTo<ByEq>, &[u8]>::new(b"ab"), &b"ab".to_vec());
        assert_found(
            &At::<RefTo<SliceOf<Mode<1>>>, &[f64]>::new(&[1.5, -0.0]),
            &vec![Float(1.5), Float(0.0)],
        );
        let pair = At::<(ByEq, RefTo<ByEq>), _>::new((7_u32, "EUR"));
        assert_found(&pair, &(7, String::from("EUR")));
    }

    #[test]
    fn every_field_of_a_tuple_counts() {
        let args = |last: u8| At::<(ByEq, ByEq, ByEq, ByEq, ByEq), _>::new((1_u8, 2_u8, 3_u8, 4_u8, last));
        assert!(args(5).matches(&(1, 2, 3, 4, 5)));
        assert!(!args(5).matches(&(1, 2, 3, 4, 6)));
        assert!(!args(5).matches(&(0, 2, 3, 4, 5)));
    }

    #[test]
    fn what_holds_borrows_hashes_like_what_owns() {
        type Text = RefTo<ByEq>;
        assert_found(&At::<OptionOf<Text>, Option<&str>>::new(Some("a")), &Some("a".to_owned()));
        assert_found(&At::<OptionOf<Text>, Option<&str>>::new(None), &None::<String>);
        assert_found(&At::<CowOf<ByEq>, _>::new(Cow::Borrowed("a")), &"a".to_owned());
        assert_found(
            &At::<RefTo<SliceOf<Text>>, &[&str]>::new(&["a", "bc"]),
            &vec!["a".to_owned(), "bc".to_owned()],
        );
        assert_found(&At::<ListOf<Text>, Vec<&str>>::new(vec!["a"]), &vec!["a".to_owned()]);
        assert_found(&At::<ArrayOf<Mode<1>>, [f64; 2]>::new([0.5, 1.0]), &[Float(0.5), Float(1.0)]);
        let nested = At::<(RefTo<Behind<(Mode<1>, ByEq)>>, ByEq), _>::new((&(0.5_f32, 7_u8), 'x'));
        assert_found(&nested, &((Float(0.5_f32), 7), 'x'));
    }
}
