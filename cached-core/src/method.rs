//! Loads of a method ahead of time, for an object that is lent: what its expansion would say in code for each method is written down here.

use crate::companion::{LendAll, for_each_number};
use crate::face::Face;
use crate::key::ValKey;
use crate::outcome::Outcome;
use crate::warm::{Warm, Warmed, Warming};

/// What takes the arguments `A` one by one: a method's body, of which they are a tuple.
pub trait Takes<A, R>: Copy {
    /// Runs it.
    fn run(self, args: A) -> R;
}

/// Arguments, and an object `O` before them.
pub trait After<O> {
    /// All of them.
    type All;

    /// Puts it there.
    fn after(self, object: O) -> Self::All;
}

macro_rules! takes {
    ($lookup:ty, [$($name:ident: $type:ident),*], $made:pat => $args:expr) => {
        impl<F: Fn(O $(, $type)*) -> R + Copy, O, $($type,)* R> Takes<(O, $($type,)*), R> for F {
            #[inline]
            fn run(self, (object, $($name,)*): (O, $($type,)*)) -> R {
                self(object, $($name),*)
            }
        }

        impl<O, $($type),*> After<O> for ($($type,)*) {
            type All = (O, $($type,)*);

            #[inline]
            fn after(self, object: O) -> Self::All {
                let ($($name,)*) = self;
                (object, $($name,)*)
            }
        }
    };
}

for_each_number!(takes);

impl<S, const MODE: u8, K, V> Face<'_, S, MODE, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Loads the keys that an object has with each of these arguments.
    pub fn warm_each<O, I, R>(
        self,
        object: O,
        items: impl IntoIterator<Item = I>,
        how: Warm<'_>,
        body: impl Fn(O, I) -> R + Sync,
    ) -> Warmed
    where
        (O, I): ValKey<S, Key = K>,
        O: Copy + Sync,
        I: Send,
        R: Outcome<MODE, Kept = V>,
    {
        Warming::new(items, object, |object, item| {
            self.warm((object, item), |(object, item)| body(object, item))
        })
        .run(how)
    }

    /// The same with arguments `A` that are lent as `L` says.
    pub fn warm_lent<L, A, O, R>(
        self,
        object: O,
        items: impl IntoIterator<Item = L::Item>,
        how: Warm<'_>,
        body: impl for<'x> Takes<<L::Args<'x> as After<O>>::All, R> + Sync,
    ) -> Warmed
    where
        L: LendAll<A>,
        L::Item: Send,
        O: Copy + Sync,
        for<'x> L::Args<'x>: After<O, All: ValKey<S, Key = K>>,
        R: Outcome<MODE, Kept = V>,
    {
        Warming::new(items, object, |object, item| {
            let mut held = L::hold(item);
            self.warm(L::lend(&mut held).after(object), |args| body.run(args))
        })
        .run(how)
    }
}
