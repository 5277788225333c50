//! The verbs of a function whose mistake is told here, for those who call them. All they take and yield is of a type that the compiler
//! knows to be a mistake it has told of: it says nothing of what is done with that, whatever it is.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericParam, Type};

use super::{is_of_trait, lent, nothing_asked, sized_in_a_trait, without_lifetime};
use crate::expand::attrs::Attrs;
use crate::expand::companion;
use crate::expand::worked_out::Constant;
use crate::model::{Model, Place};
use crate::sources::module;
use crate::types;

/// A type that there would be if it were not for a mistake, which is told where it is declared, and nowhere else.
pub(super) struct Mistaken {
    /// The constant that is wrong, to be put beside the verbs.
    declared: TokenStream,
    ty: TokenStream,
}

impl Mistaken {
    /// That of these mistakes, which are statements; none where the constant would have parameters.
    pub(super) fn of(model: &Model<'_>, mistakes: &TokenStream) -> Option<Self> {
        let Constant { name, path } = Constant::of(model, "__mistake")?;
        Some(Self {
            declared: quote! {
                #[doc(hidden)]
                #[allow(dead_code, non_upper_case_globals, deprecated)]
                #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
                const #name: ::core::primitive::usize = { #mistakes 0 };
            },
            // Of an array whose length is a mistake the compiler cannot say what it iterates over.
            ty: quote!(<[(); #path] as ::core::iter::IntoIterator>::Item),
        })
    }

    /// The same where the compiler tells of a type in the head that has arguments too many or too few: that type is one.
    pub(super) fn told_of(model: &Model<'_>) -> Option<Self> {
        if !model.is_told || !model.names.is_empty() || model.is_method() {
            return None;
        }
        let function = model.item.sig.fn_token.span;
        let has_others = |ty: &Type| {
            let path = match types::peel(ty) {
                Type::Path(path) if path.qself.is_none() => &path.path,
                _ => return false,
            };
            let own = module::declared(path, function);
            own.is_some_and(|own| own.head.lifetimes == 0) && module::has_other_arguments(path, function)
        };
        let Place::Type(companion) = &model.place else { return None };
        let is_one = |ty: &Type| has_others(ty) || module::has_a_lifetime_too_many(ty, function);
        let mut types = model.params.iter().map(|param| &param.ty).chain([&model.returned]);
        let ty = types.find(|ty| types::any_part(ty, &is_one))?;
        let lacks_all = |ty: &Type| {
            has_others(ty)
                && matches!(types::peel(ty), Type::Path(path) if path.path.segments.iter().all(|own| own.arguments.is_none()))
        };
        let declared = if types::any_part(ty, &lacks_all) {
            // What the function is of is a mistake then. To name the type once more might be to tell it once more.
            let (name, params) = (&model.item.sig.ident, model.params.iter().map(|_| quote!(_)));
            quote!(const __MISTAKE: ::core::primitive::usize = { let _: fn(#(#params),*) -> _ = #name; 0 };)
        } else {
            let ty = types::forever(ty);
            quote! {
                const __MISTAKE: ::core::primitive::usize =
                    { let _ = ::core::marker::PhantomData::<#ty>; 0 };
            }
        };
        Some(Self {
            declared: quote!(#[doc(hidden)] #declared),
            ty: quote!(<[(); #companion::__MISTAKE] as ::core::iter::IntoIterator>::Item),
        })
    }
}

/// How many arguments a verb takes.
enum Takes {
    Nothing,
    One,
    /// What a key is found by, and so many more.
    Key(usize),
    /// What loads it.
    All,
}

/// What a companion has.
const VERBS: &[(&str, Takes)] = &[
    ("cache", Takes::Nothing),
    ("cache_info", Takes::Nothing),
    ("reset_info", Takes::Nothing),
    ("clear", Takes::Nothing),
    ("infos", Takes::Nothing),
    ("clear_all", Takes::Nothing),
    ("__forget_all", Takes::Nothing),
    ("invalidate_if", Takes::One),
    ("__memoized", Takes::Key(0)),
    ("invalidate", Takes::Key(0)),
    ("contains", Takes::Key(0)),
    ("peek", Takes::Key(0)),
    ("insert", Takes::Key(1)),
    ("refresh", Takes::All),
    ("force", Takes::All),
    ("load", Takes::All),
    ("uncached", Takes::All),
];

/// The companion of a free function.
pub(super) fn companion(model: &Model<'_>, name: &Ident, mistaken: &Mistaken) -> TokenStream {
    let Mistaken { declared, ty: mistaken } = mistaken;
    let (item, vis) = (model.item, &model.verb_vis());
    let generics = nothing_asked(&item.sig.generics);
    let verbs: TokenStream = if generics.params.is_empty() {
        // What is called is a mistake itself: then it does not matter with how many arguments.
        let names = VERBS.iter().map(|(name, _)| *name).chain(["warm", "warm_with"]);
        let names = names.map(|name| Ident::new(name, Span::call_site()));
        names.map(|name| quote!(#vis const #name: #mistaken = loop {};)).collect()
    } else {
        let of_key = if model.options.was_given("batch") { 1 } else { model.params.len() };
        let given = super::given(model).len();
        let all = VERBS.iter().map(|(name, takes)| {
            let count = match takes {
                Takes::Nothing => 0,
                Takes::One => 1,
                Takes::Key(more) => of_key + more,
                Takes::All => model.params.len(),
            };
            (*name, count)
        });
        let all = all.chain([("warm", given + 1), ("warm_with", given + 2)]);
        let verb = |(name, count)| {
            let (name, args) = (Ident::new(name, Span::call_site()), args(count, mistaken));
            quote!(#vis fn #name #generics(#args) -> #mistaken { loop {} })
        };
        all.map(verb).collect()
    };
    let all = Attrs::sort(&item.attrs).of_head();
    let companion = companion::declared(model, name, &all);
    quote! {
        #companion
        #all
        #[allow(dead_code, unused_variables, non_upper_case_globals, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        impl #name {
            #declared
            #verbs
        }
    }
}

/// What stands beside a method.
pub(super) fn beside(model: &Model<'_>, mistaken: &Mistaken) -> TokenStream {
    let Mistaken { declared, ty: mistaken } = mistaken;
    let item = model.item;
    let vis = if is_of_trait(model) { quote!(pub) } else { item.vis.to_token_stream() };
    let receiver = item.receiver().cloned().map(without_lifetime);
    // Who writes has what is lent, and that is what the receiver of a mistake will be.
    let lent = receiver.as_ref().map(lent);
    // What was lost of the head is there for those who call it.
    let is_lost = receiver.is_none() && model.options.speak_of_self();
    let lost = is_lost.then(|| quote!(&self,));
    let (lent, receiver) = (lent.or(lost.clone()), receiver.map(|own| quote!(#own,)).or(lost));
    // That of an instance is asked of it.
    let of_object = receiver.as_ref().filter(|_| model.options.was_given("in")).map(|_| quote!(&self));
    let count = model.params.len() - usize::from(item.receiver().is_some());
    let (params, given) = (args(count, mistaken), super::given(model).len());
    let generics = nothing_asked(&item.sig.generics);
    // By the function's own parameters it is called: a number of one type is one of another as well.
    let has_types = generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)));
    let generics = has_types.then_some(&generics);
    let [cache, uncached, write, clear, warm, warm_with] =
        ["cache", "uncached", "__memoized", "__forget_all", "warm", "warm_with"]
            .map(|verb| model.beside(verb));
    let (keys, keys_with) = (args(given + 1, mistaken), args(given + 2, mistaken));
    let sized = sized_in_a_trait(model);
    let all = [
        quote!(#cache #generics(#of_object)),
        quote!(#uncached #generics(#receiver #params)),
        quote!(#write(#lent #params)),
        quote!(#clear()),
        quote!(#warm #generics(#receiver #keys)),
        quote!(#warm_with #generics(#receiver #keys_with)),
    ];
    quote! {
        #declared
        #(
            #[doc(hidden)]
            #[allow(dead_code, unused_variables, unused_mut, non_snake_case, deprecated)]
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
            #vis fn #all -> #mistaken #sized { loop {} }
        )*
    }
}

fn args(count: usize, mistaken: &TokenStream) -> TokenStream {
    let names = (0..count).map(|index| format_ident!("any_{index}"));
    quote!(#(#names: #mistaken),*)
}
