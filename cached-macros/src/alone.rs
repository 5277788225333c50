//! An attribute on a function, without one on the block that it stands in, or beside something with which what it writes
//! would clash: what the compiler would say in many places is said in one, as far as can be seen what stands
//! [around](crate::sources::around).

use std::cell::{OnceCell, RefCell};

use proc_macro2::{TokenStream, TokenTree};
use syn::ItemTrait;

use crate::block::{Block, is_mark};
use crate::check;
use crate::diag::Diag;
use crate::generics::Bounds;
use crate::item::Item;
use crate::key::Part;
use crate::model::{Model, Place};
use crate::sources::imports::Import;
use crate::sources::{around, module};
use crate::suggest::nearest;
use crate::{told, types};

/// The block or trait in which a function stands that is all one sees.
pub(crate) enum Around {
    Block(Box<Block>),
    Trait(Box<ItemTrait>),
    /// A block or trait whose head cannot be read.
    Odd,
}

impl Around {
    pub(crate) fn of(item: &Item) -> Option<Self> {
        let around = around::Place::of(item.sig.fn_token.span)?.around()?;
        match around.word(0) {
            "impl" => Some(around.head().map_or(Self::Odd, |block| Self::Block(Box::new(block)))),
            "trait" => Some(around.head().map_or(Self::Odd, |of_trait| Self::Trait(Box::new(of_trait)))),
            _ => None,
        }
    }

    pub(crate) fn as_block(&self) -> Option<&Block> {
        match self {
            Self::Block(block) => Some(block),
            _ => None,
        }
    }

    pub(crate) fn generics(&self) -> Option<&syn::Generics> {
        match self {
            Self::Block(block) => Some(&block.generics),
            Self::Trait(of_trait) => Some(&of_trait.generics),
            Self::Odd => None,
        }
    }
}

/// Says what is in the way.
pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    let name = &model.item.sig.ident;
    if is_told_of_its_block(model) {
        return;
    }
    match (model.block, &model.around, &model.place) {
        (Some(block), _, Place::Apart) => twice(model, block, diag),
        (None, Some(Around::Trait(_)), Place::Type(_)) => diag.at(
            name,
            "a function of a trait cannot be memoized without a receiver: beside it goes a type, which no trait can hold; \
             memoize a free function that it calls, or those of the blocks that implement the trait",
        ),
        (None, Some(_), Place::Type(_)) if is_in_misspelt_block(model) => {}
        // No block can have one.
        (None, Some(Around::Block(_)), Place::Type(_)) if model.options.batch.marker.is_some() => {}
        // A method that has lost its `self` needs that, and no other attribute.
        (None, Some(_), Place::Type(_)) if model.options.speak_of_self() => {}
        (None, Some(_), Place::Type(_)) => diag.at(name, MARK_THE_BLOCK),
        (None, Some(Around::Block(block)), Place::Beside) => method(model, block, diag),
        (None, Some(Around::Trait(of_trait)), Place::Beside | Place::Nowhere) => default_method(model, of_trait, diag),
        (None, None, Place::Type(own)) => {
            if let Some(item) = type_beside(model) {
                diag.at(
                    own,
                    format!(
                        "a memoized function cannot stand beside a `{item}` of its name, which its companion has as \
                         well: give that another name with `companion = ..`"
                    ),
                );
            } else if has_its_companion_beside(model) {
                diag.at(
                    own,
                    format!(
                        "another memoized function here has the companion `{own}` as well: give this one another name"
                    ),
                );
            }
        }
        _ => {}
    }
}

/// Whether another function before it in its block says already that the block needs the attribute as well.
pub(crate) fn is_told_of_its_block(model: &Model<'_>) -> bool {
    let (None, Some(block)) = (model.block, model.around.as_ref().and_then(Around::as_block)) else {
        return false;
    };
    let needs_it = |has_receiver: bool| block.of_trait.is_some() || !has_receiver;
    let Some(own) = around::Place::of(model.item.sig.fn_token.span) else { return false };
    let says_so = |other: &around::Place| {
        let is_marked = || mark_of(other).is_some_and(|mark| companion_of(&mark).is_none());
        let sig = || other.head::<syn::ItemFn>().map(|other| other.sig);
        let is_such = |sig: syn::Signature| needs_it(sig.receiver().is_some()) && sig.asyncness.is_none();
        other.attributes().contains("memoize")
            && !other.says("cfg")
            && is_marked()
            && sig().is_some_and(is_such)
    };
    let is_one = needs_it(model.item.receiver().is_some())
        && matches!(model.place, Place::Type(_) | Place::Beside)
        && !is_in_misspelt_block(model);
    is_one && own.beside().any(|other| other.word(0) == "fn" && other.is_before(&own) && says_so(&other))
}

/// Whether it is seen that a function stands in no block.
pub(crate) fn is_free(item: &Item) -> bool {
    let own = around::Place::of(item.sig.fn_token.span);
    own.is_some_and(|own| match own.around() {
        Some(around) => ["fn", "mod"].contains(&around.word(0)),
        None => own.is_outermost(),
    })
}

/// Whether a type of the companion's name can stand beside the function, as far as can be seen.
pub(crate) fn has_room(model: &Model<'_>) -> bool {
    model.around.is_none()
        && type_beside(model).is_none()
        && !is_second(model)
        && !has_its_companion_beside(model)
}

/// Whether a function before it has a companion of the same name, which one of them has said.
fn has_its_companion_beside(model: &Model<'_>) -> bool {
    let Place::Type(name) = &model.place else { return false };
    let Some(own) = around::Place::of(model.item.sig.fn_token.span) else { return false };
    let (name, is_named) = (name.to_string(), model.options.companion.is_some());
    if !is_named && !own.is_in_a_file_with("companion") {
        return false;
    }
    let may_have_it = |other: &around::Place| {
        let (attributes, is_its_name) = (other.attributes(), is_named && other.word(1) == name);
        attributes.contains("memoize") && (is_its_name || attributes.contains("companion"))
    };
    let has_it = |other: &around::Place| {
        let Some(mark) = mark_of(other) else { return false };
        match companion_of(&mark) {
            Some(said) => said == name && said != "none",
            None => is_named && other.word(1) == name,
        }
    };
    let is_such = |other: &around::Place| {
        other.word(0) == "fn"
            && other.is_before(&own)
            && !other.says("cfg")
            && may_have_it(other)
            && has_it(other)
    };
    !own.says("cfg") && own.beside().any(|other| is_such(&other))
}

/// The attribute of another function, if it is memoized.
fn mark_of(other: &around::Place) -> Option<syn::Attribute> {
    let function = other.head::<syn::ItemFn>()?;
    function.attrs.into_iter().find(is_mark)
}

/// What such an attribute says of the companion.
fn companion_of(mark: &syn::Attribute) -> Option<String> {
    let syn::Meta::List(list) = &mark.meta else { return None };
    let options: Vec<_> = list.tokens.clone().into_iter().collect();
    options.windows(3).find_map(|three| match three {
        [TokenTree::Ident(option), TokenTree::Punct(_), TokenTree::Ident(said)] if option == "companion" => {
            Some(said.to_string())
        }
        _ => None,
    })
}

/// Whether another function of its name stands before it, in the same block or in another one like it: of which the compiler
/// says enough.
pub(crate) fn is_second(model: &Model<'_>) -> bool {
    let Some(own) = around::Place::of(model.item.sig.fn_token.span) else { return false };
    let name = model.item.sig.ident.to_string();
    let is_function = |other: &around::Place| other.word(0) == "fn" && other.is_before(&own);
    let has_its_name = |other: &around::Place| other.word(0) == "fn" && other.word(1) == name;
    let is_same = |other: &around::Place| has_its_name(other) && !other.says("cfg");
    // In a macro, what stands in the place of a name may be called like another one that is replaced.
    if own.word(1) != name {
        return false;
    }
    let twins: Vec<_> = own.beside_with(1, &name).filter(is_function).collect();
    if twins.iter().any(is_there) {
        return true;
    }
    note(&own);
    if own.says("cfg") {
        return false;
    }
    if twins.iter().any(is_same) {
        return true;
    }
    let Some(around) = own.around().filter(|around| around.word(0) == "impl" && !around.says("cfg")) else {
        return false;
    };
    let block = OnceCell::new();
    let is_like = |other: &Block| {
        block.get_or_init(|| around.head::<Block>()).as_ref().is_some_and(|block| other.is_like(block))
    };
    let is_such = |other: &around::Place| {
        other.word(0) == "impl"
            && other.is_before(&around)
            && !other.says("cfg")
            && other.content().any(|function| is_same(&function))
            && other.head::<Block>().is_some_and(|other| is_like(&other))
    };
    around.beside().any(|other| is_such(&other))
}

thread_local! {
    /// Functions with a condition that holds: those that have come here.
    static THERE: RefCell<Vec<around::Place>> = const { RefCell::new(Vec::new()) };
}

fn is_there(function: &around::Place) -> bool {
    THERE.with_borrow(|all| all.iter().any(|other| other.is(function)))
}

/// Takes note of a function that has a condition, or stands beside one of its name that has.
fn note(function: &around::Place) {
    let name = function.word(1);
    let has_twin = || function.beside_with(1, name).any(|other| !other.is(function) && other.word(0) == "fn");
    if !is_there(function) && has_twin() {
        THERE.with_borrow_mut(|all| all.push(function.clone()));
    }
}

/// What is found in a companion.
const VERBS: &[&str] = &[
    "cache",
    "cache_info",
    "clear",
    "clear_all",
    "contains",
    "force",
    "infos",
    "insert",
    "invalidate",
    "invalidate_if",
    "load",
    "peek",
    "refresh",
    "reset_info",
    "uncached",
    "warm",
    "warm_with",
];

/// A module or a type of the companion's name beside the function: what it is.
fn type_beside(model: &Model<'_>) -> Option<&'static str> {
    const ITEMS: [&str; 6] = ["mod", "struct", "enum", "union", "trait", "type"];
    let Place::Type(name) = &model.place else { return None };
    let name = name.to_string();
    let own = around::Place::of(model.item.sig.fn_token.span)?;
    let mut named = own.beside_with(1, &name).filter(|other| !other.says("cfg"));
    let beside = named.find_map(|other| ITEMS.into_iter().find(|item| other.word(0) == *item));
    // Most modules bring in nothing of this name, and need not be looked into.
    let may_be = |other: &around::Place| other.statement().contains(&name) || other.statement().contains('*');
    let is_brought_in = || {
        let is_spoken_of = types::mentions(model.heads(), &name);
        own.beside_with(0, "use").any(|other| may_be(&other))
            && module::imports_type(&name, model.item.sig.fn_token.span, is_spoken_of, &ITEMS)
    };
    let imports = |is_it: &dyn Fn(&Import) -> bool| {
        own.beside_with(0, "use").any(|other| may_be(&other) && other.imports().iter().any(is_it))
    };
    // A crate is found by its name alone: no item has to bring it in.
    let is_crate = || {
        imports(&|import| import.begins_with(&name))
            || is_path_of(model, &name)
            || (module::is_another_crate(&name) && is_path_beside(&own, &name))
    };
    // What is brought in by the function's name can be no function: a module, if that is how others speak of it.
    let is_module = || {
        imports(&|import| import.is_called(&name))
            && (is_path_of(model, &name) || is_path_beside(&own, &name))
    };
    beside
        .or_else(|| (is_brought_in() || is_module()).then_some("use"))
        .or_else(|| is_crate().then_some("crate"))
}

/// Whether a name leads to something in tokens. What is called of a companion is a verb.
fn is_path(tokens: TokenStream, name: &str) -> bool {
    // A text is searched faster than tokens are.
    tokens.to_string().contains(name)
        && types::found_in(tokens, name).iter().any(|next| !VERBS.contains(&next.as_str()))
}

/// The same in a function that may have a companion of that name, unless its body has something nearer.
fn is_path_of(model: &Model<'_>, name: &str) -> bool {
    let (heads, body) = (model.heads(), || model.item.body.stream());
    let has_items_of_its_own = || ["use", "mod", "enum"].iter().any(|word| types::mentions(body(), word));
    (heads.to_string().contains(name) && !types::found_in(heads, name).is_empty())
        || (is_path(body(), name) && !has_items_of_its_own())
}

/// The same in what stands beside that.
fn is_path_beside(own: &around::Place, name: &str) -> bool {
    let speaks = |other: around::Place| {
        other.word(0) != "mod"
            && other.whole().contains(name)
            && other.whole().parse().is_ok_and(|tokens| is_path(tokens, name))
    };
    own.beside().any(speaks)
}

pub(crate) const MARK_THE_BLOCK: &str = "a function of a block needs `#[memoize]` on the block as well: beside a function alone \
                                         goes a type, which no block can hold";

/// A method in a block that has no attribute.
fn method(model: &Model<'_>, block: &Block, diag: &mut Diag) {
    let sig = &model.item.sig;
    if told::misses_async_trait(model) {
        return;
    }
    if block.of_trait.is_some() {
        diag.at(
            &sig.ident,
            "a method of a trait needs `#[memoize]` on the block that implements it as well: what goes beside it is no \
             part of the trait; or keep it without, with `companion = none`",
        );
        return;
    }
    let params = block.generics.type_params().map(|param| &param.ident);
    let consts = block.generics.const_params().map(|param| &param.ident);
    let is_unknown = |name: &&syn::Ident| {
        !model.names.are_in(name) && types::mentions(quote::quote!(#sig), &name.to_string())
    };
    if let Some(name) = params.chain(consts).find(is_unknown) {
        diag.at(
            &sig.ident,
            format!("a method that speaks of `{name}`, a parameter of its block, needs `#[memoize]` on the block as well"),
        );
    } else if model.options.inside.is_none() {
        for param in block.generics.type_params() {
            check::bounds_of(model, param, &block.generics, &sig.ident, diag);
        }
    }
}

/// A method that a trait has already.
fn default_method(model: &Model<'_>, of_trait: &ItemTrait, diag: &mut Diag) {
    let sig = &model.item.sig;
    // What is changed by the call is refused already.
    let Some(receiver) = sig.receiver().filter(|receiver| receiver.mutability.is_none()) else { return };
    let is_self = |part: &Part| matches!(part, Part::Param(index) if model.params[*index].name == "self");
    let needed: &[&str] = match (model.parts.iter().any(is_self), model.is_of_thread()) {
        (false, _) => &["'static"],
        (true, true) => &["Hash", "Eq", "Clone", "'static"],
        (true, false) => &["Hash", "Eq", "Clone", "Send", "Sync", "'static"],
    };
    let missing = Bounds::of_self(of_trait, &sig.generics, sig.fn_token.span).missing(needed);
    if missing.is_empty() {
        return;
    }
    let (name, missing) = (&of_trait.ident, missing.join(" + "));
    let message = if needed.len() == 1 {
        format!(
            "`Self` tells one cache from another, which it must be fit for: let `{name}` ask for `{missing}`"
        )
    } else {
        format!(
            "`self` is part of the key, which it must be fit for: let `{name}` ask for `{missing}`, or leave it out with \
             `skip(self)`"
        )
    };
    diag.at(receiver.self_token, message);
}

/// A method of a name that another block of the same type has memoized before.
fn twice(model: &Model<'_>, block: &Block, diag: &mut Diag) {
    let name = &model.item.sig.ident;
    let own = around::Place::of(model.item.sig.fn_token.span).and_then(|function| function.around());
    let is_named = model.options.companion.is_some();
    let Some(own) = own.filter(|own| !own.says("cfg") && !is_named && !is_second(model)) else { return };
    let ty = types::text(&block.self_ty);
    let has_it_too = |other: &around::Place| {
        other.word(0) == "impl" && !other.says("cfg") && clashes(other, &own, &ty) && memoizes(other, model)
    };
    if own.beside().any(|other| has_it_too(&other)) {
        let cache = model.beside("cache");
        diag.at(
            name,
            format!(
                "another block of `{ty}` has a memoized `{name}` as well, and there can be one `{cache}`: give what goes \
                 beside this one another name with `companion = ..`, or do without it, `companion = none`"
            ),
        );
    }
}

/// Whether another block has what would go beside a function.
pub(crate) fn is_taken(model: &Model<'_>) -> bool {
    let Some(block) = model.own_block() else { return false };
    let mut diag = Diag::default();
    twice(model, block, &mut diag);
    let is_taken = !diag.is_empty();
    let _ = diag.tell();
    is_taken
}

/// Whether the attribute of the block around a function is misspelt, which the compiler says.
pub(crate) fn is_in_misspelt_block(model: &Model<'_>) -> bool {
    let block = model.around.as_ref().and_then(Around::as_block);
    block.is_some_and(|block| block.attrs.iter().any(|attr| is_misspelt(attr.path())))
}

/// Whether this was meant for the attribute.
pub(crate) fn is_misspelt(path: &syn::Path) -> bool {
    let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    name != "memoize" && nearest(&name, ["memoize"].into_iter()).is_some()
}

/// Whether this is another block of the type with what goes beside its functions: of those of traits the first is right.
fn clashes(place: &around::Place, own: &around::Place, ty: &str) -> bool {
    let is_first = place.says("memoize") && place.is_before(own);
    let block = place.head::<Block>().filter(|other| types::text(&other.self_ty) == ty);
    block.is_some_and(|other| is_first || other.of_trait.is_none())
}

fn memoizes(block: &around::Place, model: &Model<'_>) -> bool {
    let name = model.item.sig.ident.to_string();
    block.content().any(|function| {
        function.word(0) == "fn"
            && function.word(1) == name
            && function.says("memoize")
            && !function.says("companion")
            && !function.says("cfg")
    })
}
