//! A free function may write the word `Self` where it means nothing.

use cached_core::memoize;

#[memoize]
fn word(times: usize) -> String {
    stringify!(Self).repeat(times)
}

fn outer<T>(of: T) -> T {
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Local(u32);

    impl Local {
        fn more(&self) -> Self {
            Self(self.0 + 1)
        }
    }

    #[memoize]
    fn more(of: Local) -> Local {
        struct Inner;
        impl Inner {
            fn more(of: &Local) -> (Self, Local) {
                (Self, of.more())
            }
        }
        Inner::more(&of).1
    }

    #[memoize]
    fn same<T: Clone + std::hash::Hash + Eq + Send + Sync + 'static>(of: T) -> T {
        of
    }

    assert_eq!(more(Local(1)).0 + same(1), 3);
    of
}

fn main() {
    assert_eq!(word(2), "SelfSelf");
    outer(());
}
