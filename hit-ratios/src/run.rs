//! One policy over one stream.

use std::path::Path;
use std::time::{Duration, Instant};

use cached_core::policy::{
    Adaptive, Arc, Entries, Fifo, Generation, Lfu, Lirs, Lru, Policy, Random, Record, S3Fifo, Sieve, Slot,
    TinyLfu, mix,
};

const NIL: u32 = u32::MAX;

/// A stream of ids, little-endian and compressed.
///
/// # Errors
///
/// If the file cannot be read, or is not of this form; in plain words.
pub fn read(path: &Path) -> Result<Vec<u32>, String> {
    let bad = |what: String| format!("cannot read the stream {}: {what}", path.display());
    let file = std::fs::File::open(path).map_err(|error| bad(error.to_string()))?;
    let bytes =
        zstd::decode_all(file).map_err(|error| bad(format!("{error}; is it compressed with zstd?")))?;
    if bytes.len() % 4 != 0 {
        return Err(bad(format!("{} bytes are not a whole number of 32-bit ids", bytes.len())));
    }
    let ids: Vec<u32> =
        bytes.chunks_exact(4).map(|id| u32::from_le_bytes([id[0], id[1], id[2], id[3]])).collect();
    // The ids index an array here.
    match ids.iter().max() {
        None => Err(bad("it is empty".into())),
        Some(&most) if most as usize >= ids.len() => {
            Err(bad(format!("the id {most} is too high: ids are numbered from 0 by first appearance")))
        }
        Some(_) => Ok(ids),
    }
}

/// Whether there is a policy of this name and parameter, for the command line.
///
/// # Errors
///
/// What is wrong with it, in plain words.
pub fn named(text: &str) -> Result<String, String> {
    let (name, parameter) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
    if !crate::ALL.contains(&name) {
        return Err(format!("expected one of {}", crate::ALL.join(", ")));
    }
    let Some(parameter) = parameter else { return Ok(text.into()) };
    if !["tinylfu", "lirs"].contains(&name) {
        return Err(format!("`{name}` has no parameter: only tinylfu:WINDOW and lirs:QUEUE have"));
    }
    match parameter.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(text.into()),
        _ => Err("a parameter is a share from 0 to 1, as in tinylfu:0.1".into()),
    }
}

fn policy(name: &str, capacity: usize) -> Box<dyn Policy> {
    let (name, parameter) = name.split_once(':').map_or((name, None), |(name, parameter)| {
        (name, Some(parameter.parse::<f64>().expect("`named` has looked at it")))
    });
    match (name, parameter) {
        ("lru", _) => Box::new(Lru::new(capacity)),
        ("fifo", _) => Box::new(Fifo::new(capacity)),
        ("random", _) => Box::new(Random::new(capacity, 1)),
        ("lfu", _) => Box::new(Lfu::new(capacity)),
        ("sieve", _) => Box::new(Sieve::new(capacity)),
        ("s3fifo", _) => Box::new(S3Fifo::new(capacity)),
        ("tinylfu", None) => Box::new(TinyLfu::new(capacity)),
        ("tinylfu", Some(window)) => Box::new(TinyLfu::with_window(capacity, window)),
        ("lirs", None) => Box::new(Lirs::new(capacity)),
        ("lirs", Some(share)) => Box::new(Lirs::with_share(capacity, share)),
        ("arc", _) => Box::new(Arc::new(capacity)),
        ("adaptive", _) => Box::new(Adaptive::new(capacity)),
        _ => unreachable!("`named` has looked at it"),
    }
}

/// The entries of the simulated cache: ids by slot, with their use counts.
struct Slots {
    ids: Vec<u32>,
    uses: Vec<u8>,
    hashes: Hashes,
}

/// Where the hashes of the ids come from.
enum Hashes {
    /// They are the ids: what the reference's sketches were given, whose draws are then those of ours.
    Ids,
    Mixed {
        seed: u64,
    },
}

impl Hashes {
    fn of(policy: &str, seed: u64) -> Self {
        match (seed, policy.split(':').next()) {
            (0, Some("tinylfu")) => Self::Ids,
            (0, _) => Self::Mixed { seed: 0 },
            (seed, _) => Self::Mixed { seed: mix(seed) },
        }
    }
}

impl Slots {
    fn hash_of(&self, id: u32) -> u64 {
        match self.hashes {
            Hashes::Ids => id.into(),
            Hashes::Mixed { seed } => mix(u64::from(id) ^ seed),
        }
    }
}

impl Entries for Slots {
    fn take_uses(&mut self, slot: Slot) -> u8 {
        std::mem::take(&mut self.uses[slot as usize])
    }

    fn hash(&self, slot: Slot) -> u64 {
        self.hash_of(self.ids[slot as usize])
    }
}

/// Hits, time and the bytes the policy holds at the end.
pub fn run(
    name: &str,
    capacity: usize,
    requests: &[u32],
    every_use: bool,
    seed: u64,
) -> (u64, Duration, usize) {
    let mut policy = policy(name, capacity);
    let record = policy.record();
    let distinct = requests.iter().max().map_or(0, |&id| id as usize + 1);
    let mut slot_of = vec![NIL; distinct];
    let mut slots = Slots { ids: Vec::new(), uses: Vec::new(), hashes: Hashes::of(name, seed) };
    let mut hits = 0;
    let mut generation = Generation::new(capacity);
    let mut marks = vec![0; capacity];
    let start = Instant::now();
    for &id in requests {
        let slot = slot_of[id as usize];
        if slot != NIL {
            hits += 1;
            match record {
                Record::None => {}
                Record::Count(most) => {
                    let uses = &mut slots.uses[slot as usize];
                    *uses = uses.saturating_add(1).min(most);
                }
                Record::Events => policy.used(slot, slots.hash_of(id)),
                Record::Thinned => {
                    let mark = &mut marks[slot as usize];
                    if every_use || *mark != generation.mark() {
                        *mark = generation.mark();
                        policy.used(slot, slots.hash_of(id));
                    }
                }
            }
            continue;
        }
        let hash = slots.hash_of(id);
        policy.missed(hash);
        let slot = if slots.ids.len() < capacity {
            slots.ids.push(id);
            slots.uses.push(0);
            slots.ids.len() as Slot - 1
        } else {
            let slot = policy.evict(hash, &mut slots).expect("a full cache has a victim");
            slot_of[slots.ids[slot as usize] as usize] = NIL;
            slots.ids[slot as usize] = id;
            slots.uses[slot as usize] = 0;
            slot
        };
        slot_of[id as usize] = slot;
        marks[slot as usize] = generation.inserted();
        policy.insert(slot, hash);
    }
    let time = start.elapsed();
    policy.validate();
    (hits, time, policy.bytes())
}
