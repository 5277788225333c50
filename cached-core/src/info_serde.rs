//! `CacheInfo` for logs and dashboards.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::info::CacheInfo;

/// All fields under their names, and what is worked out from them: `hit_ratio`, `mean_load_time`, `time_saved`. Times are seconds, the
/// policy is its name.
impl Serialize for CacheInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Whole, so that no field is forgotten.
        let Self {
            name,
            policy,
            hits,
            misses,
            coalesced,
            loads,
            load_failures,
            load_time,
            evictions,
            returned,
            missing_room,
            expirations,
            invalidations,
            stale_hits,
            refreshes,
            batches,
            created,
            forced,
            len,
            max,
            weight,
            max_weight,
        } = self;
        let mut all = serializer.serialize_struct("CacheInfo", 26)?;
        all.serialize_field("name", name)?;
        all.serialize_field("policy", &policy.to_string())?;
        let counts = [
            ("hits", hits),
            ("misses", misses),
            ("coalesced", coalesced),
            ("loads", loads),
            ("load_failures", load_failures),
            ("evictions", evictions),
            ("returned", returned),
            ("missing_room", missing_room),
            ("expirations", expirations),
            ("invalidations", invalidations),
            ("stale_hits", stale_hits),
            ("refreshes", refreshes),
            ("batches", batches),
            ("created", created),
            ("forced", forced),
            ("weight", weight),
        ];
        for (name, count) in counts {
            all.serialize_field(name, count)?;
        }
        all.serialize_field("len", len)?;
        all.serialize_field("max", max)?;
        all.serialize_field("max_weight", max_weight)?;
        all.serialize_field("load_time", &load_time.as_secs_f64())?;
        all.serialize_field("hit_ratio", &self.hit_ratio())?;
        all.serialize_field("mean_load_time", &self.mean_load_time().as_secs_f64())?;
        all.serialize_field("time_saved", &self.time_saved().as_secs_f64())?;
        all.end()
    }
}
