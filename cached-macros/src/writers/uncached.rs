//! A writer that names a function without a cache, or one of its block without what it is called by. For errors alone.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, PathSegment, Type};

use crate::block::Block;
use crate::diag::Diag;
use crate::instance;
use crate::key::peel;
use crate::options::{Companion, Options};
use crate::sources::around::Place;
use crate::sources::implementors::Files;
use crate::sources::module;
use crate::suggest::nearest;
use crate::types;

/// What is named by a writer.
enum Named<'a> {
    /// `user(id)`.
    Free(&'a syn::Path),
    /// `self.user(id)`.
    OfSelf(&'a Ident),
    /// `Self::user(id)`.
    OfBlock(&'a Ident),
    /// `Desk::user(&desk, id)` or `desk.user(id)`: the name of the type comes first.
    OfType(String, &'a Ident),
}

/// What is wrong with what a writer names, where that is sure.
pub(super) fn error(target: &Expr, place: Span) -> Option<syn::Error> {
    let target = match peel(target) {
        Expr::Assign(assign) => peel(&assign.left),
        other => other,
    };
    if let Some(error) = of_an_object(target, place) {
        return Some(error);
    }
    match named(target, place)? {
        Named::Free(path) => free(path, place),
        Named::OfSelf(name) => of_block(name, place).or_else(|| of_another_receiver(name, place)),
        Named::OfBlock(name) => of_block(name, place),
        Named::OfType(ty, name) => of_type(&ty, name, place),
    }
}

/// The whole of a cache that each object has of its own.
fn of_an_object(target: &Expr, place: Span) -> Option<syn::Error> {
    let name = match target {
        Expr::Field(field) if is_self(&field.base) => match &field.member {
            syn::Member::Named(name) => name,
            syn::Member::Unnamed(_) => return None,
        },
        Expr::Path(_) => match named(target, place)? {
            Named::OfBlock(name) => name,
            Named::Free(_) | Named::OfSelf(_) | Named::OfType(..) => return None,
        },
        _ => return None,
    };
    let functions = functions(&Place::of(place)?)?;
    let text = name.unraw().to_string();
    let memo_of = |function: &Place| function.marks()?.iter().find_map(instance::memo_of);
    // The method, or the field in which its values are.
    let is_meant = |function: &&Place| {
        function.word(1) == text || memo_of(function).is_some_and(|memo| memo == format!("self.{text}"))
    };
    let memo = functions.iter().filter(is_meant).find_map(memo_of)?;
    let message = format!("each object has a cache of its own: write `{memo}.clear()` into the body");
    Some(syn::Error::new_spanned(target, message))
}

fn is_self(expr: &Expr) -> bool {
    matches!(peel(expr), Expr::Path(path) if path.path.is_ident("self"))
}

fn named(target: &Expr, place: Span) -> Option<Named<'_>> {
    let named = match target {
        Expr::MethodCall(call) => {
            if is_self(&call.receiver) {
                return Some(Named::OfSelf(&call.method));
            }
            return Some(Named::OfType(type_of_parameter(&call.receiver, place)?, &call.method));
        }
        Expr::Call(call) => peel(&call.func),
        other => other,
    };
    let Expr::Path(path) = named else { return None };
    let segments = &path.path.segments;
    let is_module = |segment: &PathSegment| segment.ident.to_string().starts_with(char::is_lowercase);
    match (segments.first(), segments.last()) {
        (Some(first), Some(last))
            if segments.len() == 2
                && (first.ident == "Self" || is_type_of_its_block(&first.ident, place)) =>
        {
            Some(Named::OfBlock(&last.ident))
        }
        (Some(first), Some(last)) if segments.len() == 2 && !is_module(first) => {
            Some(Named::OfType(first.ident.to_string(), &last.ident))
        }
        _ if segments.len() == 1 || segments.iter().all(is_module) => Some(Named::Free(&path.path)),
        _ => None,
    }
}

/// The name of a parameter's type, or of that to which it points.
fn type_of_parameter(expr: &Expr, place: Span) -> Option<String> {
    let Expr::Path(path) = peel(expr) else { return None };
    let (name, sig) = (path.path.get_ident()?, Place::of(place)?.head::<syn::ItemFn>()?.sig);
    let ty = sig.inputs.iter().find_map(|input| match input {
        syn::FnArg::Typed(input) => {
            matches!(&*input.pat, syn::Pat::Ident(own) if own.ident == *name).then_some(&input.ty)
        }
        syn::FnArg::Receiver(_) => None,
    })?;
    match types::peel(types::as_reference(ty).map_or(ty, |reference| &reference.elem)) {
        Type::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

/// Whether this is the type in whose block something stands.
fn is_type_of_its_block(name: &Ident, place: Span) -> bool {
    let around = Place::of(place).and_then(|own| own.around()).filter(|around| around.word(0) == "impl");
    let block = around.and_then(|around| around.head::<Block>());
    block.is_some_and(
        |block| matches!(types::peel(&block.self_ty), Type::Path(own) if own.path.is_ident(name)),
    )
}

fn free(path: &syn::Path, place: Span) -> Option<syn::Error> {
    let own = Place::of(place)?;
    if is_without_companions(&own)
        && (module::is_function(path, place) || module::is_function_elsewhere(path, place))
    {
        return Some(not_memoized(&path.segments.last()?.ident));
    }
    if let Some(error) = of_another_name(path, place) {
        return Some(error);
    }
    let name = path.get_ident()?;
    if name.to_string().chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '_')
        && module::is_static(path, place)
    {
        let message = format!("`{name}` is a static: write `{name}.invalidate()` into the body");
        return Some(syn::Error::new_spanned(name, message));
    }
    if !module::has_none(&name.unraw().to_string(), place) {
        return None;
    }
    let is_of_block = || functions(&own)?.iter().find(|other| name == other.word(1)).map(|_| ());
    if is_of_block().is_none() {
        let meant = misspelt(name, &own)?;
        let message = format!("there is no function `{name}`, did you mean `{meant}`?");
        return Some(syn::Error::new_spanned(name, message));
    }
    let message = format!(
        "`{name}` is a function of this type: write `self.{name}(..)` for an entry if it takes `self`, else \
         `Self::{name}(..)`, and `Self::{name}` for all of them"
    );
    Some(syn::Error::new_spanned(name, message))
}

/// A function whose companion is called otherwise, or that has none.
fn of_another_name(path: &syn::Path, place: Span) -> Option<syn::Error> {
    let name = &path.segments.last()?.ident;
    let is_mark =
        |mark: &&syn::Attribute| mark.path().segments.last().is_some_and(|last| last.ident == "memoize");
    let marks = module::marks_of(path, place)?;
    let mut diag = Diag::default();
    let options = Options::of_mark(marks.iter().find(is_mark)?, &mut diag);
    let _ = diag.tell();
    let message = match options.companion?.1 {
        Companion::Named(own) if own == *name => return None,
        Companion::Named(own) => format!("the cache of `{name}` is found as `{own}`: write `{own}`"),
        Companion::None => {
            format!("`{name}` has `companion = none`, and nobody finds its cache: leave that out there")
        }
    };
    Some(syn::Error::new_spanned(name, message))
}

/// The memoized function of the same module that a name of nothing was meant for.
fn misspelt(name: &Ident, own: &Place) -> Option<String> {
    let block = own.around().filter(|around| ["impl", "trait"].contains(&around.word(0)));
    let all: Vec<_> = block.as_ref().unwrap_or(own).beside().filter(|other| other.word(0) == "fn").collect();
    let memoized = all.iter().filter(|other| other.attributes().contains("memoize"));
    let meant = nearest(&name.unraw().to_string(), memoized.map(|other| other.word(1)));
    meant.filter(|_| is_without_companions(own)).map(str::to_owned)
}

fn of_block(name: &Ident, place: Span) -> Option<syn::Error> {
    let own = Place::of(place)?;
    let around = own.around()?;
    let ty = around.head::<Block>().and_then(|block| match types::peel(&block.self_ty) {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    });
    if ty.is_some_and(|ty| may_have_more(&around, &ty, place)) {
        return None;
    }
    among(&functions(&own)?, &own, name, place)
}

/// The same of a type that is declared in the writer's module, as all its blocks are that one sees.
fn of_type(ty: &str, name: &Ident, place: Span) -> Option<syn::Error> {
    let own = Place::of(place)?;
    let module = own.around().filter(|around| ["impl", "trait"].contains(&around.word(0)));
    let module = module.as_ref().unwrap_or(&own);
    let is_declared = |other: Place| ["struct", "enum"].contains(&other.word(0)) && other.word(1) == ty;
    // What it stands for may have more, and a parameter of its name is another type.
    if !module.beside().any(is_declared) || is_param_of(&own, ty) || may_have_more(module, ty, place) {
        return None;
    }
    among(&functions_of(module, ty), &own, name, place)
}

/// Whether a type may have functions that nobody sees: those of what it stands for, of another crate's trait, of a macro.
fn may_have_more(module: &Place, ty: &str, place: Span) -> bool {
    const KNOWN: &[&str] = &[
        "Clone",
        "Debug",
        "Default",
        "Display",
        "Drop",
        "Eq",
        "From",
        "Hash",
        "Ord",
        "PartialEq",
        "PartialOrd",
    ];
    let is_seen = |of_trait: &TokenStream| {
        name_of(of_trait).is_some_and(|name| {
            KNOWN.contains(&name.as_str())
                || Files::around(place).is_some_and(|files| files.declare_trait(&name))
        })
    };
    let is_seen_whole = |block: &Block, own: &Place| {
        own.is_without_marks(&["memoize", "cfg"]) && block.of_trait.as_ref().is_none_or(is_seen)
    };
    let may = |other: &Place| match other.word(0) {
        "impl" => other.head::<Block>().is_none_or(|block| {
            types::mentions(block.self_ty.to_token_stream(), ty) && !is_seen_whole(&block, other)
        }),
        _ => other.is_macro() && other.whole().contains(ty),
    };
    module.is_in_function() || module.is_in_a_file_with("Deref") || module.beside().any(|other| may(&other))
}

/// The name of a trait in the head of a block.
fn name_of(of_trait: &TokenStream) -> Option<String> {
    let parser = |input: ParseStream<'_>| {
        let path = input.parse::<syn::Path>()?;
        input.parse::<Option<syn::Token![for]>>()?;
        Ok(path)
    };
    let path = parser.parse2(of_trait.clone()).ok()?;
    path.segments.last().map(|last| last.ident.to_string())
}

/// Whether a type parameter of a function, or of the block around it, has this name.
fn is_param_of(own: &Place, name: &str) -> bool {
    let has_it = |generics: &syn::Generics| generics.type_params().any(|param| param.ident == name);
    let of_own = own.head::<syn::ItemFn>().is_some_and(|own| has_it(&own.sig.generics));
    let of_block = || own.around()?.head::<Block>().map(|block| has_it(&block.generics));
    of_own || of_block().unwrap_or_default()
}

/// What is wrong with a name that is to be one of these functions.
fn among(functions: &[Place], own: &Place, name: &Ident, place: Span) -> Option<syn::Error> {
    let text = name.unraw().to_string();
    // A trait may have one of this name as well.
    let found: Vec<_> = functions.iter().filter(|other| other.word(1) == text).collect();
    if !found.is_empty() {
        let is_bare = |found: &&Place| found.is_without_marks(&["inline", "invalidates", "updates"]);
        // Another block may have one of this name that is.
        let is_all = || Files::around(place).is_some_and(|files| files.memoize_none(&text));
        return (found.iter().all(is_bare) && is_without_companions(own) && is_all())
            .then(|| not_memoized(name));
    }
    // A block elsewhere may have it, or a trait.
    let is_nowhere = Files::around(place).is_some_and(|files| files.declare_no_function(&text));
    let memoized = functions.iter().filter(|other| other.attributes().contains("memoize"));
    let memoized: Vec<_> = memoized.map(|other| other.word(1)).collect();
    let message = match nearest(&text, memoized.iter().copied()) {
        Some(meant) => format!("there is no function `{name}`, did you mean `{meant}`?"),
        None if memoized.is_empty() => format!("there is no function `{name}`"),
        None => format!("there is no function `{name}`: memoized here is `{}`", memoized.join("`, `")),
    };
    (is_nowhere && is_without_companions(own)).then(|| syn::Error::new_spanned(name, message))
}

/// A method that is called by what the writer has not.
fn of_another_receiver(name: &Ident, place: Span) -> Option<syn::Error> {
    let own = Place::of(place)?;
    let text = name.unraw().to_string();
    let receiver = |of: &Place| Some(of.head::<syn::ItemFn>()?.sig.receiver().cloned());
    let all = functions(&own)?;
    let mut found = all.iter().filter(|other| other.word(1) == text);
    let (found, None) = (found.next()?, found.next()) else { return None };
    let (asked, had) = (receiver(found)?, receiver(&own)??);
    // It has lost its `self`, and says that itself.
    let is_marked = || own.around().is_some_and(|block| block.attributes().contains("memoize"));
    if asked.is_none() && (found.attributes().contains("self") || !is_marked()) {
        return None;
    }
    let is_shared = |ty: &Type| {
        let ty = types::as_reference(ty).map_or(ty, |own| &own.elem);
        ["Arc", "Rc"].iter().any(|name| types::argument_of(ty, name).is_some())
    };
    let message = match asked {
        None => format!("`{name}` takes no `self`: write `Self::{name}(..)`"),
        // What is only lent cannot be made what is shared.
        Some(asked) if is_shared(&asked.ty) && had.colon_token.is_none() => {
            let ty = types::text(&asked.ty).replace("& ", "&");
            format!("`{name}` takes `self: {ty}`, which this function has not: let it take that as well")
        }
        Some(_) => return None,
    };
    Some(syn::Error::new_spanned(name, message))
}

/// The functions in all blocks of its type that stand beside its own.
fn functions(own: &Place) -> Option<Vec<Place>> {
    let around = own.around().filter(|around| around.word(0) == "impl")?;
    let ty = types::text(&around.head::<Block>()?.self_ty);
    Some(functions_of(&around, &ty))
}

/// The functions in all blocks of a type in the module in which something stands.
fn functions_of(place: &Place, ty: &str) -> Vec<Place> {
    let is_of_type =
        |other: &Place| other.head::<Block>().is_some_and(|block| types::text(&block.self_ty) == ty);
    let blocks = place.beside().filter(|other| other.word(0) == "impl" && is_of_type(other));
    let all = blocks.flat_map(|block| block.content().collect::<Vec<_>>());
    all.filter(|other| other.word(0) == "fn").collect()
}

/// Whether no function here has said that it is called by another name.
fn is_without_companions(own: &Place) -> bool {
    !own.is_in_a_file_with("companion")
}

fn not_memoized(name: &Ident) -> syn::Error {
    syn::Error::new_spanned(
        name,
        format!("`{name}` is not memoized: put `#[memoize]` on it, or leave it out here"),
    )
}
