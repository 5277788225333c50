/// Price of an item in a currency.
#[inline]
pub fn price(id: u32, currency: &str) -> u64 {
    price::__face().call((id, currency), |(id, currency)| price::uncached(id, currency))
}
#[doc(hidden)]
#[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
pub enum price {}
#[allow(dead_code, non_upper_case_globals, clippy::all, clippy::pedantic)]
impl price {
    #[inline]
    pub fn cache() -> &'static ::cached_core::Memo<(u32, ::std::string::String), u64> {
        static MEMO: ::cached_core::Memo<(u32, ::std::string::String), u64> = ::cached_core::Memo::new(||
        {
            ::cached_core::__private::Spec::plain(
                    ::core::concat!(::core::module_path!(), "::", "price"),
                    "price",
                )
                .debug(
                    ::cached_core::__private::Probe::<(u32, ::std::string::String)>::NEW
                        .debug(),
                )
                .tuple()
        });
        &MEMO
    }
    #[inline]
    fn __face() -> ::cached_core::__private::FaceOf<
        (
            ::cached_core::__private::ByEq,
            ::cached_core::__private::RefTo<::cached_core::__private::ByEq>,
        ),
        0,
        (u32, ::std::string::String),
        u64,
    > {
        ::cached_core::__private::Face::new(price::cache())
    }
    pub const cache_info: fn() -> ::cached_core::CacheInfo = || {
        price::cache().cache_info()
    };
    pub const reset_info: fn() = || price::cache().reset_info();
    pub const clear: fn() -> ::core::primitive::usize = || price::cache().clear();
    pub fn invalidate_if(
        matches: impl ::core::ops::FnMut(
            &(u32, ::std::string::String),
            &u64,
        ) -> ::core::primitive::bool,
    ) -> ::core::primitive::usize {
        price::cache().invalidate_if(matches)
    }
    #[inline]
    pub fn invalidate(id: u32, currency: &str) -> ::core::primitive::bool {
        price::__face().invalidate((id, currency))
    }
    #[inline]
    pub fn contains(id: u32, currency: &str) -> ::core::primitive::bool {
        price::__face().contains((id, currency))
    }
    #[inline]
    pub fn peek(id: u32, currency: &str) -> ::core::option::Option<u64> {
        price::__face().peek((id, currency))
    }
    #[inline]
    pub fn insert(id: u32, currency: &str, value: u64) {
        price::__face().insert((id, currency), value);
    }
    #[inline]
    pub fn refresh(id: u32, currency: &str) -> u64 {
        price::__face()
            .refresh((id, currency), |(id, currency)| price::uncached(id, currency))
    }
}
impl price {
    #[allow(dead_code, clippy::missing_errors_doc, clippy::missing_panics_doc)]
    #[allow(clippy::must_use_candidate, clippy::double_must_use)]
    pub fn uncached(id: u32, currency: &str) -> u64 {
        query(id, currency)
    }
}
