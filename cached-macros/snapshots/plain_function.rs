/// Price of an item in a currency.
#[inline]
pub fn price(id: u32, currency: &str) -> u64 {
    price::__call(id, currency)
}
#[doc(hidden)]
#[allow(non_camel_case_types, dead_code, private_interfaces, deprecated)]
#[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
pub type price<'a0> = ::cached_core::__private::Companion<
    __memoized_price,
    (
        ::cached_core::__private::ByEq,
        ::cached_core::__private::RefTo<::cached_core::__private::ByEq>,
    ),
    0,
    (u32, &'a0 str),
    u64,
>;
#[doc(hidden)]
#[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
pub struct __memoized_price(());
#[allow(deprecated)]
#[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
impl<'a0> ::cached_core::__private::Function<(u32, &'a0 str), u64> for __memoized_price {
    type Kept = u64;
    type Key = (u32, ::std::string::String);
    #[inline]
    fn memo() -> &'static ::cached_core::Memo<(u32, ::std::string::String), u64> {
        static MEMO: ::cached_core::Static<(u32, ::std::string::String), u64> = ::cached_core::__plain!(
            (u32, ::std::string::String), ::core::concat!(::core::module_path!(),
            "::price"), "price", 2usize
        );
        &MEMO
    }
    #[inline]
    fn run((id, currency): (u32, &'a0 str)) -> u64 {
        __memoized_price::uncached(id, currency)
    }
}
#[allow(deprecated)]
#[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
impl<'a0> ::cached_core::__private::WarmUp<(u32, &'a0 str)> for __memoized_price {
    type Item = (u32, ::std::string::String);
    fn warm_up<const USED: ::core::primitive::bool>(
        (id, currency): (u32, ::std::string::String),
    ) -> ::cached_core::__private::WarmedKey {
        let currency = &*currency;
        price::__warm(id, currency)
    }
}
impl __memoized_price {
    #[allow(dead_code, private_bounds, private_interfaces)]
    #[cfg_attr(clippy, allow(clippy::missing_errors_doc, clippy::missing_panics_doc))]
    #[cfg_attr(clippy, allow(clippy::must_use_candidate, clippy::double_must_use))]
    #[cfg_attr(clippy, allow(clippy::missing_const_for_fn))]
    pub fn uncached(id: u32, currency: &str) -> u64 {
        query(id, currency)
    }
}
