//! Attributes and items, and what can go wrong with them: for the tests of the attribute and for its fuzz target.

use proc_macro2::TokenStream;

/// Attributes that are right, or were so before somebody edited them.
pub(crate) const ARGS: &[&str] = &[
    "",
    "max = 100",
    "max = 10_000, policy = lru",
    "ttl = 60s, jitter = 0.1",
    "idle = \"1h30m\"",
    "ttl = |key, value| Duration::from_secs(1)",
    "max_weight = 64MiB, weigher = |key, value| value.len() as u64",
    "skip(a, self), name = \"prices\"",
    "key = (a, b.len())",
    "key = a as u64",
    "in = self.cache",
    "store_if = |value| value.is_some()",
    "lazy",
    "batch, max_batch = 100, window = 1ms",
    "impl batch, max_batch = 100, window = 1ms",
    "companion = none",
    "companion = other, crate = a::b",
];

pub(crate) const ITEMS: &[&str] = &[
    "fn f(a: u32, b: &str) -> u64 { 0 }",
    "pub async fn f<T: Clone, const N: usize>(a: [T; N], b: Option<&'_ str>) -> Result<T, E> where T: Send { a }",
    "pub fn f(&self, (a, b): (f32, f64), _: u8, mut r#c: Cow<'_, str>) -> io::Result<()> { Ok(()) }",
    "impl<T> Desk<T> { #[memoize(max = 1)] pub fn f(&self, a: T) -> T { a } const A: u8 = 1; }",
    "impl Price for Desk { #[memoize] async fn f(a: u8) -> Self { a } }",
    "fn f(a: &[u32]) -> HashMap<u32, u64> { a }",
    "static TABLE: Vec<u64> = build();",
    "unsafe extern \"C\" fn f(a: *const u8, ...) -> ! { loop {} }",
    "const fn f(a: impl Fn(u8) -> &u8, b: &mut u8) -> impl Sized {}",
    "#[cfg(a)] #[cfg_attr(a, expect(b, reason = \"c\"))] fn f(#[cfg(b)] a: dyn T) -> Box<dyn Fn(&u8) -> u8> {}",
    "trait A { #[memoize] fn f(&self) -> u8; }",
    "struct A;",
];

pub(crate) const TOKENS: &[&str] = &[
    "max",
    "ttl",
    "key",
    "skip",
    "in",
    "self",
    "Self",
    "batch",
    "lazy",
    "companion",
    "none",
    "crate",
    "fn",
    "impl",
    "for",
    "where",
    "static",
    "async",
    "pub",
    "mut",
    "dyn",
    "a",
    "T",
    "f64",
    "str",
    "Result",
    "Option",
    "Cow",
    "'a",
    "'static",
    "'_",
    "_",
    "&",
    "*",
    "=",
    ",",
    ";",
    ":",
    "::",
    "->",
    "|",
    "<",
    ">",
    "#",
    "!",
    "?",
    "..",
    "...",
    "0",
    "60s",
    "64MiB",
    "1.5",
    "0x",
    "\"\"",
    "\"1h\"",
    "'c'",
    "b'x'",
    "r#fn",
    "18446744073709551616",
    "340282366920938463463374607431768211456h",
    "\"9999999999999999999999h\"",
    "-",
    "1e400",
    "memoize",
    "#[memoize]",
    "#[memoize = 1]",
    "#[memoize(]",
    "macro_rules!",
];

/// One edit of a text, token by token.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Drop(usize),
    Double(usize),
    Swap(usize, usize),
    Put(usize, String),
    Group(usize, usize, u8),
}

/// The text with these edits; none where the braces do not match any longer.
pub(crate) fn edited(text: &str, edits: &[Edit]) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    flatten(text.parse().ok()?, &mut words);
    for edit in edits {
        let len = words.len().max(1);
        match edit {
            _ if words.is_empty() => {}
            Edit::Drop(at) => drop(words.remove(at % len)),
            Edit::Double(at) => words.insert(at % len, words[at % len].clone()),
            Edit::Swap(a, b) => words.swap(a % len, b % len),
            Edit::Put(at, token) => words.insert(at % len, token.clone()),
            Edit::Group(a, b, kind) => {
                let (open, close) = [("(", ")"), ("[", "]"), ("{", "}")][usize::from(kind % 3)];
                let (first, last) = ((*a).min(*b) % len, (*a).max(*b) % len);
                words.insert(last, close.to_owned());
                words.insert(first.min(last), open.to_owned());
            }
        }
    }
    Some(words.join(" "))
}

/// All tokens one after the other, braces too.
fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                flatten(group.stream(), words);
                words.push(close.to_owned());
            }
            proc_macro2::TokenTree::Punct(punct) if punct.spacing() == proc_macro2::Spacing::Joint => {
                words.push(punct.to_string());
            }
            other => words.push(other.to_string()),
        }
    }
}

fn is_readable(text: &str) -> bool {
    text.parse::<TokenStream>().is_ok()
}

/// What `#[memoize(args)] item` becomes.
pub(crate) fn expand(args: &str, item: &str) -> TokenStream {
    let parse = |text: &str| text.parse::<TokenStream>().expect("this can be read as tokens");
    crate::expand::memoize(parse(args), &parse(item))
}

/// An item of Rust stays one, with whatever is emitted beside it. What was none may stay none, but no panic.
pub(crate) fn check(args: &str, item: &str) {
    if !is_readable(args) || !is_readable(item) {
        return;
    }
    let written = expand(args, item);
    let was_item = syn::parse_str::<syn::File>(item).is_ok();
    if was_item {
        syn::parse2::<syn::File>(written.clone())
            .unwrap_or_else(|error| panic!("{error}\n#[memoize({args})] {item}\n{written}"));
    }
}
