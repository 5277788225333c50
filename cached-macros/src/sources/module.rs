//! Types and traits that a function speaks of, as they are declared in source files of its crate: so that what is missing can be
//! said before the compiler says it piece by piece.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use proc_macro2::Span;
use syn::{
    GenericArgument, GenericParam, ItemTrait, Path, PathArguments, TraitBoundModifier, Type, TypeParamBound,
};

use crate::block::Block;
use crate::sources::answers;
use crate::sources::around::Place;
use crate::sources::declared::{Declared, Head};
use crate::sources::imports::{Module, is_silent};
use crate::sources::manifest;
use crate::sources::outside;
use crate::types;

/// Whether another crate is found by this name.
pub(crate) fn is_another_crate(name: &str) -> bool {
    ["std", "core", "alloc"].contains(&name) || manifest::depends_on(name)
}

/// How many traits are followed that ask for others.
const FAR: u8 = 8;

/// Where names are looked for.
#[derive(Clone)]
pub(crate) struct Seen(Option<Module>);

impl Seen {
    /// From a module.
    pub(super) fn in_module(module: Module) -> Self {
        Self(Some(module))
    }

    /// From the head of a function.
    pub(crate) fn from(function: Span) -> Self {
        Self(Sight::from(function).and_then(|sight| sight.module.clone()))
    }

    /// The trait that a bound names, and from where it sees others.
    pub(crate) fn trait_of(&self, bound: &TypeParamBound) -> Option<(ItemTrait, Self)> {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let found = find(self.0.as_ref()?, &["trait"], &bound.path)?;
        let own = found.head::<ItemTrait>().filter(|found| found.attrs.iter().all(is_silent))?;
        Some((own, Self(Some(Module::of(&found)))))
    }

    /// What stands in the trait that a bound names.
    pub(crate) fn items_of(&self, bound: &TypeParamBound) -> Vec<Place> {
        let (TypeParamBound::Trait(bound), Some(module)) = (bound, &self.0) else { return Vec::new() };
        find(module, &["trait"], &bound.path).iter().flat_map(Place::content).collect()
    }

    /// The trait of the standard library that a bound names.
    pub(crate) fn standard_trait(&self, bound: &TypeParamBound) -> Option<String> {
        let TypeParamBound::Trait(bound) = bound else { return None };
        outside::standard_trait(&bound.path, self.0.as_ref()?)
    }

    /// The name of a bound's trait, if that is one of these of the standard library, which everybody has.
    pub(crate) fn one_of(&self, bound: &TypeParamBound, names: &[&str]) -> Option<String> {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let name = bound.path.segments.last()?.ident.to_string();
        let is_it = || outside::is_standard(&bound.path, true, self.0.as_ref()?).then_some(());
        names.contains(&name.as_str()).then(is_it).flatten().map(|()| name)
    }

    /// Whether a bound is that of a trait which may have an associated type of this name.
    pub(crate) fn may_declare(&self, bound: &TypeParamBound, name: &str) -> bool {
        self.may_declare_within(bound, name, FAR)
    }

    fn may_declare_within(&self, bound: &TypeParamBound, name: &str, far: u8) -> bool {
        let TypeParamBound::Trait(path) = bound else { return false };
        if matches!(path.modifier, TraitBoundModifier::Maybe(_)) {
            return false;
        }
        let Some(module) = self.0.as_ref().filter(|_| far > 0) else { return true };
        if let Some(known) = outside::standard_trait(&path.path, module) {
            return outside::types_of_trait(&known).contains(&name);
        }
        let Some((own, place)) = self.trait_of(bound) else { return true };
        let content = self.items_of(bound);
        let declares = |item: Place| item.is_macro() || (item.word(0) == "type" && item.word(1) == name);
        own.generics.where_clause.is_some()
            || content.into_iter().any(declares)
            || own.supertraits.iter().any(|bound| place.may_declare_within(bound, name, far - 1))
    }

    /// See [`Declared::standard`]; where these traits have been looked into already.
    pub(super) fn standard(&self, bound: &TypeParamBound, known: &mut Vec<String>, names: &mut Vec<String>) {
        let (Some(module), TypeParamBound::Trait(own)) = (&self.0, bound) else { return };
        if let Some(name) = outside::standard_trait(&own.path, module) {
            return names.push(name);
        }
        let Some((own, place)) = self.trait_of(bound) else { return };
        if !known.contains(&own.ident.to_string()) {
            known.push(own.ident.to_string());
            own.supertraits.iter().for_each(|bound| place.standard(bound, known, names));
        }
    }
}

/// Whether a type is one of this crate that is given what it takes: then there is nothing odd about it.
pub(crate) fn is_right(ty: &Type, function: Span) -> bool {
    let Type::Path(own) = types::peel(ty) else { return false };
    let given = own.path.segments.last().map(|last| &last.arguments);
    let is_of_types = |arguments: &PathArguments| match arguments {
        PathArguments::AngleBracketed(given) => given.args.iter().all(is_of_type),
        PathArguments::None => true,
        PathArguments::Parenthesized(_) => false,
    };
    let count = |arguments: &PathArguments| match arguments {
        PathArguments::AngleBracketed(given) => given.args.len(),
        _ => 0,
    };
    own.qself.is_none()
        && given.is_some_and(is_of_types)
        && type_of(&own.path, function)
            .is_some_and(|(_, head)| (head.needed..=head.params).contains(&given.map_or(0, count)))
}

/// Whether what stands for a type is a trait.
pub(crate) fn is_trait(ty: &Type, function: Span) -> bool {
    match types::peel(ty) {
        Type::Path(path) if path.qself.is_none() && !is_known(&path.path) => {
            let is_called = path
                .path
                .segments
                .last()
                .is_some_and(|last| matches!(last.arguments, PathArguments::Parenthesized(_)));
            is_called
                || item(&["trait"], &path.path, function).is_some()
                || outside::is_trait(&path.path, function)
        }
        _ => false,
    }
}

/// The part of a type whose lifetime is not written, if the type is found from this function.
pub(crate) fn hidden_borrow(ty: &Type, function: Span) -> Option<&Type> {
    let ty = types::peel(ty);
    match ty {
        Type::Reference(reference) => hidden_borrow(&reference.elem, function),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(|elem| hidden_borrow(elem, function)),
        Type::Array(array) => hidden_borrow(&array.elem, function),
        Type::Slice(slice) => hidden_borrow(&slice.elem, function),
        Type::Path(path) if path.qself.is_none() => {
            let last = path.path.segments.last()?;
            let arguments = match &last.arguments {
                PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
                _ => None,
            };
            let is_said = |argument: &GenericArgument| matches!(argument, GenericArgument::Lifetime(_));
            let is_said = arguments.is_some_and(|arguments| arguments.iter().any(is_said));
            if !is_said && !is_known(&path.path) && !has_other_arguments(&path.path, function) {
                let found = item(&["struct", "enum", "union", "type"], &path.path, function);
                let is_hidden = match found.and_then(|found| found.type_head()) {
                    Some(found) => found.lifetimes > 0,
                    None => outside::is_lent(&path.path, function),
                };
                if is_hidden {
                    return Some(ty);
                }
            }
            arguments?.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => hidden_borrow(ty, function),
                _ => None,
            })
        }
        _ => None,
    }
}

/// Whether a type of this crate is given more types and constants than it takes, or fewer.
pub(crate) fn has_other_arguments(path: &Path, function: Span) -> bool {
    let given = match path.segments.last().map(|last| &last.arguments) {
        Some(PathArguments::AngleBracketed(given)) => {
            given.args.iter().filter(|given| is_of_type(given)).count()
        }
        Some(PathArguments::None) => 0,
        _ => return false,
    };
    type_of(path, function).is_some_and(|(_, head)| !(head.needed..=head.params).contains(&given))
}

fn is_of_type(given: &GenericArgument) -> bool {
    matches!(given, GenericArgument::Type(_) | GenericArgument::Const(_))
}

/// The type of this crate that a path in the head of a function means.
pub(crate) fn declared(path: &Path, function: Span) -> Option<Declared> {
    let (found, head) = type_of(path, function)?;
    Some(Declared::new(head, found, function))
}

/// Where it is declared, and how.
pub(super) fn type_of(path: &Path, function: Span) -> Option<(Place, Rc<Head>)> {
    if is_known(path) {
        return None;
    }
    let found = item(&["struct", "enum", "union"], path, function)?;
    let head = found.type_head()?;
    Some((found, head))
}

/// The same where the path can mean nothing else, whatever macros write and conditions leave out.
pub(crate) fn surely_declared(path: &Path, function: Span) -> Option<Declared> {
    let (found, head) = sure_type_of(path, function)?;
    Some(Declared::new(head, found, function))
}

/// See [`surely_declared`].
pub(super) fn sure_type_of(path: &Path, function: Span) -> Option<(Place, Rc<Head>)> {
    let (found, head) = type_of(path, function)?;
    let sight = Sight::from(function)?;
    let (place, module) = (sight.place_of_all()?, sight.module.as_ref()?);
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let is_sure = || module.find_surely(&names).is_some_and(|sure| sure.is(&found));
    answers::fact(&place, format!("sure {}", text(path)), is_sure).then_some((found, head))
}

/// Whether a path in the head of a function is that of the standard library's `Result`, whatever macros write.
pub(crate) fn is_surely_result(path: &Path, function: Span) -> bool {
    let Some(sight) = Sight::from(function) else { return false };
    let (Some(place), Some(module)) = (sight.place_of_all(), &sight.module) else { return false };
    let is_alone = answers::fact(&place, "no macro".to_owned(), || module.calls_no_macro());
    is_alone && outside::full_name(path, function).as_deref() == Some("result::Result")
}

/// What stands in the same module as a function, of which this is another name without parameters.
pub(crate) fn other_name(path: &Path, function: Span) -> Option<Type> {
    if is_known(path) || path.get_ident().is_none() {
        return None;
    }
    of_alias(&item(&["type"], path, function).filter(|found| is_beside(found, function))?)
}

/// The same of what stands in another module.
pub(crate) fn name_from_elsewhere(path: &Path, function: Span) -> Option<Type> {
    of_alias(&item(&["type"], path, function).filter(|_| !is_known(path))?)
}

fn of_alias(found: &Place) -> Option<Type> {
    let own: syn::ItemType = syn::parse_str(&format!("{};", found.declaration())).ok()?;
    own.generics.params.is_empty().then_some(*own.ty)
}

/// Whether something stands in the same braces as a function, or its block.
pub(super) fn is_beside(found: &Place, function: Span) -> bool {
    Place::of(function).is_some_and(|own| in_block(own).is_beside(found))
}

/// Whether a type is given a lifetime that it has no place for.
pub(crate) fn has_a_lifetime_too_many(ty: &Type, function: Span) -> bool {
    let Type::Path(path) = types::peel(ty) else { return false };
    let Some(PathArguments::AngleBracketed(arguments)) =
        path.path.segments.last().map(|last| &last.arguments)
    else {
        return false;
    };
    let is_lifetime = |argument: &GenericArgument| matches!(argument, GenericArgument::Lifetime(_));
    if path.qself.is_some() || is_known(&path.path) || !arguments.args.iter().any(is_lifetime) {
        return false;
    }
    type_of(&path.path, function).is_some_and(|(_, head)| head.lifetimes == 0)
}

/// Whether a type is such, or something in it.
pub(crate) fn holds_a_lifetime_too_many(ty: &Type, function: Span) -> bool {
    types::any_part(ty, &|part| has_a_lifetime_too_many(part, function))
}

/// The path from its crate of what comes from another one.
pub(crate) fn outside(path: &Path, function: Span) -> Option<Vec<String>> {
    let first = path.segments.first()?.ident.to_string();
    let sight = Sight::from(function);
    if sight.as_ref().is_some_and(|sight| sight.has_parameter(&first)) {
        return None;
    }
    let find = || outside_of(path, sight.as_ref().and_then(|sight| sight.module.as_ref()));
    match sight.as_ref().and_then(|sight| sight.place_of_all()) {
        Some(place) => answers::path(&place, text(path), find),
        None => find(),
    }
}

/// Whether what a path means comes from another crate, the standard library apart: one that the manifest speaks of, and no module here.
pub(crate) fn is_of_another_crate(path: &Path, function: Span) -> bool {
    from(function, |module| {
        let first = path.segments[0].ident.to_string();
        let root = match path.segments.len() {
            1 => module
                .import(&first)
                .filter(|import| import.len() > 1)
                .map(|mut import| import.swap_remove(0)),
            _ => Some(first),
        };
        let is_own = |root: &str| ["crate", "self", "super", "Self"].contains(&root);
        let is_here = |root: &String| {
            module.import(root).is_some() || module.find(&["mod"], std::slice::from_ref(root)).is_some()
        };
        root.is_some_and(|root| !is_own(&root) && !is_here(&root) && manifest::depends_on(&root))
    })
}

/// The same from a module.
pub(crate) fn outside_of(path: &Path, module: Option<&Module>) -> Option<Vec<String>> {
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let is_crate = |name: &str| matches!(name, "std" | "core" | "alloc");
    if is_crate(names.first()?) {
        return Some(names);
    }
    let import = module?.import_of_another(names.first()?)?;
    is_crate(import.first()?).then(|| [&import, &names[1..]].concat())
}

/// Whether a name in the head of a function is that of another function, and of no type.
pub(crate) fn is_function(path: &Path, function: Span) -> bool {
    let name = path.get_ident().map(ToString::to_string);
    name.is_some_and(|name| from(function, |module| module.has_a_function_alone(&name)))
}

/// Whether a path that a function speaks of is that of a function of another module, and of nothing else there.
pub(crate) fn is_function_elsewhere(path: &Path, function: Span) -> bool {
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let is_alone = |place: &Place| {
        let is_bare = place.head::<syn::ItemFn>().is_some_and(|own| own.attrs.iter().all(is_silent));
        let mut others = place.beside().filter(|other| !other.is(place));
        // It may be the companion of another one.
        let is_known = !place.is_in_a_file_with("companion");
        is_bare && is_known && !others.any(|other| other.word(1) == place.word(1) || other.is_macro())
    };
    names.len() > 1
        && from(function, |module| module.find(&["fn"], &names).is_some_and(|place| is_alone(&place)))
}

/// Whether a path that a function speaks of is that of a function whose attributes have this word in them.
pub(crate) fn is_marked(path: &Path, word: &str, function: Span) -> bool {
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    from(function, |module| {
        module.find(&["fn"], &names).is_some_and(|place| place.attributes().contains(word))
    })
}

/// The attributes of the function that a path means.
pub(crate) fn marks_of(path: &Path, function: Span) -> Option<Vec<syn::Attribute>> {
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    Sight::from(function)?.module.as_ref()?.find(&["fn"], &names)?.marks()
}

/// Whether a name that a function speaks of is that of a static.
pub(crate) fn is_static(path: &Path, function: Span) -> bool {
    let name = path.get_ident().map(ToString::to_string);
    name.is_some_and(|name| from(function, |module| module.find(&["static"], &[name]).is_some()))
}

/// Whether a function of this name is found from another one.
pub(crate) fn finds_function(name: &str, function: Span) -> bool {
    from(function, |module| module.find(&["fn"], &[name.to_owned()]).is_some())
}

/// Whether a name in the head of a function is that of nothing.
pub(crate) fn has_none(name: &str, function: Span) -> bool {
    from(function, |module| module.has_none(name))
}

/// Whether a `use` brings in a type or a module of this name; one of all there is, too, where that is asked for.
pub(crate) fn imports_type(name: &str, function: Span, also_with_all: bool, kinds: &[&str]) -> bool {
    from(function, |module| {
        let import = module.brought_in(name);
        let is_of_std = |path: &Vec<String>| path.len() == 2 && path[0] == "std";
        let is_found = || module.find(kinds, &[name.to_owned()]).is_some();
        import.as_ref().is_some_and(is_of_std) || ((import.is_some() || also_with_all) && is_found())
    })
}

/// Whether an item beside a function has this name.
pub(crate) fn declares(name: &str, function: Span) -> bool {
    from(function, |module| module.declares(name))
}

/// Whether a name means at this function what it means everywhere.
pub(crate) fn leaves(name: &str, function: Span) -> bool {
    let Some(sight) = Sight::from(function) else { return false };
    let Some(module) = &sight.module else { return false };
    let find = || module.leaves(name);
    let leaves = match sight.place_of_all() {
        Some(place) => answers::fact(&place, name.to_owned(), find),
        None => find(),
    };
    leaves && !sight.has_parameter(name)
}

fn from(function: Span, is_so: impl FnOnce(&Module) -> bool) -> bool {
    Sight::from(function).is_some_and(|sight| sight.module.as_ref().is_some_and(is_so))
}

/// Whether a type is one that nobody has to look for.
fn is_known(path: &Path) -> bool {
    let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    let name = name.as_str();
    types::KNOWN.contains(&name) || (path.segments.len() == 1 && types::PRIMITIVES.contains(&name))
}

/// The item of one of these kinds that a path in the head of a function means.
fn item(kinds: &[&str], path: &Path, function: Span) -> Option<Place> {
    let sight = Sight::from(function)?;
    let module = sight.module.as_ref()?;
    let find = || find(module, kinds, path);
    let found = match sight.place_of_all() {
        Some(place) => answers::item(&place, [&kinds.concat(), &*text(path)].join(" "), find),
        None => find(),
    };
    let first = path.segments.first()?.ident.to_string();
    found.filter(|_| !sight.has_parameter(&first))
}

/// A path without its arguments.
fn text(path: &Path) -> String {
    let names = path.segments.iter().map(|segment| segment.ident.to_string());
    let root = path.leading_colon.map(|_| String::new());
    root.into_iter().chain(names).collect::<Vec<_>>().join("::")
}

/// What is seen from a function: asked for again and again while one is expanded.
struct Sight {
    own: Place,
    /// Where names in its head are looked for: in its module, and in the bodies of functions in which it stands, unless a `use` in
    /// them may hide a name.
    module: Option<Module>,
    /// Whether it stands in the body of a function.
    is_in_a_body: bool,
    /// The type and const parameters of its own and of its block.
    params: OnceCell<Vec<String>>,
}

thread_local! {
    static LAST: RefCell<Option<Rc<Sight>>> = const { RefCell::new(None) };
}

/// See [`begin`](super::begin).
pub(super) fn begin() {
    LAST.take();
}

impl Sight {
    fn from(function: Span) -> Option<Rc<Self>> {
        let own = Place::of(function)?;
        LAST.with_borrow_mut(|last| {
            if let Some(last) = last.as_ref().filter(|last| last.own.is(&own)) {
                return Some(Rc::clone(last));
            }
            let (module, is_in_a_body) = (module_of(&own), own.is_in_function());
            *last = Some(Rc::new(Self { own, module, is_in_a_body, params: OnceCell::new() }));
            last.clone()
        })
    }

    /// Something in the same braces, if all that stands there sees what the function does.
    fn place_of_all(&self) -> Option<Place> {
        (!self.is_in_a_body).then(|| in_block(self.own.clone()))
    }

    fn has_parameter(&self, name: &str) -> bool {
        self.params.get_or_init(|| params_of(&self.own)).iter().any(|param| param == name)
    }
}

fn module_of(own: &Place) -> Option<Module> {
    let mut place = in_block(own.clone());
    let mut nearer = Vec::new();
    while let Some(around) = place.around().filter(|around| around.word(0) == "fn") {
        nearer.extend(place.beside());
        place = in_block(around);
    }
    let is_known = place.around().is_none_or(|around| around.word(0) == "mod")
        && !nearer.iter().any(|place| place.word(0) == "use");
    is_known.then(|| Module::of(&place).with(nearer))
}

fn params_of(own: &Place) -> Vec<String> {
    let around = in_block(own.clone());
    let is_generic = own.may_be_generic();
    let is_in_block = !around.is(own);
    let generics = [
        is_generic.then(|| own.head::<syn::ItemFn>().map(|function| function.sig.generics)).flatten(),
        is_in_block.then(|| around.head::<Block>().map(|block| block.generics)).flatten(),
        is_in_block.then(|| around.head::<ItemTrait>().map(|of_trait| of_trait.generics)).flatten(),
    ];
    let params = generics.iter().flatten().flat_map(|generics| &generics.params);
    let name = |param: &GenericParam| match param {
        GenericParam::Type(param) => Some(param.ident.to_string()),
        GenericParam::Const(param) => Some(param.ident.to_string()),
        GenericParam::Lifetime(_) => None,
    };
    params.filter_map(name).collect()
}

/// The block or trait in which a function stands, or itself.
fn in_block(function: Place) -> Place {
    let block = function.around().filter(|around| matches!(around.word(0), "impl" | "trait"));
    block.unwrap_or(function)
}

fn find(module: &Module, kinds: &[&str], path: &Path) -> Option<Place> {
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    if path.leading_colon.is_some() { None } else { module.find(kinds, &names) }
}
