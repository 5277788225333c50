//! The steps of the story: each does something, and says what was seen.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cached_core::{CacheInfo, Scope};
use examples::shop::{
    Db, Dice, Failed, bestsellers, line, orders as orders_of, place_order, product, save_user, set_price,
    spent, user,
};

use crate::text::{Page, count, duration};

type Told = Result<(), Box<dyn Error>>;

/// Before the first customer: what he will ask for.
pub fn opening(page: &mut Page<'_>, db: &Db) -> Told {
    page.section(
        "Before the doors open: warm",
        "After a start every cache is empty, and the first customers would pay for that. product::warm loads keys \
         ahead of their calls, here the thousand products in the window.",
    )?;
    let begun = Instant::now();
    let loaded = product::warm(db, 1..=1_000);
    let seen = format!("{} loaded in {}", count(loaded), duration(begun.elapsed()));
    step(page, "product::warm(1..=1000)", &seen)?;
    let hits = product::cache_info().hits;
    let reads = measured(|| product(db, 1))?;
    let seen = if product::cache_info().hits > hits { "a hit" } else { "a miss" };
    step(page, "product(1)", &format!("{seen}: {}", duration(reads)))
}

/// Cache-aside: what it saves, and what it cannot know.
pub fn products(page: &mut Page<'_>, db: &Db, visits: u32) -> Told {
    page.section(
        "Product pages: cache-aside",
        "Who misses asks the database and leaves the answer for others: #[memoize(max = 1_000, ttl = 10m)]. A \
         fifth of the products fit, and most visits go to few of them.",
    )?;
    let (miss, hit) = miss_and_hit(product::clear, product::reset_info, || product(db, 1))?;
    let visitors = || {
        let mut dice = Dice(2);
        (0..visits).map(move |_| 1 + dice.skewed(super::PRODUCTS))
    };
    let begun = Instant::now();
    for id in visitors() {
        black_box(product::uncached(db, id)?);
    }
    let without = begun.elapsed();
    let begun = Instant::now();
    for id in visitors() {
        black_box(product(db, id)?);
    }
    let with = begun.elapsed();
    page.item(&format!("{} visits, past the cache      {:>10}", count(visits as usize), duration(without)))?;
    page.item(&format!(
        "{} visits, through it          {:>10}   {:.1} times as fast",
        count(visits as usize),
        duration(with),
        without.as_secs_f64() / with.as_secs_f64()
    ))?;
    times(page, miss, hit)?;
    account(page, "product", &product::cache_info())?;
    page.blank()?;
    page.text("Somebody else changes a price in the database, and tells nobody:")?;
    let old = price(db, 1)?;
    db.behind_its_back("UPDATE products SET cents = cents + 100 WHERE id = 1")?;
    step(page, "product(1)", &format!("{}: the old price, for ten minutes at most", euros(price(db, 1)?)))?;
    let there = product::uncached(db, 1)?.map_or(0, |product| product.cents);
    step(page, "product::uncached(1)", &format!("{}: what the database has", euros(there)))?;
    product::invalidate(db, 1);
    step(page, "product::invalidate(1)", &format!("and product(1) is {}", euros(price(db, 1)?)))?;
    if (price(db, 1)?, there) != (old + 100, old + 100) {
        return Err("the cache has not seen the new price".into());
    }
    Ok(())
}

/// Write-around: the next reader pays.
pub fn prices(page: &mut Page<'_>, db: &Db) -> Told {
    page.section(
        "New prices: write-around",
        "#[invalidates(product(db, id))] on set_price: after the database has the new price, the cache forgets the \
         old one. Nobody who asks from then on gets it, not even from a load that is under way.",
    )?;
    step(page, "product(7)", &euros(price(db, 7)?))?;
    let writes = measured(|| set_price(db, 7, 1_995))?;
    step(page, "set_price(7, 1995)", &format!("takes {}", duration(writes)))?;
    step(page, "product::contains(7)", &product::contains(db, 7).to_string())?;
    let reads = measured(|| product(db, 7))?;
    step(page, "product(7)", &format!("{}, and a miss: {}", euros(price(db, 7)?), duration(reads)))?;
    Ok(())
}

/// Write-through: nobody pays.
pub fn users(page: &mut Page<'_>, db: &Db) -> Told {
    page.section(
        "Profiles: write-through",
        "#[updates(user(db, result.id) = Some(result))] on save_user: what the database returned is in the cache \
         before the writer goes on. He sees his own write, and nobody pays for a load.",
    )?;
    let (miss, hit) = miss_and_hit(user::clear, user::reset_info, || user(db, 1))?;
    let writes = measured(|| save_user(db, 7, "Ada", "ada@shop.example"))?;
    step(page, "save_user(7, \"Ada\", ..)", &format!("takes {}", duration(writes)))?;
    let reads = measured(|| user(db, 7))?;
    let name = user(db, 7)?.map_or_else(String::new, |user| user.name);
    let misses = user::cache_info().misses;
    step(page, "user(7)", &format!("{name}, {misses} misses: {}", duration(reads)))?;
    let refused = save_user(db, 7, "Eve", "user8@shop.example")
        .err()
        .map_or_else(String::new, |error| error.to_string());
    step(page, "save_user(7, \"Eve\", ..)", &format!("refused: {refused}"))?;
    let name = user(db, 7)?.map_or_else(String::new, |user| user.name);
    step(page, "user(7)", &format!("{name}: a write that failed has changed nothing"))?;
    times(page, miss, hit)
}

/// Several views of the same rows, forgotten together.
pub fn orders(page: &mut Page<'_>, db: &Db) -> Told {
    page.section(
        "Orders: by tag",
        "orders(user) and spent(user) have tags = [\"user:{user}\"]. #[invalidates(tag = \"user:{user}\", \
         bestsellers)] on place_order forgets all that is labelled so, in whatever function, in one step; no list \
         of functions to keep true.",
    )?;
    let (miss, hit) = miss_and_hit(bestsellers::clear, bestsellers::reset_info, || bestsellers(db, 3))?;
    for id in 1..=super::USERS {
        orders_of(db, id)?;
        spent(db, id)?;
    }
    bestsellers(db, 3)?;
    let lens = || [orders_of::cache_info().len, spent::cache_info().len, bestsellers::cache_info().len];
    let kept = || orders_of::contains(db, 7) || spent::contains(db, 7) || bestsellers::contains(db, 3);
    step(page, "orders, spent, bestsellers", &format!("{:?} entries", lens()))?;
    let (number, sum) = (orders_of(db, 7)?.len(), spent(db, 7)?);
    step(page, "orders(7), spent(7)", &format!("{number} orders, {}", euros(sum)))?;
    place_order(db, 7, 7, 2)?;
    let seen = if kept() { "forgets too little" } else { "forgets the three of them" };
    step(page, "place_order(7, 7, 2)", seen)?;
    step(page, "orders::contains(8)", &format!("{}: others keep theirs", orders_of::contains(db, 8)))?;
    let (more, new) = (orders_of(db, 7)?.len(), spent(db, 7)?);
    step(page, "orders(7), spent(7)", &format!("{more} orders, {}", euros(new)))?;
    if (more, new) != (number + 1, sum + 2 * 1_995) {
        return Err("the views do not agree with the order".into());
    }
    page.item(&format!("bestsellers(3): a miss {}, a hit {}", duration(miss), duration(hit)))?;
    Ok(())
}

/// What a request keeps for itself.
pub fn receipt(page: &mut Page<'_>, db: &Db) -> Told {
    page.section(
        "A receipt: what a request keeps",
        "Each line asks for discount(user), which has to be right at that moment: #[memoize(scope = request)]. In \
         Scope::new().wrap(..) it is asked of the database once; without a scope, for each line.",
    )?;
    let basket = [1, 2, 3, 4];
    basket.iter().try_for_each(|&id| product(db, id).map(drop))?;
    let total = || basket.iter().map(|&id| Ok(line(db, 7, id, 1)?.unwrap_or(0))).sum::<Result<u32, Failed>>();
    let mut tell = |place: &str, total: &dyn Fn() -> Result<u32, Failed>| -> Told {
        let before = db.queries();
        let cents = total()?;
        let queries = db.queries() - before;
        let queries = if queries == 1 { "1 query".to_owned() } else { format!("{queries} queries") };
        step(page, &format!("four lines, {place}"), &format!("{}, {queries}", euros(cents)))
    };
    tell("without a scope", &total)?;
    tell("in a request", &|| Scope::new().wrap(total)())?;
    tell("in the next one", &|| Scope::new().wrap(total)())
}

/// What it comes to.
pub fn patterns(page: &mut Page<'_>) -> Told {
    page.section("What each pattern promises", "After a write by this process has returned:")?;
    for (pattern, reader, write) in [
        ("pattern", "the next reader", "a write by others is seen"),
        ("cache-aside", "may get the old value", "when the ttl is over"),
        ("write-around", "loads the new one", "when the ttl is over"),
        ("write-through", "hits the new one", "never, without a ttl"),
        ("by tag", "loads all views anew", "never, without a ttl"),
        ("by request", "a new request loads it", "by the next request"),
    ] {
        page.item(&format!("{pattern:<16}{reader:<24}{write}"))?;
    }
    Ok(())
}

fn price(db: &Db, id: u32) -> Result<u32, Box<dyn Error>> {
    Ok(product(db, id)?.ok_or("there is no such product")?.cents)
}

fn euros(cents: u32) -> String {
    format!("{}.{:02} EUR", cents / 100, cents % 100)
}

fn step(page: &mut Page<'_>, call: &str, seen: &str) -> Told {
    Ok(page.item(&format!("{call:<28}{seen}"))?)
}

fn times(page: &mut Page<'_>, miss: Duration, hit: Duration) -> Told {
    Ok(page.item(&format!("one call: a miss {}, a hit {}", duration(miss), duration(hit)))?)
}

fn account(page: &mut Page<'_>, name: &str, info: &CacheInfo) -> Told {
    Ok(page.item(&format!("{name}::cache_info(): {info}"))?)
}

fn measured<T>(run: impl FnOnce() -> Result<T, Failed>) -> Result<Duration, Failed> {
    let begun = Instant::now();
    black_box(run()?);
    Ok(begun.elapsed())
}

/// What a call costs that misses, and one that hits: medians of many, which leave no trace in the cache.
fn miss_and_hit<T>(
    clear: impl Fn() -> usize,
    reset: impl Fn(),
    call: impl Fn() -> Result<T, Failed>,
) -> Result<(Duration, Duration), Failed> {
    const HITS: u32 = 100;
    let (mut misses, mut hits) = (Vec::new(), Vec::new());
    for _ in 0..101 {
        clear();
        misses.push(measured(&call)?);
        hits.push(
            measured(|| (0..HITS).try_for_each(|_| call().map(|value| drop(black_box(value)))))? / HITS,
        );
    }
    clear();
    reset();
    misses.sort_unstable();
    hits.sort_unstable();
    Ok((misses[misses.len() / 2], hits[hits.len() / 2]))
}
