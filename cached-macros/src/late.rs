//! Timeouts against the function they are given to: what a thread can do, and what another one would need.

use crate::diag::Diag;
use crate::expand::cannot_run_again;
use crate::model::Model;

pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    let (age, is_async) = (&model.options.age, model.is_async());
    if model.options.batch.marker.is_some() {
        return;
    }
    if let (Some((name, _)), false) = (age.span("load_timeout"), is_async) {
        diag.at(
            name,
            "`load_timeout` is for an `async fn`: a thread that runs a body cannot be stopped; give what the body calls a deadline, or \
             see `soft_timeout`",
        );
    }
    // Without an old value to give up for, that is said, and is enough.
    let Some((name, _)) = age.span("soft_timeout").filter(|_| age.keeps_old()) else { return };
    if is_async && model.is_bound_to_caller() {
        diag.at(
            name,
            "`soft_timeout` leaves a reload to a task of its own, and this function's future may borrow: take owned arguments, in a \
             free function that does not call itself",
        );
    } else if let (false, Some(why)) = (is_async, cannot_run_again(model)) {
        diag.at(name, format!("`soft_timeout` leaves a reload to another thread, and {why}"));
    }
}
