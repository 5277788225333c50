use std::hash::Hash;

use cached_core::{invalidates, memoize};

/// A parameter has the name of a type.
mod parameters {
    use super::*;

    pub struct Repo;

    impl Repo {
        pub fn user(&self) {}
    }

    pub trait Users: Clone + Eq + Hash + Send + Sync + 'static {
        #[memoize]
        fn user(&self, id: u32) -> u32 {
            id
        }
    }

    #[invalidates(repo.user(id))]
    pub fn forget<Repo: Users>(repo: &Repo, id: u32) {
        let _ = (repo, id);
    }
}

/// The function of a trait is not memoized, the type's own is, elsewhere.
mod elsewhere {
    use super::*;

    pub trait Find {
        fn user(&self, id: u32) -> u32;
    }

    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Repo;

    impl Find for Repo {
        fn user(&self, id: u32) -> u32 {
            Repo::user(self, id)
        }
    }

    mod cached {
        impl super::Repo {
            #[cached_core::memoize]
            pub fn user(&self, id: u32) -> u32 {
                id
            }
        }
    }

    #[invalidates(repo.user(id))]
    pub fn forget(repo: &Repo, id: u32) {
        let _ = (repo, id);
    }
}

/// A macro makes it where the other is left out.
mod made {
    use super::*;

    macro_rules! memoized {
        ($ty:ty, $name:ident) => {
            impl $ty {
                #[cached_core::memoize]
                pub fn $name(&self, id: u32) -> u32 {
                    id
                }
            }
        };
    }

    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Repo;

    impl Repo {
        #[cfg(any())]
        pub fn user(&self) {}
    }

    memoized!(Repo, user);

    #[invalidates(repo.user(id))]
    pub fn forget(repo: &Repo, id: u32) {
        let _ = (repo, id);
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Own;

impl parameters::Users for Own {}

fn main() {
    use elsewhere::Find;
    use parameters::Users;

    parameters::Repo.user();
    assert_eq!((Own.user(1), Find::user(&elsewhere::Repo, 2), made::Repo.user(3)), (1, 2, 3));
    parameters::forget(&Own, 1);
    elsewhere::forget(&elsewhere::Repo, 2);
    made::forget(&made::Repo, 3);
    let left = [
        Own::user_cache().cache_info().len,
        elsewhere::Repo::user_cache().cache_info().len,
        made::Repo::user_cache().cache_info().len,
    ];
    assert_eq!(left, [0; 3]);
}
