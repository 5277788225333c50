//! Who implements a trait, as far as the files of a crate say: what is declared in a crate, a trait or a type, has all its blocks
//! there. For errors alone; where a macro may have written a block, or a name may be that of something else, nothing is known.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use proc_macro2::Span;
use syn::Type;

use crate::block::Block;
use crate::sources::around::Place;
use crate::sources::imports::Module;
use crate::sources::outside;
use crate::types;

/// How many files of a crate are read.
const FILES: usize = 1000;

/// Whom a block is for.
enum Whose {
    /// A type with this name.
    Named(String),
    /// A reference, a tuple or the like.
    Unnamed,
    /// What a macro is given.
    Given,
    /// A parameter of the block, or what may be another name for anything.
    Anybody,
}

/// The files of a crate, cut into pieces, and when each was last written to.
pub(crate) struct Files {
    pieces: Vec<Vec<Place>>,
    read: Vec<(PathBuf, Option<SystemTime>)>,
    /// Whether there is nothing that is not read.
    is_all: bool,
    /// What has been asked for, of a trait and a type: a large crate is not read once more for each function.
    answers: RefCell<BTreeMap<Question, bool>>,
}

/// Of a trait, and of a type; how it is asked is a part of it.
type Question = (&'static str, String, Option<String>);

impl Files {
    /// Those of the crate in which a function stands. The last ones are kept, unless one of them has changed.
    pub(crate) fn around(function: Span) -> Option<Rc<Self>> {
        thread_local! {
            static LAST: RefCell<Option<Rc<Files>>> = const { RefCell::new(None) };
        }
        let root = Module::of(&Place::of(function)?).root();
        let mut paths = vec![root.file().to_owned()];
        let is_named = root.file().file_stem().is_some_and(|stem| stem == "lib" || stem == "main");
        if !is_named && is_spoken_of(root.file()) {
            return None;
        }
        if is_named || has_files(root.file())? {
            collect(root.file().parent()?, &mut paths)?;
        }
        let changed = |path: &PathBuf| std::fs::metadata(path).and_then(|found| found.modified()).ok();
        let read: Vec<_> = paths.into_iter().map(|path| (path.clone(), changed(&path))).collect();
        let files = LAST.with_borrow_mut(|last| {
            if last.as_ref().is_none_or(|last| last.read != read) {
                *last = Some(Rc::new(Self::read(read)?));
            }
            last.clone()
        })?;
        files.is_all.then_some(files)
    }

    fn read(read: Vec<(PathBuf, Option<SystemTime>)>) -> Option<Self> {
        let pieces: Option<_> = read.iter().map(|(path, _)| Place::everywhere(path)).collect();
        let mut files = Self { pieces: pieces?, read, is_all: false, answers: RefCell::default() };
        let is_elsewhere = |place: &Place| {
            macro_name(place) == Some("include") || (place.word(0) == "mod" && place.says("path"))
        };
        let is_all = !files.all().any(is_elsewhere);
        files.is_all = is_all;
        Some(files)
    }

    fn once(&self, question: Question, answer: impl FnOnce() -> bool) -> bool {
        if let Some(known) = self.answers.borrow().get(&question) {
            return *known;
        }
        let answer = answer();
        self.answers.borrow_mut().insert(question, answer);
        answer
    }

    /// Whether no block implements a trait of this crate for a type of this name, or one without a name.
    pub(crate) fn have_none(&self, of_trait: &str, ty: Option<&str>) -> bool {
        let question = ("own", of_trait.to_owned(), ty.map(str::to_owned));
        self.once(question, || self.finds_none(of_trait, ty))
    }

    fn finds_none(&self, of_trait: &str, ty: Option<&str>) -> bool {
        self.says_all_of(of_trait)
            && self.blocks(of_trait).all(|whose| match (whose, ty) {
                (Whose::Named(own), Some(ty)) => own != ty,
                (Whose::Given, Some(ty)) => !self.gives_to_macro(ty),
                (Whose::Named(_), None) | (Whose::Unnamed, Some(_)) => true,
                _ => false,
            })
    }

    /// Whether no block implements a trait of this crate for all that there is.
    pub(crate) fn have_none_for_all(&self, of_trait: &str) -> bool {
        let question = ("all", of_trait.to_owned(), None);
        self.once(question, || self.finds_none_for_all(of_trait))
    }

    fn finds_none_for_all(&self, of_trait: &str) -> bool {
        self.says_all_of(of_trait) && !self.blocks(of_trait).any(|whose| matches!(whose, Whose::Anybody))
    }

    /// Whether no block implements another crate's trait for a type of this crate.
    pub(crate) fn have_none_of_foreign(&self, of_trait: &str, ty: &str) -> bool {
        let question = ("foreign", of_trait.to_owned(), Some(ty.to_owned()));
        self.once(question, || self.finds_none_of_foreign(of_trait, ty))
    }

    fn finds_none_of_foreign(&self, of_trait: &str, ty: &str) -> bool {
        let is_other = |whose| match whose {
            Whose::Named(own) => own != ty,
            // A macro in a function's body gives it what nobody sees.
            Whose::Given => !["Send", "Sync"].contains(&of_trait),
            Whose::Unnamed => true,
            Whose::Anybody => false,
        };
        let is_renamed = |place: &Place| place.word(0) == "use" && renames(place, of_trait);
        !self.gives_to_macro(ty) && !self.all().any(is_renamed) && self.blocks(of_trait).all(is_other)
    }

    /// Whether there is no function of this name, as far as no macro makes one.
    pub(crate) fn declare_no_function(&self, name: &str) -> bool {
        let is_it = |place: &Place| place.word(0) == "fn" && place.word(1) == name;
        let is_made = |place: &Place| macro_name(place).is_some() && says(place.whole(), name);
        !self.all().any(|place| is_it(place) || (is_made(place) && !place.is_in_function()))
    }

    /// Whether a trait of this name is one of the crate's.
    pub(crate) fn declare_trait(&self, name: &str) -> bool {
        self.all().any(|place| place.word(0) == "trait" && place.word(1) == name)
    }

    /// Whether all functions of this name are without any attribute that may memoize them, as far as no macro makes one.
    pub(crate) fn memoize_none(&self, name: &str) -> bool {
        let is_marked = |place: &Place| {
            place.word(0) == "fn"
                && place.word(1) == name
                && !place.is_without_marks(&["inline", "invalidates", "updates"])
        };
        let is_made = |place: &Place| macro_name(place).is_some() && says(place.whole(), name);
        !self.all().any(|place| is_marked(place) || (is_made(place) && !place.is_in_function()))
    }

    /// Whether no block makes a type of this name into another one.
    pub(crate) fn have_no_conversion_of(&self, ty: &str) -> bool {
        let question = ("made", "Into".to_owned(), Some(ty.to_owned()));
        self.once(question, || {
            const TRAITS: [&str; 4] = ["From", "Into", "TryFrom", "TryInto"];
            let may_be = |place: &Place| {
                let head = place.past_attributes();
                let head = &head[..head.find('{').unwrap_or(head.len())];
                let is_one = TRAITS.iter().any(|name| says(head, name)) || head.contains('$');
                let is_of_one = || {
                    let block = place.head::<Block>();
                    !says(head, ty)
                        && !head.contains('$')
                        && block.is_some_and(|block| block.generics.type_params().next().is_none())
                };
                place.word(0) == "impl" && is_one && !is_of_one()
            };
            let are_known = TRAITS.iter().all(|of_trait| self.says_all_of(of_trait));
            are_known && !self.gives_to_macro(ty) && !self.all().any(may_be)
        })
    }

    /// Whether a macro is called with this name, and in a function one of the crate that may write blocks.
    fn gives_to_macro(&self, ty: &str) -> bool {
        self.all().any(|place| {
            let call = macro_name(place).filter(|name| *name != "macro_rules");
            call.is_some_and(|name| {
                says(place.whole(), ty) && (!place.is_in_function() || self.writes_blocks(name))
            })
        })
    }

    fn writes_blocks(&self, name: &str) -> bool {
        let is_it = |place: &Place| {
            let whole = place.whole();
            macro_name(place) == Some("macro_rules") && says(whole, name) && says(whole, "impl")
        };
        self.all().any(is_it)
    }

    fn all(&self) -> impl Iterator<Item = &Place> {
        self.pieces.iter().flatten()
    }

    /// Whether no macro, attribute or other name makes something of this name that nobody sees.
    fn says_all_of(&self, of_trait: &str) -> bool {
        !self.all().any(|place| {
            let is_called = macro_name(place).is_some_and(|name| name != "macro_rules");
            let is_made = is_called && says(place.whole(), of_trait);
            is_made
                || is_in_attribute(place, of_trait)
                || (place.word(0) == "use" && renames(place, of_trait))
        })
    }

    /// The blocks that may be those of a trait of this name.
    fn blocks(&self, of_trait: &str) -> impl Iterator<Item = Whose> {
        let blocks = self.all().filter(|place| place.word(0) == "impl");
        blocks.filter_map(move |place| {
            let (head, is_made) = (place.past_attributes(), place.says("$"));
            let head = &head[..head.find('{').unwrap_or(head.len())];
            let named = head.split_once(" for ").map_or(head, |(named, _)| named);
            if !says(named, of_trait) && !named.contains('$') {
                return None;
            }
            let Some(block) = place.head::<Block>() else { return Some(Whose::Anybody) };
            // Parameters may ask for a trait as well.
            let own = block.of_trait.as_ref()?.to_string();
            if !says(&own, of_trait) && !own.contains('$') && !is_made {
                return None;
            }
            let is_one = is_made && block.generics.params.is_empty() && !named.contains('$');
            Some(if is_one {
                Whose::Given
            } else if is_made {
                Whose::Anybody
            } else {
                self.whose(&block)
            })
        })
    }

    fn whose(&self, block: &Block) -> Whose {
        let path = match types::peel(&block.self_ty) {
            Type::Path(path) if path.qself.is_none() => &path.path,
            Type::Array(_)
            | Type::BareFn(_)
            | Type::Never(_)
            | Type::Ptr(_)
            | Type::Reference(_)
            | Type::Slice(_)
            | Type::TraitObject(_)
            | Type::Tuple(_) => return Whose::Unnamed,
            _ => return Whose::Anybody,
        };
        let Some(last) = path.segments.last() else { return Whose::Anybody };
        let name = last.ident.to_string();
        let is_param = block.generics.type_params().any(|param| param.ident == last.ident);
        let is_declared =
            |place: &Place| matches!(place.word(0), "enum" | "struct" | "union") && place.word(1) == name;
        let is_known = types::PRIMITIVES.contains(&name.as_str())
            || outside::has_name_of_type(&name)
            || self.all().any(is_declared);
        if is_known && !is_param && !self.is_other_name(&name) { Whose::Named(name) } else { Whose::Anybody }
    }

    /// Whether this is anywhere another name for something.
    fn is_other_name(&self, name: &str) -> bool {
        self.all().any(|place| {
            let is_renamed = || words(place.statement()).any(|pair| pair == ("as", name));
            (place.word(0) == "type" && place.word(1) == name) || (place.word(0) == "use" && is_renamed())
        })
    }
}

/// Whether a file declares modules in other files, in whatever it does.
fn has_files(root: &Path) -> Option<bool> {
    let is_file = |place: &Place| place.word(0) == "mod" && !place.has_braces();
    Some(Place::everywhere(root)?.iter().any(is_file))
}

/// Whether a file in a folder around may declare this one, in a module in braces or by a macro: what looks like the root of a
/// crate is a part of another one then.
fn is_spoken_of(file: &Path) -> bool {
    let Some(stem) = file.file_stem().and_then(|stem| stem.to_str()) else { return true };
    let is_given =
        |place: &Place| macro_name(place).is_some() && !place.is_in_function() && says(place.whole(), stem);
    let declares = |path: &Path| Place::everywhere(path).is_none_or(|places| places.iter().any(is_given));
    let speaks = |path: PathBuf| {
        let is_source = path.extension().is_some_and(|of| of == "rs") && path != file;
        let text = if is_source { std::fs::read_to_string(&path).ok() } else { None };
        text.is_some_and(|text| {
            says(&text, stem) && (words(&text).any(|pair| pair == ("mod", stem)) || declares(&path))
        })
    };
    let folders = file.ancestors().skip(1);
    let within = folders.take_while(|folder| !folder.join("Cargo.toml").exists());
    let files = within.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    files.flatten().any(|entry| speaks(entry.path()))
}

/// The name of the macro that a piece calls, or `macro_rules` where it declares one.
fn macro_name(place: &Place) -> Option<&str> {
    let text = place.past_attributes();
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':' || c.is_whitespace()))?;
    let rest = text[end..].strip_prefix('!')?;
    (end > 0 && !rest.starts_with('=')).then(|| text[..end].rsplit(':').next().unwrap_or_default().trim())
}

fn is_in_attribute(place: &Place, name: &str) -> bool {
    let attrs = place.attributes();
    attrs.contains('#') && says(attrs, name)
}

/// Whether a `use` gives another name to this one.
fn renames(place: &Place, name: &str) -> bool {
    words(place.statement()).any(|pair| pair == (name, "as"))
}

/// Whether a text has this word in it.
fn says(text: &str, word: &str) -> bool {
    text.contains(word) && words(text).any(|(first, second)| first == word || second == word)
}

/// Each two words of a text that follow one another.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let words = || text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let words = move || words().filter(|word| !word.is_empty());
    std::iter::once("").chain(words()).zip(words())
}

/// All source files in a folder and in those within it; none if there are too many.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Option<()> {
    for entry in std::fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|of| of == "rs") && !paths.contains(&path) {
            paths.push(path);
        }
        if paths.len() > FILES {
            return None;
        }
    }
    Some(())
}
