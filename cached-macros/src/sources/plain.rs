//! Types of the crate that are surely fit for a cache: they derive what is asked for, and all that they hold can be shared. Of these the
//! compiler need not be asked, which takes it longer than all else about a function. What is said here is said of right code, so it
//! has to be sure: what is not seen is asked.

use std::rc::Rc;

use proc_macro2::Span;
use syn::{Fields, Item, Path, Type};

use crate::sources::around::Place;
use crate::sources::declared::{Attr, Head};
use crate::sources::imports::Module;
use crate::sources::{answers, module, outside};
use crate::types;

/// Types of the standard library that can be shared if what they hold can be.
const SHARED: &[&str] = &[
    "boxed::Box",
    "cmp::Reverse",
    "collections::BTreeMap",
    "collections::BTreeSet",
    "collections::HashMap",
    "collections::HashSet",
    "collections::VecDeque",
    "ffi::OsString",
    "marker::PhantomData",
    "net::IpAddr",
    "net::Ipv4Addr",
    "net::Ipv6Addr",
    "net::SocketAddr",
    "option::Option",
    "path::PathBuf",
    "result::Result",
    "string::String",
    "sync::Arc",
    "time::Duration",
    "time::Instant",
    "time::SystemTime",
    "vec::Vec",
];

/// How many types are followed.
const FAR: usize = 200;

/// What a key derives.
pub(crate) const OF_KEYS: &[&str] = &["Clone", "Eq", "Hash", "PartialEq"];

/// What a key derives that is shown in reports.
pub(crate) const OF_SHOWN_KEYS: &[&str] = &["Clone", "Debug", "Eq", "Hash", "PartialEq"];

/// What a value derives.
pub(crate) const OF_VALUES: &[&str] = &["Clone"];

/// Whether a path in the head of a function is that of a type of this crate or of the standard library which surely derives all of these,
/// can be sent and shared, and borrows nothing; of its arguments nothing is said.
pub(crate) fn is_fit(path: &Path, derived: &[&str], function: Span) -> bool {
    let Some((found, head)) = module::sure_type_of(path, function) else {
        return is_fit_of_std(path, derived, function);
    };
    derived.iter().all(|name| head.derives(name))
        && is_what_it_seems(&head)
        && head.params == types::arguments(path).len()
        && is_shared(&found)
}

/// The same of a type of the standard library. A `Result` is not kept as it is, whatever it derives.
fn is_fit_of_std(path: &Path, derived: &[&str], function: Span) -> bool {
    const NO_KEYS: &[&str] = &["collections::HashMap", "collections::HashSet"];
    let Some(name) = outside::full_name(path, function) else { return false };
    let name = name.as_str();
    SHARED.contains(&name)
        && name != "result::Result"
        && !(derived.contains(&"Hash") && NO_KEYS.contains(&name))
}

/// Whether nothing but its text says what it is.
fn is_what_it_seems(head: &Head) -> bool {
    let is_harmless = |attr: &Attr| {
        let is_known = ["non_exhaustive", "repr", "serde"].contains(&attr.path.as_str());
        attr.derives.is_some() || attr.is_silent || is_known
    };
    head.lifetimes == 0 && head.asks_nothing && head.attrs.iter().all(is_harmless)
}

/// Whether all fields of a type can be sent and shared.
fn is_shared(found: &Place) -> bool {
    answers::fitness(found, || Holds { seen: vec![found.clone()] }.only_what_is_shared(found))
}

/// What types hold, and what they hold in turn.
struct Holds {
    /// What has been begun: a type that holds itself is as fit as the rest of it.
    seen: Vec<Place>,
}

impl Holds {
    fn only_what_is_shared(&mut self, found: &Place) -> bool {
        let text = found.past_attributes();
        let item = syn::parse_str::<Item>(text).or_else(|_| syn::parse_str(&format!("{text};")));
        let (generics, fields): (_, Vec<Fields>) = match item {
            Ok(Item::Struct(own)) => (own.generics, vec![own.fields]),
            Ok(Item::Enum(own)) => {
                (own.generics, own.variants.into_iter().map(|variant| variant.fields).collect())
            }
            _ => return false,
        };
        let params: Vec<_> = generics.type_params().map(|param| param.ident.to_string()).collect();
        let module = Module::of(found);
        fields.into_iter().flatten().all(|field| {
            let is_there = field.attrs.iter().all(|attr| !types::mentions(quote::quote!(#attr), "cfg"));
            is_there && self.is_shared(&field.ty, &params, &module)
        })
    }

    fn is_shared(&mut self, ty: &Type, params: &[String], module: &Module) -> bool {
        match types::peel(ty) {
            Type::Tuple(tuple) => tuple.elems.iter().all(|elem| self.is_shared(elem, params, module)),
            Type::Array(array) => self.is_shared(&array.elem, params, module),
            Type::Reference(own) => {
                let is_static = own.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static");
                let is_text = types::is_str(&own.elem);
                is_static && own.mutability.is_none() && is_text
            }
            Type::Path(path) if path.qself.is_none() && path.path.leading_colon.is_none() => {
                let given = types::arguments(&path.path);
                given.into_iter().all(|ty| self.is_shared(ty, params, module))
                    && self.is_shared_itself(&path.path, params, module)
            }
            _ => false,
        }
    }

    /// The same of a type whose arguments are.
    fn is_shared_itself(&mut self, path: &Path, params: &[String], module: &Module) -> bool {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let Some(last) = names.last() else { return false };
        if names.len() == 1 && params.contains(last) {
            return true;
        }
        if let Some(found) = module.find(&["struct", "enum"], &names) {
            // An argument that is left out may be anything.
            let given = types::arguments(path).len();
            let fits = |head: Rc<Head>| is_what_it_seems(&head) && head.params == given;
            if !found.type_head().is_some_and(fits) || self.seen.len() > FAR {
                return false;
            }
            let is_known = self.seen.iter().any(|own| own.is(&found));
            self.seen.push(found.clone());
            return is_known || self.only_what_is_shared(&found);
        }
        if let Some(full) = module::outside_of(path, Some(module)) {
            return full.len() == 3 && SHARED.contains(&full[1..].join("::").as_str());
        }
        let is_everywhere = names.len() == 1 && module.leaves(last) && last != "str";
        is_everywhere && (types::PRIMITIVES.contains(&last.as_str()) || outside::is_in_prelude(last, SHARED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the type `Node` in a file with this text holds what is shared alone.
    fn is_shared(folder: &std::path::Path, text: &str) -> bool {
        let file = folder.join("main.rs");
        std::fs::write(&file, text).expect("a folder of its own");
        let all = Place::of_file(&file).expect("a file");
        let node = all.into_iter().find(|place| place.word(1) == "Node").expect("a type");
        Holds { seen: vec![node.clone()] }.only_what_is_shared(&node)
    }

    #[test]
    fn types_that_hold_each_other_end() {
        let folder = std::env::temp_dir().join(format!("nodes-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let modules = |count: usize| (0..count).map(|n| format!("mod t{n};\n")).collect::<Vec<_>>().concat();
        let variants =
            |count: usize| (0..count).map(|n| format!("V{n}(t{n}::T),\n")).collect::<Vec<_>>().concat();
        for n in 0..300 {
            let text = "#[derive(Clone)]\npub struct T(Option<Box<crate::Node>>);\n";
            std::fs::write(folder.join(format!("t{n}.rs")), text).expect("a file");
        }
        let node =
            |count| format!("{}#[derive(Clone)]\npub enum Node {{ {} }}\n", modules(count), variants(count));
        assert!(is_shared(&folder, &node(100)));
        // Of so many nothing is said.
        assert!(!is_shared(&folder, &node(300)));
        for (field, is_one) in [
            ("u32, String, Vec<(u8, f64)>", true),
            ("std::collections::HashMap<&'static str, std::sync::Arc<[u8; 4]>>", true),
            ("Pair<u8>, Pair<Node2>", true),
            ("Pair", false),
            ("Given<std::rc::Rc<u8>>", false),
            ("std::cell::Cell<u8>", false),
            ("str", false),
            ("Unknown", false),
            ("*const u8", false),
            ("&'static mut u8", false),
            ("Box<dyn Fn()>", false),
            ("Bound<u8>", false),
            ("Conditional", false),
        ] {
            let types = "struct Pair<T = std::rc::Rc<u8>>(T, T);\nstruct Given<T>(T);\nstruct Node2;\n\
                         struct Bound<T: Send>(T);\n#[cfg_attr(all(), derive(Clone))]\nstruct Conditional;\n";
            let text = format!("{types}#[derive(Clone)]\npub struct Node({field});\n");
            assert_eq!(is_shared(&folder, &text), is_one, "{field}");
        }
        let first =
            "#![allow(dead_code)]\n//! The first of its file.\n#[derive(Clone)]\npub struct Node(u8);\n";
        assert!(is_shared(&folder, first));
        let place = Place::of_file(&folder.join("main.rs")).and_then(|all| all.into_iter().next());
        let head = place.and_then(|place| place.type_head());
        assert!(head.is_some_and(|head| head.derives("Clone") && is_what_it_seems(&head)));
        std::fs::remove_dir_all(&folder).expect("the folder");
    }
}
