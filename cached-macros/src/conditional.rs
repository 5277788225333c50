//! `#[cfg_attr(feature = "cache", memoize)]` on a function of a block. The compiler resolves it for a function alone; what stands in a
//! block that is marked itself arrives as it was written, and becomes two functions, of which one is there.

use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

use crate::block::{self, Content};
use crate::item::Item;

/// The next thing in a block: a function that is marked under a condition, twice, or anything else, as it is.
pub(crate) fn content(input: ParseStream<'_>) -> syn::Result<Vec<Content>> {
    let attrs = input.fork().call(Attribute::parse_outer)?;
    let marked = attrs
        .iter()
        .enumerate()
        .find_map(|(at, attr)| Some((at, parts(attr).filter(|(_, under)| marks(under))?)));
    let Some((at, (condition, under))) = marked.filter(|_| !attrs.iter().any(block::is_mark)) else {
        return Ok(vec![input.parse()?]);
    };
    let mut item: Item = input.parse()?;
    let mut attrs = std::mem::take(&mut item.attrs);
    let place = attrs.remove(at).pound_token.span;
    let (before, after) = attrs.split_at(at);
    let under = under.iter().map(|meta| quote::quote_spanned!(place=> #[#meta]));
    let memoized = quote!(#(#before)* #[cfg(#condition)] #(#under)* #(#after)* #item);
    let plain = quote!(#(#before)* #[cfg(not(#condition))] #(#after)* #item);
    Ok([content.parse2(memoized)?, content.parse2(plain)?].into_iter().flatten().collect())
}

/// The condition of a `cfg_attr`, and the attributes under it.
pub(crate) fn parts(attr: &Attribute) -> Option<(Meta, Vec<Meta>)> {
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    let is_it = attr.path().is_ident("cfg_attr");
    let mut parts = is_it.then(|| attr.parse_args_with(parser).ok()).flatten()?.into_iter();
    Some((parts.next()?, parts.collect()))
}

fn marks(under: &[Meta]) -> bool {
    under.iter().any(block::is_mark_by)
}
