//! Modules in which everything that an expansion might name means something else.

/// Names of the prelude, of its macros and of the crates of the standard library, for other things.
#[allow(dead_code, unused_macros, reason = "they are there to be in the way")]
pub(crate) mod shadows {
    pub(crate) mod alloc {}
    pub(crate) mod core {}
    pub(crate) mod std {}

    macro_rules! in_the_way {
        ($($type:ident)*; $($trait:ident)*) => {
            $(pub(crate) struct $type;)*
            $(pub(crate) trait $trait {})*
        };
    }
    in_the_way! {
        Box Err None Ok Option Result Some String Vec;
        AsRef Clone Copy Default Drop Eq Fn FnMut FnOnce From Future Hash Into Iterator PartialEq Send Sized Sync ToOwned
        ToString
    }
    macro_rules! concat {
        ($($token:tt)*) => {
            compile_error!("the user's")
        };
    }
    macro_rules! matches {
        ($($token:tt)*) => {
            compile_error!("the user's")
        };
    }
    macro_rules! module_path {
        ($($token:tt)*) => {
            compile_error!("the user's")
        };
    }
    macro_rules! unreachable {
        ($($token:tt)*) => {
            compile_error!("the user's")
        };
    }
    macro_rules! vec {
        ($($token:tt)*) => {
            compile_error!("the user's")
        };
    }
    pub(crate) fn drop() {}

    use ::std::collections::HashMap;

    #[::cached_core::memoize]
    pub(crate) fn plain(a: u8, b: &str) -> usize {
        b.len() + usize::from(a)
    }

    #[::cached_core::memoize(
        max = 3, ttl = 60s, jitter = 0.1, idle = 5s, refresh_after = 3s, name = "shadowed",
        max_weight = 64KB, weigher = |_, _| 1, store_if = |_| true, policy = lru
    )]
    pub(crate) fn optioned(a: u8, b: &[u8]) -> usize {
        b.len() + usize::from(a)
    }

    #[::cached_core::memoize(lazy)]
    pub(crate) fn deferred(a: u8, b: &str) -> usize {
        b.len() + usize::from(a)
    }

    #[::cached_core::memoize]
    pub(crate) async fn later(a: u8, b: &str) -> usize {
        b.len() + usize::from(a)
    }

    #[::cached_core::memoize(batch)]
    pub(crate) fn batched(keys: &[u8]) -> HashMap<u8, u8> {
        keys.iter().map(|key| (*key, *key)).collect()
    }

    #[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::cmp::Eq, ::std::hash::Hash)]
    pub(crate) struct Shop(pub(crate) u8);

    impl Shop {
        #[::cached_core::memoize]
        pub(crate) fn price(&self, name: &str) -> usize {
            name.len() + usize::from(self.0)
        }
    }
}

/// Types of the user's by the names that the attribute looks at.
#[allow(non_camel_case_types, reason = "that is what this is about")]
pub(crate) mod own {
    use cached_core::memoize;

    macro_rules! own {
        ($($name:ident $(<$parameter:ident>)? ($($inner:ty)?);)*) => { $(
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            pub(crate) struct $name $(<$parameter>)? ($(pub(crate) $inner)?);
        )* };
    }
    own! {
        Result<T>(T);
        Option<T>(T);
        Vec<T>(T);
        u8(i8);
        f64(i8);
    }
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub(crate) struct String;

    #[memoize]
    pub(crate) fn result(value: Result<i8>) -> Result<i8> {
        value
    }

    #[memoize]
    pub(crate) fn option(value: Option<i8>) -> Option<i8> {
        value
    }

    #[memoize]
    pub(crate) fn list(value: Vec<i8>) -> Vec<i8> {
        value
    }

    #[memoize]
    pub(crate) fn numbers(a: u8, b: &f64) -> f64 {
        f64(a.0 + b.0)
    }

    #[memoize]
    pub(crate) fn texts(texts: &[String]) -> String {
        texts[0].clone()
    }
}
