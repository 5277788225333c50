//! What is emitted when something is wrong: the errors, the function as it was written, and the companion's shape, so
//! that whoever uses either gets no error on top.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics, Receiver, Signature, TypeParam, TypeParamBound, Visibility};

use super::attrs::Attrs;
use super::{companion, needs};
use crate::alone::{self, Around};
use crate::block::{Block, is_mark};
use crate::item::Item;
use crate::laziness;
use crate::model::{Model, Place};
use crate::sources::around;
use crate::sources::module::Seen;
use crate::told::Unfit;
use crate::{lifetimes, told, types};

mod anything;
mod batch;
mod verbs;

use anything::Mistaken;
use verbs::{Entry, Verbs, entry, forwarded, given, returned_is_odd};

/// The function, what stands beside it, and those of these errors that neither tells.
pub(super) fn expand(model: &Model<'_>, errors: TokenStream) -> [TokenStream; 3] {
    let mut unfit = unfit(model);
    let sure = unfit.as_ref().and_then(Assertions::sure).filter(|_| errors.is_empty());
    let mistakes = sure.as_ref().or(Some(&errors)).filter(|mistakes| !mistakes.is_empty());
    let mistaken = mistakes.and_then(|mistakes| Mistaken::of(model, mistakes));
    let told_of = mistakes.is_none().then(|| Mistaken::told_of(model)).flatten();
    let beside = shape(model, mistaken.as_ref().or(told_of.as_ref()));
    let is_told = mistaken.is_some() && !beside.is_empty();
    if let (Some(unfit), true) = (&mut unfit, is_told) {
        unfit.closed.clear();
    }
    let function = function(model, unfit.as_ref());
    [function, beside, if is_told { TokenStream::new() } else { errors }]
}

/// The same for a function that is not emitted as it is: these errors are told, or others are.
pub(super) fn stand_in(model: &Model<'_>, errors: TokenStream) -> [TokenStream; 3] {
    let mistaken = Some(&errors).filter(|errors| !errors.is_empty());
    let mistaken = mistaken.and_then(|errors| Mistaken::of(model, errors));
    let beside = shape(model, mistaken.as_ref());
    let is_told = mistaken.is_some() && !beside.is_empty();
    [function(model, None), beside, if is_told { TokenStream::new() } else { errors }]
}

/// A lazy function keeps its lazy face.
fn function(model: &Model<'_>, unfit: Option<&Assertions>) -> TokenStream {
    let item = model.item;
    let Item { attrs, vis, sig, body } = item;
    let is_told = is_told(model);
    let late = late(model).or_else(|| unfit.map(Assertions::write));
    let late = [late, within(model)].into_iter().flatten().reduce(|late, within| quote!(#late #within));
    if model.options.lazy.is_none() || returned_is_odd(&model.returned) || is_eager_in_its_trait(model) {
        let (sig, body) = with_what_it_lacks(model, sig, super::hints::before(model, body, late));
        let attrs = attrs.iter().filter(|attr| !is_mark(attr));
        return quote!(#(#attrs)* #vis #sig #body);
    }
    let (krate, returned) = (&model.krate, laziness::returned(model).unwrap_or(&model.returned));
    let mut own = sig.clone();
    let lazy = if own.asyncness.take().is_some() { quote!(LazyFuture) } else { quote!(Lazy) };
    // What the user has brought in for it is used.
    let used = laziness::returned(model).map(|_| {
        let ty = types::forever(&model.returned);
        quote!(let _ = ::core::option::Option::None::<#ty>;)
    });
    // What the compiler has to say it says of the function as it was written.
    let is_written = is_told && !model.is_method();
    let written = is_written.then(|| quote!(#[allow(dead_code)] #sig #body));
    let is_no_type = is_written && told::is_of_type(returned, model);
    let returned = if is_no_type { quote!(()) } else { quote!(#returned) };
    own.output = syn::parse_quote!(-> #krate::#lazy<#returned>);
    quote!(#(#attrs)* #[allow(unused_variables)] #vis #own { #late #written #used ::core::unreachable!() })
}

/// A function whose parameters lack bounds, of which it has been told: its body may need them, too, and that is no other mistake. Who
/// calls it need not have them.
fn with_what_it_lacks(model: &Model<'_>, sig: &Signature, body: TokenStream) -> (Signature, TokenStream) {
    let (mut bound, lacking) = (sig.clone(), model.lacking.borrow());
    let is_of_trait = model.own_block().is_some_and(|block| block.of_trait.is_some())
        || matches!(model.around, Some(Around::Trait(_)));
    // What the compiler has to say of the head it is to say once.
    let has_more = is_told(model) || !model.undeclared.is_empty() || !model.unfit.is_empty();
    if lacking.is_empty() || is_of_trait || has_more {
        return (bound, body);
    }
    bound.generics.make_where_clause().predicates.extend(lacking.iter().cloned());
    let is_opaque = types::mentions(sig.output.to_token_stream(), "impl");
    if is_opaque || !matches!(model.place, Place::Type(_)) || model.own_block().is_some() {
        return (bound, body);
    }
    let inner = quote!({ #[allow(dead_code)] #bound #body ::core::unreachable!() });
    let mut outer = sig.clone();
    for input in &mut outer.inputs {
        if let syn::FnArg::Typed(input) = input {
            input.pat = syn::parse_quote!(_);
        }
    }
    (outer, inner)
}

fn is_told(model: &Model<'_>) -> bool {
    model.is_told || told::is_told_of_hidden(model.item)
}

/// An error where the compiler should have said what is wrong, and has not.
fn late(model: &Model<'_>) -> Option<TokenStream> {
    let (why, place) = is_told(model).then(|| told::why(model))?;
    Some(super::unread::late(&why, place))
}

/// What tells what is wrong with a function where no error does yet.
pub(super) fn told(model: &Model<'_>) -> Option<TokenStream> {
    late(model).or_else(|| unfit(model).map(|unfit| unfit.write()))
}

/// What makes the compiler say in our words what cannot be part of a key, or be kept; should it find nothing, that is an error as well.
struct Assertions {
    late: TokenStream,
    closed: Vec<TokenStream>,
    open: Vec<TokenStream>,
}

impl Assertions {
    fn write(&self) -> TokenStream {
        let Self { late, closed, open } = self;
        quote!(#late #[allow(dead_code)] fn unfit() { #(#closed)* } #(#open)*)
    }

    /// Statements that are surely mistakes.
    fn sure(&self) -> Option<TokenStream> {
        let closed = &self.closed;
        (!closed.is_empty()).then(|| quote!(#(#closed)*))
    }
}

fn unfit(model: &Model<'_>) -> Option<Assertions> {
    let name = &model.item.sig.ident;
    let why = "a type in this function's head was taken for one that cannot be memoized: it is not";
    if model.unfit.is_empty() {
        return None;
    }
    let told: Vec<_> = model.unfit.iter().filter(|unfit| !unfit.is_told_elsewhere(model)).collect();
    let why = if told.is_empty() {
        "a type in this function's head cannot be part of a key, or be kept: derive `Hash`, `PartialEq`, `Eq` and `Clone` for it"
    } else {
        why
    };
    Some(Assertions {
        late: super::unread::late(why, name.span()),
        closed: told.iter().filter_map(|unfit| assertion(model, unfit)).collect(),
        open: told.iter().filter_map(|unfit| open_assertion(model, unfit)).collect(),
    })
}

/// That of a type with parameters, which are known in the function itself.
fn open_assertion(model: &Model<'_>, unfit: &Unfit) -> Option<TokenStream> {
    let Unfit::Open(unfit) = unfit else { return None };
    let (need, ty) = match &**unfit {
        Unfit::Key(ty, behind) => (needs::of_key(model, *behind), ty),
        Unfit::Value(ty) => (needs::of_value(model), types::argument_of(ty, "Result").unwrap_or(ty)),
        _ => return None,
    };
    let (need, span) = (Ident::new(need, Span::call_site()), ty.span());
    let (here, forever) = (super::located(&model.krate, span), model.forever(ty));
    let fit = quote_spanned!(span=> fit::<#forever>);
    Some(quote! {
        {
            fn fit<Asked: ?::core::marker::Sized + #here::__private::#need>() {}
            let _ = #fit;
        }
    })
}

fn assertion(model: &Model<'_>, unfit: &Unfit) -> Option<TokenStream> {
    let (assertion, question, ty) = match unfit {
        Unfit::Key(ty, true) => ("assert_ref_key", "__ref_key_mode", ty),
        Unfit::Key(ty, false) => ("assert_key", "__key_mode", ty),
        Unfit::Value(ty) => ("assert_value", "__outcome_mode", ty),
        Unfit::Answer(answer) => {
            let (key, ty) = &**answer;
            let (krate, key, ty, span) = (&model.krate, model.forever(key), model.forever(ty), ty.span());
            let here = super::located(krate, span);
            let asked = quote!(#key, { #krate::__whole_mode!(#ty) }, #ty);
            return Some(quote_spanned!(span=> #here::__private::assert_answers::<#asked>();));
        }
        Unfit::Open(_) | Unfit::Told => return None,
    };
    let (krate, forever, span) = (&model.krate, model.forever(ty), ty.span());
    let (assert, question) = (model.fit(assertion), Ident::new(question, Span::call_site()));
    let (here, asked) = (super::located(krate, span), quote!({ #krate::#question!(#forever) }));
    Some(quote_spanned!(span=> #here::__private::#assert::<#asked, #forever>();))
}

/// Whether a lazy function stands in an unmarked block of a trait that declares it without its lazy face.
fn is_eager_in_its_trait(model: &Model<'_>) -> bool {
    let Some(of_trait) =
        model.around.as_ref().and_then(Around::as_block).and_then(|block| block.of_trait.clone())
    else {
        return false;
    };
    let named = of_trait.into_iter().filter(|token| token.to_string() != "for").collect();
    let Ok(bound) = syn::parse2::<TypeParamBound>(named) else { return false };
    let name = model.item.sig.ident.to_string();
    let declared = Seen::from(model.item.sig.fn_token.span).items_of(&bound);
    declared.iter().any(|item| item.word(0) == "fn" && item.word(1) == name && !item.says("Lazy"))
}

fn shape(model: &Model<'_>, mistaken: Option<&Mistaken>) -> TokenStream {
    let item = model.item;
    let name = match &model.place {
        Place::Type(name) => name,
        _ => &item.sig.ident,
    };
    // A method without a block may have been moved out of one.
    let is_lost = item.receiver().is_some() && told::is_seen_free(model);
    if model.is_method() && !is_lost {
        return beside(model, mistaken);
    }
    let is_of_block = types::mentions(quote!(#item), "Self") && !told::is_seen_free(model);
    let is_hidden = matches!(model.place, Place::Inside(_)) || is_of_block;
    let is_crate = model.krate.segments.first().is_some_and(|first| first.ident == *name);
    // A type of this name would be what the head speaks of, and the compiler would have nothing to say.
    let is_meant = model.is_told && types::mentions(model.heads(), &name.to_string());
    if is_hidden
        || is_crate
        || is_meant
        || !alone::has_room(model)
        || types::PRIMITIVES.contains(&name.to_string().as_str())
    {
        return TokenStream::new();
    }
    match mistaken {
        Some(mistaken) => anything::companion(model, name, mistaken),
        None => guessed(model, name, is_lost),
    }
}

/// A companion with the verbs of which is guessed what they take and return.
fn guessed(model: &Model<'_>, name: &Ident, is_lost: bool) -> TokenStream {
    let (item, krate) = (model.item, &model.krate);
    let (generics, verbs) = if model.is_told {
        (nothing_asked(&item.sig.generics), Verbs::of_anything(model, usize::from(is_lost)).write(model))
    } else {
        let generics = lifetimes::with(&item.sig.generics, &model.undeclared);
        let verbs = Verbs::of(model, &generics).write(model);
        (generics, verbs)
    };
    let (asyncness, given) = (&item.sig.asyncness, given(model));
    let (Entry { key, is_known, shown, kept, is_kept_known, lent }, bounds) =
        (entry(model, !model.is_told), &generics.where_clause);
    // By its keys are known the parameters of a generic function.
    let has_types = generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)));
    let (of_keys, keys, bounds_of_keys) = if is_known && has_types && !model.is_told {
        (Some(&generics), quote!(impl ::core::iter::IntoIterator<Item = #key>), bounds.as_ref())
    } else {
        (None, quote!(impl ::core::marker::Sized), None)
    };
    let (all, vis) = (Attrs::sort(&item.attrs).of_head(), model.verb_vis());
    let declared = companion::declared(model, name, &all);
    quote! {
        #declared
        #all
        #[allow(dead_code, unused_variables, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        impl #name {
            #vis fn cache_info #generics() -> #krate::CacheInfo { ::core::unreachable!() }
            #vis fn reset_info #generics() { ::core::unreachable!() }
            #vis fn clear #generics() -> ::core::primitive::usize { ::core::unreachable!() }
            #vis fn cache #generics() -> #krate::__private::Unmade<#key, #kept, #is_kept_known> #bounds { ::core::unreachable!() }
            #vis fn invalidate_if #generics(matches: impl ::core::ops::FnMut(&#shown, &#lent) -> ::core::primitive::bool) -> ::core::primitive::usize #bounds {
                ::core::unreachable!()
            }
            #vis fn infos() -> ::std::vec::Vec<#krate::CacheInfo> { ::core::unreachable!() }
            #vis fn clear_all() -> ::core::primitive::usize { ::core::unreachable!() }
            #vis fn __forget_all() -> ::core::primitive::usize { ::core::unreachable!() }
            #vis #asyncness fn warm #of_keys(#(#given,)* keys: #keys) -> ::core::primitive::usize #bounds_of_keys { ::core::unreachable!() }
            #vis #asyncness fn warm_with #of_keys(#(#given,)* keys: #keys, how: #krate::Warm<'_>) -> #krate::Warmed #bounds_of_keys { ::core::unreachable!() }
            #verbs
        }
    }
}

/// The parameters of a function, of which nothing is asked.
fn nothing_asked(generics: &Generics) -> Generics {
    let params = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(GenericParam::Type(TypeParam::from(param.ident.clone()))),
        GenericParam::Const(_) => Some(param.clone()),
        GenericParam::Lifetime(_) => None,
    });
    Generics { params: params.collect(), ..Generics::default() }
}

/// Beside a method, only where it can be nothing but that of a type: in a trait it would be one mistake more.
fn beside(model: &Model<'_>, mistaken: Option<&Mistaken>) -> TokenStream {
    let item = model.item;
    let is_of_type = !matches!(item.vis, Visibility::Inherited)
        || matches!(model.around, Some(Around::Trait(_)))
        || model.own_block().is_some_and(|block| block.of_trait.is_none());
    let has_place = match model.place {
        Place::Apart => (!model.is_told || told::is_of_its_types(model)) && !alone::is_taken(model),
        Place::Beside => is_of_type,
        _ => false,
    };
    if !has_place || told::is_seen_free(model) || alone::is_second(model) {
        return TokenStream::new();
    }
    of_method(model, mistaken)
}

/// What would stand beside a function of a trait's block, once that is marked: it has no place there, but in the function.
fn within(model: &Model<'_>) -> Option<TokenStream> {
    let block = model.around.as_ref().and_then(Around::as_block)?;
    let is_missed = block.of_trait.is_some() && block.can_have_its_own() && model.place == Place::Beside;
    let around = around::Place::of(model.item.sig.fn_token.span).and_then(|own| own.around())?;
    let (name, ty) = (model.item.sig.ident.to_string(), types::text(&block.self_ty));
    let has_it_too = |other: &around::Place| {
        let is_it =
            |function: &around::Place| function.word(0) == "fn" && function.word(1).starts_with(&name);
        other.word(0) == "impl"
            && !other.is(&around)
            && other.content().any(|function| is_it(&function))
            && other.head::<Block>().is_some_and(|other| types::text(&other.self_ty) == ty)
    };
    // What a macro makes of its type nobody sees.
    let is_clear = !around.says("$") && !around.beside().any(|other| has_it_too(&other));
    if !is_missed
        || !is_clear
        || alone::is_second(model)
        || alone::is_taken(model)
        || told::misses_async_trait(model)
        || speaks_of_a_type_of_its_block(&model.item.sig.to_token_stream().to_string())
    {
        return None;
    }
    let apart = block.apart(&of_method(model, None));
    Some(quote!(#[allow(non_local_definitions)] #apart))
}

/// Whether a head says `Self::Err`, which is nothing outside of the block of the trait that declares it.
fn speaks_of_a_type_of_its_block(head: &str) -> bool {
    head.replace(' ', "").contains("Self::")
}

/// Whether a method stands in a block of a trait, and what is beside it in one of its own.
fn is_of_trait(model: &Model<'_>) -> bool {
    model.own_block().is_some_and(|block| block.of_trait.is_some())
}

/// Objects of a trait have none of its methods' verbs.
fn sized_in_a_trait(model: &Model<'_>) -> Option<TokenStream> {
    matches!(model.around, Some(Around::Trait(_))).then(|| quote!(where Self: ::core::marker::Sized))
}

fn of_method(model: &Model<'_>, mistaken: Option<&Mistaken>) -> TokenStream {
    if let Some(mistaken) = mistaken {
        return anything::beside(model, mistaken);
    }
    let item = model.item;
    let (krate, cache) = (&model.krate, model.beside("cache"));
    let vis = if is_of_trait(model) { quote!(pub) } else { item.vis.to_token_stream() };
    // That of an instance is asked of it.
    let own = item.receiver().filter(|_| model.options.was_given("in")).map(|_| quote!(&self));
    let generics = (!model.is_told).then(|| nothing_asked(&item.sig.generics));
    let (uncached, Entry { key, kept, is_kept_known, .. }) = (of_anything(model, &vis), entry(model, false));
    let sized = sized_in_a_trait(model);
    quote! {
        #[allow(dead_code)]
        #vis fn #cache #generics(#own) -> #krate::__private::Unmade<#key, #kept, #is_kept_known> #sized { ::core::unreachable!() }
        #uncached
    }
}

/// What else stands beside a method, for whoever calls it: it takes anything.
fn of_anything(model: &Model<'_>, vis: &TokenStream) -> TokenStream {
    let (krate, asyncness) = (&model.krate, &model.item.sig.asyncness);
    let [uncached, write, clear, warm] =
        ["uncached", "__memoized", "__forget_all", "warm"].map(|what| model.beside(what));
    let Verbs { own, returned, .. } = Verbs::of_anything(model, 0);
    let (generics, returned) = match returned {
        Some(returned) => (None, quote!(#returned)),
        None => (Some(quote!(<Value>)), quote!(-> Value)),
    };
    let receiver: Vec<_> = model.item.receiver().cloned().map(without_lifetime).into_iter().collect();
    // Who writes has what is lent, and that is what the receiver of a mistake will be.
    let lent = receiver.first().map(lent);
    let own: Vec<_> = own.iter().skip(receiver.len()).collect();
    // Closures and numbers that are passed are of the types that are written, where nothing is wrong with those.
    let sig = &model.item.sig;
    let is_right = !model.is_told
        && (sig.generics.params.is_empty() || !model.unfit.is_empty())
        && model.undeclared.is_empty()
        && !told::is_told_of_hidden(model.item);
    let body = forwarded(model).filter(|_| is_right);
    let (output, bounds) = (&sig.output, sig.generics.where_clause.as_ref().filter(|_| is_right));
    let (generics, returned) = if is_right && (body.is_some() || !returned_is_odd(&model.returned)) {
        (Some(sig.generics.to_token_stream()), quote!(#output))
    } else {
        (generics, returned)
    };
    let body = body.unwrap_or_else(|| quote!(::core::unreachable!()));
    let written = model.params.iter().skip(receiver.len()).map(ToTokens::to_token_stream);
    let written: Vec<_> =
        if is_right { written.collect() } else { own.iter().map(|&own| own.clone()).collect() };
    let given = given(model);
    let sized = sized_in_a_trait(model);
    let bounds = bounds.map(ToTokens::to_token_stream).or_else(|| sized.clone());
    quote! {
        #[allow(dead_code, unused_variables)]
        #vis #asyncness fn #uncached #generics(#(#receiver,)* #(#written),*) #returned #bounds { #body }
        #[doc(hidden)]
        #[allow(dead_code, non_snake_case)]
        #vis fn #write(#lent #(#own),*) -> #krate::__private::Unwritten #sized { ::core::unreachable!() }
        #[doc(hidden)]
        #[allow(dead_code, non_snake_case)]
        #vis fn #clear() -> ::core::primitive::usize #sized { ::core::unreachable!() }
        #[allow(dead_code)]
        #vis #asyncness fn #warm(#(#receiver,)* #(#given,)* keys: impl ::core::marker::Sized) -> ::core::primitive::usize #sized { ::core::unreachable!() }
    }
}

/// A receiver as one who has only what is lent can give it.
fn lent(own: &Receiver) -> TokenStream {
    let is_taken = own.mutability.is_some() || (own.reference.is_none() && own.colon_token.is_none());
    if is_taken { quote!(&self,) } else { quote!(#own,) }
}

/// The parameters of the function are not there.
fn without_lifetime(mut receiver: Receiver) -> Receiver {
    if let Some((_, lifetime)) = &mut receiver.reference {
        *lifetime = None;
    }
    receiver
}
