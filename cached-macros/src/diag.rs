//! Errors are collected, so that all are told at once; forgetting them is a bug of ours, and panics.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Error;

/// Errors found so far.
#[derive(Default)]
pub(crate) struct Diag {
    errors: Vec<Error>,
    told: bool,
}

impl Diag {
    pub(crate) fn push(&mut self, error: Error) {
        self.errors.push(error);
    }

    /// An error at these tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(Error::new_spanned(tokens, message));
    }

    /// Takes the value, or remembers the error.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.errors.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors as the compiler reads them.
    pub(crate) fn tell(mut self) -> TokenStream {
        self.told = true;
        self.errors.iter().map(Error::to_compile_error).collect()
    }
}

impl Drop for Diag {
    fn drop(&mut self) {
        assert!(
            self.told || self.errors.is_empty() || std::thread::panicking(),
            "errors were found and not told"
        );
    }
}
