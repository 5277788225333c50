//! What is left to expand once everything has been checked. Borrows the user's tokens, so that all that is written
//! keeps their places.

use std::cell::{OnceCell, RefCell};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{
    Expr, FnArg, GenericParam, Generics, Pat, Path, ReturnType, Type, Visibility, WherePredicate, parse_quote,
};

use crate::advice;
use crate::alone::{self, Around};
use crate::block::Block;
use crate::check;
use crate::diag::Diag;
use crate::generics::{Names, turbofish};
use crate::item::Item;
use crate::key::{self, Param, Part};
use crate::options::{Companion, Options};
use crate::patterns::Pattern;
use crate::scope::Scope;
use crate::shape::{Leaf, Shape};
use crate::sources::{module, plain};
use crate::told::Unfit;
use crate::{expand, hidden, lifetimes, recursion, told, types};

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

/// Plain functions, by what the library has to know of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain {
    /// It is called, and may be lent its arguments.
    Borrowing,
    /// It is called, and owns them.
    Owning,
    /// It is awaited, and may be lent its arguments; what it answers holds no borrow, and nothing lives for ever.
    AwaitedBorrowing,
    /// It is awaited, and owns them.
    AwaitedOwning,
    /// It is called, and its key is worked out from arguments that can be given to both.
    Keyed,
}

/// What is seen of how a value is kept, so that the compiler need not be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// As it is.
    Plain,
    /// It is a `Result`, and its error can be told to all who wait.
    Result,
    Nothing,
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
        let params = params(item, options);
        let krate = options.crate_path(block.and_then(|block| block.krate.as_ref()));
        let around = if block.is_none() { Around::of(item) } else { None };
        let mut model = Self {
            askable: askable(item, block, around.as_ref()),
            place: place(item, options, block),
            names: names(item, options, block, around.as_ref()),
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

    /// Whether a type is surely fit for a key, so that the compiler need not be asked.
    pub(crate) fn is_plain_key(&self, ty: &Type) -> bool {
        types::is_plain_key_with(ty, &|path| plain::is_fit(path, plain::OF_KEYS, self.item.sig.fn_token.span))
    }

    /// The same of a leaf.
    pub(crate) fn is_plain_leaf(&self, leaf: &Leaf) -> bool {
        *leaf.is_plain.get_or_init(|| self.is_plain_key(self.own_type(&leaf.ty).unwrap_or(&leaf.ty)))
    }

    /// What `Self` is, where that is a type of the method's own block and nothing of it is generic.
    fn own_type(&self, ty: &Type) -> Option<&Type> {
        let is_self = matches!(ty, Type::Path(path) if path.path.is_ident("Self"));
        let block = self.own_block().filter(|block| is_self && block.of_trait.is_none())?;
        block.generics.params.is_empty().then_some(&block.self_ty)
    }

    /// Whether a leaf that is fit for a key surely has `Debug` as well.
    pub(crate) fn is_shown(&self, leaf: &Leaf) -> bool {
        let function = self.item.sig.fn_token.span;
        let is_another =
            |ty: &Type| types::known_name(ty).is_some_and(|name| !module::leaves(&name, function));
        types::is_plain_key_with(&leaf.ty, &|path| plain::is_fit(path, plain::OF_SHOWN_KEYS, function))
            && !types::any_part(&leaf.ty, &is_another)
    }

    /// What is seen of how a value is kept, of the type of what the function returns.
    pub(crate) fn seen_of_kept(&self, returned: &Type) -> Seen {
        *self.kept.get_or_init(|| {
            let function = self.item.sig.fn_token.span;
            let is_fit = |path: &Path| plain::is_fit(path, plain::OF_VALUES, function);
            let is_plain = |ty: &Type| types::is_plain_value_with(ty, &is_fit);
            let parts = types::argument_of(returned, "Result").zip(types::result_error(returned));
            match (types::peel(returned), parts) {
                _ if is_plain(returned) => Seen::Plain,
                (Type::Path(path), Some((value, error)))
                    if is_plain(value)
                        && is_plain(error)
                        && module::is_surely_result(&path.path, function) =>
                {
                    Seen::Result
                }
                _ => Seen::Nothing,
            }
        })
    }

    /// See [`plain`](Self::plain).
    fn finds_plain(&self) -> Option<Plain> {
        /// Options that only the cache hears of, and where it is.
        const OF_THE_CACHE: &[&str] = &[
            "max",
            "max_weight",
            "weigher",
            "ttl",
            "idle",
            "jitter",
            "policy",
            "name",
            "store_if",
            "tags",
            "on_remove",
            "single_flight",
            "scope",
            "companion",
            "crate",
            "key",
        ];
        /// Attributes that change what a call of the body is.
        const OF_THE_CALL: &[&str] = &["track_caller", "target_feature", "cfg_attr"];
        let sig = &self.item.sig;
        let in_order = |(index, part): (usize, &Part)| matches!(part, Part::Param(own) if *own == index);
        let is_plain = matches!(self.place, Place::Type(_))
            && sig.generics.params.is_empty()
            && sig.generics.where_clause.is_none()
            && self.options.are_only(OF_THE_CACHE)
            && !self.item.attrs.iter().any(|attr| OF_THE_CALL.iter().any(|name| attr.path().is_ident(name)));
        let owns_all = || types::lifetimes(self.params.iter().map(|param| &param.ty)) == 0;
        let is_of_all = self.parts.len() == self.params.len() && self.parts.iter().enumerate().all(in_order);
        match sig.asyncness {
            _ if !is_plain => None,
            _ if expand::is_asked_by_key(self) => Some(Plain::Keyed),
            _ if !is_of_all => None,
            None if owns_all() && !self.is_of_thread() => Some(Plain::Owning),
            None => Some(Plain::Borrowing),
            Some(_) if !self.is_sent_for_sure() => None,
            Some(_) if owns_all() => Some(Plain::AwaitedOwning),
            Some(_) => Some(Plain::AwaitedBorrowing),
        }
    }

    /// Whether it is seen of all types of an asynchronous function that they can be sent, and what they borrow: nothing that lives for
    /// ever, which the compiler would look for in vain where it no longer tells one lifetime from another.
    fn is_sent_for_sure(&self) -> bool {
        !self.may_come_back()
            && !self.is_of_thread()
            && !types::mentions(self.heads(), "static")
            && self.leaves().all(|(_, leaf)| self.is_plain_leaf(leaf))
            && types::lifetimes([&self.returned].into_iter()) == 0
            && self.seen_of_kept(&self.returned) != Seen::Nothing
    }

    /// With the types that others see.
    pub(crate) fn seen(&self) -> &Self {
        self.written.as_deref().unwrap_or(self)
    }

    /// With the return type of what else returns that. Of what a future yields the compiler would speak in each function, so it has
    /// its other name where nobody sees it.
    pub(crate) fn yielding(&self) -> &Self {
        let is_private = matches!(self.item.vis, syn::Visibility::Inherited) && self.place != Place::Apart;
        if self.item.sig.asyncness.is_some() && is_private { self } else { self.seen() }
    }

    /// The path of its body.
    pub(crate) fn body(&self) -> TokenStream {
        self.path(if self.written.is_some() { "__uncached" } else { "uncached" })
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

fn place(item: &Item, options: &Options, block: Option<&Block>) -> Place {
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

fn names(item: &Item, options: &Options, block: Option<&Block>, around: Option<&Around>) -> Names {
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
fn askable(item: &Item, block: Option<&Block>, around: Option<&Around>) -> Names {
    let block = block.or_else(|| around.and_then(Around::as_block));
    let of_trait = match around {
        Some(Around::Trait(of_trait)) => Some(&of_trait.generics),
        _ => None,
    };
    let of_block = block.map(|block| &block.generics);
    let names = Names::of([&item.sig.generics].into_iter().chain(of_block).chain(of_trait));
    if of_trait.is_some() || block.is_some_and(has_params) { names.with_self() } else { names }
}

/// Whether there is a type or const parameter.
pub(crate) fn is_generic(generics: &Generics) -> bool {
    generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)))
}

/// The parameters as the wrapper has them: a name each, whatever the pattern.
fn params(item: &Item, options: &Options) -> Vec<Param> {
    let param = |(index, input): (usize, &FnArg)| match input {
        FnArg::Receiver(receiver) => {
            let name = Ident::new("self", receiver.self_token.span);
            let inner = Ident::new("this", Span::mixed_site());
            Param { name, inner, ty: (*receiver.ty).clone(), pattern: None }
        }
        FnArg::Typed(input) => {
            let name = name_of(item, &input.pat, index, options);
            let pattern = match &*input.pat {
                pat if !is_name(pat) => Pattern::of(pat, &input.ty),
                // Another attribute has taken it apart in the body.
                _ if item.is_boxed_future() => Pattern::in_body(&item.body, &name, &input.ty),
                _ => None,
            };
            Param { inner: name.clone(), name, ty: types::in_full(&input.ty), pattern }
        }
    };
    item.sig.inputs.iter().enumerate().map(param).collect()
}

/// Whether a parameter is just a name.
fn is_name(pat: &Pat) -> bool {
    matches!(pat, Pat::Ident(own) if own.subpat.is_none())
}

fn name_of(item: &Item, pat: &Pat, index: usize, options: &Options) -> Ident {
    let name = match pat {
        Pat::Ident(own) if is_name(pat) => &own.ident,
        _ => {
            let (name, inputs) = (format!("arg{index}"), &item.sig.inputs);
            // What a pattern binds is its user's.
            let is_taken = types::mentions(quote!(#inputs), &name);
            let name = if is_taken { format!("argument_{index}") } else { name };
            return Ident::new(&name, Span::mixed_site());
        }
    };
    // `_name` says "unused", which is not so in the wrapper: there the name is ours, unless a key speaks of it.
    let spoken_of = |key: &Expr| types::mentions(quote!(#key), &name.to_string());
    if name.to_string().starts_with('_') && !options.key.as_ref().is_some_and(|(_, key)| spoken_of(key)) {
        return Ident::new(&name.to_string(), Span::mixed_site().located_at(name.span()));
    }
    name.clone()
}
