//! What is said of each option, and of options together: the one source of the table in the attribute's documentation, of
//! what editors show, and of the tests that try every pair.

/// What is said of one option.
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    /// What it does, in a line.
    pub(crate) says: &'static str,
    /// Other options of which it needs one; the first is the usual one.
    pub(crate) needs: &'static [&'static str],
    /// Options that it cannot be together with. Said of one of the two.
    pub(crate) excludes: &'static [&'static str],
}

const fn fact(name: &'static str, says: &'static str) -> Fact {
    Fact { name, says, needs: &[], excludes: &[] }
}

impl Fact {
    const fn needs(self, needs: &'static [&'static str]) -> Self {
        Self { needs, ..self }
    }

    const fn excludes(self, excludes: &'static [&'static str]) -> Self {
        Self { excludes, ..self }
    }
}

/// One for each option there is.
pub(crate) const FACTS: &[Fact] = &[
    fact("max", "most entries kept"),
    fact("max_weight", "most weight kept").needs(&["weigher"]),
    fact("weigher", "what an entry weighs").needs(&["max_weight"]),
    fact("ttl", "time to live since a value was stored"),
    fact("idle", "time to live since the last use"),
    fact("jitter", "the share by which times to live are shortened, by chance").needs(&["ttl"]),
    fact("refresh_after", "the age from which on a value is reloaded while it is served")
        .excludes(&["batch"]),
    fact("stale_if_error", "how long past its time a value stands in for a load that fails")
        .needs(&["ttl", "idle"])
        .excludes(&["batch"]),
    fact("retry_after", "the time between tries to reload").needs(&["refresh_after", "stale_if_error"]),
    fact("soft_timeout", "how long a caller waits for a reload before it takes the old value")
        .needs(&["stale_if_error", "refresh_after"])
        .excludes(&["skip", "key", "in", "batch"]),
    fact("load_timeout", "how long a load of an `async fn` may take").excludes(&["batch"]),
    fact("errors", "how long an error is kept").excludes(&["batch"]),
    fact("single_flight", "whether callers that miss a key at the same time share one load")
        .excludes(&["batch"]),
    fact("policy", "who leaves when the cache is full").needs(&["max", "max_weight"]),
    fact("name", "the name in reports"),
    fact("skip", "parameters that are not part of the key"),
    fact("key", "the key, instead of all parameters").excludes(&["skip", "batch"]),
    fact("store_if", "which values are kept"),
    fact("on_remove", "who is told of every removal"),
    fact("tags", "labels of an entry, to invalidate by"),
    fact("scope", "whose cache it is").excludes(&["in"]),
    fact("in", "the field that holds the instance's own cache").excludes(&["batch"]),
    fact("lazy", "the call returns a handle, and runs when that is forced").excludes(&["batch"]),
    fact("batch", "the body takes a slice of keys"),
    fact("max_batch", "most keys in a run of the body").needs(&["batch"]),
    fact("window", "how long single loads of a batch wait for others").needs(&["batch"]),
    fact("companion", "the name of the type that carries the verbs, or `none`"),
    fact("crate", "where this library is found"),
];

pub(crate) fn of(name: &str) -> Option<&'static Fact> {
    FACTS.iter().find(|fact| fact.name == name)
}

/// What it cannot be together with, said of it or of the other.
pub(crate) fn excluded(name: &str) -> Vec<&'static str> {
    let own = of(name).map_or(&[][..], |fact| fact.excludes).iter().copied();
    let others = FACTS.iter().filter(|fact| fact.excludes.contains(&name)).map(|fact| fact.name);
    own.chain(others).collect()
}
