//! Every option: alone, twice, misspelled, and together with every other one; what the documentation and editors say of it.

use std::fmt::Write as _;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use super::edits::expand;
use super::facts::{self, FACTS};
use super::snapshots::compare_at;
use crate::options::{TABLE, example};

/// The messages of the errors in an expansion: of those that are written several times the compiler tells once.
fn errors(args: &str, item: &str) -> Vec<String> {
    let (mut all, mut found) = (Vec::new(), Vec::new());
    find_errors(expand(args, item), &mut all);
    for error in all {
        if !found.contains(&error) {
            found.push(error);
        }
    }
    found
}

fn find_errors(tokens: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match (token, tokens.get(at + 2)) {
            (TokenTree::Ident(ident), Some(TokenTree::Group(message))) if ident == "compile_error" => {
                found.push(syn::parse2::<syn::LitStr>(message.stream()).expect("a message").value());
            }
            (TokenTree::Group(group), _) => find_errors(group.stream(), found),
            _ => {}
        }
    }
}

/// An option as it can stand beside any other.
fn written(option: &str) -> String {
    match option {
        "idle" => "idle = 30s".to_owned(),
        "scope" => "scope = request".to_owned(),
        "tags" => "tags = [\"users\"]".to_owned(),
        option => example(option),
    }
}

/// A function that suits these options.
fn function_for(options: &[&str]) -> String {
    let has = |option: &str| options.contains(&option);
    let receiver = match (has("in"), has("lazy")) {
        (true, true) => "self: &Arc<Self>, ",
        (true, false) => "&self, ",
        (false, _) => "",
    };
    let (keys, returned) = if has("batch") {
        ("keys: &[u32]", "Result<Vec<u64>, String>")
    } else {
        ("id: u32, name: String", "Result<u64, String>")
    };
    let skipped = if has("skip") { ", pool: Arc<Pool>, logger: Arc<Logger>" } else { "" };
    let asynchronous = if has("load_timeout") { "async " } else { "" };
    format!("{asynchronous}fn f({receiver}{keys}{skipped}) -> {returned} {{ todo() }}")
}

/// These options, and those they need: as they are written, and the errors.
fn refusals(options: &[&'static str]) -> (Vec<&'static str>, Vec<String>) {
    let mut all: Vec<&'static str> = options.to_vec();
    let mut at = 0;
    while at < all.len() {
        let needs = facts::of(all[at]).map_or(&[][..], |fact| fact.needs);
        if !needs.is_empty() && !needs.iter().any(|needed| all.contains(needed)) {
            all.push(needs[0]);
        }
        at += 1;
    }
    let args: Vec<String> = all.iter().map(|option| written(option)).collect();
    let errors = errors(&args.join(", "), &function_for(&all));
    (all, errors)
}

#[test]
fn something_is_said_of_every_option() {
    let unknown = TABLE.iter().filter(|known| facts::of(known.name).is_none());
    let unknown: Vec<_> = unknown.map(|known| known.name).collect();
    assert_eq!(unknown, [""; 0], "say in `facts` what these do, need and exclude");
    let gone = FACTS.iter().filter(|fact| !TABLE.iter().any(|known| known.name == fact.name));
    assert_eq!(gone.map(|fact| fact.name).collect::<Vec<_>>(), [""; 0], "there is no such option");
}

#[test]
fn every_pair_is_taken_or_refused_as_is_said() {
    let mut wrong = String::new();
    for (at, a) in TABLE.iter().enumerate() {
        for b in &TABLE[at..] {
            let (all, errors) = refusals(&[a.name, b.name]);
            let mut pairs: Vec<(&str, &str)> = Vec::new();
            for (at, one) in all.iter().enumerate() {
                let excluded = facts::excluded(one);
                pairs.extend(
                    all[at..].iter().filter(|other| excluded.contains(other)).map(|other| (*one, *other)),
                );
            }
            // An option that is there twice is another matter.
            let expected = usize::from(a.name == b.name) + pairs.len();
            let is_right = if a.name == b.name { !errors.is_empty() } else { errors.len() == expected };
            if !is_right {
                writeln!(wrong, "{all:?}: {errors:?}, and what is said is {pairs:?}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_an_option_needs_is_asked_for() {
    for fact in FACTS.iter().filter(|fact| !fact.needs.is_empty()) {
        let errors = errors(&written(fact.name), &function_for(&[fact.name]));
        assert_eq!(errors.len(), 1, "{}: {errors:?}", fact.name);
        assert!(fact.needs.iter().any(|needed| errors[0].contains(needed)), "{}: {errors:?}", fact.name);
    }
}

#[test]
fn an_option_that_is_given_twice_is_one_error() {
    for known in TABLE {
        let (mut all, _) = refusals(&[known.name]);
        all.push(known.name);
        let args: Vec<String> = all.iter().map(|option| written(option)).collect();
        let errors = errors(&args.join(", "), &function_for(&all));
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with(&format!("`{}` is given twice", known.name)), "{errors:?}");
    }
}

#[test]
fn what_was_meant_is_known_by_most_of_its_letters() {
    for known in TABLE.iter().filter(|known| known.name.len() > 2) {
        for at in 0..known.name.len() {
            let word = format!("{}{}", &known.name[..at], &known.name[at + 1..]);
            if TABLE.iter().any(|other| other.name == word) || syn::parse_str::<syn::Ident>(&word).is_err() {
                continue;
            }
            let errors = errors(&word, &function_for(&[known.name]));
            assert_eq!(errors.len(), 1, "{word}: {errors:?}");
            assert!(errors[0].contains(&format!("did you mean `{}`?", known.name)), "{word}: {errors:?}");
        }
    }
}

#[test]
fn a_value_where_none_is_due_and_none_where_one_is() {
    for known in TABLE {
        let written = example(known.name);
        let (wrong, right) = match written.split_once('=') {
            Some(_) => (known.name.to_owned(), written.as_str()),
            None => (format!("{} = 1", known.name), written.as_str()),
        };
        let errors = errors(&wrong, &function_for(&[known.name]));
        let told = errors.iter().filter(|error| error.contains(right)).count();
        assert_eq!(told, 1, "{wrong}: {errors:?}");
    }
}

/// The documentation of the attribute.
fn document() -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cached-core/src/memoize.md");
    let text = std::fs::read_to_string(&path).expect("the documentation is there");
    (path, text)
}

/// The page of an option: its heading, and what stands under it.
fn page<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let is_of = |heading: &str| {
        heading.split('`').skip(1).step_by(2).any(|code| {
            code.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '(']))
        })
    };
    let pages = text.split("\n## ").skip(1).filter_map(|page| page.split_once('\n'));
    pages.map(|(heading, page)| (heading, before_chapter(page))).find(|(heading, _)| is_of(heading))
}

/// What comes before the next chapter: `# Methods`, but not `# use ..` in an example.
fn before_chapter(page: &str) -> &str {
    let is_chapter = |(at, _): &(usize, &str)| page[at + 3..].starts_with(char::is_uppercase);
    page.match_indices("\n# ").find(is_chapter).map_or(page, |(at, _)| &page[..at])
}

/// The blocks of code that are run.
fn examples(page: &str) -> Vec<String> {
    let mut blocks = page.split("\n```").map(|block| block.split_once('\n').unwrap_or((block, "")));
    let mut examples = Vec::new();
    blocks.next();
    while let Some((language, code)) = blocks.next() {
        if language.is_empty() {
            examples.push(code.to_owned());
        }
        blocks.next();
    }
    examples
}

#[test]
fn every_option_has_a_page_with_an_example_that_runs() {
    let (_, text) = document();
    for known in TABLE {
        let Some((_, page)) = page(&text, known.name) else {
            panic!("`{}` has no page in the attribute's documentation", known.name)
        };
        let runs = examples(page).iter().any(|code| code.contains(known.name));
        assert!(runs, "the page of `{}` has no example that runs", known.name);
    }
}

/// A heading's anchor, as rustdoc makes it.
fn anchor(heading: &str) -> String {
    let heading = heading.to_lowercase().replace(' ', "-");
    heading.chars().filter(|letter| letter.is_alphanumeric() || ['-', '_'].contains(letter)).collect()
}

fn list(options: &[&str], or: &str) -> String {
    options.iter().map(|option| format!("`{option}`")).collect::<Vec<_>>().join(or)
}

const BEGIN: &str =
    "<!-- of the table in cached-macros; UPDATE_SNAPSHOTS=1 cargo test -p cached-macros -->\n\n";
const END: &str = "\n<!-- end -->\n";

#[test]
fn the_documentation_lists_all_options() {
    let (path, text) = document();
    let mut table = "| option | | needs | excludes |\n|---|---|---|---|\n".to_owned();
    for known in TABLE {
        let fact = facts::of(known.name).expect("something is said of every option");
        let heading = page(&text, known.name).map_or("", |(heading, _)| heading);
        let (needs, excludes) = (list(fact.needs, " or "), list(&facts::excluded(known.name), ", "));
        writeln!(
            table,
            "| [`{}`](#{}) | {} | {needs} | {excludes} |",
            known.name,
            anchor(heading),
            fact.says
        )
        .unwrap();
    }
    let (before, rest) = text.split_once(BEGIN).expect("a place for the table");
    let (_, after) = rest.split_once(END).expect("an end of the table");
    compare_at(&path, &format!("{before}{BEGIN}{table}{END}{after}"));
}

#[test]
fn editors_show_what_the_table_says() {
    let mut text = "//! What an editor shows of the options of `#[memoize]`, and completes: expansions name these for it alone.\n\
                    //! Written from the table in `cached-macros`: `UPDATE_SNAPSHOTS=1 cargo test -p cached-macros`.\n\
                    #![allow(non_upper_case_globals, reason = \"they are called as the options are\")]\n"
        .to_owned();
    // A keyword that is no name of anything: what stands in its place is shown anyway.
    for known in TABLE.iter().filter(|known| known.name != "crate") {
        let fact = facts::of(known.name).expect("something is said of every option");
        let name = crate::options::hint_name(known.name);
        writeln!(text, "\n/// `{}`: {}.", example(known.name), fact.says).unwrap();
        if !fact.needs.is_empty() {
            writeln!(text, "///\n/// Needs {}.", list(fact.needs, " or ")).unwrap();
        }
        let excluded = facts::excluded(known.name);
        if !excluded.is_empty() {
            writeln!(text, "///\n/// Excludes {}.", list(&excluded, ", ")).unwrap();
        }
        writeln!(text, "pub const {name}: () = ();").unwrap();
    }
    compare_at(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../cached-core/src/hints.rs"), &text);
}
