//! Where a function stands, and which names mean something else each time there.

use proc_macro2::Ident;

use crate::alone::Around;
use crate::block::Block;
use crate::generics::Names;
use crate::item::Item;
use crate::options::{Companion, Options};
use crate::scope::Scope;

/// Where what is emitted beside the function has its place.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a type of this name, beside a free function.
    Type(Ident),
    /// In a type of this name inside of a free function.
    Inside(Ident),
    /// In the block of the method.
    Beside,
    /// In a block of its own, beside that of a trait.
    Apart,
    /// There is none: the body is a closure inside of the method.
    Nowhere,
}

pub(super) fn place(item: &Item, options: &Options, block: Option<&Block>) -> Place {
    let named = options.companion.as_ref().map(|(_, companion)| companion);
    let is_method = block.is_some() || item.receiver().is_some();
    match (is_method, named, block) {
        (false, None, _) => Place::Type(item.sig.ident.clone()),
        (false, Some(Companion::Named(name)), _) => Place::Type(name.clone()),
        (false, Some(Companion::None), _) => Place::Inside(Ident::new("__Companion", item.sig.ident.span())),
        (true, Some(Companion::None), _) => Place::Nowhere,
        (true, _, None) if item.is_boxed_future() => Place::Nowhere,
        (true, _, Some(block)) if block.of_trait.is_some() => {
            if block.can_have_its_own() {
                Place::Apart
            } else {
                Place::Nowhere
            }
        }
        (true, _, _) => Place::Beside,
    }
}

pub(super) fn names(item: &Item, options: &Options, block: Option<&Block>, around: Option<&Around>) -> Names {
    let of_trait = around.filter(|around| matches!(around, Around::Trait(_))).and_then(Around::generics);
    let own = [&item.sig.generics].into_iter().chain(block.map(|block| &block.generics));
    let names = Names::of(own.chain(of_trait));
    let is_seen = !matches!(item.vis, syn::Visibility::Inherited);
    match (block, item.receiver(), around) {
        (Some(block), ..) if block.is_generic() => names.with_self(),
        (Some(_), ..) | (_, None, _) => names,
        // What is known to be a type can be asked. So can all that is no method of a trait, unless its block is generic,
        // which it hardly ever is where nobody knows it, and where only a thread's key would be another.
        (None, Some(_), Some(Around::Block(block))) if block.generics.params.is_empty() => names,
        (None, Some(_), Some(Around::Block(block))) if !has_params(block) => names.open(),
        (None, Some(_), None) if is_seen && matches!(options.scope, Some((_, Scope::Thread))) => names.open(),
        (None, Some(_), _) => names.with_self().open(),
    }
}

/// Whether the type of a block has a parameter.
fn has_params(block: &Block) -> bool {
    Names::of([&block.generics]).are_in(&block.self_ty)
}

/// See [`Model::askable`]. Of `Self` nothing can be asked where it has no parameter: the compiler would look at once.
pub(super) fn askable(item: &Item, block: Option<&Block>, around: Option<&Around>) -> Names {
    let block = block.or_else(|| around.and_then(Around::as_block));
    let of_trait = match around {
        Some(Around::Trait(of_trait)) => Some(&of_trait.generics),
        _ => None,
    };
    let of_block = block.map(|block| &block.generics);
    let names = Names::of([&item.sig.generics].into_iter().chain(of_block).chain(of_trait));
    if of_trait.is_some() || block.is_some_and(has_params) { names.with_self() } else { names }
}
