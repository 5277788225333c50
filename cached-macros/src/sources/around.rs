//! What stands around an item. An attribute is not told, and what it writes beside a function cannot stand everywhere: the
//! compiler would refuse it piece by piece. So the source file is read, as far as the compiler says where an item stands
//! (since 1.88), to say what is the matter in one error, and to spare the compiler questions (see [`plain`](super::plain)). Where nothing is
//! found, nothing is said, and all is asked.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use proc_macro2::Span;

use super::answers;
use super::declared::Head;
use super::imports::{Import, is_silent};

/// A file, cut into pieces.
pub(crate) struct Source {
    path: PathBuf,
    /// When it was last written to.
    changed: Option<SystemTime>,
    text: String,
    /// Where its lines begin.
    lines: Vec<usize>,
    /// Where a `fn` stands, or a `static`, but for comments and literals.
    functions: Vec<usize>,
    pieces: Vec<Piece>,
    /// The pieces that stand in the same braces, but for those in parentheses; at the end those that stand in none.
    content: Vec<Vec<usize>>,
    /// The pieces by each of their two words.
    by_word: [OnceCell<HashMap<String, Vec<usize>>>; 2],
    /// What the `use` declarations bring in that have been looked at.
    imports: RefCell<BTreeMap<usize, Rc<[Import]>>>,
    /// What the heads of types say that have been looked at.
    heads: RefCell<BTreeMap<usize, Option<Rc<Head>>>>,
    /// Whether it has these words in it, anywhere.
    words: RefCell<BTreeMap<&'static str, bool>>,
}

/// What ends with braces or a semicolon.
struct Piece {
    head: Range<usize>,
    /// Where it ends, with its braces.
    end: usize,
    /// The piece in whose braces it stands.
    parent: Option<usize>,
    /// Whether it stands in parentheses, too.
    is_loose: bool,
    /// Its first two words that are no qualifiers: `fn price`.
    words: [Range<usize>; 2],
}

/// A piece of a file.
#[derive(Clone)]
pub(crate) struct Place {
    source: Rc<Source>,
    index: usize,
}

const QUALIFIERS: &[&str] = &["pub", "unsafe", "default", "const", "auto", "async", "extern"];

impl Place {
    /// The function or static with this keyword, unless it stands in the arguments of a macro.
    pub(crate) fn of(function: Span) -> Option<Self> {
        let (source, offset) = find(function)?;
        source.functions.binary_search(&offset).ok()?;
        Self::at(source, offset)
    }

    fn at(source: Rc<Source>, offset: usize) -> Option<Self> {
        // Heads end in the order in which they stand.
        let first = source.pieces.partition_point(|piece| piece.head.end <= offset);
        let index = first + source.pieces[first..].iter().position(|piece| piece.head.contains(&offset))?;
        let is_loose = source.pieces[index].is_loose;
        (!is_loose).then_some(Self { source, index })
    }

    /// What it stands in.
    pub(crate) fn around(&self) -> Option<Self> {
        let index = self.piece().parent?;
        let is_loose = self.source.pieces[index].is_loose;
        (!is_loose).then(|| Self { source: Rc::clone(&self.source), index })
    }

    /// Whether it stands in nothing at all: what a macro repeats is not known to.
    pub(crate) fn is_outermost(&self) -> bool {
        self.piece().parent.is_none()
    }

    /// What stands in the same braces, before it and after it.
    pub(crate) fn beside(&self) -> impl Iterator<Item = Self> {
        self.all(self.piece().parent)
    }

    /// The same, of those that have this for one of their first words: see [`word`](Self::word).
    pub(crate) fn beside_with(&self, index: usize, word: &str) -> impl Iterator<Item = Self> {
        let found = self.source.with_word(index, word).to_vec();
        let (source, parent) = (Rc::clone(&self.source), self.piece().parent);
        let places = found.into_iter().map(move |index| Self { source: Rc::clone(&source), index });
        places.filter(move |place| place.piece().parent == parent && !place.piece().is_loose)
    }

    /// Whether it stands in the body of a function.
    pub(crate) fn is_in_function(&self) -> bool {
        std::iter::successors(self.around(), Self::around).any(|around| around.word(0) == "fn")
    }

    /// Whether it is the same one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let is_same = || self.source.changed == other.source.changed && self.source.is_of(&other.source.path);
        self.index == other.index && (Rc::ptr_eq(&self.source, &other.source) || is_same())
    }

    /// What a `use` brings in.
    pub(crate) fn imports(&self) -> Rc<[Import]> {
        let read = || Import::read(self.statement()).into();
        self.source.imports.borrow_mut().entry(self.index).or_insert_with(read).clone()
    }

    /// What the head of a type says.
    pub(crate) fn type_head(&self) -> Option<Rc<Head>> {
        if let Some(known) = self.source.heads.borrow().get(&self.index) {
            return known.clone();
        }
        let head = Head::read(self).map(Rc::new);
        self.source.heads.borrow_mut().insert(self.index, head.clone());
        head
    }

    /// The braces in which it stands, told apart from all others as long as their file is kept.
    pub(crate) fn braces(&self) -> (usize, Option<usize>) {
        (Rc::as_ptr(&self.source).addr(), self.piece().parent)
    }

    /// Whether it stands in the same braces.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.file() == other.file() && self.piece().parent == other.piece().parent
    }

    /// What stands in its braces.
    pub(crate) fn content(&self) -> impl Iterator<Item = Self> {
        self.all(Some(self.index))
    }

    fn all(&self, parent: Option<usize>) -> impl Iterator<Item = Self> {
        Self::pieces(&self.source, parent)
    }

    fn pieces(source: &Rc<Source>, parent: Option<usize>) -> impl Iterator<Item = Self> {
        let found = source.content[parent.unwrap_or(source.pieces.len())].clone();
        let source = Rc::clone(source);
        found.into_iter().map(move |index| Self { source: Rc::clone(&source), index })
    }

    /// What stands in no braces of this file.
    pub(crate) fn of_file(path: &Path) -> Option<Vec<Self>> {
        Some(Self::pieces(&Source::read(path)?, None).collect())
    }

    /// All there is in a file, in whatever it stands.
    pub(crate) fn everywhere(path: &Path) -> Option<Vec<Self>> {
        let source = Source::read(path)?;
        let place = |index| Self { source: Rc::clone(&source), index };
        Some((0..source.pieces.len()).map(place).collect())
    }

    /// All of it, from its attributes to the end of its braces.
    pub(crate) fn whole(&self) -> &str {
        &self.source.text[self.piece().head.start..self.piece().end]
    }

    /// What stands before its first word.
    pub(crate) fn attributes(&self) -> &str {
        &self.source.text[self.piece().head.start..self.piece().words[0].start.max(self.piece().head.start)]
    }

    /// Whether none of its attributes makes it more than what it is, but for those of these names.
    pub(crate) fn is_without_marks(&self, but: &[&str]) -> bool {
        let is_one = |attr: &syn::Attribute| but.iter().any(|name| attr.path().is_ident(name));
        self.marks().is_some_and(|marks| marks.iter().all(|attr| is_silent(attr) || is_one(attr)))
    }

    /// Its attributes, as far as they can be read.
    pub(crate) fn marks(&self) -> Option<Vec<syn::Attribute>> {
        syn::parse::Parser::parse_str(syn::Attribute::parse_outer, self.own_attributes()).ok()
    }

    /// Its attributes without its qualifiers.
    fn own_attributes(&self) -> &str {
        let text = self.attributes();
        text.rfind(']').map_or("", |end| &text[..=end])
    }

    /// The same from its first word on.
    pub(crate) fn past_attributes(&self) -> &str {
        &self.source.text[self.piece().words[0].start..self.piece().end.max(self.piece().words[0].start)]
    }

    /// The file in which it stands.
    pub(crate) fn file(&self) -> &Path {
        &self.source.path
    }

    /// Whether it is its head and braces.
    pub(crate) fn has_braces(&self) -> bool {
        self.source.text[self.piece().head.end..].starts_with('{')
    }

    /// All of it up to a semicolon, braces too.
    pub(crate) fn statement(&self) -> &str {
        let rest = &self.source.text[self.piece().head.start..];
        rest.split(';').next().unwrap_or_default()
    }

    /// The same up to one that is none of an array's.
    pub(crate) fn declaration(&self) -> &str {
        let rest = &self.source.text[self.piece().head.start..];
        let mut depth = 0_i32;
        let is_end = |sign: char| {
            depth += i32::from(sign == '[') - i32::from(sign == ']');
            sign == ';' && depth <= 0
        };
        rest.find(is_end).map_or_else(|| self.statement(), |end| &rest[..end])
    }

    /// Whether it is a macro, declared or called.
    pub(crate) fn is_macro(&self) -> bool {
        // It may be called by a path.
        let mut rest = self.rest().trim_start();
        while let Some(step) = rest.strip_prefix("::") {
            rest =
                step.trim_start().trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').trim_start();
        }
        !self.text().trim().is_empty() && rest.starts_with('!')
    }

    /// Whether it is a macro that may declare something of this name.
    pub(crate) fn may_declare(&self, name: &str) -> bool {
        const KEYWORDS: &[&str] = &["as", "const", "enum", "static", "struct", "trait", "type", "union"];
        if !self.is_macro() {
            return false;
        }
        let (rest, parent) = (self.rest(), self.piece().parent);
        let next = self.source.pieces[self.index + 1..].iter().find(|next| next.parent == parent);
        let whole = &rest[..next.map_or(rest.len(), |next| next.head.start - self.piece().words[0].end)];
        whole.match_indices(name).any(|(at, _)| {
            let (before, after) = (&whole[..at], &whole[at + name.len()..]);
            let is_whole = !after.bytes().next().is_some_and(is_of_word)
                && !before.bytes().next_back().is_some_and(is_of_word);
            let before = before.trim_end();
            is_whole
                && (before.ends_with(['(', '[', '{', ','])
                    || KEYWORDS.iter().any(|keyword| before.ends_with(keyword)))
        })
    }

    /// All that follows its first word.
    fn rest(&self) -> &str {
        &self.source.text[self.piece().words[0].end..]
    }

    /// Whether it stands before the other one.
    pub(crate) fn is_before(&self, other: &Self) -> bool {
        self.index < other.index
    }

    /// One of the first words of its head but for qualifiers: of `pub fn price`, `fn` and `price`.
    pub(crate) fn word(&self, index: usize) -> &str {
        &self.source.text[self.piece().words[index].clone()]
    }

    /// Its head as an item without content; of a macro, with the names of its parameters.
    pub(crate) fn head<T: syn::parse::Parse>(&self) -> Option<T> {
        // Before the first one of a file stand its own attributes and documentation.
        let parser = |input: syn::parse::ParseStream<'_>| {
            input.call(syn::Attribute::parse_inner)?;
            T::parse(input)
        };
        syn::parse::Parser::parse_str(parser, &format!("{}{{}}", self.text().replace('$', ""))).ok()
    }

    /// Whether its file has this in it, anywhere.
    pub(crate) fn is_in_a_file_with(&self, word: &'static str) -> bool {
        *self.source.words.borrow_mut().entry(word).or_insert_with(|| self.source.text.contains(word))
    }

    /// Whether it may be a function with parameters in angle brackets.
    pub(crate) fn may_be_generic(&self) -> bool {
        self.past_attributes().split('(').next().is_some_and(|name| name.contains('<'))
    }

    /// Whether it is a `use` that may bring this name in, by a condition of which it is not known whether it holds.
    pub(crate) fn may_bring_in(&self, name: &str) -> bool {
        let names = self.statement();
        self.word(0) == "use" && self.says("cfg") && (names.contains(name) || names.contains('*'))
    }

    /// Whether all of its crate sees it, if its module does.
    pub(crate) fn is_public(&self) -> bool {
        let qualifiers = self.attributes().rsplit(']').next().unwrap_or_default().trim();
        matches!(qualifiers, "pub" | "pub(crate)")
    }

    /// Whether its head has this in it.
    pub(crate) fn says(&self, word: &str) -> bool {
        self.text().contains(word)
    }

    fn piece(&self) -> &Piece {
        &self.source.pieces[self.index]
    }

    fn text(&self) -> &str {
        &self.source.text[self.piece().head.clone()]
    }
}

/// The file in which something stands, and where.
fn find(span: Span) -> Option<(Rc<Source>, usize)> {
    let path = span.local_file().filter(|path| path.extension().is_some_and(|of| of == "rs"))?;
    let (start, own) = (span.start(), Source::read(&path)?);
    let line = &own.text[*own.lines.get(start.line.checked_sub(1)?)?..];
    let (column, _) = line.char_indices().nth(start.column)?;
    let offset = own.text.len() - line.len() + column;
    Some((own, offset))
}

impl Source {
    /// A file. The last ones that were read are kept, unless they have changed.
    fn read(path: &Path) -> Option<Rc<Self>> {
        thread_local! {
            static LAST: RefCell<Vec<Rc<Source>>> = const { RefCell::new(Vec::new()) };
        }
        let changed = std::fs::metadata(path).and_then(|found| found.modified()).ok();
        answers::note(path, changed);
        LAST.with_borrow_mut(|last| {
            if let Some(source) = last.iter().find(|own| own.is_of(path) && own.changed == changed) {
                return Some(Rc::clone(source));
            }
            last.retain(|source| source.path != path);
            last.truncate(answers::FILES - 1);
            let mut source = Self::new(path.to_owned(), std::fs::read_to_string(path).ok()?);
            source.changed = changed;
            let source = Rc::new(source);
            last.insert(0, Rc::clone(&source));
            Some(source)
        })
    }

    /// The pieces that have this for one of their first words, in order.
    fn with_word(&self, index: usize, word: &str) -> &[usize] {
        let all = self.by_word[index].get_or_init(|| {
            let mut all = HashMap::<_, Vec<_>>::new();
            for (number, piece) in self.pieces.iter().enumerate() {
                all.entry(self.text[piece.words[index].clone()].to_owned()).or_default().push(number);
            }
            all
        });
        all.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether its path is written like this, which is more than to be the same one.
    fn is_of(&self, path: &Path) -> bool {
        self.path.as_os_str() == path.as_os_str()
    }

    fn new(path: PathBuf, text: String) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut scanner = Scanner { text: &text, at: 0, functions: Vec::new(), pieces: Vec::new() };
        scanner.run();
        let Scanner { functions, pieces, .. } = scanner;
        let mut content = vec![Vec::new(); pieces.len() + 1];
        for (index, piece) in pieces.iter().enumerate().filter(|(_, piece)| !piece.is_loose) {
            content[piece.parent.unwrap_or(pieces.len())].push(index);
        }
        Self {
            path,
            changed: None,
            text,
            lines,
            functions,
            pieces,
            content,
            by_word: Default::default(),
            imports: RefCell::default(),
            heads: RefCell::default(),
            words: RefCell::default(),
        }
    }
}

/// What is open: braces, or other delimiters.
#[derive(Default)]
struct Frame {
    /// Where what is being read began.
    head: usize,
    words: Vec<Range<usize>>,
    /// The piece of these braces, or of those around these parentheses.
    piece: Option<usize>,
    is_loose: bool,
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    functions: Vec<usize>,
    pieces: Vec<Piece>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut open = vec![Frame::default()];
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            let frame = open.last_mut().expect("the file's own is never closed");
            let piece = frame.piece;
            match byte {
                b'{' => {
                    let index = self.end_of_head(frame);
                    open.push(Frame { head: self.at, piece: Some(index), ..Frame::default() });
                }
                b'(' | b'[' => {
                    self.at += 1;
                    open.push(Frame { head: self.at, piece, is_loose: true, ..Frame::default() });
                }
                b'}' | b')' | b']' => self.close(&mut open, byte == b'}'),
                b';' => {
                    self.end_of_head(frame);
                }
                b'"' => self.skip_text(),
                b'\'' => self.skip_letter(),
                b'/' if self.rest().starts_with("//") => self.skip_past("\n"),
                b'/' if self.rest().starts_with("/*") => self.skip_comment(),
                _ if is_of_word(byte) => self.word(frame),
                _ => self.at += 1,
            }
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// At braces that open, or a semicolon.
    fn end_of_head(&mut self, frame: &mut Frame) -> usize {
        let head = frame.head..self.at;
        self.at += 1;
        let mut words = std::mem::take(&mut frame.words).into_iter();
        let words = [(); 2].map(|()| words.next().unwrap_or(0..0));
        let end = self.at;
        self.pieces.push(Piece { head, end, parent: frame.piece, is_loose: frame.is_loose, words });
        frame.head = self.at;
        self.pieces.len() - 1
    }

    fn close(&mut self, open: &mut Vec<Frame>, is_brace: bool) {
        self.at += 1;
        let closed = if open.len() > 1 { open.pop() } else { None };
        if let Some(piece) = closed.filter(|_| is_brace).and_then(|closed| closed.piece) {
            self.pieces[piece].end = self.at;
        }
        if let (Some(frame), true) = (open.last_mut(), is_brace) {
            frame.head = self.at;
            frame.words.clear();
        }
    }

    fn word(&mut self, frame: &mut Frame) {
        let end = self.rest().bytes().position(|byte| !is_of_word(byte)).unwrap_or(self.rest().len());
        let word = self.at..self.at + end;
        let text = &self.text[word.clone()];
        if matches!(text, "fn" | "static") {
            self.functions.push(self.at);
        }
        self.at = word.end;
        if matches!(text, "r" | "br" | "cr") && self.rest().starts_with(['"', '#']) {
            self.skip_raw();
        } else if frame.words.len() < 2 && !QUALIFIERS.contains(&text) {
            frame.words.push(word);
        }
    }

    fn skip_past(&mut self, end: &str) {
        self.at = self.rest().find(end).map_or(self.text.len(), |found| self.at + found + end.len());
    }

    fn skip_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            let Some(found) = self.rest().find(['/', '*']) else { return self.at = self.text.len() };
            self.at += found;
            let step = if self.rest().starts_with("/*") {
                depth += 1;
                2
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                2
            } else {
                1
            };
            self.at += step;
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_text(&mut self) {
        self.at += 1;
        while let Some(found) = self.rest().find(['"', '\\']) {
            self.at += found + 1;
            if self.text.as_bytes()[self.at - 1] == b'"' {
                return;
            }
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
        self.at = self.text.len();
    }

    /// `r"text"`, `r#"text"#`, or the name `r#fn`.
    fn skip_raw(&mut self) {
        let hashes = self.rest().bytes().take_while(|&byte| byte == b'#').count();
        self.at += hashes;
        if self.rest().starts_with('"') {
            self.at += 1;
            self.skip_past(&format!("\"{}", "#".repeat(hashes)));
        }
    }

    /// A letter in quotes, or a lifetime.
    fn skip_letter(&mut self) {
        self.at += 1;
        let mut rest = self.rest().chars();
        match (rest.next(), rest.next()) {
            (Some('\\'), Some(escaped)) => {
                self.at += 1 + escaped.len_utf8();
                self.skip_past("'");
            }
            (Some(letter), Some('\'')) => self.at += letter.len_utf8() + 1,
            _ => {}
        }
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str) -> Option<Place> {
        let source = Rc::new(Source::new(PathBuf::new(), text.replace('@', "")));
        Place::at(source, text.find('@').expect("a place to look at"))?.around()
    }

    fn keyword(text: &str) -> String {
        around(text).map_or_else(String::new, |place| place.word(0).to_owned())
    }

    #[test]
    fn what_stands_around_is_found() {
        assert_eq!(keyword("@fn f() {}"), "");
        assert_eq!(keyword("impl A { @fn f() {} }"), "impl");
        assert_eq!(keyword("#[a = \"{\"] pub unsafe trait A: B { const C: u8 = 1; @fn f() {} }"), "trait");
        assert_eq!(keyword("impl A { fn g() {} fn f() { @fn h() {} } }"), "fn");
        assert_eq!(
            keyword("impl A { fn g() { '{'; '\\''; let _: &'static str = r#\"{\"#; } @fn f() {} }"),
            "impl"
        );
        assert_eq!(keyword("/* impl A { /* */ */ mod a { // }\n @fn f() {} }"), "mod");
        assert_eq!(keyword("impl A { m!({ }); } @fn f() {}"), "");
        assert_eq!(keyword("impl A { m!({ @fn f() {} }); }"), "");
        assert_eq!(keyword("impl A { m!(@fn f() {}); }"), "");
        assert_eq!(keyword("m! { impl A { @fn f() {} } }"), "impl");
    }

    #[test]
    fn unbalanced_text_is_read_to_its_end() {
        for text in ["}}}@", "impl A { \"@", "/* { @", "r#\"@", "'@", "'\\@", "(]{)@", "r#@", "b'{@"] {
            assert!(around(text).is_none_or(|around| around.word(0) == "impl"), "{text}");
        }
    }

    #[test]
    fn neighbours_and_content_are_those_of_the_same_braces() {
        let place =
            around("mod a {} impl A { fn f() {} } impl B { fn g(); @ fn h() { fn i() {} } } use c;").unwrap();
        let names = |places: &mut dyn Iterator<Item = Place>| {
            places.map(|place| place.text().trim().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&mut place.beside()), ["mod a", "impl A", "impl B", "use c"]);
        assert_eq!(names(&mut place.content()), ["fn g()", "fn h()"]);
        assert!(place.content().any(|inside| inside.word(1) == "h"));
    }
}
