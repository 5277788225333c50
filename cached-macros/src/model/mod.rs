//! What is left to expand once everything has been checked. Borrows the user's tokens, so that all that is written
//! keeps their places.

use std::cell::{OnceCell, RefCell};

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{GenericParam, Generics, Path, ReturnType, Type, Visibility, WherePredicate, parse_quote};

use crate::advice;
use crate::alone::{self, Around};
use crate::block::Block;
use crate::check;
use crate::diag::Diag;
use crate::generics::{Names, turbofish};
use crate::item::Item;
use crate::key::{self, Param, Part};
use crate::options::{Companion, Options};
use crate::scope::Scope;
use crate::shape::{Leaf, Shape};
use crate::sources::module;
use crate::told::Unfit;
use crate::{expand, hidden, lifetimes, recursion, told, types};

mod place;
mod plain;

pub(crate) use place::Place;
pub(crate) use plain::{Plain, Seen};

/// A function to be memoized.
pub(crate) struct Model<'a> {
    pub(crate) item: &'a Item,
    /// The same as the user wrote it, where [`item`](Self::item) has other names for some of its types.
    pub(crate) written: Option<Box<Self>>,
    /// The type by which those names are known, which holds what is asked of them.
    pub(crate) judge: Option<Ident>,
    pub(crate) options: &'a Options,
    pub(crate) block: Option<&'a Block>,
    /// The block or trait in which it stands that is not given, for errors alone.
    pub(crate) around: Option<Around>,
    /// Whether it can be expanded, if need be without an option that has a mistake in it.
    pub(crate) sound: bool,
    /// Whether the compiler says all there is to say of the function's head.
    pub(crate) is_told: bool,
    /// Types of which it is said alone that they are not fit, as more would be said of what stands beside the function.
    pub(crate) unfit: Vec<Unfit>,
    /// Lifetimes that nobody declares.
    pub(crate) undeclared: Vec<syn::Lifetime>,
    pub(crate) krate: Path,
    pub(crate) params: Vec<Param>,
    pub(crate) parts: Vec<Part>,
    /// The shape of each part; none where only the compiler knows its type.
    pub(crate) shapes: Vec<Option<Shape>>,
    /// The return type; `()` where none is written.
    pub(crate) returned: Type,
    pub(crate) place: Place,
    pub(crate) names: Names,
    /// Those that are parameters for sure, of which something can be asked.
    pub(crate) askable: Names,
    /// Whether it is a plain function: all its arguments are the key or what that is worked out from, nothing about it is generic, and
    /// its options are those of the cache alone. Its verbs are the library's.
    pub(crate) plain: Option<Plain>,
    /// What is seen of how the returned value is kept, once that has been looked into.
    pub(crate) kept: OnceCell<Seen>,
    /// See [`hidden`](Self::hidden).
    pub(crate) hidden: OnceCell<Vec<syn::TypePath>>,
    /// See [`may_come_back`](Self::may_come_back).
    pub(crate) comes_back: OnceCell<bool>,
    /// Bounds that its parameters lack, of which it has been told.
    pub(crate) lacking: RefCell<Vec<WherePredicate>>,
}

impl<'a> Model<'a> {
    pub(crate) fn new(
        item: &'a Item,
        options: &'a Options,
        block: Option<&'a Block>,
        diag: &mut Diag,
    ) -> Self {
        let before = diag.len();
        let returned = match &item.sig.output {
            ReturnType::Default => syn::parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        let params = key::params(item, options);
        let krate = options.crate_path(block.and_then(|block| block.krate.as_ref()));
        let around = if block.is_none() { Around::of(item) } else { None };
        let mut model = Self {
            askable: place::askable(item, block, around.as_ref()),
            place: place::place(item, options, block),
            names: place::names(item, options, block, around.as_ref()),
            parts: key::plan(&params, options, &krate, item.sig.fn_token.span, diag),
            krate,
            shapes: Vec::new(),
            unfit: Vec::new(),
            undeclared: lifetimes::undeclared(
                item,
                block.map(|block| &block.generics).or(around.as_ref().and_then(Around::generics)),
            ),
            around,
            sound: false,
            is_told: false,
            plain: None,
            kept: OnceCell::new(),
            hidden: OnceCell::new(),
            comes_back: OnceCell::new(),
            lacking: RefCell::default(),
            written: None,
            judge: None,
            item,
            options,
            block,
            params,
            returned,
        };
        model.look(before, diag);
        model
    }

    /// Looks for all that is wrong, beside what was before, and finds out whether the function can be memoized.
    fn look(&mut self, before: usize, diag: &mut Diag) {
        let (options, item) = (self.options, self.item);
        check::item(self, diag);
        alone::check(self, diag);
        // What may be no part of the key is not asked to be fit for it.
        let is_unsure = before > 0 && options.is_unsure_of_the_key();
        let mut unsaid = Diag::default();
        self.shapes = check::shapes(self, if is_unsure { &mut unsaid } else { diag });
        check::options(self, diag);
        self.is_told = told::is_told(self);
        // What is told of may be where the bounds would come from.
        let is_no_batch = options.batch.marker.is_some() && !self.names.is_empty();
        check::bounds(self, if is_unsure || self.is_told || is_no_batch { &mut unsaid } else { diag });
        let _ = unsaid.tell();
        self.plain = self.finds_plain();
        // Of what has been told there is nothing more to say, and nobody gets an error on top who speaks of the function.
        self.sound = diag.is_empty() && !alone::is_second(self);
        self.sound &= !check::is_of_an_unfit_block(self);
        self.sound &= self.undeclared.is_empty() && !self.is_told && !told::is_told_of_hidden(item);
        if matches!((&self.place, &self.around), (Place::Type(_), Some(Around::Block(_)))) {
            // What would go beside it, once its block is marked, is what whoever calls it has written.
            self.place = Place::Beside;
        }
        if self.sound {
            self.unfit = Unfit::all(self);
            self.sound = self.unfit.is_empty();
        }
    }

    /// Who sees the verbs of a companion: whoever sees that. So only one thing is private of a private function.
    pub(crate) fn verb_vis(&self) -> Visibility {
        match (&self.place, &self.item.vis) {
            (Place::Type(_), Visibility::Inherited) => parse_quote!(pub(crate)),
            (Place::Inside(_), _) => Visibility::Inherited,
            (_, vis) => vis.clone(),
        }
    }

    /// The companion's name, or that of the type that takes its place inside of a function.
    pub(crate) fn companion(&self) -> Option<&Ident> {
        match &self.place {
            Place::Type(name) | Place::Inside(name) => Some(name),
            _ => None,
        }
    }

    /// The type that holds what is only for the expansion of a free function: its companion, or where that is the
    /// library's, a type of its own.
    pub(crate) fn holder(&self) -> Option<Ident> {
        if self.judge.is_some() {
            return self.judge.clone();
        }
        let name = self.companion()?;
        if self.plain.is_some() {
            Some(format_ident!("__memoized_{}", name.unraw(), span = name.span()))
        } else {
            Some(name.clone())
        }
    }

    /// The same for what is asked of this type. Of `Self` it is asked where that means the type of the function's block.
    pub(crate) fn holder_for(&self, ty: &Type) -> Option<Ident> {
        self.holder().filter(|_| !self.is_method() || !types::mentions(ty.to_token_stream(), "Self"))
    }

    /// With the types that others see.
    pub(crate) fn seen(&self) -> &Self {
        self.written.as_deref().unwrap_or(self)
    }

    /// With the types that those see who look at what is beside it.
    pub(crate) fn offered(&self) -> &Self {
        if self.is_seen_elsewhere() { self.seen() } else { self }
    }

    /// Whether what goes beside it is called where its types have no other names: those are of its own module.
    pub(crate) fn is_seen_elsewhere(&self) -> bool {
        self.is_method() || !matches!(self.item.vis, Visibility::Inherited)
    }

    /// With the return type of what else returns that. Of what a future yields the compiler would speak in each function, so it has
    /// its other name where nobody sees it.
    pub(crate) fn yielding(&self) -> &Self {
        let is_private = matches!(self.item.vis, syn::Visibility::Inherited) && self.place != Place::Apart;
        if self.item.sig.asyncness.is_some() && is_private { self } else { self.offered() }
    }

    /// The path of its body.
    pub(crate) fn body(&self) -> TokenStream {
        let has_other_names = self.written.is_some() && self.is_seen_elsewhere();
        self.path(if has_other_names { "__uncached" } else { "uncached" })
    }

    /// The block in which it stands, given or seen.
    pub(crate) fn own_block(&self) -> Option<&Block> {
        self.block.or(self.around.as_ref().and_then(Around::as_block))
    }

    /// Whether what a user wrote for the key mentions this name.
    pub(crate) fn is_spoken_of_by_key(&self, name: &Ident) -> bool {
        let key = self.options.key.as_ref();
        key.is_some_and(|(_, key)| types::any_name(quote!(#key), &mut |own| own.unraw() == name.unraw()))
    }

    /// Whether an argument of this type can be lent what lives as long as the call alone.
    pub(crate) fn is_lent_for_a_call(&self, reference: &syn::TypeReference) -> bool {
        let in_key = |index| self.parts.iter().any(|part| matches!(part, Part::Param(own) if *own == index));
        let others: Vec<&Type> = (self.params.iter().enumerate())
            .filter(|(index, _)| !in_key(*index))
            .map(|(_, param)| &param.ty)
            .collect();
        let lifetime = reference.lifetime.as_ref();
        lifetime.is_none_or(|lifetime| !lifetimes::is_chosen_around(lifetime, self.item, &others))
    }

    /// The types in its head.
    pub(crate) fn heads(&self) -> TokenStream {
        let types = self.params.iter().map(|param| &param.ty).chain([&self.returned]);
        types.map(ToTokens::to_token_stream).collect()
    }

    /// All that declares parameters of its own: the function, and its block or trait.
    pub(crate) fn all_generics(&self) -> impl Iterator<Item = &Generics> {
        let around = self.around.as_ref().and_then(Around::generics);
        [&self.item.sig.generics].into_iter().chain(self.block.map(|block| &block.generics)).chain(around)
    }

    pub(crate) fn is_method(&self) -> bool {
        !matches!(self.place, Place::Type(_) | Place::Inside(_))
    }

    /// Whether only its own caller can drive the body of an asynchronous call: it borrows, or it calls itself, so that
    /// the compiler could not find out what its future can do without knowing it already.
    pub(crate) fn is_bound_to_caller(&self) -> bool {
        let borrows = self.params.iter().any(|param| types::borrows(&param.ty));
        borrows || self.is_method() || self.is_of_thread() || self.may_come_back()
    }

    /// Whether the body of an asynchronous function may call it.
    pub(crate) fn may_come_back(&self) -> bool {
        // What others are called is a guess, by which nothing is refused.
        let by_others = || !self.options.age.is_soft() && recursion::may_come_back_by_others(self.item);
        *self.comes_back.get_or_init(|| recursion::may_come_back(self.item) || by_others())
    }

    /// Whether what it returns is awaited.
    pub(crate) fn is_async(&self) -> bool {
        self.item.sig.asyncness.is_some() || (self.is_method() && self.item.is_boxed_future())
    }

    /// Whether each thread has a cache of its own.
    pub(crate) fn is_of_thread(&self) -> bool {
        matches!(self.options.scope, Some((_, Scope::Thread)))
    }

    /// The name of an assertion, for one thread or for all of them.
    pub(crate) fn fit(&self, assertion: &str) -> Ident {
        if self.is_of_thread() {
            format_ident!("{assertion}_of_thread")
        } else {
            format_ident!("{assertion}")
        }
    }

    /// A type as what goes beside the function speaks of it: with every lifetime made `'static`, and in words for which the
    /// compiler, should it not find it, knows no other advice than for the head.
    pub(crate) fn forever(&self, ty: &Type) -> TokenStream {
        let spared = self.spared(ty);
        types::forever(&hidden::renamed(self, &spared))
    }

    /// The types that may hold a borrow which is not written.
    pub(crate) fn hidden(&self) -> &[syn::TypePath] {
        self.hidden.get_or_init(|| hidden::all(self))
    }

    /// The same with the lifetimes that it has.
    pub(crate) fn spared(&self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        if self.is_method() || self.item.sig.generics.params.is_empty() {
            advice::without_advice(&mut ty, &self.names);
        } else {
            advice::without_any_advice(&mut ty, &self.names);
        }
        ty
    }

    /// The same of a leaf.
    pub(crate) fn leaf_forever(&self, leaf: &Leaf) -> TokenStream {
        if leaf.is_argument { types::forever(&leaf.ty) } else { self.forever(&leaf.ty) }
    }

    /// Whether every part of the key has a type that can be written down.
    pub(crate) fn key_is_named(&self) -> bool {
        self.shapes.iter().all(Option::is_some)
    }

    /// Whether it is a function of a type that holds a borrow.
    pub(crate) fn is_of_borrow(&self) -> bool {
        let (lends, function) = (types::borrows, self.item.sig.fn_token.span);
        self.own_block().is_some_and(|block| {
            lends(&block.self_ty) && !module::holds_a_lifetime_too_many(&block.self_ty, function)
        })
    }

    /// Whether a call may be of types that are not fit for it: in a method around which there may be parameters, so that
    /// its types cannot be asked beforehand.
    pub(crate) fn is_checked(&self) -> bool {
        self.is_method()
            && !self.is_of_thread()
            && self.key_is_named()
            && (!self.names.is_empty() || self.options.inside.is_some())
    }

    /// Whether one static can hold the memo: nothing around it, as far as is known, is generic.
    pub(crate) fn is_one(&self) -> bool {
        match self.place {
            Place::Type(_) | Place::Inside(_) => self.names.is_empty(),
            // A static cannot name `Self`.
            _ => {
                let mut types = self.leaves().map(|(_, leaf)| &leaf.ty).chain([&self.returned]);
                self.block.is_some_and(|block| !block.is_generic())
                    && !is_generic(&self.item.sig.generics)
                    && types.all(|ty| !types::mentions(quote!(#ty), "Self"))
                    && !expand::options_speak_of_self_type(self)
            }
        }
    }

    /// The leaves of all parts, numbered from left to right.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = (usize, &Leaf)> {
        self.shapes.iter().flatten().flat_map(Shape::leaves).enumerate()
    }

    /// The name of something that stands beside the function's block, if it is in one.
    pub(crate) fn name_of(&self, what: &str) -> Ident {
        let function = self.item.sig.ident.unraw();
        let block = self.block.map(|block| {
            let (of_trait, self_ty, bounds) = (&block.of_trait, &block.self_ty, &block.generics.where_clause);
            format!("{}_", quote!(#of_trait #self_ty #bounds))
        });
        types::one_word(&format!("{what}_{}{function}", block.unwrap_or_default()))
    }

    /// The name of something that is emitted beside the function: `cache`, or `price_cache` beside a method. What begins
    /// with an underscore is not for users.
    pub(crate) fn beside(&self, what: &str) -> Ident {
        let name = &self.item.sig.ident;
        if !self.is_method() {
            return Ident::new(what, name.span());
        }
        let name = match &self.options.companion {
            Some((_, Companion::Named(own))) => own.unraw(),
            _ => name.unraw(),
        };
        match what.strip_prefix("__") {
            Some(what) => format_ident!("__{name}_{what}", span = name.span()),
            None => format_ident!("{name}_{what}", span = name.span()),
        }
    }

    /// The path of something that is emitted beside the function: `price::cache`, `Self::price_cache`.
    pub(crate) fn path(&self, what: &str) -> TokenStream {
        let own = self.beside(what);
        match &self.place {
            Place::Type(name) | Place::Inside(name) => quote!(#name::#own),
            _ => quote!(Self::#own),
        }
    }

    /// `::<T, N>` for what is emitted beside the function and has its type and const parameters.
    pub(crate) fn turbofish(&self, more: &TokenStream) -> TokenStream {
        turbofish(&self.generics(), more)
    }

    /// The parameters of what is emitted beside the function.
    pub(crate) fn generics(&self) -> Vec<&Generics> {
        let moved = match (&self.place, self.block) {
            (Place::Apart, Some(block)) => Some(&block.moved),
            _ => None,
        };
        moved.into_iter().chain([&self.item.sig.generics]).collect()
    }

    /// The same as they are declared: `<T: Hash, const N: usize>`, and their `where`.
    pub(crate) fn declared(&self, more: &TokenStream) -> (TokenStream, TokenStream) {
        let generics = self.generics();
        let params = generics.iter().flat_map(|generics| &generics.params);
        let (lifetimes, others): (Vec<_>, Vec<_>) =
            params.partition(|param| matches!(param, GenericParam::Lifetime(_)));
        let clauses = generics.iter().filter_map(|generics| generics.where_clause.as_ref());
        let predicates: Vec<_> = clauses.flat_map(|clause| &clause.predicates).collect();
        let bounds = if predicates.is_empty() { TokenStream::new() } else { quote!(where #(#predicates),*) };
        if lifetimes.is_empty() && others.is_empty() && more.is_empty() {
            return (TokenStream::new(), bounds);
        }
        (quote!(<#(#lifetimes,)* #(#others,)* #more>), bounds)
    }
}

/// Whether there is a type or const parameter.
pub(crate) fn is_generic(generics: &Generics) -> bool {
    generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)))
}
