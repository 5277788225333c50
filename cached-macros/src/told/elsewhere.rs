//! Types of the crate that another function has told of: what such a type lacks is one mistake, however many functions speak of it.
//! For errors alone.

use std::cell::RefCell;

use crate::model::Model;
use crate::sources::around::Place;

thread_local! {
    /// The types that have been told of, each with the function that has.
    static TOLD: RefCell<Vec<(Place, String)>> = const { RefCell::new(Vec::new()) };
}

/// Whether other functions have told of all these types. Of the others this one is the one that does.
pub(super) fn are_told(types: &[Place], model: &Model<'_>) -> bool {
    // A function may be looked at more than once, and no two functions stand at the same place.
    let function = format!("{:?}", model.item.sig.fn_token.span);
    TOLD.with_borrow_mut(|told| {
        let mut are_all = !types.is_empty();
        for ty in types {
            match told.iter().find(|(own, _)| own.is(ty)) {
                Some((_, by)) => are_all &= *by != function,
                None => {
                    are_all = false;
                    told.push((ty.clone(), function.clone()));
                }
            }
        }
        are_all
    })
}
