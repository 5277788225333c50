//! Whether a body may call its own function. That is asked of asynchronous functions alone, and decides who can drive a load:
//! what a future that holds itself can do, the compiler could not find out without knowing it already.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::item::Item;
use crate::sources::around::Place;

/// Whether the body of a function may call it.
pub(crate) fn may_come_back(item: &Item) -> bool {
    may_call(item.body.stream(), &item.sig.ident.to_string())
}

/// The same by way of others of its file that make futures.
pub(crate) fn may_come_back_by_others(item: &Item) -> bool {
    comes_back_by_others(item, &item.sig.ident.to_string()).unwrap_or_default()
}

fn comes_back_by_others(item: &Item, name: &str) -> Option<bool> {
    let own = Place::of(item.sig.fn_token.span)?;
    let all = Place::everywhere(own.file())?;
    // Who makes no future waits for none of which anything has to be known.
    let is_future = |other: &&Place| other.attributes().contains("async") || other.says("Future");
    let others = all.iter().filter(|other| other.word(0) == "fn" && !other.is(&own)).filter(is_future);
    let others: Vec<_> = others.collect();
    let calls_it = |text: &str| text.contains(name) && called(text).contains(name);
    let body = item.body.to_string();
    let (mut known, mut open) = (BTreeSet::new(), called(&body));
    while let Some(next) = open.pop_first() {
        let next = next.trim_start_matches('.');
        if !known.insert(next) {
            continue;
        }
        for other in others.iter().filter(|other| other.word(1) == next) {
            if calls_it(other.whole()) {
                return Some(true);
            }
            open.extend(called(other.whole()));
        }
    }
    Some(false)
}

/// What a text may call: the names in it before parentheses and paths, those of methods with their dot.
fn called(text: &str) -> BTreeSet<&str> {
    let is_of_name = |sign: char| sign.is_alphanumeric() || sign == '_';
    let ends = text.match_indices(['(', ':', '<']).map(|(end, _)| text[..end].trim_end());
    let names = ends.map(|before| {
        let rest = before.trim_end_matches(is_of_name);
        // In tokens a space may stand behind the dot.
        let dot = rest.trim_end().strip_suffix('.').filter(|rest| !rest.ends_with('.'));
        match dot {
            Some(_) if rest.ends_with('.') => &before[rest.len() - 1..],
            Some(_) => "",
            None => &before[rest.len()..],
        }
    });
    names.filter(|name| !name.trim_start_matches('.').is_empty()).collect()
}

/// What a body does with a name.
#[derive(Default)]
struct Uses {
    is_called: bool,
    is_mentioned: bool,
    /// It is also that of a variable.
    is_bound: bool,
}

/// Whether the body may call the free function of this name. A method or a field of the same name is no such call, nor is a variable.
fn may_call(body: TokenStream, name: &str) -> bool {
    let mut uses = Uses::default();
    uses.read(body, name);
    uses.is_called || (uses.is_mentioned && !uses.is_bound)
}

impl Uses {
    fn read(&mut self, tokens: TokenStream, name: &str) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let (before, after) = (&tokens[..index], &tokens[index + 1..]);
            match token {
                TokenTree::Group(group) if is_pattern(after) => {
                    self.is_bound |= crate::types::mentions(group.stream(), name);
                }
                TokenTree::Group(group) => self.read(group.stream(), name),
                TokenTree::Ident(ident) if ident == name => self.note(before, after),
                _ => {}
            }
        }
    }

    fn note(&mut self, before: &[TokenTree], after: &[TokenTree]) {
        let is_member = is(before.last(), '.') && !is(before.iter().nth_back(1), '.');
        let is_path = is(after.first(), ':') && is(after.get(1), ':');
        let is_field = is(after.first(), ':') && !is_path;
        if is_member || is_field || is(after.first(), '!') || is_of_type(before) {
            return;
        }
        let is_call = matches!(after.first(), Some(TokenTree::Group(args)) if args.delimiter() == Delimiter::Parenthesis);
        if is_path || is_call {
            self.is_called = true;
        } else if is_binding(before) {
            self.is_bound = true;
        } else {
            self.is_mentioned = true;
        }
    }
}

fn is(token: Option<&TokenTree>, punct: char) -> bool {
    matches!(token, Some(TokenTree::Punct(it)) if it.as_char() == punct)
}

/// Whether what comes after a group says that it was a pattern: `Some(page) = ..`, `Ok(page) => ..`.
fn is_pattern(after: &[TokenTree]) -> bool {
    is(after.first(), '=') && !is(after.get(1), '=')
}

/// Whether the name is one of a type's: `Client::get`.
fn is_of_type(before: &[TokenTree]) -> bool {
    let [.., TokenTree::Ident(of), first, second] = before else { return false };
    is(Some(first), ':') && is(Some(second), ':') && of.to_string().starts_with(char::is_uppercase)
}

/// Whether the name is given to a variable.
fn is_binding(before: &[TokenTree]) -> bool {
    match before.last() {
        Some(TokenTree::Ident(word)) => ["let", "mut", "ref", "for"].iter().any(|it| word == it),
        last => is(last, '|'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_call_page(body: &str) -> bool {
        may_call(body.parse().expect("it is Rust"), "page")
    }

    #[test]
    fn calls_are_found() {
        for body in [
            "page(n - 1).await",
            "Box::pin(page(n - 1)).await",
            "self::page::<u8>(n)",
            "0..page(n)",
            "page::uncached(n)",
            "stream.map(page)",
            "let page = page(1).await; page",
            "join!(page(1), other())",
        ] {
            assert!(may_call_page(body), "{body}");
        }
    }

    #[test]
    fn what_only_has_the_name_is_no_call() {
        for body in [
            "client.page(n).await",
            "let page = fetch(n).await?; Ok(page)",
            "let mut page = vec![]; page.push(1); page",
            "Client::page(n)",
            "Book { page: 7, text }",
            "book.page",
            "if let Some(page) = find(n) { return page; } 0",
            "match find(n) { Ok(page) => page, Err(_) => 0 }",
            "pages.iter().map(|page| page.len()).sum()",
            "for page in pages { read(page) }",
            "page!(n)",
            "",
        ] {
            assert!(!may_call_page(body), "{body}");
        }
    }

    #[test]
    fn names_before_parentheses_and_paths_may_be_called() {
        let text = "Box::pin(page(1)).await; client.load(0..last(2)); find::<u8>(3); let x = y;";
        let found: Vec<_> = called(text).into_iter().collect();
        assert_eq!(found, [".load", "Box", "find", "last", "page", "pin"]);
    }
}
