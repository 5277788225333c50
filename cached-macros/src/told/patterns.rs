//! Patterns of parameters that surely do not fit their types. The compiler says so of the function; where an option speaks of what they
//! bind it would say it once more. For errors alone.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, ExprLit, Fields, GenericParam, Item, Lit, Member, Pat, PatStruct, Path, Token, Type,
    Variant,
};

use crate::model::Model;
use crate::sources::declared::Declared;
use crate::sources::{module, outside};
use crate::types;

/// Whether there is such a parameter, or a name that is bound twice.
pub(super) fn do_not_fit(model: &Model<'_>) -> bool {
    let is_spoken_of = model.options.key.is_some() || model.options.tags.is_some();
    if !is_spoken_of || model.params.iter().all(|param| param.pattern.is_none()) {
        return false;
    }
    let fit = Fit { function: model.item.sig.fn_token.span };
    let mut names = BTreeSet::new();
    model.params.iter().any(|param| match &param.pattern {
        Some(pattern) => {
            binds_twice(&pattern.written, &mut names) || fit.is_odd(&pattern.written, &param.ty, false)
        }
        None => !names.insert(param.name.unraw()),
    })
}

/// Whether a name is bound that is bound already.
fn binds_twice(pat: &Pat, names: &mut BTreeSet<Ident>) -> bool {
    match pat {
        Pat::Ident(own) => {
            let is_constant = own.ident.unraw().to_string().starts_with(char::is_uppercase);
            (!is_constant && !names.insert(own.ident.unraw()))
                || own.subpat.as_ref().is_some_and(|(_, pat)| binds_twice(pat, names))
        }
        // Of several patterns each binds the same names.
        Pat::Or(own) => own.cases.first().is_some_and(|pat| binds_twice(pat, names)),
        Pat::Paren(own) => binds_twice(&own.pat, names),
        Pat::Reference(own) => binds_twice(&own.pat, names),
        Pat::Slice(own) => own.elems.iter().any(|pat| binds_twice(pat, names)),
        Pat::Struct(own) => own.fields.iter().any(|field| binds_twice(&field.pat, names)),
        Pat::Tuple(own) => own.elems.iter().any(|pat| binds_twice(pat, names)),
        Pat::TupleStruct(own) => own.elems.iter().any(|pat| binds_twice(pat, names)),
        _ => false,
    }
}

/// What is known of types where a function stands.
struct Fit {
    function: Span,
}

/// What a type surely is.
enum Known {
    /// One of this crate, with what it is made of, if it has one form alone.
    Own(Declared, Option<Form>),
    /// One that is no tuple, no reference and none of this crate.
    Other,
    Nobody,
}

/// The form of a struct, or of an enum that has no other one.
struct Form {
    name: String,
    fields: Fields,
}

impl Fit {
    /// Whether a pattern is none of such a type, or not one of all its values; or it moves what is behind a reference.
    fn is_odd(&self, pat: &Pat, ty: &Type, is_behind: bool) -> bool {
        match (pat, types::peel(ty)) {
            (Pat::Paren(own), ty) => self.is_odd(&own.pat, ty, is_behind),
            (Pat::Ident(own), ty) => match &own.subpat {
                Some((_, pat)) => self.is_odd(pat, ty, is_behind),
                None if own.ident == "None" => self.is_everywhere("None"),
                None => is_behind && own.by_ref.is_none() && self.is_moved(ty),
            },
            (Pat::Lit(_), _) => true,
            (Pat::Reference(own), Type::Reference(lent)) => self.is_odd(&own.pat, &lent.elem, true),
            // What is lent is taken apart by reference.
            (Pat::Struct(_) | Pat::Tuple(_) | Pat::TupleStruct(_), Type::Reference(lent)) => {
                self.is_odd(pat, &lent.elem, false)
            }
            (Pat::Tuple(own), Type::Tuple(ty)) => {
                self.are_odd(&own.elems, &ty.elems.iter().cloned().collect::<Vec<_>>(), is_behind)
            }
            (Pat::Slice(own), Type::Reference(lent)) if !own.elems.is_empty() => {
                self.is_odd(pat, &lent.elem, false)
            }
            (Pat::Slice(own), Type::Array(array)) => length(&array.len).is_some_and(|length| {
                self.are_odd(&own.elems, &vec![(*array.elem).clone(); length], is_behind)
            }),
            // A part alone, or all of it.
            (Pat::Slice(own), Type::Slice(_)) => own.elems.len() != 1 || !is_rest(&own.elems[0]),
            (Pat::Reference(_) | Pat::Tuple(_) | Pat::Slice(_), ty) => {
                !matches!(self.known(ty), Known::Nobody)
            }
            (Pat::TupleStruct(own), ty) if own.qself.is_none() => {
                self.is_odd_tuple(&own.path, &own.elems, ty, is_behind)
            }
            (Pat::Struct(own), ty) if own.qself.is_none() => self.is_odd_struct(own, ty, is_behind),
            _ => false,
        }
    }

    /// Whether patterns are too many or too few for what is of these types, or one of them is odd.
    fn are_odd(&self, pats: &Punctuated<Pat, Token![,]>, types: &[Type], is_behind: bool) -> bool {
        let rest = pats.iter().position(is_rest);
        let (before, after) = rest.map_or((pats.len(), 0), |at| (at, pats.len() - at - 1));
        let fits = if rest.is_some() { before + after <= types.len() } else { before == types.len() };
        let first = pats.iter().zip(types).take(before);
        let last = pats.iter().rev().zip(types.iter().rev()).take(after);
        !fits || first.chain(last).any(|(pat, ty)| self.is_odd(pat, ty, is_behind))
    }

    /// The same of a name with patterns in parentheses.
    fn is_odd_tuple(
        &self,
        path: &Path,
        pats: &Punctuated<Pat, Token![,]>,
        ty: &Type,
        is_behind: bool,
    ) -> bool {
        if path.get_ident().is_some_and(|name| self.is_of_some(name, ty)) {
            return true;
        }
        match self.form(path, ty) {
            Some(Ok(Fields::Unnamed(fields))) => {
                let types = fields.unnamed.into_iter().map(|field| field.ty).collect::<Vec<_>>();
                self.are_odd(pats, &types, is_behind)
            }
            Some(_) => true,
            None => self.handed_over(path, ty).is_some_and(|held| self.are_odd(pats, &[held], is_behind)),
        }
    }

    /// Whether it is a name that some values of a type of the standard library have, and others have not.
    fn is_of_some(&self, name: &Ident, ty: &Type) -> bool {
        let other = match name.to_string().as_str() {
            "Some" => return self.is_everywhere("Some"),
            "Ok" => 1,
            "Err" => 0,
            _ => return false,
        };
        let Type::Path(own) = types::peel(ty) else { return false };
        let is_result = || outside::full_name(&own.path, self.function).as_deref() == Some("result::Result");
        types::arguments(&own.path).get(other).is_some_and(|ty| self.has_values(ty))
            && is_result()
            && self.is_everywhere(&name.to_string())
    }

    /// Whether there surely are values of a type: of some there are none, and none of what holds one.
    fn has_values(&self, ty: &Type) -> bool {
        match self.known(ty) {
            Known::Other => true,
            Known::Own(_, Some(form)) => self.are_made(&form.fields),
            Known::Own(own, None) => {
                own.variants().is_some_and(|all| all.iter().any(|one| self.are_made(&one.fields)))
            }
            Known::Nobody => false,
        }
    }

    fn are_made(&self, fields: &Fields) -> bool {
        fields.iter().all(|field| matches!(self.known(&field.ty), Known::Other))
    }

    /// The same of one with patterns in braces.
    fn is_odd_struct(&self, pat: &PatStruct, ty: &Type, is_behind: bool) -> bool {
        let fields = match self.form(&pat.path, ty) {
            Some(Ok(Fields::Named(fields))) => fields.named,
            Some(Err(())) => return true,
            _ => return false,
        };
        let of_pattern = |name: &Ident| {
            pat.fields.iter().find(|own| matches!(&own.member, Member::Named(own) if own == name))
        };
        let is_known = |own: &Member| {
            fields.iter().any(|field| matches!(own, Member::Named(own) if field.ident.as_ref() == Some(own)))
        };
        let lacks_one = |field: &syn::Field| {
            let found = field.ident.as_ref().and_then(of_pattern);
            found.map_or(pat.rest.is_none(), |own| self.is_odd(&own.pat, &field.ty, is_behind))
        };
        pat.fields.iter().any(|own| !is_known(&own.member)) || fields.iter().any(lacks_one)
    }

    /// What a type has of the form that a pattern names: its fields, or an error where there surely is no such pattern for all its
    /// values; `None` where nobody knows.
    fn form(&self, path: &Path, ty: &Type) -> Option<Result<Fields, ()>> {
        let (named, name) =
            (module::surely_declared(path, self.function), path.segments.last()?.ident.to_string());
        match (self.known(ty), named) {
            (Known::Own(own, form), Some(named)) if own.place().is(named.place()) => Some(Ok(form?.fields)),
            (Known::Own(..) | Known::Other, Some(_)) => Some(Err(())),
            (Known::Own(_, Some(form)), None) if form.name == name => Some(Ok(form.fields)),
            (Known::Own(own, _), None) => {
                let variants = own.variants()?;
                let is_another = |own: &Variant| own.ident != name && self.are_made(&own.fields);
                let is_one = variants.iter().any(|own| own.ident == name);
                (is_one && variants.iter().any(is_another)).then_some(Err(()))
            }
            (Known::Other, None) | (Known::Nobody, _) => None,
        }
    }

    fn known(&self, ty: &Type) -> Known {
        let path = match types::peel(ty) {
            Type::Array(_) | Type::Slice(_) | Type::Tuple(_) | Type::TraitObject(_) => return Known::Other,
            Type::Path(own) if own.qself.is_none() => &own.path,
            _ => return Known::Nobody,
        };
        let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if types::is_name_of_primitive(path) && self.is_everywhere(&name) {
            return Known::Other;
        }
        if let Some(own) = module::surely_declared(path, self.function) {
            let form = form_of(&own, path);
            return Known::Own(own, form);
        }
        let is_known = types::KNOWN.contains(&name.as_str()) && name != "Self";
        if is_known && outside::full_name(path, self.function).is_some() {
            Known::Other
        } else {
            Known::Nobody
        }
    }

    /// What the parameter of a handler of a web framework holds: `Path(id): Path<u32>`.
    fn handed_over(&self, path: &Path, ty: &Type) -> Option<Type> {
        const HANDED_OVER: &[&str] = &["Data", "Extension", "Form", "Json", "Path", "Query", "State"];
        let Type::Path(own) = types::peel(ty) else { return None };
        let name = &own.path.segments.last()?.ident;
        let is_it = path.segments.last()?.ident == *name && HANDED_OVER.iter().any(|known| name == known);
        match types::arguments(&own.path).as_slice() {
            [held] if is_it && module::is_of_another_crate(&own.path, self.function) => Some((*held).clone()),
            _ => None,
        }
    }

    /// Whether a value of this type is moved where it is bound.
    fn is_moved(&self, ty: &Type) -> bool {
        const MOVED: &[&str] = &["Arc", "BTreeMap", "Box", "HashMap", "HashSet", "String", "Vec"];
        let Type::Path(own) = types::peel(ty) else { return false };
        let is_one = own.path.segments.last().is_some_and(|last| MOVED.iter().any(|name| last.ident == name));
        is_one && matches!(self.known(ty), Known::Other)
    }

    fn is_everywhere(&self, name: &str) -> bool {
        module::leaves(name, self.function)
    }
}

/// The one form of a type as it is written here: with the types that it is given.
fn form_of(own: &Declared, path: &Path) -> Option<Form> {
    let is_sure = |attrs: &[Attribute]| !attrs.iter().any(|attr| attr.path().is_ident("cfg"));
    let (name, mut fields, generics) = match own.item()? {
        Item::Struct(item) => (item.ident, item.fields, item.generics),
        Item::Enum(item) if item.variants.len() == 1 => {
            let variant = item.variants.into_iter().next().filter(|own| is_sure(&own.attrs))?;
            (variant.ident, variant.fields, item.generics)
        }
        _ => return None,
    };
    if !fields.iter().all(|field| is_sure(&field.attrs)) {
        return None;
    }
    let given = types::arguments(path);
    let params = generics.params.iter().filter(|param| !matches!(param, GenericParam::Lifetime(_)));
    for (index, param) in params.enumerate() {
        let GenericParam::Type(param) = param else { return None };
        for field in &mut fields {
            field.ty = with(&field.ty, &param.ident, given.get(index)?);
        }
    }
    Some(Form { name: name.to_string(), fields })
}

/// Whether it stands for however many there are.
fn is_rest(pat: &Pat) -> bool {
    match pat {
        Pat::Rest(_) => true,
        Pat::Ident(own) => own.subpat.as_ref().is_some_and(|(_, pat)| is_rest(pat)),
        _ => false,
    }
}

/// The length of an array that is a number, and short.
fn length(expr: &Expr) -> Option<usize> {
    let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = expr else { return None };
    number.base10_parse().ok().filter(|length| *length <= 16)
}

/// A type with another one in the place of a parameter.
fn with(ty: &Type, param: &Ident, given: &Type) -> Type {
    fn all(tokens: TokenStream, param: &Ident, given: &Type) -> TokenStream {
        let one = |token| match token {
            TokenTree::Ident(name) if name == *param => {
                Group::new(Delimiter::None, given.to_token_stream()).into()
            }
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), all(group.stream(), param, given)).into()
            }
            token => token,
        };
        tokens.into_iter().map(one).collect()
    }
    let tokens = all(ty.to_token_stream(), param, given);
    syn::parse2(tokens.clone()).unwrap_or(Type::Verbatim(tokens))
}
