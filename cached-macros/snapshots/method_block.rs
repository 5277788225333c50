impl Desk {
    /// What an item costs at this desk.
    #[inline]
    pub fn price(&self, id: u32) -> Option<u64> {
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            use ::cached_core::__private::hints::max as _;
        }
        ::cached_core::__private::Face::<
            (
                ::cached_core::__private::RefTo<
                    ::cached_core::__private::Mode<
                        { ::cached_core::__ref_key_mode!(Self) },
                    >,
                >,
                ::cached_core::__private::ByEq,
            ),
            0,
            _,
            _,
        >::new(Self::price_cache())
            .noting(::cached_core::__private::note::Adaptive)
            .call_simple_with((self, id), |(this, id)| Self::price_uncached(this, id))
    }
    ///The cache of `price`.
    #[allow(
        dead_code,
        non_snake_case,
        private_interfaces,
        unreachable_pub,
        unused_lifetimes
    )]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    #[inline]
    pub fn price_cache() -> &'static ::cached_core::Memo<
        (
            <&'static Self as ::cached_core::__private::ValKey<
                ::cached_core::__private::RefTo<
                    ::cached_core::__private::Mode<
                        { ::cached_core::__ref_key_mode!(Self) },
                    >,
                >,
            >>::Key,
            u32,
        ),
        Option<u64>,
    > {
        ::cached_core::__private::assert_ref_key::<
            { ::cached_core::__ref_key_mode!(Self) },
            Self,
        >();
        {
            static SITE: ::cached_core::__private::Site = ::cached_core::__private::Site::new();
            &SITE
        }
            .of::<
                (
                    <&'static Self as ::cached_core::__private::ValKey<
                        ::cached_core::__private::RefTo<
                            ::cached_core::__private::Mode<
                                { ::cached_core::__ref_key_mode!(Self) },
                            >,
                        >,
                    >>::Key,
                    u32,
                ),
                Option<u64>,
                _,
            >(|| {
                ::cached_core::__private::Spec::plain(
                        ::core::concat!(::core::module_path!(), "::price"),
                        "price",
                    )
                    .debug(
                        ::cached_core::__private::Probe::<
                            (
                                <&'static Self as ::cached_core::__private::ValKey<
                                    ::cached_core::__private::RefTo<
                                        ::cached_core::__private::Mode<
                                            { ::cached_core::__ref_key_mode!(Self) },
                                        >,
                                    >,
                                >>::Key,
                                u32,
                            ),
                        >::NEW
                            .__debug(),
                    )
                    .tuple()
                    .within(::core::any::type_name::<Self>())
                    .options(|| ::cached_core::__private::Options::new().max(100))
            })
    }
    #[allow(dead_code, private_bounds, private_interfaces)]
    #[cfg_attr(clippy, allow(clippy::missing_errors_doc, clippy::missing_panics_doc))]
    #[cfg_attr(clippy, allow(clippy::must_use_candidate, clippy::double_must_use))]
    #[cfg_attr(clippy, allow(clippy::missing_const_for_fn))]
    ///`price`, past its cache.
    pub fn price_uncached(&self, id: u32) -> Option<u64> {
        self.prices.get(id)
    }
    #[doc(hidden)]
    #[inline]
    #[allow(non_snake_case, unused_lifetimes, deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    pub fn __price_memoized(
        &self,
        id: u32,
    ) -> ::cached_core::__private::ToWrite<Option<u64>> {
        ::cached_core::__private::Face::<
            (
                ::cached_core::__private::RefTo<
                    ::cached_core::__private::Mode<
                        { ::cached_core::__ref_key_mode!(Self) },
                    >,
                >,
                ::cached_core::__private::ByEq,
            ),
            0,
            _,
            _,
        >::new(Self::price_cache())
            .to_write((self, id))
    }
    #[doc(hidden)]
    #[inline]
    #[allow(non_snake_case, unused_lifetimes, deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    pub fn __price_forget_all() -> ::core::primitive::usize {
        Self::price_cache().clear()
    }
    ///Loads keys of `price` ahead of their calls.
    #[allow(
        dead_code,
        non_snake_case,
        private_interfaces,
        unreachable_pub,
        unused_lifetimes
    )]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    #[allow(async_fn_in_trait, deprecated)]
    pub fn price_warm(
        &self,
        keys: impl ::core::iter::IntoIterator<Item = u32>,
    ) -> ::core::primitive::usize {
        Self::price_warm_with(self, keys, ::cached_core::Warm::new()).loaded
    }
    ///Loads keys of `price` ahead of their calls.
    #[allow(
        dead_code,
        non_snake_case,
        private_interfaces,
        unreachable_pub,
        unused_lifetimes
    )]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    #[allow(async_fn_in_trait, deprecated)]
    pub fn price_warm_with(
        &self,
        keys: impl ::core::iter::IntoIterator<Item = u32>,
        how: ::cached_core::Warm<'_>,
    ) -> ::cached_core::Warmed {
        ::cached_core::__warm!(
            keys, (self,), how, | (this,), item : u32 | Self::__price_warm_one(this,
            item)
        )
    }
    #[doc(hidden)]
    #[inline]
    #[allow(non_snake_case, dead_code, unused_lifetimes, deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    fn __price_warm_one(&self, item: u32) -> ::cached_core::__private::WarmedKey {
        let id = item;
        ::cached_core::__private::Face::<
            (
                ::cached_core::__private::RefTo<
                    ::cached_core::__private::Mode<
                        { ::cached_core::__ref_key_mode!(Self) },
                    >,
                >,
                ::cached_core::__private::ByEq,
            ),
            0,
            _,
            _,
        >::new(Self::price_cache())
            .warm((self, id), |(this, id)| Self::price_uncached(this, id))
    }
    #[inline]
    fn rate(currency: &str) -> f64 {
        ::cached_core::__private::Face::<
            ::cached_core::__private::RefTo<::cached_core::__private::ByEq>,
            0,
            _,
            _,
        >::new(Self::rate_cache())
            .noting(::cached_core::__private::note::Unbounded)
            .call_plain_with(currency, |currency| Self::rate_uncached(currency))
    }
    ///The cache of `rate`.
    #[allow(
        dead_code,
        non_snake_case,
        private_interfaces,
        unreachable_pub,
        unused_lifetimes
    )]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    #[inline]
    fn rate_cache() -> &'static ::cached_core::Memo<::std::string::String, f64> {
        static MEMO: ::cached_core::Memo<::std::string::String, f64> = ::cached_core::Memo::__of(||
        {
            ::cached_core::__private::Spec::plain(
                    ::core::concat!(::core::module_path!(), "::", "Desk", "::", "rate"),
                    "rate",
                )
                .debug(
                    ::cached_core::__private::Probe::<::std::string::String>::NEW
                        .__debug(),
                )
        });
        &MEMO
    }
    #[allow(dead_code, private_bounds, private_interfaces)]
    #[cfg_attr(clippy, allow(clippy::missing_errors_doc, clippy::missing_panics_doc))]
    #[cfg_attr(clippy, allow(clippy::must_use_candidate, clippy::double_must_use))]
    #[cfg_attr(clippy, allow(clippy::missing_const_for_fn))]
    ///`rate`, past its cache.
    fn rate_uncached(currency: &str) -> f64 {
        ask(currency)
    }
    #[doc(hidden)]
    #[inline]
    #[allow(non_snake_case, unused_lifetimes, deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    fn __rate_memoized(currency: &str) -> ::cached_core::__private::ToWrite<f64> {
        ::cached_core::__private::Face::<
            ::cached_core::__private::RefTo<::cached_core::__private::ByEq>,
            0,
            _,
            _,
        >::new(Self::rate_cache())
            .to_write(currency)
    }
    #[doc(hidden)]
    #[inline]
    #[allow(non_snake_case, unused_lifetimes, deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    fn __rate_forget_all() -> ::core::primitive::usize {
        Self::rate_cache().clear()
    }
    ///Loads keys of `rate` ahead of their calls.
    #[allow(
        dead_code,
        non_snake_case,
        private_interfaces,
        unreachable_pub,
        unused_lifetimes
    )]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    #[allow(async_fn_in_trait, deprecated)]
    fn rate_warm(
        keys: impl ::core::iter::IntoIterator<Item = ::std::string::String>,
    ) -> ::core::primitive::usize {
        Self::rate_warm_with(keys, ::cached_core::Warm::new()).loaded
    }
    ///Loads keys of `rate` ahead of their calls.
    #[allow(
        dead_code,
        non_snake_case,
        private_interfaces,
        unreachable_pub,
        unused_lifetimes
    )]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    #[allow(async_fn_in_trait, deprecated)]
    fn rate_warm_with(
        keys: impl ::core::iter::IntoIterator<Item = ::std::string::String>,
        how: ::cached_core::Warm<'_>,
    ) -> ::cached_core::Warmed {
        ::cached_core::__warm!(
            keys, (), how, | (), item : ::std::string::String | { let currency = item;
            let currency = & * currency; ::cached_core::__private::Face:: <
            ::cached_core::__private::RefTo < ::cached_core::__private::ByEq >, 0, _, _ >
            ::new(Self::rate_cache()).warm(currency, | currency |
            Self::rate_uncached(currency)) }
        )
    }
}
