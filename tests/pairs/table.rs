//! The pairs. The one that is missing, `ttl` for all and for each entry, is one option twice, which is refused; so is
//! `load_timeout` on a function that is not asynchronous. Options that need a third one have it.

use crate::row;

// `ttl`, one for all
row!(ttl_idle, [ttl = 60s, idle = 20s], "1=1 +19 1=1 +19 1=1 +19 1=1 +3 1=2 +20 1=3");
row!(ttl_jitter, [ttl = 60s, jitter = 0.5], "1=1 +29 1=1 +31 1=2");
row!(ttl_refresh, [ttl = 60s, refresh_after = 30s], "1=1 +29 1=1 r1 +1 1=1 r2 1=2 +29 1=2 r2 +31 1=3");
row!(
    ttl_stale,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s],
    "1=1 down +60 1=1 r2 +9 1=1 r2 +1 1=1 r3 +49 1=1 r4 +1 1!5"
);
row!(
    ttl_errors,
    [ttl = 60s, errors = 5s],
    "down 1!1 +4999ms 1!1 up 1!1 +1ms 1=2 +59 1=2 down +1 1!3 1!3 r3 up +5 1=4"
);
row!(
    ttl_soft,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, soft_timeout = 100ms],
    "1=1 +60 1=2 +60 slow 1.. +99ms +1ms ..=2 1=2 r3 go 1=3 r3"
);
row!(tasks ttl_load, [ttl = 60s, load_timeout = 2s], "1=1 slow +60 1.. +1999ms +1ms ..!late go 1=3");
row!(ttl_store_if, [ttl = 60s, store_if = |value| *value != 1], "1=1 1=2 1=2 +60 1=3");
row!(ttl_max, [ttl = 60s, max = 1, policy = lru], "1=1 2=2 n1 1=3 +59 1=3 +1 1=4 n1");

// `ttl`, of each entry: 10 seconds for each that the key counts
row!(
    own_idle,
    [ttl = |n: &u64, _: &u64| std::time::Duration::from_secs(*n * 10), idle = 20s],
    "1=1 3=2 +10 1=3 3=2 +19 3=2 +1 3=4"
);
row!(
    own_jitter,
    [ttl = |n: &u64, _: &u64| std::time::Duration::from_secs(*n * 10), jitter = 0.5],
    "1=1 3=2 +4 1=1 +6 1=3 3=2 +20 3=4"
);
row!(
    own_refresh,
    [ttl = |n: &u64, _: &u64| std::time::Duration::from_secs(*n * 10), refresh_after = 15s],
    "1=1 3=2 +10 1=3 +5 3=2 r4 3=4 1=3"
);
row!(
    own_stale,
    [
        ttl = |n: &u64, _: &u64| std::time::Duration::from_secs(*n * 10),
        stale_if_error = 60s,
        retry_after = 10s
    ],
    "1=1 down +10 1=1 r2 +59 1=1 r3 +1 1!4"
);
row!(
    own_errors,
    [ttl = |n: &u64, _: &u64| std::time::Duration::from_secs(*n * 10), errors = 5s],
    "down 1!1 1!1 +5 1!2 up +5 1=3 +9 1=3 +1 1=4"
);
row!(
    own_soft,
    [
        ttl = |n: &u64, _: &u64| std::time::Duration::from_secs(*n * 10),
        stale_if_error = 60s,
        retry_after = 10s,
        soft_timeout = 100ms
    ],
    "1=1 +10 slow 1.. +100ms ..=1 go 1=2"
);
row!(tasks own_load, [ttl = |n: &u64, _: &u64| std::time::Duration::from_secs(*n * 10), load_timeout = 2s], "1=1 +10 slow 1.. +2 ..!late go 1=3");
row!(
    own_store_if,
    [ttl = |n: &u64, _: &u64| std::time::Duration::from_secs(*n * 10), store_if = |value| *value != 1],
    "1=1 1=2 +9 1=2 +1 1=3"
);
row!(
    own_max,
    [ttl = |n: &u64, _: &u64| std::time::Duration::from_secs(*n * 10), max = 1, policy = lru],
    "1=1 3=2 n1 1=3 +10 1=4 n1"
);

// `idle`
row!(idle_jitter, [ttl = 60s, idle = 20s, jitter = 0.5], "1=1 +19 1=1 +10 1=1 +20 1=2");
row!(idle_refresh, [idle = 60s, refresh_after = 30s], "1=1 +30 1=1 r2 1=2 +59 1=2 r3 1=3 +60 1=4");
row!(
    idle_stale,
    [idle = 20s, stale_if_error = 60s, retry_after = 10s],
    "1=1 +19 1=1 down +20 1=1 r2 +59 1=1 r3 +1 1!4"
);
row!(idle_errors, [idle = 20s, errors = 5s], "down 1!1 +4 1!1 +1 1!2 up +5 1=3 +19 1=3 +20 1=4");
row!(
    idle_soft,
    [idle = 20s, stale_if_error = 60s, retry_after = 10s, soft_timeout = 100ms],
    "1=1 +20 slow 1.. +100ms ..=1 go 1=2"
);
row!(tasks idle_load, [idle = 20s, load_timeout = 2s], "1=1 +20 slow 1.. +2 ..!late go 1=3");
row!(idle_store_if, [idle = 20s, store_if = |value| *value != 1], "1=1 1=2 +19 1=2 +19 1=2 +20 1=3");
row!(idle_max, [idle = 20s, max = 1, policy = lru], "1=1 2=2 n1 2=2 +20 2=3 n1");

// `jitter`, which may take half of a time at the most
row!(jitter_refresh, [ttl = 60s, jitter = 0.5, refresh_after = 30s], "1=1 +14 1=1 r1 +16 1=1 r2 1=2");
row!(
    jitter_stale,
    [ttl = 60s, jitter = 0.5, stale_if_error = 60s, retry_after = 10s],
    "1=1 down +60 1=1 r2 +29 1=1 r3 +31 1!4"
);
row!(
    jitter_errors,
    [ttl = 60s, jitter = 0.5, errors = 5s],
    "down 1!1 +4999ms 1!1 +1ms 1!2 up +5 1=3 +60 1=4"
);
row!(
    jitter_soft,
    [ttl = 60s, jitter = 0.5, stale_if_error = 60s, retry_after = 10s, soft_timeout = 100ms],
    "1=1 +60 slow 1.. +100ms ..=1 go 1=2"
);
row!(tasks jitter_load, [ttl = 60s, jitter = 0.5, load_timeout = 2s], "1=1 +60 slow 1.. +2 ..!late go 1=3");
row!(jitter_store_if, [ttl = 60s, jitter = 0.5, store_if = |value| *value != 1], "1=1 1=2 +29 1=2 +31 1=3");
row!(jitter_max, [ttl = 60s, jitter = 0.5, max = 1, policy = lru], "1=1 2=2 n1 +60 2=3 n1");

// `refresh_after`
row!(
    refresh_stale,
    [ttl = 60s, refresh_after = 30s, stale_if_error = 60s, retry_after = 10s],
    "1=1 down +30 1=1 r2 +9 1=1 r2 +1 1=1 r3 +20 1=1 r4 +59 1=1 r5 +1 1!6"
);
row!(
    refresh_errors,
    [ttl = 60s, refresh_after = 30s, retry_after = 10s, errors = 5s],
    "1=1 down +30 1=1 r2 1=1 r2 +29 1=1 r3 +1 1!4 1!4 up +5 1=5"
);
row!(
    refresh_soft,
    [ttl = 60s, refresh_after = 30s, soft_timeout = 100ms],
    "1=1 +30 1=2 +30 slow 1.. 1=2 +100ms ..=2 go 1=3 r3"
);
row!(tasks refresh_load, [ttl = 60s, refresh_after = 30s, retry_after = 10s, load_timeout = 2s], "1=1 +30 slow 1=1 w2 +2 j go 1=1 r2 +10 1=1 1=3");
row!(
    refresh_store_if,
    [ttl = 60s, refresh_after = 30s, store_if = |value| *value != 2],
    "1=1 +30 1=1 r2 1=3 1=3"
);
row!(refresh_max, [ttl = 60s, refresh_after = 30s, max = 1, policy = lru], "1=1 +30 1=1 1=2 3=3 n1 1=4");

// `stale_if_error` with `retry_after`
row!(
    stale_errors,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, errors = 5s],
    "down 1!1 1!1 up +5 1=2 down +60 1=2 r3 1=2 r3 +60 1!4 1!4 up 1!4 +5 1=5"
);
row!(
    stale_soft,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, soft_timeout = 100ms],
    "1=1 +60 slow 1.. +100ms ..=1 1=1 r2 go 1=2 down +60 1=2 r3 1=2 r3"
);
row!(tasks stale_load, [ttl = 60s, stale_if_error = 60s, retry_after = 10s, load_timeout = 2s], "1=1 +60 slow 1.. +2 ..=1 1=1 r2 go +10 1=3");
row!(
    stale_store_if,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, store_if = |value| *value != 2],
    "1=1 +60 1=2 1=3 down +60 1=3 r4"
);
row!(
    stale_max,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, max = 1, policy = lru],
    "1=1 +60 2=2 n1 down 1!3"
);

// `errors`
row!(
    errors_soft,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, errors = 5s, soft_timeout = 100ms],
    "down 1!1 1!1 up +5 1=2 +60 slow 1.. +100ms ..=2 go 1=3 down +120 1!4 1!4"
);
row!(tasks errors_load, [errors = 5s, load_timeout = 2s], "slow 1.. +2 ..!late go 1!late r1 +5 1=2");
row!(errors_store_if, [errors = 5s, store_if = |value| *value != 2], "down 1!1 1!1 up +5 1=2 1=3 1=3");
row!(errors_max, [errors = 5s, max = 1, policy = lru], "1=1 down 2!2 2!2 n1 up +5 n0 1=3 n1");

// `soft_timeout`
row!(tasks soft_load, [ttl = 60s, stale_if_error = 60s, retry_after = 10s, soft_timeout = 100ms, load_timeout = 2s], "1=1 +60 slow 1.. +100ms ..=1 +1900ms j go 1=1 r2 +10 1=3");
row!(
    soft_store_if,
    [
        ttl = 60s,
        stale_if_error = 60s,
        retry_after = 10s,
        soft_timeout = 100ms,
        store_if = |value| *value != 2
    ],
    "1=1 +60 slow 1.. +100ms ..=1 go 1=3"
);
row!(
    soft_max,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, soft_timeout = 100ms, max = 1, policy = lru],
    "1=1 +60 slow 1.. +100ms ..=1 go n1 1=2 2=3 n1"
);

// `load_timeout`, `store_if`, `max`
row!(tasks load_store_if, [load_timeout = 2s, store_if = |value| *value != 1], "1=1 1=2 1=2 x1 slow 1.. +2 ..!late go 1=4");
row!(tasks load_max, [load_timeout = 2s, max = 1, policy = lru], "1=1 slow 2.. +2 ..!late go 1=1 2=3 n1");
row!(store_if_max, [store_if = |value| *value != 1, max = 1, policy = lru], "1=1 n0 1=2 2=3 n1 1=4 n1");
