//! The library under another name, `crate = my_crate::cached_core`: imported once beside what is written, so that a path which
//! leads nowhere is one error.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::Path;
use syn::spanned::Spanned;

use crate::alone;
use crate::block::Block;
use crate::model::Model;
use crate::types;

/// The import, by which the function calls the library from here on. A method alone has no place for it, see [`in_one`].
pub(super) fn of_function(model: &mut Model<'_>) -> TokenStream {
    let is_free = model.block.is_some() || (!model.is_method() && model.around.is_none());
    let has_place = is_free && !alone::is_second(model);
    let Some(path) = model.options.krate.as_ref().filter(|_| has_place) else { return TokenStream::new() };
    let alias = model.name_of("__cached_core_of");
    let import = import(path, &alias);
    model.krate = syn::parse_quote!(#alias);
    import
}

/// The same of a block.
pub(super) fn of_block(block: &mut Block, path: Option<Path>) -> TokenStream {
    let Some(path) = path else { return TokenStream::new() };
    let (of_trait, self_ty, bounds) = (&block.of_trait, &block.self_ty, &block.generics.where_clause);
    // Another block of the type has other functions.
    let mut name = quote!(#of_trait #self_ty #bounds).to_string();
    for content in &block.content {
        if let crate::block::Content::Marked(marked) = content {
            name = format!("{name}_{}", marked.1.sig.ident);
        }
    }
    let alias = types::one_word(&format!("__cached_core_of_{name}"));
    let import = import(&path, &alias);
    block.krate = Some(syn::parse_quote!(#alias));
    import
}

/// What becomes of a method alone. No import can stand beside it; so all that speaks of the library is said to it, and where it is
/// not found, nothing has been said. The method's head stays for those who call it.
pub(super) fn in_one(
    path: Option<&Path>,
    is_lazy: bool,
    function: TokenStream,
    beside: &TokenStream,
) -> TokenStream {
    let Some(path) = path else { return quote!(#function #beside) };
    let said = super::located(&quote!(::__cached_core!), path.span());
    let mut head: Vec<TokenTree> = function.into_iter().collect();
    if let Some(TokenTree::Group(body)) = head.pop() {
        // Braces that nobody wrote are not told that they are none too many.
        let block = Group::new(body.delimiter(), body.stream());
        let mut inside = Group::new(body.delimiter(), quote!(#path #said (#block)));
        inside.set_span(body.span());
        if is_lazy {
            head = in_lazy(path, &said, head);
        }
        head.push(inside.into());
    }
    let beside = (!beside.is_empty()).then(|| quote!(#path #said { #beside }));
    quote!(#(#head)* #beside)
}

/// The head of a lazy method, which returns a type of the library.
fn in_lazy(path: &Path, said: &TokenStream, head: Vec<TokenTree>) -> Vec<TokenTree> {
    let is = |at: usize, text: &str| head.get(at).is_some_and(|token| token.to_string() == text);
    let Some(arrow) = (0..head.len()).find(|&at| is(at, "-") && is(at + 1, ">")) else { return head };
    let end = (arrow..head.len()).find(|&at| is(at, "where")).unwrap_or(head.len());
    let (before, returned, after) = (&head[..arrow + 2], &head[arrow + 2..end], &head[end..]);
    quote!(#(#before)* #path #said (#(#returned)*) #(#after)*).into_iter().collect()
}

fn import(path: &Path, alias: &Ident) -> TokenStream {
    // Where it leads to something else, the user's path is pointed at.
    let own = super::located(&quote!(::__private::this_crate), path.span());
    quote! {
        #[doc(hidden)]
        #[allow(unused_imports, non_snake_case)]
        use #path #own as #alias;
    }
}
