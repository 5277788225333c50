//! Where a name comes from: through modules and `use` declarations, as far as files of this crate can be read. For errors alone;
//! what cannot be followed is not found.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ItemFn, ItemUse, UseTree};

use crate::sources::around::Place;

/// A module: one in braces, or a file.
#[derive(Clone)]
pub(crate) struct Module {
    items: Rc<[Place]>,
    file: PathBuf,
    /// The names of modules in braces around it in this file, from outside.
    inside: Vec<String>,
}

/// How many paths are followed for one name.
const FAR: u8 = 32;

impl Module {
    /// The one in which something stands.
    pub(crate) fn of(place: &Place) -> Self {
        let mut inside = Vec::new();
        let mut around = place.around();
        while let Some(module) = around {
            inside.insert(0, module.word(1).to_owned());
            around = module.around();
        }
        Self { items: place.beside().collect(), file: place.file().to_owned(), inside }
    }

    /// With items that are nearer.
    pub(crate) fn with(self, nearer: Vec<Place>) -> Self {
        Self { items: nearer.into_iter().chain(self.items.iter().cloned()).collect(), ..self }
    }

    /// The item of one of these kinds that a path in this module means.
    pub(crate) fn find(&self, kinds: &[&str], path: &[String]) -> Option<Place> {
        self.follow(kinds, path, &Cell::new(FAR))
    }

    fn follow(&self, kinds: &[&str], path: &[String], far: &Cell<u8>) -> Option<Place> {
        let (name, modules) = path.split_last()?;
        let module = self.step_through(modules, far)?;
        module.own(kinds, name).or_else(|| module.imported(kinds, name, far))
    }

    /// The type of the crate that a path in this module means, whatever macros write and conditions leave out.
    pub(crate) fn find_surely(&self, path: &[String]) -> Option<Place> {
        self.follow_surely(path, true, &Cell::new(FAR))
    }

    /// See [`find_surely`](Self::find_surely); from outside, what is private is not there.
    fn follow_surely(&self, path: &[String], is_inside: bool, far: &Cell<u8>) -> Option<Place> {
        far.set(far.get().checked_sub(1)?);
        let (name, modules) = path.split_last()?;
        if !modules.is_empty() {
            // What is imported as a module may be another one by a condition.
            let first = modules.first().filter(|first| !["self", "crate", "super"].contains(&first.as_str()));
            let is_own = first.is_none_or(|first| self.own(&["mod"], first).is_some());
            let leaves = modules.iter().any(|step| ["crate", "super"].contains(&step.as_str()));
            if leaves && !self.is_surely_found() {
                return None;
            }
            let module = self.step_through(modules, far).filter(|_| is_own)?;
            let is_around = modules.iter().all(|step| ["self", "super"].contains(&step.as_str()));
            return module.follow_surely(std::slice::from_ref(name), is_around, far);
        }
        let is_seen = |place: &Place| is_inside || place.is_public();
        if let Some(own) = self.own(&["struct", "enum"], name) {
            return is_seen(&own).then_some(own);
        }
        let (mut named, mut all) = (Vec::new(), Vec::new());
        self.declarations_of(name, is_seen, &mut named, &mut all);
        let is_conditional = self.items.iter().any(|place| place.may_bring_in(name));
        match (named.as_slice(), is_conditional) {
            ([path], false) if path.len() > 1 => self.follow_surely(path, is_inside, far),
            ([], false) if !self.hides(name) && !self.items.iter().any(Place::is_macro) => {
                let through = |path: &Vec<String>| {
                    self.follow_surely(&[path.as_slice(), std::slice::from_ref(name)].concat(), true, far)
                };
                let found: Vec<_> = all.iter().filter_map(through).collect();
                let is_one = found.iter().all(|other| other.is(&found[0]));
                found.into_iter().next().filter(|_| is_one)
            }
            _ => None,
        }
    }

    /// Whether an item of the module, of whatever kind, has the name of a type, so that no `use` of all there is brings it in.
    fn hides(&self, name: &str) -> bool {
        const TYPES: &[&str] = &["enum", "mod", "struct", "trait", "type", "union"];
        self.items.iter().any(|place| TYPES.contains(&place.word(0)) && place.word(1) == name)
    }

    /// The module to which this path leads from here.
    fn step_through(&self, modules: &[String], far: &Cell<u8>) -> Option<Self> {
        far.set(far.get().checked_sub(1)?);
        let mut module = self.clone();
        for (at, step) in modules.iter().enumerate() {
            module = match (step.as_str(), at) {
                ("self", 0) => module,
                ("crate", 0) => module.root(),
                ("super", _) => module.parent()?,
                _ => module.child(step, far)?,
            };
        }
        Some(module)
    }

    /// The path by which a `use` in this module brings in this name, where one does and no item of the module has it.
    pub(crate) fn import(&self, name: &str) -> Option<Vec<String>> {
        let (mut named, mut all) = (Vec::new(), Vec::new());
        self.declarations(name, &mut named, &mut all);
        let [path] = named.as_slice() else { return None };
        (!self.declares(name)).then(|| path.clone())
    }

    /// The same of another crate's name, also where it is brought in with all there is of a module of this one.
    pub(crate) fn import_of_another(&self, name: &str) -> Option<Vec<String>> {
        self.import_of_another_within(name, &Cell::new(FAR))
    }

    fn import_of_another_within(&self, name: &str, far: &Cell<u8>) -> Option<Vec<String>> {
        let (mut named, mut all) = (Vec::new(), Vec::new());
        self.declarations(name, &mut named, &mut all);
        if !named.is_empty() || self.declares(name) {
            return self.import(name);
        }
        let through = |path: &Vec<String>| self.step_through(path, far)?.import_of_another_within(name, far);
        let found: Vec<_> = all.iter().filter_map(through).collect();
        found.first().filter(|first| found.iter().all(|other| other == *first)).cloned()
    }

    /// The path by which a `use` brings in this name beside an item of another kind.
    pub(crate) fn brought_in(&self, name: &str) -> Option<Vec<String>> {
        let (mut named, mut all) = (Vec::new(), Vec::new());
        self.declarations(name, &mut named, &mut all);
        named.pop()
    }

    /// Whether a name that every module has means here what it means everywhere: no item of the module has it, and no `use` may
    /// bring another one in.
    pub(crate) fn leaves(&self, name: &str) -> bool {
        self.leaves_within(name, &Cell::new(FAR))
    }

    fn leaves_within(&self, name: &str, far: &Cell<u8>) -> bool {
        !self.declares(name) && self.brings_in_none(name, far)
    }

    /// Whether nothing has this name here.
    pub(crate) fn has_none(&self, name: &str) -> bool {
        self.has_none_within(name, &Cell::new(FAR))
    }

    fn has_none_within(&self, name: &str, far: &Cell<u8>) -> bool {
        let (mut named, mut all) = (Vec::new(), Vec::new());
        self.declarations(name, &mut named, &mut all);
        let has_none = |path: &Vec<String>| {
            self.step_through(path, far).is_some_and(|other| other.has_none_within(name, far))
        };
        // Of a constant its name is the first word.
        let is_extern =
            |place: &Place| place.says("extern") && place.content().any(|own| own.word(1) == name);
        let may_be = |place: &Place| {
            place.word(0) == name || place.word(1) == name || place.is_macro() || is_extern(place)
        };
        !self.items.iter().any(may_be) && self.brings_in_none(name, far) && all.iter().all(has_none)
    }

    /// Whether a function has this name here, and no type.
    pub(crate) fn has_a_function_alone(&self, name: &str) -> bool {
        let mut own =
            self.items.iter().filter(|place| place.word(1) == name && place.word(0) != "impl").peekable();
        let is_function = |place: &Place| {
            place.head::<ItemFn>().is_some_and(|function| function.attrs.iter().all(is_silent))
        };
        let is_known = !self.items.iter().any(Place::is_macro);
        is_known && own.peek().is_some() && own.all(is_function) && self.brings_in_none(name, &Cell::new(FAR))
    }

    /// Whether neither a `use` nor a macro may bring another one of this name in.
    fn brings_in_none(&self, name: &str, far: &Cell<u8>) -> bool {
        let (mut named, mut all) = (Vec::new(), Vec::new());
        self.declarations(name, &mut named, &mut all);
        let is_taken = self.items.iter().any(|place| place.says("macro_use") || place.may_declare(name));
        // Of those that everybody knows, the standard library has another `Result` in several modules.
        let is_silent = |path: &Vec<String>| match path.first().map(String::as_str) {
            Some("std" | "core" | "alloc") => name != "Result",
            _ => self.step_through(path, far).is_some_and(|other| other.leaves_within(name, far)),
        };
        named.is_empty()
            && !is_taken
            && !self.items.iter().any(|place| place.may_bring_in(name))
            && all.iter().all(is_silent)
    }

    /// Whether no macro is called beside its items.
    pub(crate) fn calls_no_macro(&self) -> bool {
        !self.items.iter().any(|place| place.is_macro() && place.word(0) != "macro_rules")
    }

    /// Whether an item has this name; a block has only that of its type.
    pub(crate) fn declares(&self, name: &str) -> bool {
        const KEYWORDS: &[&str] = &[
            "crate",
            "enum",
            "fn",
            "macro_rules",
            "mod",
            "static",
            "struct",
            "trait",
            "type",
            "union",
            "use",
        ];
        // Of a constant the keyword is no word of its own, and the second one is its type.
        let is_constant = |place: &Place| !KEYWORDS.contains(&place.word(0));
        let is_it = |place: &Place| place.word(usize::from(!is_constant(place))) == name;
        self.items.iter().any(|place| place.word(0) != "impl" && is_it(place))
    }

    fn own(&self, kinds: &[&str], name: &str) -> Option<Place> {
        let is_it =
            |place: &&Place| kinds.contains(&place.word(0)) && place.word(1) == name && !place.says("cfg(");
        self.items.iter().find(is_it).cloned()
    }

    /// What a `use` brings in under this name.
    fn imported(&self, kinds: &[&str], name: &str, far: &Cell<u8>) -> Option<Place> {
        let (mut named, mut all) = (Vec::new(), Vec::new());
        self.declarations(name, &mut named, &mut all);
        let is_conditional = || self.items.iter().any(|place| place.may_bring_in(name));
        if named.is_empty() && !self.hides(name) && !is_conditional() {
            // What is private is seen by those alone who stand in it.
            let through = |path: Vec<String>| {
                let is_around = path.iter().all(|step| ["self", "super"].contains(&step.as_str()));
                let found = self.follow(kinds, &[path, vec![name.to_owned()]].concat(), far)?;
                (is_around || found.is_public()).then_some(found)
            };
            let found: Vec<_> = all.into_iter().filter(|path| !path.is_empty()).filter_map(through).collect();
            let is_one = found.iter().all(|other| other.is(&found[0]));
            return found.into_iter().next().filter(|_| is_one);
        }
        // A path of one name is that of a crate.
        named.iter().filter(|path| path.len() > 1).find_map(|path| self.follow(kinds, path, far))
    }

    /// What the `use` declarations bring in under this name, and from where they bring in all there is.
    fn declarations(&self, name: &str, named: &mut Vec<Vec<String>>, all: &mut Vec<Vec<String>>) {
        self.declarations_of(name, |_| true, named, all);
    }

    /// The same of those that are such.
    fn declarations_of(
        &self,
        name: &str,
        is_such: impl Fn(&Place) -> bool,
        named: &mut Vec<Vec<String>>,
        all: &mut Vec<Vec<String>>,
    ) {
        let declares = |place: &&Place| place.word(0) == "use" && !place.says("cfg") && is_such(place);
        for place in self.items.iter().filter(declares) {
            for import in place.imports().iter() {
                match &import.name {
                    Some(own) if own == name => named.push(import.path.clone()),
                    Some(_) => {}
                    None => all.push(import.path.clone()),
                }
            }
        }
    }

    /// The module of this name in it.
    fn child(&self, name: &str, far: &Cell<u8>) -> Option<Self> {
        let place = self.own(&["mod"], name).or_else(|| self.imported(&["mod"], name, far))?;
        let declared = Self::of(&place);
        let inside = [declared.inside.clone(), vec![place.word(1).to_owned()]].concat();
        if place.has_braces() {
            return Some(Self { items: place.content().collect(), file: declared.file, inside });
        }
        let folder = inside.iter().fold(declared.folder()?, |folder, name| folder.join(name));
        let files = [folder.with_extension("rs"), folder.join("mod.rs")];
        files.iter().filter(|_| !place.says("path")).find_map(|file| Self::of_file(file))
    }

    fn of_file(file: &Path) -> Option<Self> {
        Some(Self { items: Place::of_file(file)?.into(), file: file.to_owned(), inside: Vec::new() })
    }

    /// Where the files of the modules lie that this file declares.
    fn folder(&self) -> Option<PathBuf> {
        let folder = self.file.parent()?;
        let name = self.file.file_stem()?;
        let is_its_own = !self.is_root() && name != "mod";
        Some(if is_its_own { folder.join(name) } else { folder.to_owned() })
    }

    fn is_root(&self) -> bool {
        self.above().is_none()
    }

    /// The file that declares this one as a module.
    fn above(&self) -> Option<Self> {
        self.all_above().into_iter().next()
    }

    /// The files that may.
    fn all_above(&self) -> Vec<Self> {
        let Some((folder, name)) = self.declared_in() else { return Vec::new() };
        let declares = |module: &Self| module.own(&["mod"], &name).is_some_and(|own| !own.has_braces());
        let found: Vec<_> = Self::of_folder(&folder).filter(declares).collect();
        let (Some(outer), Some(inner), true) = (folder.parent(), folder.file_name(), found.is_empty()) else {
            return found;
        };
        // A module with braces may have the name of the folder.
        let within = |module: Self| {
            let inside = inner.to_str()?.to_owned();
            let place = module.own(&["mod"], &inside).filter(Place::has_braces)?;
            Some(Self { items: place.content().collect(), file: module.file, inside: vec![inside] })
        };
        Self::of_folder(outer).filter_map(within).filter(declares).collect()
    }

    /// The files that may declare what lies in a folder.
    fn of_folder(folder: &Path) -> impl Iterator<Item = Self> + use<> {
        let files = ["mod.rs", "lib.rs", "main.rs"].map(|file| folder.join(file));
        files.into_iter().chain([folder.with_extension("rs")]).filter_map(|file| Self::of_file(&file))
    }

    /// The folder in which a file may declare this one, and under which name.
    fn declared_in(&self) -> Option<(PathBuf, String)> {
        let (folder, stem) = (self.file.parent()?, self.file.file_stem()?.to_str()?);
        match stem {
            "lib" | "main" => None,
            "mod" => Some((folder.parent()?.to_owned(), folder.file_name()?.to_str()?.to_owned())),
            name => Some((folder.to_owned(), name.to_owned())),
        }
    }

    /// Whether one root alone leads to its file: two crates may share it, or one that is not seen.
    fn is_surely_found(&self) -> bool {
        const FOLDERS: [&str; 4] = ["benches", "bin", "examples", "tests"];
        let stem = self.file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let folder = self.file.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        match self.all_above().as_slice() {
            [] => matches!(stem, "lib" | "main") || folder.is_some_and(|folder| FOLDERS.contains(&folder)),
            [above] => above.is_surely_found(),
            _ => false,
        }
    }

    fn parent(&self) -> Option<Self> {
        if self.inside.is_empty() {
            return self.above();
        }
        let mut module = Self::of_file(&self.file)?;
        for name in &self.inside[..self.inside.len() - 1] {
            module = module.child(name, &Cell::new(0))?;
        }
        Some(module)
    }

    /// The file in which it stands.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// That of its crate.
    pub(crate) fn root(self) -> Self {
        let mut module = Self::of_file(&self.file).unwrap_or(self);
        while let Some(above) = module.above() {
            module = Self::of_file(&above.file).unwrap_or(above);
        }
        module
    }
}

/// Whether an attribute leaves an item what it is.
pub(crate) fn is_silent(attr: &Attribute) -> bool {
    const SILENT: &[&str] = &["doc", "allow", "expect", "warn", "deny", "deprecated", "must_use"];
    SILENT.iter().any(|name| attr.path().is_ident(name))
}

/// What a `use` brings in. Kept from one call of the macro to the next, as the compiler's own names cannot be.
pub(crate) struct Import {
    path: Vec<String>,
    /// Its name; none for all there is.
    name: Option<String>,
}

impl Import {
    /// Whether it is brought in through something of this name.
    pub(crate) fn begins_with(&self, name: &str) -> bool {
        self.path.len() + usize::from(self.name.is_none()) > 1
            && self.path.first().is_some_and(|first| first == name)
    }

    /// Whether it brings something in by this name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name.as_ref().is_some_and(|own| own == name)
    }

    /// Those of a declaration, unless that begins at the root of all crates.
    pub(crate) fn read(declaration: &str) -> Vec<Self> {
        // Before the first one of a file stand its own attributes and documentation.
        let parser = |input: ParseStream<'_>| {
            input.call(Attribute::parse_inner)?;
            input.parse::<ItemUse>()
        };
        let mut found = Vec::new();
        let own = parser.parse_str(&format!("{declaration};")).ok();
        if let Some(own) = own.filter(|own| own.leading_colon.is_none()) {
            Self::all_of(&own.tree, &mut Vec::new(), &mut found);
        }
        found
    }

    fn all_of(tree: &UseTree, before: &mut Vec<String>, found: &mut Vec<Self>) {
        let mut push = |last: Option<&syn::Ident>, name| {
            let last = last.map(ToString::to_string);
            found.push(Self { path: before.iter().cloned().chain(last).collect(), name });
        };
        match tree {
            UseTree::Name(own) if own.ident == "self" => push(None, before.last().cloned()),
            UseTree::Name(own) => push(Some(&own.ident), Some(own.ident.to_string())),
            UseTree::Rename(own) => push(Some(&own.ident), Some(own.rename.to_string())),
            UseTree::Glob(_) => push(None, None),
            UseTree::Group(group) => group.items.iter().for_each(|tree| Self::all_of(tree, before, found)),
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                Self::all_of(&path.tree, before, found);
                before.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found by this path in a file beside this one.
    fn found(file: &str, kind: &str, path: &str) -> Option<String> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
        let path: Vec<String> = path.split("::").map(str::to_owned).collect();
        let place = Module::of_file(&file)?.find(&[kind], &path)?;
        let file = place.file().file_name()?.to_string_lossy().into_owned();
        Some(format!("{file}: {}", place.word(1)))
    }

    #[test]
    fn names_are_followed_through_files() {
        assert_eq!(found("check.rs", "struct", "Model").as_deref(), Some("mod.rs: Model"));
        assert_eq!(found("check.rs", "struct", "crate::block::Block").as_deref(), Some("block.rs: Block"));
        assert_eq!(
            found("expand/memo.rs", "enum", "super::super::scope::Scope").as_deref(),
            Some("scope.rs: Scope")
        );
        assert_eq!(found("expand/mod.rs", "struct", "Block").as_deref(), Some("block.rs: Block"));
        assert_eq!(found("expand/mod.rs", "struct", "lookup::Part"), None);
        assert_eq!(found("tests/soup.rs", "enum", "Edit").as_deref(), Some("edits.rs: Edit"));
        assert_eq!(found("expand/mod.rs", "struct", "warm::Item").as_deref(), Some("warm.rs: Item"));
    }

    #[test]
    fn a_file_may_be_declared_within_braces() {
        let root = std::env::temp_dir().join(format!("braces-{}", std::process::id()));
        std::fs::create_dir_all(root.join("parts")).expect("a folder");
        std::fs::write(root.join("main.rs"), "mod parts { pub mod repo; pub struct Inner; }\nstruct Outer;")
            .expect("a file");
        std::fs::write(root.join("parts/repo.rs"), "use super::Inner;\nuse crate::Outer;").expect("a file");
        let module = Module::of_file(&root.join("parts/repo.rs")).expect("a module");
        let found = |name: &str| module.find(&["struct"], &[name.to_owned()]).is_some();
        assert!(found("Inner") && found("Outer") && !found("Other"));
        std::fs::remove_dir_all(&root).expect("the folder");
    }

    #[test]
    fn what_is_of_another_crate_is_not_found() {
        for (file, path) in [
            ("check.rs", "Type"),
            ("check.rs", "syn::Type"),
            ("lib.rs", "TokenStream"),
            ("model/mod.rs", "Nothing"),
        ] {
            assert_eq!(found(file, "struct", path), None, "{path}");
        }
    }
}
