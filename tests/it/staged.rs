//! Races too narrow to be met by chance: staged, by user code that stops where it is told to.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use cached_core::{memoize, testing};

/// Where user code runs inside of the cache.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    KeyClone,
    KeyEq,
    ValueClone,
}

/// Places at which a thread stops, in order: it says that it is there, and waits.
struct Stops {
    places: Vec<Place>,
    there: Sender<Place>,
    go: Receiver<()>,
}

thread_local!(static STOPS: RefCell<Option<Stops>> = const { RefCell::new(None) });

fn at(place: Place) {
    let stops = STOPS.take();
    if let Some(mut stops) = stops {
        if stops.places.first() == Some(&place) {
            stops.places.remove(0);
            stops.there.send(place).unwrap();
            stops.go.recv().unwrap();
        }
        STOPS.set(Some(stops));
    }
}

/// A thread that stops.
struct Actor<R> {
    thread: std::thread::JoinHandle<R>,
    there: Receiver<Place>,
    go: Sender<()>,
}

impl<R: Send + 'static> Actor<R> {
    fn enter(scope: &testing::Scope, places: &[Place], act: fn() -> R) -> Self {
        let (there, is_there) = channel();
        let (go, goes) = channel();
        let stops = Stops { places: places.to_vec(), there, go: goes };
        let thread = std::thread::spawn(scope.wrap(move || {
            STOPS.set(Some(stops));
            act()
        }));
        Self { thread, there: is_there, go }
    }

    fn until(&self, place: Place) {
        assert_eq!(self.there.recv().unwrap(), place);
    }

    fn go(&self) {
        self.go.send(()).unwrap();
    }

    fn end(self) -> R {
        self.thread.join().unwrap()
    }
}

#[derive(Debug)]
struct Key;

impl Clone for Key {
    fn clone(&self) -> Self {
        at(Place::KeyClone);
        Self
    }
}

impl PartialEq for Key {
    fn eq(&self, _: &Self) -> bool {
        at(Place::KeyEq);
        true
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

#[derive(Debug)]
struct Value(u32);

impl Clone for Value {
    fn clone(&self) -> Self {
        at(Place::ValueClone);
        Self(self.0)
    }
}

static SOURCE: AtomicU32 = AtomicU32::new(0);

#[memoize]
fn current(_key: Key) -> Value {
    Value(SOURCE.load(Ordering::SeqCst))
}

#[test]
fn a_value_found_while_boarding_is_not_shared_past_an_invalidation() {
    let scope = testing::isolate();
    // Finds nothing, and is about to board.
    let late = Actor::enter(&scope, &[Place::KeyClone, Place::ValueClone], || current(Key).0);
    late.until(Place::KeyClone);
    // Meanwhile somebody else has loaded …
    assert_eq!(current(Key).0, 0);
    SOURCE.store(1, Ordering::SeqCst);
    // … and an invalidation has begun, which has seen that no load runs, and looks for the entry.
    let invalidation = Actor::enter(&scope, &[Place::KeyEq], || current::invalidate(Key));
    invalidation.until(Place::KeyEq);
    // The first one boards, and finds the old value.
    late.go();
    late.until(Place::ValueClone);
    invalidation.go();
    assert!(invalidation.end());
    // Whoever calls now finds a load of this key under way; what that found must not be his.
    let after = Actor::enter(&scope, &[Place::KeyEq], || current(Key).0);
    after.until(Place::KeyEq);
    after.go();
    late.go();
    assert_eq!(late.end(), 0, "it called before");
    assert_eq!(after.end(), 1, "it called after the invalidation had returned");
    assert_eq!(current(Key).0, 1);
}
