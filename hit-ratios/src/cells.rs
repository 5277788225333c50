//! The reference: hits by stream, capacity and policy.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// A stream and a capacity.
pub struct Cell {
    /// The stream's name.
    pub trace: String,
    /// Entries.
    pub capacity: usize,
    /// The stream's length.
    pub requests: u64,
}

/// See the module's words.
pub struct Reference {
    hits: HashMap<(String, usize, String), u64>,
    cells: BTreeMap<String, BTreeSet<usize>>,
}

impl Reference {
    /// Reads `trace,capacity,standard,policy,requests,hits,…` and keeps the standard cells.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the folder has a reference.csv");
        let mut reference = Self { hits: HashMap::new(), cells: BTreeMap::new() };
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let [trace, capacity, "yes", policy, _, hits, ..] = fields[..] else { continue };
            let capacity = capacity.parse().expect("a capacity is a number");
            let hits = hits.parse().expect("hits are a number");
            reference.cells.entry(trace.into()).or_default().insert(capacity);
            reference.hits.insert((trace.into(), capacity, policy.into()), hits);
        }
        reference
    }

    /// The streams with their standard capacities.
    pub fn traces(&self) -> impl Iterator<Item = (String, Vec<usize>)> {
        self.cells.iter().map(|(trace, capacities)| (trace.clone(), capacities.iter().copied().collect()))
    }

    fn of(&self, cell: &Cell, policy: &str) -> Option<u64> {
        self.hits.get(&(cell.trace.clone(), cell.capacity, policy.into())).copied()
    }

    /// The reference's hits for a policy under the name it has here.
    pub fn hits(&self, cell: &Cell, policy: &str) -> Option<u64> {
        let name = match policy {
            "lfu" => "lfuda",
            "lirs" => "lirs-10",
            "lirs:0.01" => "lirs",
            "lirs:0.05" => "lirs-5",
            "tinylfu" => "wtlfu@0.2",
            "tinylfu:0.01" => "wtlfu",
            "tinylfu:0.1" => "wtlfu@0.1",
            "tinylfu:0.5" => "wtlfu@0.5",
            "tinylfu:0.8" => "wtlfu@0.8",
            "adaptive" => "adaptive-8",
            name => name.split(':').next().unwrap_or(name),
        };
        self.of(cell, name)
    }

    /// The hit ratios of LRU and of the clairvoyant policy.
    pub fn lru_and_opt(&self, cell: &Cell) -> (f64, f64) {
        let ratio = |policy| self.of(cell, policy).map_or(0.0, |hits| hits as f64 / cell.requests as f64);
        (ratio("lru"), ratio("opt"))
    }
}
