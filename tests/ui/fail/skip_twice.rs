//! A list that is given once more counts as well, and so does one that is written otherwise: who speaks of the key finds it as it will be.
use cached_core::memoize;

pub struct Db;
pub struct Log;

#[memoize(skip(db), skip(log))]
fn page(db: &Db, log: &Log, id: u64) -> u64 {
    id
}

#[memoize(skip(db log))]
fn head(db: &Db, log: &Log, id: u64) -> u64 {
    id
}

// Another parameter is called nearly as the option is.
#[memoize(skip = db)]
fn price(db: &Db, sku: &str, currency: u8) -> u64 {
    1
}

fn main() {
    page::invalidate_if(|id, value| *id == *value);
    head::invalidate_if(|id, value| *id == *value);
    price::invalidate_if(|(sku, currency), _| sku == "a" && *currency == 1);
    price::warm(&Db, [("a".to_owned(), 3)]);
}
