//! What is generic about a function: the names of its parameters, and what is known of them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, Type, TypeParamBound, WherePredicate};

use crate::sources::module::Seen;
use crate::types;

/// The names that stand for something else in each monomorphisation.
#[derive(Clone, Default)]
pub(crate) struct Names {
    known: Vec<String>,
    /// Whether there may be more of them, around a method that is all one sees.
    open: bool,
}

impl Names {
    /// The type and const parameters of these generics.
    pub(crate) fn of<'a>(generics: impl IntoIterator<Item = &'a Generics>) -> Self {
        let params = generics.into_iter().flat_map(|generics| &generics.params);
        let name = |param: &GenericParam| match param {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(param) => Some(param.ident.to_string()),
            GenericParam::Const(param) => Some(param.ident.to_string()),
        };
        Self { known: params.filter_map(name).collect(), open: false }
    }

    /// With `Self` among them.
    pub(crate) fn with_self(mut self) -> Self {
        self.known.push("Self".to_owned());
        self
    }

    /// Of a method that is all one sees: any `T` may be a parameter of the block around it.
    pub(crate) fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Whether there is no parameter.
    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty() && !self.open
    }

    /// Whether this is one for sure.
    pub(crate) fn declares(&self, name: &syn::Ident) -> bool {
        self.known.iter().any(|known| name == known)
    }

    /// Whether these tokens speak of one.
    pub(crate) fn are_in(&self, tokens: &impl ToTokens) -> bool {
        if self.is_empty() {
            return false;
        }
        types::any_ident(tokens.to_token_stream(), &mut |ident| {
            let name = ident.to_string();
            self.declares(ident) || (self.open && is_letter(&name))
        })
    }
}

/// `T`, `K2`: what people call a parameter and hardly ever a type.
fn is_letter(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase()) && chars.all(|c| c.is_ascii_digit())
}

/// `::<T, N>`, where there is anything to be said.
pub(crate) fn turbofish(generics: &[&Generics], more: &TokenStream) -> TokenStream {
    let names = generics.iter().flat_map(|generics| &generics.params).filter_map(|param| match param {
        GenericParam::Lifetime(_) => None,
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
    });
    let names: Vec<_> = names.collect();
    if names.is_empty() && more.is_empty() { TokenStream::new() } else { quote!(::<#(#names,)* #more>) }
}

/// What the parameters are in a monomorphisation, as things that can be shown.
pub(crate) fn shown(generics: &[&Generics]) -> Vec<TokenStream> {
    let params = generics.iter().flat_map(|generics| &generics.params);
    let shown = params.filter_map(|param| match param {
        GenericParam::Lifetime(_) => None,
        GenericParam::Type(param) => {
            let name = &param.ident;
            Some(quote!(&::core::any::type_name::<#name>()))
        }
        GenericParam::Const(param) => {
            let name = &param.ident;
            Some(quote!(&#name))
        }
    });
    shown.collect()
}

/// What is known of one type parameter.
pub(crate) struct Bounds {
    /// Last names of the traits, and `'static`.
    names: Vec<String>,
    /// Traits of this crate, of which those are what they ask for.
    own: Vec<String>,
}

/// What bounds imply that people rely on.
const IMPLIED: &[(&str, &[&str])] = &[
    ("Copy", &["Clone"]),
    ("Eq", &["PartialEq"]),
    ("Ord", &["Eq", "PartialEq", "PartialOrd"]),
    ("PartialOrd", &["PartialEq"]),
    ("Any", &["'static"]),
];

/// Traits of the standard library and of `serde` that are known to ask for nothing else that matters here. What another trait asks
/// for, nobody knows.
const PLAIN: &[&str] = &[
    "'static",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Display",
    "Eq",
    "From",
    "FromStr",
    "Hash",
    "Into",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Sized",
    "Sync",
    "ToString",
    "Unpin",
    "AsRef",
    "Borrow",
    "Any",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Sum",
    "Iterator",
    "IntoIterator",
    "Fn",
    "FnOnce",
    "FnMut",
    "AddAssign",
    "AsMut",
    "Binary",
    "BitAnd",
    "BitOr",
    "BitXor",
    "BufRead",
    "BuildHasher",
    "Deref",
    "Deserialize",
    "DeserializeOwned",
    "DoubleEndedIterator",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "FromIterator",
    "Future",
    "Hasher",
    "Index",
    "LowerHex",
    "Neg",
    "Not",
    "Product",
    "Read",
    "Rem",
    "Seek",
    "Serialize",
    "Shl",
    "Shr",
    "TryFrom",
    "TryInto",
    "UpperHex",
    "Write",
];

impl Bounds {
    /// Those of a parameter with these generics of a function whose `fn` stands here.
    pub(crate) fn of(param: &syn::TypeParam, generics: &Generics, function: Span) -> Self {
        Self::found(param, generics, &Seen::from(function), &mut Vec::new())
    }

    /// The same, where these traits have been looked into already.
    fn found(param: &syn::TypeParam, generics: &Generics, from: &Seen, known: &mut Vec<String>) -> Self {
        let mut names: Vec<String> = Vec::new();
        for bound in &param.bounds {
            names_of(bound, from, known, &mut names);
        }
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            let WherePredicate::Type(predicate) = predicate else { continue };
            if matches!(types::peel(&predicate.bounded_ty), Type::Path(path) if path.path.is_ident(&param.ident))
            {
                for bound in &predicate.bounds {
                    names_of(bound, from, known, &mut names);
                }
            }
        }
        for (name, implied) in IMPLIED {
            if names.iter().any(|own| own == name) {
                names.extend(implied.iter().map(|&name| name.to_owned()));
            }
        }
        Self { names, own: known.clone() }
    }

    /// Those of `Self` in a trait, and in a method of it with these generics.
    pub(crate) fn of_self(of_trait: &syn::ItemTrait, method: &Generics, function: Span) -> Self {
        let mut names = Self::asked_by(of_trait, &Seen::from(function), &mut Vec::new());
        names.extend(Self::of(&own(), method, function).names);
        Self { names, own: Vec::new() }
    }

    /// What a trait asks for.
    fn asked_by(of_trait: &syn::ItemTrait, from: &Seen, known: &mut Vec<String>) -> Vec<String> {
        let mut param = own();
        param.bounds.clone_from(&of_trait.supertraits);
        Self::found(&param, &of_trait.generics, from, known).names
    }

    /// Whether a bound that another type asks for is missing for sure.
    pub(crate) fn lack(&self, asked: &TypeParamBound) -> bool {
        /// What nothing has that is not said to have it.
        const SURE: &[&str] = &[
            "AsRef",
            "Clone",
            "Copy",
            "Debug",
            "Default",
            "Display",
            "Eq",
            "Hash",
            "Ord",
            "PartialEq",
            "PartialOrd",
            "Send",
            "Sync",
        ];
        let name = name_of(asked);
        SURE.contains(&name.as_str()) && !self.missing(&[&name]).is_empty()
    }

    /// Whether that of a trait of this crate is missing for sure, if nothing has it unasked.
    pub(crate) fn lack_own(&self, name: &str) -> bool {
        self.are_known() && !self.own.iter().any(|own| own == name)
    }

    fn are_known(&self) -> bool {
        self.names.iter().all(|name| PLAIN.contains(&name.as_str()))
    }

    /// Whether it surely has no size that anybody knows.
    pub(crate) fn have_no_size(&self) -> bool {
        /// What may be asked of what has none.
        const OF_ANY: &[&str] = &[
            "'static",
            "Any",
            "Debug",
            "Display",
            "Eq",
            "Hash",
            "PartialEq",
            "Send",
            "Sync",
            "ToString",
            "Unpin",
        ];
        self.names.iter().all(|name| OF_ANY.contains(&name.as_str()))
    }

    /// Whether it is seen that it lives for ever.
    pub(crate) fn are_static(&self) -> bool {
        self.names.iter().any(|name| name == "'static")
    }

    /// Those of these that are missing, if that can be told.
    pub(crate) fn missing<'a>(&self, needed: &[&'a str]) -> Vec<&'a str> {
        if !self.are_known() {
            return Vec::new();
        }
        needed.iter().filter(|needed| !self.names.iter().any(|name| name == *needed)).copied().collect()
    }
}

/// `Self` as a parameter.
fn own() -> syn::TypeParam {
    syn::TypeParam::from(syn::Ident::new("Self", Span::call_site()))
}

/// The name of a bound, or in its place what a trait of this crate asks for.
fn names_of(bound: &TypeParamBound, from: &Seen, known: &mut Vec<String>, names: &mut Vec<String>) {
    let name = name_of(bound);
    match from.trait_of(bound) {
        Some((own, its)) if !known.contains(&name) => {
            known.push(name);
            names.extend(Bounds::asked_by(&own, &its, known));
        }
        Some(_) => {}
        None => names.push(name),
    }
}

fn name_of(bound: &TypeParamBound) -> String {
    match bound {
        TypeParamBound::Lifetime(lifetime) => format!("'{}", lifetime.ident),
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
        }
        _ => String::new(),
    }
}
