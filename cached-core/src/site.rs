//! Where the memos of one piece of code are that only the compiler can tell apart: one for each monomorphisation of a
//! generic function, or for each implementor of a trait's default method.
//!
//! They are told apart by the type of a closure (or of a generic function) that is written inside of the generic code: it
//! differs wherever any parameter around it does, also one that is part of neither key nor value.

#![expect(
    unsafe_code,
    reason = "a checked cast is a virtual call, and a quarter of a generic function's hit"
)]

use std::any::{Any, TypeId};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use crate::info::CacheInfo;
use crate::memo::Memo;
use crate::spec::Spec;

/// An untyped static that holds typed memos. It only grows, and finding takes no lock: a tree of cells that are written
/// once, with four branches to a node, taken by the bits of the type's hash.
#[derive(Default)]
pub struct Site {
    root: OnceLock<Box<Node>>,
}

struct Node {
    id: TypeId,
    memo: Box<dyn Any + Send + Sync>,
    info: fn(&dyn Any) -> CacheInfo,
    clear: fn(&dyn Any) -> usize,
    branches: [OnceLock<Box<Node>>; 4],
}

impl Site {
    /// A place that is empty until its function is used.
    pub const fn new() -> Self {
        Self { root: OnceLock::new() }
    }

    /// The memo of this type of `spec`, made at the first use.
    #[inline]
    pub fn of<K, V, S>(&'static self, spec: S) -> &'static Memo<K, V>
    where
        K: Send + Sync + 'static,
        V: Send + Sync + 'static,
        S: Fn() -> Spec<K, V> + Send + Sync + 'static,
    {
        let id = TypeId::of::<S>();
        let memo = match self.root.get() {
            Some(node) if node.id == id => &*node.memo,
            _ => self.find_or_add(id, || Node::new(id, Memo::found(Box::new(spec)))),
        };
        debug_assert!(memo.is::<Memo<K, V>>());
        // SAFETY: nodes are made here alone, and this one has the `id` of `S`: its memo is of the type that calls of `S` return a
        // `Spec` for, of which there is one.
        #[expect(clippy::cast_ptr_alignment, reason = "it points to one of these")]
        unsafe {
            &*std::ptr::from_ref(memo).cast::<Memo<K, V>>()
        }
    }

    /// Takes the branches that the hash says, until the node is found or there is room for it.
    #[inline]
    fn find_or_add(&self, id: TypeId, make: impl FnOnce() -> Node) -> &(dyn Any + Send + Sync) {
        let (mut bits, mut cell, mut make) = (bits(id), &self.root, Some(make));
        loop {
            let node = match cell.get() {
                Some(node) => node,
                None => cell.get_or_init(|| Box::new(make.take().expect("one cell is filled")())),
            };
            if node.id == id {
                return &*node.memo;
            }
            cell = &node.branches[(bits & 3) as usize];
            bits >>= 2;
        }
    }

    /// Counters and size of every memo that was used, in no order.
    pub fn infos(&self) -> Vec<CacheInfo> {
        let mut infos = Vec::new();
        self.visit(&mut |node| infos.push((node.info)(&*node.memo)));
        infos
    }

    /// Forgets all entries of all of them; how many there were.
    pub fn clear_all(&self) -> usize {
        let mut cleared = 0;
        self.visit(&mut |node| cleared += (node.clear)(&*node.memo));
        cleared
    }

    fn visit(&self, visit: &mut dyn FnMut(&Node)) {
        let mut next: Vec<&Node> = self.root.get().map(|node| &**node).into_iter().collect();
        while let Some(node) = next.pop() {
            visit(node);
            next.extend(node.branches.iter().filter_map(|cell| cell.get().map(|node| &**node)));
        }
    }
}

impl Node {
    fn new<K: Send + Sync + 'static, V: Send + Sync + 'static>(id: TypeId, memo: Memo<K, V>) -> Self {
        fn typed<K: 'static, V: 'static>(memo: &dyn Any) -> &Memo<K, V> {
            memo.downcast_ref().expect("these functions come with their memo")
        }
        Self {
            id,
            memo: Box::new(memo),
            info: |memo| typed::<K, V>(memo).cache_info(),
            clear: |memo| typed::<K, V>(memo).clear(),
            branches: [const { OnceLock::new() }; 4],
        }
    }
}

/// The hash that the type has by itself.
#[inline]
fn bits(id: TypeId) -> u64 {
    #[derive(Default)]
    struct Same(u64);
    impl Hasher for Same {
        fn write(&mut self, bytes: &[u8]) {
            for chunk in bytes.chunks(8) {
                let mut part = [0; 8];
                part[..chunk.len()].copy_from_slice(chunk);
                self.write_u64(u64::from_ne_bytes(part));
            }
        }
        #[inline]
        fn write_u64(&mut self, part: u64) {
            self.0 ^= part;
        }
        fn finish(&self) -> u64 {
            self.0
        }
    }
    let mut hasher = Same::default();
    id.hash(&mut hasher);
    hasher.finish()
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut memos = 0;
        self.visit(&mut |_| memos += 1);
        f.debug_struct("Site").field("memos", &memos).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::ByKey;

    static SITE: Site = Site::new();

    /// As in the code of a generic function.
    fn memo<T: Clone + Send + Sync + 'static, const N: usize>() -> &'static Memo<u64, T> {
        SITE.of(|| {
            let _ = N;
            Spec::new("tests::memo", "memo")
        })
    }

    #[test]
    fn each_monomorphisation_has_a_memo_of_its_own() {
        fn keep<T: Clone + Send + Sync + 'static, const N: usize>(value: T) {
            memo::<T, N>().insert(1, value);
        }
        fn kept<T: Clone + Send + Sync + 'static, const N: usize>() -> T {
            memo::<T, N>().store().peek(&ByKey(&1)).expect("it was kept")
        }
        keep::<u8, 0>(1);
        keep::<u8, 1>(2);
        keep::<String, 0>("three".to_owned());
        keep::<[u64; 9], 0>([4; 9]);
        assert_eq!((kept::<u8, 0>(), kept::<u8, 1>()), (1, 2));
        assert_eq!((kept::<String, 0>(), kept::<[u64; 9], 0>()), ("three".to_owned(), [4; 9]));
        assert_eq!(SITE.infos().iter().map(|info| info.len).collect::<Vec<_>>(), [1; 4]);
        assert_eq!(SITE.clear_all(), 4);
    }
}
