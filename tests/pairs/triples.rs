//! Three and more at once, where they meet in the same entry.

use crate::row;

row!(
    all_that_is_for_functions,
    [
        ttl = 60s,
        idle = 50s,
        refresh_after = 30s,
        stale_if_error = 60s,
        retry_after = 10s,
        errors = 5s,
        soft_timeout = 100ms,
        store_if = |value| *value != 3,
        max = 1,
        policy = lru
    ],
    "down 1!1 1!1 up +5 1=2 +30 1=3 1=4 r4 +30 slow 1.. +100ms ..=4 go 1=5 down +30 1=5 r6 2!7 2!7 n1 1!8"
);
row!(
    tasks all_that_is_for_tasks,
    [
        ttl = 60s, idle = 50s, refresh_after = 30s, stale_if_error = 60s, retry_after = 10s, errors = 5s, soft_timeout = 100ms,
        load_timeout = 2s, store_if = |value| *value != 3, max = 1, policy = lru
    ],
    "slow 1.. +2 ..!late go 1!late +5 1=2 +30 1=3 1=4 r4 +30 slow 1.. +100ms ..=4 +1900ms j go 1=4 r5 +10 1=6"
);

row!(
    nobody_waits_for_no_time,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, soft_timeout = 0s],
    "1=1 +60 slow 1=1 w2 go 1=2"
);
row!(
    a_wait_of_a_moment,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, soft_timeout = 1ns],
    "1=1 +60 slow 1.. +1ms ..=1 go 1=2"
);
row!(
    a_wait_without_an_end,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, soft_timeout = 18446744073709551615s],
    "1=1 +60 slow 1.. +59 go ..=2 1=2"
);
row!(
    nobody_waits_beyond_the_end_of_the_old_value,
    [ttl = 60s, stale_if_error = 60s, retry_after = 10s, soft_timeout = 70s],
    "1=1 +60 slow 1.. +60 +10 go ..=2 1=2"
);
