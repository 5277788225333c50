#[inline]
async fn fetch<T: Record>(id: u32) -> Result<T, Error> {
    #[allow(unexpected_cfgs)]
    {
        #[cfg(rust_analyzer)]
        use ::cached_core::__private::hints::{ttl as _, max as _};
    }
    fetch::__call::<T>({ id }).await
}
#[doc(hidden)]
#[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
#[cfg_attr(clippy, allow(clippy::exhaustive_enums))]
enum fetch {}
#[allow(dead_code, non_upper_case_globals, unused_lifetimes, deprecated)]
#[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
impl fetch {
    const __RESULT: ::core::primitive::u8 = ::cached_core::__error_mode!(Error < >);
    #[inline]
    fn __face<T: Record>() -> ::cached_core::__private::FaceOf<
        ::cached_core::__private::ByEq,
        { fetch::__RESULT },
        u32,
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<{ fetch::__RESULT }>>::Kept,
    >
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        ::cached_core::__private::Face::new(fetch::cache::<T>())
    }
    pub(crate) fn cache_info<T: Record>() -> ::cached_core::CacheInfo
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::cache::<T>().cache_info()
    }
    pub(crate) fn reset_info<T: Record>()
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::cache::<T>().reset_info();
    }
    pub(crate) fn clear<T: Record>() -> ::core::primitive::usize
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::cache::<T>().clear()
    }
    pub(crate) fn invalidate_if<T: Record>(
        matches: impl ::core::ops::FnMut(
            &u32,
            &<Result<
                T,
                Error,
            > as ::cached_core::__private::Outcome<{ fetch::__RESULT }>>::Kept,
        ) -> ::core::primitive::bool,
    ) -> ::core::primitive::usize
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::cache::<T>().invalidate_if(matches)
    }
    #[inline]
    pub(crate) fn invalidate<T: Record>(id: u32) -> ::core::primitive::bool
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::__face::<T>().invalidate(id)
    }
    #[inline]
    pub(crate) fn contains<T: Record>(id: u32) -> ::core::primitive::bool
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::__face::<T>().contains(id)
    }
    #[inline]
    pub(crate) fn peek<T: Record>(
        id: u32,
    ) -> ::core::option::Option<
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<{ fetch::__RESULT }>>::Kept,
    >
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::__face::<T>().peek(id)
    }
    #[inline]
    pub(crate) fn insert<T: Record>(
        id: u32,
        value: <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<{ fetch::__RESULT }>>::Kept,
    )
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::__face::<T>().insert(id, value);
    }
    #[inline]
    pub(crate) fn refresh<T: Record>(
        id: u32,
    ) -> impl ::core::future::Future<Output = Result<T, Error>>
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        ::cached_core::__async!(
            refresh, fetch::__face:: < T, > (), id, move | id | fetch::uncached:: < T, >
            (id)
        )
    }
    pub(crate) fn warm<T: Record>(
        keys: impl ::core::iter::IntoIterator<Item = u32>,
    ) -> impl ::core::future::Future<Output = ::core::primitive::usize>
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        ::cached_core::__private::loaded(
            fetch::warm_with::<T>(keys, ::cached_core::Warm::new()),
        )
    }
    pub(crate) fn warm_with<T: Record>(
        keys: impl ::core::iter::IntoIterator<Item = u32>,
        how: ::cached_core::Warm<'_>,
    ) -> impl ::core::future::Future<Output = ::cached_core::Warmed>
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        ::cached_core::__private::warm_async(
            keys,
            how,
            move |item: u32| {
                let id = item;
                fetch::__face::<T>().warm_here(id, move |id| fetch::uncached::<T>(id))
            },
        )
    }
    pub(crate) fn infos() -> ::std::vec::Vec<::cached_core::CacheInfo> {
        fetch::__site().infos()
    }
    pub(crate) fn clear_all() -> ::core::primitive::usize {
        fetch::__site().clear_all()
    }
    #[doc(hidden)]
    #[inline]
    #[allow(non_snake_case, unused_lifetimes, deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    pub(crate) fn __memoized<T: Record>(
        id: u32,
    ) -> ::cached_core::__private::ToWrite<
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<{ fetch::__RESULT }>>::Kept,
    >
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::__face::<T>().to_write(id)
    }
    #[doc(hidden)]
    #[inline]
    #[allow(non_snake_case, unused_lifetimes, deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    pub(crate) fn __forget_all() -> ::core::primitive::usize {
        fetch::__site().clear_all()
    }
    #[doc(hidden)]
    #[inline]
    #[allow(non_snake_case, unused_lifetimes, deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    async fn __call<T: Record>(id: u32) -> Result<T, Error>
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        ::cached_core::__async!(
            checked call, fetch::__face:: < T, > ()
            .noting(::cached_core::__private::note::AGEING), id, move | id |
            fetch::uncached:: < T, > (id)
        )
            .await
    }
}
impl fetch {
    #[doc(hidden)]
    #[allow(dead_code)]
    fn __site() -> &'static ::cached_core::__private::Site {
        static SITE: ::cached_core::__private::Site = ::cached_core::__private::Site::new();
        &SITE
    }
    #[allow(dead_code, unused_lifetimes)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    #[inline]
    pub(crate) fn cache<T: Record>() -> &'static ::cached_core::Memo<
        u32,
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<{ fetch::__RESULT }>>::Kept,
    >
    where
        <Result<
            T,
            Error,
        > as ::cached_core::__private::Outcome<
            { fetch::__RESULT },
        >>::Kept: ::cached_core::__private::FitValue,
        T: 'static,
    {
        fetch::__site()
            .of::<
                u32,
                <Result<
                    T,
                    Error,
                > as ::cached_core::__private::Outcome<{ fetch::__RESULT }>>::Kept,
                _,
            >(|| {
                ::cached_core::__private::Spec::new(
                        ::core::concat!(::core::module_path!(), "::fetch"),
                        "fetch",
                    )
                    .debug(::cached_core::__private::Probe::<u32>::NEW.__debug())
                    .generics(&[&::core::any::type_name::<T>()])
                    .options(|| {
                        ::cached_core::__private::Options::new()
                            .max(1000)
                            .ttl(::core::time::Duration::new(60u64, 0u32))
                    })
            })
    }
    #[allow(dead_code, private_bounds, private_interfaces)]
    #[cfg_attr(clippy, allow(clippy::missing_errors_doc, clippy::missing_panics_doc))]
    #[cfg_attr(clippy, allow(clippy::must_use_candidate, clippy::double_must_use))]
    #[cfg_attr(clippy, allow(clippy::missing_const_for_fn))]
    pub(crate) async fn uncached<T: Record>(id: u32) -> Result<T, Error> {
        T::select(id).await
    }
}
