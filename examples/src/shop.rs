//! A shop's service over SQLite: products, users and orders, each with the pattern of caching that fits how it is written.
//!
//! | | read by | written by | pattern |
//! |---|---|---|---|
//! | products | [`product`] | other programs, and [`set_price`] | cache-aside with a time to live; prices are written around the cache |
//! | users | [`user`] | [`save_user`] | write-through |
//! | orders | [`orders`], [`spent`], [`bestsellers`] | [`place_order`] | several views, forgotten together by tag |
//! | discounts | [`discount`] | | once for each request, and gone with it |
//!
//! The database is a parameter that no key has: one process has one. Tests have one each, and a cache of their own with it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cached_core::{invalidates, memoize, updates};
use rusqlite::{Connection, OptionalExtension, Row};

/// Told to all who wait for one load, so it is one that can be cloned.
pub type Failed = Arc<rusqlite::Error>;

/// A database that counts what it is asked.
#[derive(Debug)]
pub struct Db {
    connection: Mutex<Connection>,
    queries: AtomicU64,
}

/// An article on offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub id: u32,
    pub name: String,
    pub cents: u32,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: u32,
    pub name: String,
    pub email: String,
}

/// What somebody bought, at the price of that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: u32,
    pub product: u32,
    pub quantity: u32,
    pub cents: u32,
}

/// A product, and how many of it were sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    pub product: u32,
    pub quantity: u32,
}

/// A product's page. Cache-aside: who misses asks the database and leaves the answer for others. Whoever else writes to the
/// database cannot tell this cache; for that there is the `ttl`.
///
/// # Errors
/// Those of the database, none of which is kept.
#[memoize(skip(db), max = 1_000, ttl = 10m)]
pub fn product(db: &Db, id: u32) -> Result<Option<Product>, Failed> {
    db.ask(|db| {
        let select = "SELECT id, name, cents FROM products WHERE id = ?1";
        db.prepare_cached(select)?.query_row([id], read_product).optional()
    })
}

/// Changes a price; whether there is such a product. Write-around: the database has it, the cache forgets what it had, and the next
/// reader pays for a load. That suits prices that are set more often than they are looked at.
///
/// # Errors
/// Those of the database; nothing is forgotten then.
#[invalidates(product(db, id))]
pub fn set_price(db: &Db, id: u32, cents: u32) -> Result<bool, Failed> {
    db.ask(|db| {
        let update = "UPDATE products SET cents = ?2 WHERE id = ?1";
        Ok(db.prepare_cached(update)?.execute((id, cents))? > 0)
    })
}

/// A user's profile.
///
/// # Errors
/// Those of the database.
#[memoize(skip(db), max = 1_000)]
pub fn user(db: &Db, id: u32) -> Result<Option<User>, Failed> {
    db.ask(|db| {
        let select = "SELECT id, name, email FROM users WHERE id = ?1";
        db.prepare_cached(select)?.query_row([id], read_user).optional()
    })
}

/// Stores a profile. Write-through: the cache has what was stored before the writer goes on, so that the next reader pays nothing and
/// sees his own write.
///
/// # Errors
/// Those of the database, as when the address is somebody else's; the cache then stays as it is.
#[updates(user(db, result.id) = Some(result))]
pub fn save_user(db: &Db, id: u32, name: &str, email: &str) -> Result<User, Failed> {
    db.ask(|db| {
        let save = "INSERT INTO users (id, name, email) VALUES (?1, ?2, ?3)
                    ON CONFLICT (id) DO UPDATE SET name = ?2, email = ?3 RETURNING id, name, email";
        db.prepare_cached(save)?.query_row((id, name, email), read_user)
    })
}

/// A user's orders, oldest first.
///
/// # Errors
/// Those of the database.
#[memoize(skip(db), max = 500, tags = ["user:{user}"])]
pub fn orders(db: &Db, user: u32) -> Result<Vec<Order>, Failed> {
    db.ask(|db| {
        let select = "SELECT id, product, quantity, cents FROM orders WHERE user = ?1 ORDER BY id";
        db.prepare_cached(select)?.query_map([user], read_order)?.collect()
    })
}

/// What a user has spent, in cents.
///
/// # Errors
/// Those of the database.
#[memoize(skip(db), max = 500, tags = ["user:{user}"])]
pub fn spent(db: &Db, user: u32) -> Result<u32, Failed> {
    db.ask(|db| {
        let select = "SELECT coalesce(sum(quantity * cents), 0) FROM orders WHERE user = ?1";
        db.prepare_cached(select)?.query_row([user], |row| row.get(0))
    })
}

/// The products that sell best.
///
/// # Errors
/// Those of the database.
#[memoize(skip(db), max = 10)]
pub fn bestsellers(db: &Db, most: u32) -> Result<Vec<Sold>, Failed> {
    db.ask(|db| {
        let select = "SELECT product, sum(quantity) AS sold FROM orders
                      GROUP BY product ORDER BY sold DESC, product LIMIT ?1";
        let sold = |row: &Row<'_>| Ok(Sold { product: row.get(0)?, quantity: row.get(1)? });
        db.prepare_cached(select)?.query_map([most], sold)?.collect()
    })
}

/// Buys, at the price that the database has; `None` where there is no such product. All that is kept of this user's orders is
/// forgotten by its tag, in whatever function, and so are the bestsellers.
///
/// # Errors
/// Those of the database.
#[invalidates(tag = "user:{user}", bestsellers)]
pub fn place_order(db: &Db, user: u32, product: u32, quantity: u32) -> Result<Option<Order>, Failed> {
    db.ask(|db| {
        let insert = "INSERT INTO orders (user, product, quantity, cents)
                      SELECT ?1, id, ?3, cents FROM products WHERE id = ?2
                      RETURNING id, product, quantity, cents";
        db.prepare_cached(insert)?.query_row((user, product, quantity), read_order).optional()
    })
}

/// What a user gets off, in percent: one for each 500 euros that he has spent, ten at the most. It is asked for with every line of a
/// receipt and has to be right at that moment, so it is kept for one request and no longer.
///
/// # Errors
/// Those of the database.
#[memoize(skip(db), scope = request)]
pub fn discount(db: &Db, user: u32) -> Result<u32, Failed> {
    let cents: u32 = db.ask(|db| {
        let select = "SELECT coalesce(sum(quantity * cents), 0) FROM orders WHERE user = ?1";
        db.prepare_cached(select)?.query_row([user], |row| row.get(0))
    })?;
    Ok((cents / 50_000).min(10))
}

/// What this many of a product cost that user, in cents; `None` where there is no such product.
///
/// # Errors
/// Those of the database.
pub fn line(db: &Db, user: u32, id: u32, quantity: u32) -> Result<Option<u32>, Failed> {
    let off = discount(db, user)?;
    Ok(product(db, id)?.map(|product| product.cents * quantity * (100 - off) / 100))
}

fn read_product(row: &Row<'_>) -> rusqlite::Result<Product> {
    Ok(Product { id: row.get(0)?, name: row.get(1)?, cents: row.get(2)? })
}

fn read_user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, email: row.get(2)? })
}

fn read_order(row: &Row<'_>) -> rusqlite::Result<Order> {
    Ok(Order { id: row.get(0)?, product: row.get(1)?, quantity: row.get(2)?, cents: row.get(3)? })
}

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cents INTEGER NOT NULL);
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, product INTEGER NOT NULL REFERENCES products,
        quantity INTEGER NOT NULL, cents INTEGER NOT NULL
    );
    CREATE INDEX orders_of_user ON orders (user);";

impl Db {
    /// A new shop in this file, which is not to be there yet; without one, in memory.
    ///
    /// # Errors
    /// Those of the database.
    pub fn create(file: Option<&Path>) -> Result<Self, Failed> {
        let connection = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection: Mutex::new(connection), queries: AtomicU64::new(0) })
    }

    /// Fills the shelves: always with the same.
    ///
    /// # Errors
    /// Those of the database.
    pub fn stock(&self, products: u32, users: u32, orders: u32) -> Result<(), Failed> {
        const THINGS: [&str; 8] = ["lamp", "kettle", "chair", "radio", "clock", "basket", "mirror", "ladder"];
        const KINDS: [&str; 9] = ["red", "oak", "small", "brass", "folding", "round", "blue", "tall", "old"];
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare("INSERT INTO products VALUES (?1, ?2, ?3)")?;
            for id in 1..=products {
                let (kind, thing) = (KINDS[id as usize % KINDS.len()], THINGS[id as usize % THINGS.len()]);
                insert.execute((id, format!("{kind} {thing} {id}"), 499 + id * 37 % 20_000))?;
            }
            let mut insert = transaction.prepare("INSERT INTO users VALUES (?1, ?2, ?3)")?;
            for id in 1..=users {
                insert.execute((id, format!("user {id}"), format!("user{id}@shop.example")))?;
            }
            let mut insert = transaction.prepare(
                "INSERT INTO orders (user, product, quantity, cents)
                 SELECT ?1, id, ?3, cents FROM products WHERE id = ?2",
            )?;
            let mut dice = Dice(1);
            for _ in 0..orders {
                insert.execute((1 + dice.below(users), 1 + dice.skewed(products), 1 + dice.below(3)))?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// How many statements were run for the functions of this module.
    pub fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }

    /// A statement of somebody who knows nothing of this service and its caches.
    ///
    /// # Errors
    /// Those of the database.
    pub fn behind_its_back(&self, statement: &str) -> Result<(), Failed> {
        Ok(self.lock().execute_batch(statement)?)
    }

    fn ask<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Failed> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        ask(&self.lock()).map_err(Arc::new)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Numbers that look random, the same in each run (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below that one, each as often as any other.
    pub fn below(&mut self, end: u32) -> u32 {
        (self.next() % u64::from(end)) as u32
    }

    /// The same, small ones much more often: half of all are in the first sixteenth.
    pub fn skewed(&mut self, end: u32) -> u32 {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        (share.powi(4) * f64::from(end)) as u32
    }
}
