//! What expansions say in a word: macros that ask a probe, or bring a trait into sight for one call. Not for users.

/// The memo of a function without options: what it is called, and of how many parts its key is.
#[macro_export]
#[doc(hidden)]
macro_rules! __plain {
    ($key:ty, $path:expr, $function:expr, $parts:expr) => {{
        use $crate::__private::{Probe, Unshown as _};
        let _ = Probe::<$key>::NONE;
        $crate::Static::new($path, $function, Probe::<$key>::DEBUG, $parts)
    }};
}

/// How an owned argument of this type takes part in a key.
#[macro_export]
#[doc(hidden)]
macro_rules! __key_mode {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$type>::NOTHING;
        $crate::__private::key_mode::of_key(
            Probe::<$type>::BY_EQ,
            Probe::<$type>::BY_BITS,
            Probe::<$type>::SHARED,
        )
    }};
}

/// How an argument that is a reference to this type takes part in a key.
#[macro_export]
#[doc(hidden)]
macro_rules! __ref_key_mode {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$type>::NOTHING;
        let mode = $crate::__private::key_mode::of_key(
            Probe::<$type>::REF_BY_EQ,
            Probe::<$type>::REF_BY_BITS,
            Probe::<$type>::REF_SHARED,
        );
        $crate::__private::key_mode::behind(mode, Probe::<$type>::OWNED, Probe::<$type>::SIZED)
    }};
}

/// How a return value of this type is kept.
#[macro_export]
#[doc(hidden)]
macro_rules! __outcome_mode {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _, outcome_mode};
        let _ = Probe::<$type>::NOTHING;
        if Probe::<$type>::IS_RESULT {
            outcome_mode::of_result(
                Probe::<$type>::OK_CLONE,
                Probe::<$type>::OK_SYNC,
                Probe::<$type>::ERR_SHARED,
            )
        } else {
            outcome_mode::of_value(Probe::<$type>::CLONE, Probe::<$type>::SYNC)
        }
    }};
}

/// How a return value of this type is kept where a load may take too long.
#[macro_export]
#[doc(hidden)]
macro_rules! __late_mode {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _, outcome_mode};
        outcome_mode::of_late($crate::__outcome_mode!($type), Probe::<$type>::ERR_LATE)
    }};
}

/// How a batch function's return value fails as a whole.
#[macro_export]
#[doc(hidden)]
macro_rules! __whole_mode {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _, outcome_mode};
        let _ = Probe::<$type>::NOTHING;
        match (Probe::<$type>::IS_RESULT, Probe::<$type>::ERR_SHARED) {
            (true, true) => outcome_mode::RESULT_SHARED,
            (true, false) => outcome_mode::RESULT,
            _ => outcome_mode::PLAIN,
        }
    }};
}

/// Whether a `Result`'s error can say that a batch's answer had the wrong length.
#[macro_export]
#[doc(hidden)]
macro_rules! __holds_length {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$type>::NOTHING;
        Probe::<$type>::ERR_LENGTH
    }};
}

/// Whether a batch of such keys may be answered like that.
#[macro_export]
#[doc(hidden)]
macro_rules! __is_fit {
    ($key:ty, $answers:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$key>::NOTHING;
        Probe::<($key, $answers)>::FIT
    }};
}

/// Whether values of this type may go to another thread.
#[macro_export]
#[doc(hidden)]
macro_rules! __is_send {
    ($type:ty) => {{
        use $crate::__private::{Probe, Unknown as _};
        let _ = Probe::<$type>::NOTHING;
        Probe::<$type>::SEND
    }};
}

/// A verb of an asynchronous batch function.
#[macro_export]
#[doc(hidden)]
macro_rules! __async_batch {
    ($driven:ident, $verb:ident, $mode:expr, $plan:expr, $body:expr, $($args:expr),*) => {{
        #[allow(unused_imports)]
        use $crate::__private::{BatchHere as _, BatchSent as _};
        let body = $crate::__private::BatchBody::new($plan, $body);
        (&body).$driven().$verb::<_, _, _, { $mode }>(body, $($args),*)
    }};
}

/// How a `Result` with an error of this type is kept.
#[macro_export]
#[doc(hidden)]
macro_rules! __error_mode {
    ($type:ty) => {
        $crate::__outcome_mode!(::core::result::Result<(), $type>)
    };
}

/// The value of a key expression, made into a part of a key. Of what is called the type may be open, which the compiler says there.
#[macro_export]
#[doc(hidden)]
macro_rules! __own_part {
    (called $fit:ident, $value:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::KnownPart as _;
        $crate::__own_part!($fit, $value.__known())
    }};
    ($fit:ident, $value:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::{OwnPart as _, SharedPart as _, Unkeyed as _};
        $crate::__private::part($value).$fit()
    }};
}

/// What a pattern has bound by reference, for whoever speaks of it.
#[macro_export]
#[doc(hidden)]
macro_rules! __bound {
    ($name:ident) => {{
        #[allow(unused_imports)]
        use $crate::__private::BoundByLoan as _;
        $crate::__private::Bound::new($name).value()
    }};
}

/// What an expression points at, for a key that is to own it; or what it is.
#[macro_export]
#[doc(hidden)]
macro_rules! __own_behind {
    ($value:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::BoundItself as _;
        $crate::__private::Bound::new(&$value).own()
    }};
}

/// Loads ahead of time: by several threads where the arguments and the body allow it.
#[macro_export]
#[doc(hidden)]
macro_rules! __warm {
    ($keys:expr, $given:expr, $how:expr, $each:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::WarmHere as _;
        $crate::__private::Warming::new($keys, $given, $each).run($how)
    }};
}

/// A call, or another verb, of an asynchronous function: driven by every waiting task where its future allows it.
#[macro_export]
#[doc(hidden)]
macro_rules! __async {
    (checked call, $face:expr, $args:expr, $body:expr) => {{
        use $crate::__private::{CallHere as _, CallNever as _};
        $crate::__private::AsyncBody::new($face, $args, $body).call()
    }};
    ($verb:ident, $face:expr, $args:expr, $body:expr) => {{
        use $crate::__private::CallHere as _;
        $crate::__private::AsyncBody::new($face, $args, $body).$verb()
    }};
}

/// A call, or another verb, of a function whose types may not be fit for it, which is told apart.
#[macro_export]
#[doc(hidden)]
macro_rules! __checked {
    ($verb:ident, $face:expr, $args:expr, $body:expr) => {{
        use $crate::__private::Unchecked as _;
        $crate::__private::Checked::new($face, $args, $body).$verb()
    }};
}

/// A call whose body can be run once more by another thread, or could if its types were fit for it, which is told apart.
#[macro_export]
#[doc(hidden)]
macro_rules! __again {
    ($verb:ident, $face:expr, $args:expr, $body:expr, $own:expr, $run:expr) => {{
        use $crate::__private::UncheckedAgain as _;
        $crate::__private::CheckedAgain::new($face, $args, $body, $own, $run).$verb()
    }};
}

/// The handle of a lazy call.
#[macro_export]
#[doc(hidden)]
macro_rules! __deferred {
    ($into:ident, $call:expr) => {{
        use $crate::__private::NeverDeferred as _;
        $call.$into()
    }};
}

/// What is awaited of a lazy call.
#[macro_export]
#[doc(hidden)]
macro_rules! __forcing {
    ($mode:expr, $args:expr, $call:expr) => {{
        use $crate::__private::NeverForced as _;
        $crate::__private::Forced::<_, _, { $mode }>($args, $call).boxed()
    }};
}

/// An argument, owned for such a run.
#[macro_export]
#[doc(hidden)]
macro_rules! __own_again {
    ($verb:ident, $arg:expr) => {{
        use $crate::__private::NeverOwned as _;
        $crate::__private::LentAgain($arg).$verb()
    }};
}

/// The memo of a function whose types may not be fit for one, which is told apart.
#[macro_export]
#[doc(hidden)]
macro_rules! __checked_site {
    ($site:expr, $key:ty, $value:ty, $spec:expr) => {{
        use $crate::__private::UncheckedSite as _;
        $crate::__private::CheckedSite::<$key, $value>::new($site).of($spec)
    }};
}

/// What writers ask for of a function whose types may not be fit for it, which is told apart.
#[macro_export]
#[doc(hidden)]
macro_rules! __checked_args {
    ($verb:ident, $face:expr, $args:expr, $($more:tt)*) => {{
        use $crate::__private::UncheckedArgs as _;
        $crate::__private::CheckedArgs::new($face, $args).$verb($($more)*)
    }};
}

/// All that becomes of a method alone: where this is not found, neither is the rest.
#[macro_export]
#[doc(hidden)]
macro_rules! __cached_core {
    ($($all:tt)*) => { $($all)* };
}

/// Forgets all that is in a memo whose types may not be fit for one, which is told apart.
#[macro_export]
#[doc(hidden)]
macro_rules! __checked_clear {
    ($memo:expr) => {{
        use $crate::__private::UncheckedMemo as _;
        $memo.clear()
    }};
}
