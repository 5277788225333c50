//! Types and traits of the standard library whose definition cannot be read here, but whose names are known: those that have a
//! lifetime that is often left out, those that take arguments, those without a size, and traits that are written in the place of a
//! type. For errors alone.

use proc_macro2::Span;
use syn::{Path, PathArguments, Type};

use crate::sources::around::Place;
use crate::sources::implementors::Files;
use crate::sources::imports::Module;
use crate::sources::module;
use crate::types;
use crate::unsized_types::has_no_size;

/// Types with a lifetime, by the module in which they are.
const LENT: &[(&str, &str)] = &[
    ("cell", "Ref RefMut"),
    ("collections::binary_heap", "Drain Iter PeekMut"),
    (
        "collections::btree_map",
        "Entry Iter IterMut Keys OccupiedEntry Range RangeMut VacantEntry Values ValuesMut",
    ),
    ("collections::btree_set", "Difference Intersection Iter Range SymmetricDifference Union"),
    ("collections::hash_map", "Drain Entry Iter IterMut Keys OccupiedEntry VacantEntry Values ValuesMut"),
    ("collections::hash_set", "Difference Drain Intersection Iter SymmetricDifference Union"),
    ("collections::linked_list", "Iter IterMut"),
    ("collections::vec_deque", "Drain Iter IterMut"),
    ("fmt", "Arguments DebugList DebugMap DebugSet DebugStruct DebugTuple Formatter"),
    ("io", "IoSlice IoSliceMut StderrLock StdinLock StdoutLock"),
    ("option", "Iter IterMut"),
    ("path", "Ancestors Component Components Display Iter PrefixComponent"),
    ("result", "Iter IterMut"),
    (
        "slice",
        "Chunks ChunksExact ChunksMut EscapeAscii Iter IterMut RChunks RSplit Split SplitInclusive SplitMut SplitN Windows",
    ),
    (
        "str",
        "Bytes CharIndices Chars EncodeUtf16 Lines MatchIndices Matches RSplit RSplitN Split SplitAsciiWhitespace \
         SplitInclusive SplitN SplitTerminator SplitWhitespace",
    ),
    ("string", "Drain"),
    ("sync", "MappedMutexGuard MutexGuard RwLockReadGuard RwLockWriteGuard"),
    ("sync::mpsc", "Iter TryIter"),
    ("task", "Context"),
    ("vec", "Drain Splice"),
];

/// Types without a size.
const UNSIZED: &[&str] = &["ffi::CStr", "ffi::OsStr", "path::Path"];

/// Traits.
const TRAITS: &[&str] = &[
    "any::Any",
    "clone::Clone",
    "cmp::Eq",
    "cmp::Ord",
    "cmp::PartialEq",
    "cmp::PartialOrd",
    "convert::AsRef",
    "convert::From",
    "convert::Into",
    "default::Default",
    "error::Error",
    "fmt::Debug",
    "fmt::Display",
    "fmt::Write",
    "future::Future",
    "hash::BuildHasher",
    "hash::Hash",
    "hash::Hasher",
    "io::BufRead",
    "io::Read",
    "io::Seek",
    "io::Write",
    "iter::IntoIterator",
    "iter::Iterator",
    "marker::Copy",
    "marker::Send",
    "marker::Sync",
    "net::ToSocketAddrs",
    "ops::Deref",
    "ops::Fn",
    "ops::FnMut",
    "ops::FnOnce",
    "str::FromStr",
    "string::ToString",
];

/// Types that everybody uses, whether every module has them, and how many arguments they take. Of a `Result` with one argument a
/// macro may have made an alias.
const GENERIC: &[(&str, bool, std::ops::RangeInclusive<usize>)] = &[
    ("boxed::Box", true, 1..=2),
    ("collections::BTreeMap", false, 2..=3),
    ("collections::BTreeSet", false, 1..=2),
    ("collections::HashMap", false, 2..=3),
    ("collections::HashSet", false, 1..=2),
    ("collections::VecDeque", false, 1..=2),
    ("option::Option", true, 1..=1),
    ("rc::Rc", false, 1..=2),
    ("result::Result", true, 1..=2),
    ("string::String", true, 0..=0),
    ("sync::Arc", false, 1..=2),
    ("vec::Vec", true, 1..=2),
];

/// More types and aliases that a module has to name or import, and how many arguments they take.
const COUNTED: &[(&str, std::ops::RangeInclusive<usize>)] = &[
    ("borrow::Cow", 1..=2),
    ("cell::Cell", 1..=1),
    ("cell::OnceCell", 1..=1),
    ("cell::RefCell", 1..=1),
    ("cmp::Reverse", 1..=1),
    ("collections::BinaryHeap", 1..=2),
    ("collections::LinkedList", 1..=2),
    ("ffi::OsString", 0..=0),
    ("fmt::Error", 0..=0),
    ("fmt::Result", 0..=0),
    ("io::Error", 0..=0),
    ("io::Result", 1..=1),
    ("net::IpAddr", 0..=0),
    ("net::SocketAddr", 0..=0),
    ("num::ParseIntError", 0..=0),
    ("path::PathBuf", 0..=0),
    ("pin::Pin", 1..=1),
    ("result::Result", 2..=2),
    ("sync::Mutex", 1..=1),
    ("sync::OnceLock", 1..=1),
    ("sync::RwLock", 1..=1),
    ("thread::Result", 1..=1),
    ("time::Duration", 0..=0),
    ("time::Instant", 0..=0),
    ("time::SystemTime", 0..=0),
];

/// Pointers: their arguments need no size.
const POINTERS: &[&str] = &["boxed::Box", "rc::Rc", "sync::Arc"];

/// Whether a type is given more arguments than it takes, or fewer, or one without a size where that is needed.
pub(crate) fn has_odd_arguments(ty: &Type, function: Span) -> bool {
    let is_unsized = |ty| has_no_size(ty, function);
    match types::peel(ty) {
        Type::Tuple(tuple) => return tuple.elems.iter().any(is_unsized),
        Type::Array(array) => return is_unsized(&array.elem),
        Type::Slice(slice) => return is_unsized(&slice.elem),
        _ => {}
    }
    let Type::Path(path) = types::peel(ty) else { return false };
    let (path, Some(last)) = (&path.path, path.path.segments.last()) else { return false };
    let given = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.len(),
        PathArguments::None => 0,
        PathArguments::Parenthesized(_) => return false,
    };
    let is_odd = |full: &str, count: &std::ops::RangeInclusive<usize>| {
        let asks_for_sizes = !POINTERS.contains(&full);
        !count.contains(&given) || (asks_for_sizes && types::arguments(path).into_iter().any(is_unsized))
    };
    // Most types are what their names say, and right: then no file is read.
    let name = last.ident.to_string();
    if takes_another_number(path, &name, given, function) {
        return true;
    }
    if name == "Result" && given == 1 && path.segments.len() == 1 {
        // What a function's body makes nobody sees.
        let is_free = || Place::of(function).is_some_and(|own| !own.is_in_function());
        if is_free() && module::has_none(&name, function) && Files::around(function).is_some() {
            return true;
        }
    }
    let named = GENERIC.iter().find(|own| own.0.rsplit("::").next() == Some(name.as_str()));
    if named.is_some_and(|(full, _, count)| !is_odd(full, count))
        || types::PRIMITIVES.contains(&name.as_str())
    {
        return false;
    }
    let Some(full) = full_name(path, function) else { return false };
    GENERIC.iter().find(|own| own.0 == full).is_some_and(|(full, _, count)| is_odd(full, count))
}

/// The same of what takes nothing, and of what a module has to name or import.
fn takes_another_number(path: &Path, name: &str, given: usize, function: Span) -> bool {
    let takes_none =
        || name == "Self" || (types::PRIMITIVES.contains(&name) && module::leaves(name, function));
    if given > 0 && path.segments.len() == 1 && takes_none() {
        return true;
    }
    let is_another = |own: &&(&str, std::ops::RangeInclusive<usize>)| {
        own.0.rsplit("::").next() == Some(name) && !own.1.contains(&given)
    };
    let others: Vec<_> = COUNTED.iter().filter(is_another).collect();
    if others.is_empty() {
        return false;
    }
    let full = module::outside(path, function).map(|full| full[1..].join("::"));
    others.iter().any(|own| full.as_deref() == Some(own.0))
}

/// Whether one of these types of the standard library has this name in every module.
pub(crate) fn is_in_prelude(name: &str, of: &[&str]) -> bool {
    GENERIC.iter().any(|(full, is_everywhere, _)| {
        *is_everywhere && full.rsplit("::").next() == Some(name) && of.contains(full)
    })
}

/// The name of a type of the standard library that a path in the head of a function surely means: `home::Name`, under whatever
/// name it is imported.
pub(crate) fn full_name(path: &Path, function: Span) -> Option<String> {
    if let Some(full) = module::outside(path, function) {
        return (full.len() == 3).then(|| full[1..].join("::"));
    }
    let is_it = |own: &&(&str, bool, _)| {
        own.1 && own.0.rsplit("::").next().is_some_and(|name| path.segments[0].ident == name)
    };
    let (full, ..) = GENERIC.iter().find(is_it).filter(|_| path.segments.len() == 1)?;
    module::leaves(&path.segments[0].ident.to_string(), function).then(|| (*full).to_owned())
}

/// Whether the block of a type would be one of another crate's type, and so cannot be.
pub(crate) fn is_foreign(ty: &Type, function: Span) -> bool {
    match types::peel(ty) {
        Type::Path(path) if path.qself.is_none() => {
            let name = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
            let is_everywhere = types::PRIMITIVES.contains(&name.as_str())
                || GENERIC.iter().any(|(own, is_everywhere, _)| {
                    *is_everywhere && own.rsplit("::").next() == Some(name.as_str())
                });
            module::outside(&path.path, function).is_some()
                || (is_everywhere && path.path.segments.len() == 1 && module::leaves(&name, function))
        }
        Type::Slice(_)
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Reference(_)
        | Type::Ptr(_)
        | Type::BareFn(_) => true,
        _ => false,
    }
}

/// Whether a path in the head of a function is that of a type with a lifetime.
pub(crate) fn is_lent(path: &Path, function: Span) -> bool {
    let Some(full) = module::outside(path, function) else { return false };
    let [_, home @ .., name] = full.as_slice() else { return false };
    let home = home.join("::");
    LENT.iter().any(|(own, names)| *own == home && names.split(' ').any(|own| own == name))
}

/// Whether it is that of a type without a size.
pub(crate) fn is_unsized(path: &Path, function: Span) -> bool {
    is_one_of(UNSIZED, path, function)
}

/// The name of a trait that a path in a module means, if it is surely one of those that everybody asks for.
pub(crate) fn standard_trait(path: &Path, module: &Module) -> Option<String> {
    const EVERYWHERE: &[&str] = &[
        "AsRef",
        "Clone",
        "Copy",
        "Default",
        "Eq",
        "Into",
        "IntoIterator",
        "Iterator",
        "Ord",
        "PartialEq",
        "PartialOrd",
        "Send",
        "Sized",
        "Sync",
        "ToString",
        "TryInto",
    ];
    const IMPORTED: &[&str] =
        &["Add", "Debug", "Deref", "Display", "Div", "Error", "FromStr", "Hash", "Mul", "Sub"];
    let name = path.segments.last()?.ident.to_string();
    let is_everywhere = EVERYWHERE.contains(&name.as_str());
    if !is_everywhere && !IMPORTED.contains(&name.as_str()) {
        return None;
    }
    is_standard(path, is_everywhere, module).then_some(name)
}

/// Whether a path is that of the standard library's trait of its name, which everybody has or has to import.
pub(crate) fn is_standard(path: &Path, is_everywhere: bool, module: &Module) -> bool {
    let Some(name) = path.segments.last().map(|last| last.ident.to_string()) else { return false };
    let is_left = is_everywhere && path.segments.len() == 1 && module.leaves(&name);
    let full = || module::outside_of(path, Some(module));
    is_left || full().is_some_and(|full| full.len() == 3 && full[2] == name)
}

/// Whether this is the name of a type that everybody uses.
pub(crate) fn has_name_of_type(name: &str) -> bool {
    GENERIC.iter().any(|(full, ..)| full.rsplit("::").next() == Some(name))
}

/// The types that such a trait declares.
pub(crate) fn types_of_trait(name: &str) -> &'static [&'static str] {
    match name {
        "FromStr" => &["Err"],
        "IntoIterator" => &["Item", "IntoIter"],
        "Iterator" => &["Item"],
        "Add" | "Div" | "Mul" | "Sub" => &["Output"],
        "Deref" => &["Target"],
        _ => &[],
    }
}

/// Whether it is that of a trait.
pub(crate) fn is_trait(path: &Path, function: Span) -> bool {
    is_one_of(TRAITS, path, function)
}

fn is_one_of(known: &[&str], path: &Path, function: Span) -> bool {
    let ends = |name: &str| known.iter().any(|own| own.rsplit("::").next() == Some(name));
    // Most names are none of these: then no file is read.
    if !path.segments.last().is_some_and(|last| ends(&last.ident.to_string())) {
        return false;
    }
    let Some(full) = module::outside(path, function) else { return false };
    let [root, middle @ .., name] = full.as_slice() else { return false };
    let [.., home] = middle else { return false };
    matches!(root.as_str(), "std" | "core" | "alloc")
        && middle.len() == 1
        && known.contains(&format!("{home}::{name}").as_str())
}
