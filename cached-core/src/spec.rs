//! What is fixed about a memo when its function is compiled, as the attribute writes it down.

use std::any::type_name;
use std::collections::HashSet;
use std::fmt::{self, Display, Write as _};
use std::marker::PhantomData;

use crate::flight::Label;
use crate::hooks::{Hooked, Hooks};
use crate::options::Options;
use crate::probe::DebugFn;
use crate::sync::StaticMutex;

/// Whose cache a function has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Process,
    Request,
    Thread,
}

/// See the module's words.
pub struct Spec<K, V> {
    said: Said,
    debug: Option<DebugFn<K>>,
    tuple: bool,
    _value: PhantomData<fn() -> V>,
}

/// What of it does not depend on the types of keys and values.
pub(crate) struct Said {
    names: Names,
    keeps: bool,
    reach: Reach,
    options: fn() -> Options,
    hooks: Hooked,
}

/// What a function is called.
struct Names {
    path: &'static str,
    function: &'static str,
    within: Option<&'static str>,
    generics: String,
}

impl<K, V> Spec<K, V> {
    /// The function's path, which is its name in reports, and its name in cycle reports.
    pub fn new(path: &'static str, function: &'static str) -> Self {
        Self { said: Said::new(path, function), debug: None, tuple: false, _value: PhantomData }
    }

    /// `Debug` of the key, where it has one.
    #[must_use]
    pub fn debug(mut self, debug: Option<DebugFn<K>>) -> Self {
        self.debug = debug;
        self
    }

    /// The key is a tuple of several arguments.
    #[must_use]
    pub fn tuple(mut self) -> Self {
        self.tuple = true;
        self
    }

    /// The options, worked out when a cache is made.
    #[must_use]
    pub fn options(mut self, options: fn() -> Options) -> Self {
        self.said.options = options;
        self
    }

    /// What options have to say of each entry.
    #[must_use]
    pub fn per_entry(mut self, hooks: Hooks<K, V>) -> Self
    where
        K: 'static,
        V: 'static,
    {
        self.said.hooks = Hooked::by(hooks);
        self
    }

    /// The cache is the entered scope's.
    #[must_use]
    pub fn of_request(mut self) -> Self {
        self.said.reach = Reach::Request;
        self
    }

    /// The cache is that of the thread that calls.
    #[must_use]
    pub fn of_thread(mut self) -> Self {
        self.said.reach = Reach::Thread;
        self
    }

    /// What this monomorphisation's parameters are.
    #[must_use]
    pub fn generics(mut self, generics: &[&dyn Display]) -> Self {
        self.said.names.add(generics);
        self
    }

    /// The type whose method it is, as `type_name` has it.
    #[must_use]
    pub fn within(mut self, ty: &'static str) -> Self {
        self.said.names.within = Some(ty);
        self
    }

    /// Keeps nothing where the value, whose type is a parameter, turns out to be a `Result`: nobody could tell its
    /// errors from what is to be kept.
    #[must_use]
    pub fn unless_result(mut self, value: &'static str) -> Self {
        self.said.keep_unless_result(value);
        self
    }

    /// A spec whose value is taken for what its name says. Should that be a `Result` by another name, nothing is kept.
    pub fn plain(path: &'static str, function: &'static str) -> Self {
        Self {
            said: Said::plain(path, function, type_name::<V>()),
            debug: None,
            tuple: false,
            _value: PhantomData,
        }
    }

    /// What of it does not depend on the types of keys and values, and the rest.
    pub(crate) fn into_parts(self) -> (Label<K>, Said) {
        (Label { name: self.said.names.function, debug: self.debug, tuple: self.tuple }, self.said)
    }
}

impl Said {
    fn new(path: &'static str, function: &'static str) -> Self {
        Self {
            names: Names { path, function, within: None, generics: String::new() },
            keeps: true,
            reach: Reach::Process,
            options: Options::new,
            hooks: Hooked::NONE,
        }
    }

    /// See [`Spec::plain`].
    pub(crate) fn plain(path: &'static str, function: &'static str, value: &str) -> Self {
        let mut said = Self::new(path, function);
        said.keep_unless_result(value);
        said
    }

    fn keep_unless_result(&mut self, value: &str) {
        self.keeps = !value.starts_with("core::result::Result<");
    }

    pub(crate) fn reach(&self) -> Reach {
        self.reach
    }

    /// The options, as they are to be followed.
    pub(crate) fn options_of(&self) -> Options {
        let options = (self.options)();
        if self.keeps { options } else { options.max(0) }
    }

    pub(crate) fn into_hooks(self) -> Hooked {
        self.hooks
    }

    /// The name in reports.
    pub(crate) fn name(&self) -> &'static str {
        self.names.name()
    }

    /// The same whatever its parameters and those of its type are.
    pub(crate) fn written(&self) -> String {
        self.names.written()
    }
}

impl Names {
    fn add(&mut self, generics: &[&dyn Display]) {
        for (index, one) in generics.iter().enumerate() {
            let _ =
                write!(self.generics, "{}{}", if index == 0 { "" } else { ", " }, short(&one.to_string()));
        }
    }

    /// The function's path.
    fn site(&self) -> String {
        self.within.map_or_else(|| self.path.to_owned(), |ty| format!("{ty}::{}", self.function))
    }

    /// The same whatever its parameters and those of its type are.
    fn written(&self) -> String {
        let ty = self.within.and_then(|ty| ty.split('<').next());
        ty.map_or_else(|| self.path.to_owned(), |ty| format!("{ty}::{}", self.function))
    }

    /// The name in reports.
    fn name(&self) -> &'static str {
        if self.within.is_none() && self.generics.is_empty() {
            return self.path;
        }
        let mut name = self.site();
        if !self.generics.is_empty() {
            let _ = write!(name, "<{}>", self.generics);
        }
        intern(name)
    }
}

impl<K, V> fmt::Debug for Spec<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spec").field("path", &self.said.names.path).finish_non_exhaustive()
    }
}

/// A type's name without the paths in it: `Vec<String>` for `alloc::vec::Vec<alloc::string::String>`.
pub(crate) fn short(name: &str) -> String {
    let mut short = String::new();
    let mut word = 0;
    for part in name.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_') {
        short.push_str(part);
        if short.ends_with("::") {
            short.truncate(word);
        } else if !part.ends_with(':') {
            word = short.len();
        }
    }
    short
}

/// Keeps a name for good, once for all who have it: as many as the program has types.
pub(crate) fn intern(name: String) -> &'static str {
    static NAMES: StaticMutex<Option<HashSet<&'static str>>> = StaticMutex::new(None);
    let mut names = NAMES.lock();
    let names = names.get_or_insert_default();
    match names.get(name.as_str()) {
        Some(known) => known,
        None => {
            let kept: &'static str = Box::leak(name.into_boxed_str());
            names.insert(kept);
            kept
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_types_lose_their_paths() {
        assert_eq!(short("u8"), "u8");
        assert_eq!(short("alloc::vec::Vec<alloc::string::String>"), "Vec<String>");
        assert_eq!(short("(a::b::C, &d::E)"), "(C, &E)");
        assert_eq!(short("7"), "7");
    }

    #[test]
    fn a_name_tells_the_type_and_the_parameters() {
        let spec = Spec::<(), ()>::new("shop::price", "price");
        assert_eq!(spec.said.name(), "shop::price");
        let spec = spec.generics(&[&"alloc::string::String", &7]);
        assert_eq!(spec.said.name(), "shop::price<String, 7>");
        assert_eq!(spec.within("shop::Desk").said.name(), "shop::Desk::price<String, 7>");
    }
}
