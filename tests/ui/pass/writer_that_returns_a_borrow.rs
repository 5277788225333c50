//! A function that writes may return what it borrows of what it was given, also of what it changes.
#![deny(warnings)]
#![allow(dead_code)]
use cached_core::{invalidates, memoize, updates};

#[memoize]
fn row(id: usize) -> u32 {
    u32::try_from(id).unwrap()
}

#[derive(Default)]
struct Desk {
    rows: Vec<u32>,
}

impl Desk {
    #[invalidates(row(id))]
    fn set(&mut self, id: usize) -> &mut Self {
        self.rows.push(1);
        let _ = id;
        self
    }

    #[invalidates(row(id))]
    fn get(&mut self, id: usize) -> Result<&mut u32, String> {
        self.rows.get_mut(id).ok_or_else(|| "none".to_owned())
    }

    #[updates(row(id) = *result)]
    fn put(&mut self, id: usize) -> &u32 {
        self.rows[id] = 7;
        &self.rows[id]
    }

    #[invalidates(row)]
    fn all(&mut self) -> impl Iterator<Item = &mut u32> + '_ {
        self.rows.iter_mut()
    }
}

#[invalidates(row(id))]
fn last<'a>(id: usize, rows: &'a mut Vec<u32>) -> Option<&'a mut u32> {
    rows.push(u32::try_from(id).unwrap());
    rows.last_mut()
}

fn main() {
    let mut desk = Desk::default();
    assert_eq!(row(0) + row(1), 1);
    *desk.set(0).set(1).get(1).unwrap() = 3;
    assert_eq!((row::contains(0), row::contains(1)), (false, false));
    assert_eq!((*desk.put(1), row(1), row::contains(0)), (7, 7, false));
    desk.all().for_each(|row| *row += 1);
    assert!(!row::contains(1));
    assert_eq!(last(5, &mut desk.rows), Some(&mut 5));
}
