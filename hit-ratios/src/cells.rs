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
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or a line is not of this form; in plain words.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            format!("cannot read {}: {error}; name the folder that holds it and the streams", path.display())
        })?;
        let mut reference = Self { hits: HashMap::new(), cells: BTreeMap::new() };
        for (number, line) in (1..).zip(text.lines()).skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let bad = |what: &str| format!("{}, line {number}: {what}", path.display());
            let fields: Vec<&str> = line.split(',').map(str::trim).collect();
            let [trace, capacity, standard, policy, _, hits, ..] = fields[..] else {
                return Err(bad("expected trace,capacity,standard,policy,requests,hits"));
            };
            if standard != "yes" {
                continue;
            }
            let capacity = capacity.parse().ok().filter(|&capacity| capacity > 0);
            let capacity = capacity.ok_or_else(|| bad("the capacity is not a positive whole number"))?;
            let hits = hits.parse().map_err(|_| bad("the hits are not a whole number"))?;
            reference.cells.entry(trace.into()).or_default().insert(capacity);
            reference.hits.insert((trace.into(), capacity, policy.into()), hits);
        }
        Ok(reference)
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
