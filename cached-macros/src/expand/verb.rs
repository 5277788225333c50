//! By which verb of the library's a call goes: the way of a body that is called or awaited, that others may wait for or not, and whose
//! types the compiler is asked about at the call.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::{function, memo, needs, ours};
use crate::model::Model;

/// One call, and what it is given.
pub(super) struct Call<'a> {
    pub(super) model: &'a Model<'a>,
    /// `call`, `refresh` or `warm`.
    pub(super) verb: &'a str,
    pub(super) face: &'a TokenStream,
    /// What the key is looked up by.
    pub(super) args: &'a TokenStream,
    pub(super) body: &'a TokenStream,
    /// `.await`, unless the future itself is wanted.
    pub(super) wait: &'a TokenStream,
}

impl Call<'_> {
    pub(super) fn written(&self) -> TokenStream {
        let item = self.model.item;
        if item.sig.asyncness.is_some() {
            self.awaited()
        } else if item.is_boxed_future() && self.model.is_method() {
            let future = self.here();
            quote!(::std::boxed::Box::pin(#future))
        } else {
            self.at_once()
        }
    }

    fn is_call(&self) -> bool {
        self.verb == "call"
    }

    /// Whether the compiler is asked here whether the types are fit.
    fn is_checked(&self) -> bool {
        match self.verb {
            "call" => self.model.is_checked() || needs::are_any(self.model),
            "warm" => self.model.is_checked(),
            _ => false,
        }
    }

    /// Of an `async fn`.
    fn awaited(&self) -> TokenStream {
        let Self { model, verb, face, args, body, wait } = self;
        let krate = &model.krate;
        let soft = model.options.age.span("soft_timeout").filter(|_| self.is_call() && model.is_async());
        if let Some((option, _)) = soft {
            let fit = Ident::new("fit", Span::mixed_site().located_at(option.span()));
            // All of one place: what the compiler says of the call and of its future is the same then, and said once.
            let call = quote_spanned!(fit.span()=> #fit.sent().call_soft_async().await);
            quote! {
                #[allow(unused_imports)]
                use #krate::__private::UnsentCall as _;
                let #fit = #krate::__checked!(fit, #face, #args, #body);
                #call
            }
        } else if model.is_of_thread() {
            let (stays, value, here) = (ours("stays"), ours("value"), format_ident!("{verb}_here"));
            quote! {
                let #stays = #krate::__private::ScopeThread::here();
                let #value = #face.#here(#args, #body).await;
                #stays.end();
                #value
            }
        } else if !model.is_bound_to_caller() && *verb != "warm" {
            let (checked, verb) = (self.is_checked().then(|| quote!(checked)), format_ident!("{verb}"));
            quote!(#krate::__async!(#checked #verb, #face, #args, #body)#wait)
        } else {
            let future = self.here();
            quote!(#future #wait)
        }
    }

    /// A future that stays with its caller.
    fn here(&self) -> TokenStream {
        let Self { model, verb, face, args, body, .. } = self;
        let (krate, here) = (&model.krate, format_ident!("{verb}_here"));
        if self.is_checked() {
            quote!(#krate::__checked!(#here, #face, #args, #body))
        } else {
            quote!(#face.#here(#args, #body))
        }
    }

    /// Of a function that returns when it is done.
    fn at_once(&self) -> TokenStream {
        let Self { model, verb, face, args, body, .. } = self;
        let (krate, verb) = (&model.krate, format_ident!("{verb}"));
        let again = function::again(model).filter(|_| self.is_call() && !model.is_async());
        match again {
            Some(again) if model.options.age.is_soft() => {
                quote!(#krate::__again!(call_soft, #face, #args, #body, #again))
            }
            Some(again) => quote!(#krate::__again!(call_again, #face, #args, #body, #again)),
            None if self.is_checked() => quote!(#krate::__checked!(#verb, #face, #args, #body)),
            None if self.is_call() && memo::is_without_options(model) => {
                quote!(#face.call_plain_with(#args, #body))
            }
            None if self.is_call() && memo::is_simple(model) => quote!(#face.call_simple_with(#args, #body)),
            None => quote!(#face.#verb(#args, #body)),
        }
    }
}
