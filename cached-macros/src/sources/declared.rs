//! Types of the crate, as they are declared. What their heads say is read once and kept as text: the compiler's own tokens cannot be
//! kept from one call of the macro to the next.

use std::rc::Rc;

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Fields, GenericParam, Generics, Item, Path, Token, Type, TypeParam, TypeParamBound,
    Visibility, WherePredicate,
};

use crate::sources::around::Place;
use crate::sources::imports::{Module, is_silent};
use crate::sources::module::{self, Seen};
use crate::types;

/// What the head of a type's definition says.
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) attrs: Vec<Attr>,
    pub(crate) lifetimes: usize,
    /// How many types and constants it takes, and how many of them have to be given.
    pub(crate) params: usize,
    pub(crate) needed: usize,
    /// Whether it takes all types.
    pub(crate) asks_nothing: bool,
}

/// An attribute of a type.
pub(crate) struct Attr {
    /// Its path, without spaces.
    pub(crate) path: String,
    /// What a `derive` names, if it can be read.
    pub(crate) derives: Option<Vec<String>>,
    /// Whether it leaves the type what it is.
    pub(crate) is_silent: bool,
    /// All of it.
    text: String,
}

impl Head {
    /// The head of an item, read from its text.
    pub(super) fn read(place: &Place) -> Option<Self> {
        let Written { attrs, name, generics } = place.head()?;
        let lifetimes = generics.lifetimes().count();
        let is_needed = |param: &&GenericParam| match param {
            GenericParam::Type(param) => param.default.is_none(),
            GenericParam::Const(param) => param.default.is_none(),
            GenericParam::Lifetime(_) => false,
        };
        Some(Self {
            name: name.to_string(),
            attrs: attrs.iter().map(Attr::of).collect(),
            lifetimes,
            params: generics.params.len() - lifetimes,
            needed: generics.params.iter().filter(is_needed).count(),
            asks_nothing: generics.where_clause.is_none()
                && generics.type_params().all(|param| param.bounds.is_empty()),
        })
    }

    /// Whether the type derives this trait.
    pub(crate) fn derives(&self, name: &str) -> bool {
        self.attrs.iter().filter_map(|attr| attr.derives.as_ref()).flatten().any(|own| own == name)
    }
}

impl Attr {
    fn of(attr: &Attribute) -> Self {
        let path = |path: &Path| path.to_token_stream().to_string().replace(' ', "");
        let read = || attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated).ok();
        let derived = if attr.path().is_ident("derive") { read() } else { None };
        Self {
            path: path(attr.path()),
            derives: derived.map(|derived| derived.iter().map(path).collect()),
            is_silent: is_silent(attr),
            text: attr.to_token_stream().to_string(),
        }
    }

    /// Whether it has this word in it.
    pub(crate) fn mentions(&self, word: &str) -> bool {
        let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
        self.text.split(|c| !is_of_word(c)).any(|own| own == word)
    }
}

/// The beginning of a type's definition.
struct Written {
    attrs: Vec<Attribute>,
    name: Ident,
    generics: Generics,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.call(Ident::parse_any)?;
        let name = input.parse()?;
        let mut generics: Generics = input.parse()?;
        if input.peek(syn::token::Paren) {
            input.parse::<Group>()?;
        }
        if input.peek(Token![where]) {
            generics.where_clause = input.parse()?;
        }
        input.parse::<TokenStream>()?;
        Ok(Self { attrs, name, generics })
    }
}

/// All of a type's definition but for its attributes.
fn whole(place: &Place) -> syn::Result<Item> {
    let text = place.past_attributes();
    syn::parse_str::<Item>(text).or_else(|_| syn::parse_str(&format!("{text};")))
}

/// The types of the fields that a type surely has.
fn fields(place: &Place) -> Vec<Type> {
    let item = whole(place);
    // What is there on a condition may not be there.
    let is_sure = |attrs: &[Attribute]| !attrs.iter().any(|attr| attr.path().is_ident("cfg"));
    let fields: Vec<Fields> = match item {
        Ok(Item::Struct(own)) => vec![own.fields],
        Ok(Item::Enum(own)) => {
            let variants = own.variants.into_iter().filter(|variant| is_sure(&variant.attrs));
            variants.map(|variant| variant.fields).collect()
        }
        _ => Vec::new(),
    };
    fields.into_iter().flatten().filter(|field| is_sure(&field.attrs)).map(|field| field.ty).collect()
}

/// Whether a type is the one of this name, or is put together from it by what has of a trait what its parts have.
fn holds(ty: &Type, name: &str) -> bool {
    const ALIKE: &[&str] = &["Box", "Option", "Vec", "VecDeque"];
    match types::peel(ty) {
        Type::Array(array) => holds(&array.elem, name),
        Type::Tuple(tuple) => tuple.elems.iter().any(|elem| holds(elem, name)),
        Type::Path(own) if own.qself.is_none() => {
            let is_around =
                own.path.segments.len() == 1 && ALIKE.iter().any(|known| own.path.segments[0].ident == known);
            own.path.is_ident(name)
                || (is_around && types::arguments(&own.path).into_iter().any(|ty| holds(ty, name)))
        }
        _ => false,
    }
}

/// A type of this crate that a function speaks of.
pub(crate) struct Declared {
    pub(crate) head: Rc<Head>,
    found: Place,
    function: Span,
}

impl Declared {
    pub(super) fn new(head: Rc<Head>, found: Place, function: Span) -> Self {
        Self { head, found, function }
    }

    /// Where it is declared.
    pub(crate) fn place(&self) -> &Place {
        &self.found
    }

    /// Where names in it are looked for.
    fn seen(&self) -> Seen {
        Seen::in_module(Module::of(&self.found))
    }

    /// Its parameters.
    pub(crate) fn generics(&self) -> Generics {
        self.found.head::<Written>().map(|own| own.generics).unwrap_or_default()
    }

    /// What it asks of one of them.
    pub(crate) fn bounds_of<'a>(param: &'a TypeParam, generics: &'a Generics) -> Vec<&'a TypeParamBound> {
        let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let more = clause.filter_map(|predicate| match predicate {
            WherePredicate::Type(predicate) => match types::peel(&predicate.bounded_ty) {
                Type::Path(path) if path.path.is_ident(&param.ident) => Some(&predicate.bounds),
                _ => None,
            },
            _ => None,
        });
        param.bounds.iter().chain(more.flatten()).collect()
    }

    /// Whether nothing has this name where it is declared.
    pub(crate) fn finds_none(&self, name: &str) -> bool {
        Module::of(&self.found).has_none(name)
    }

    /// All of it but for its attributes, where names in it mean what they mean at the function.
    pub(crate) fn item(&self) -> Option<Item> {
        module::is_beside(&self.found, self.function).then(|| whole(&self.found).ok()).flatten()
    }

    /// Its variants, if it is an enum of which all are there.
    pub(crate) fn variants(&self) -> Option<Vec<syn::Variant>> {
        let is_sure = |own: &syn::Variant| !own.attrs.iter().any(|attr| attr.path().is_ident("cfg"));
        match whole(&self.found).ok()? {
            Item::Enum(own) if own.variants.iter().all(is_sure) => Some(own.variants.into_iter().collect()),
            _ => None,
        }
    }

    /// The types of its fields, as far as they can be read from the function: where names in it mean what they mean there.
    pub(crate) fn fields(&self) -> Vec<Type> {
        if !module::is_beside(&self.found, self.function) {
            return Vec::new();
        }
        fields(&self.found)
    }

    /// Those that surely need a size: of a struct the last one does not.
    pub(crate) fn sized_fields(&self) -> Vec<Type> {
        let mut fields = self.fields();
        if self.found.word(0) == "struct" {
            fields.pop();
        }
        fields
    }

    /// Whether another type beside it holds it by value and derives this trait: then the compiler refuses that.
    pub(crate) fn is_held_by_one_that_derives(&self, name: &str) -> bool {
        let mut others = self.found.beside().filter(|other| !other.is(&self.found) && other.says("derive"));
        others.any(|other| {
            let Some(own) = other.head::<Written>() else { return false };
            let has_it_as_a_parameter = own.generics.type_params().any(|param| param.ident == self.head.name);
            ["enum", "struct"].contains(&other.word(0))
                && !has_it_as_a_parameter
                && !own.attrs.iter().any(|attr| attr.path().is_ident("cfg"))
                && own
                    .attrs
                    .iter()
                    .map(Attr::of)
                    .filter_map(|attr| attr.derives)
                    .flatten()
                    .any(|own| own == name)
                && fields(&other).iter().any(|ty| holds(ty, &self.head.name))
        })
    }

    /// The trait of this crate that such a bound names.
    pub(crate) fn own_trait(&self, bound: &TypeParamBound) -> Option<String> {
        self.seen().trait_of(bound).map(|(own, _)| own.ident.to_string())
    }

    /// The traits of the standard library that such a bound asks for, by their names.
    pub(crate) fn standard(&self, bound: &TypeParamBound) -> Vec<String> {
        let mut names = Vec::new();
        self.seen().standard(bound, &mut Vec::new(), &mut names);
        names
    }
}
