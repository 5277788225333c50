//! Who leaves when a cache is full. One file a policy; a policy sees tickets and stamps, never a key or a value.

use super::entry::Stamp;
use super::order::Ticket;

mod lru;

pub(crate) use lru::Lru;

/// The order in which the entries of one shard leave.
///
/// All calls come from under the shard's exclusive lock. Uses are not told: they are read off the entries, as
/// stamps, when a victim is wanted.
pub(crate) trait Policy: Send + Sync {
    /// An entry came in.
    fn inserted(&mut self, ticket: Ticket, stamp: Stamp);
    /// Something left other than by [`victim`](Self::victim); `live` entries remain.
    fn removed(&mut self, live: usize, last_use: &dyn Fn(Ticket) -> Option<Stamp>);
    /// Who leaves next, and how much that entry is worth: among shards the least goes first. Takes nothing out.
    fn victim(&mut self, last_use: &dyn Fn(Ticket) -> Option<Stamp>) -> Option<(Stamp, Ticket)>;
    /// A lower bound of what [`victim`](Self::victim) would say, at no cost; `None` where nothing is left.
    fn bound(&self) -> Option<Stamp>;
    /// Panics unless the policy knows these entries, each once.
    #[cfg(test)]
    fn assert_valid(&self, live: &[Ticket], last_use: &dyn Fn(Ticket) -> Option<Stamp>);
}
